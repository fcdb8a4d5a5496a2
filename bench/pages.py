"""Prints how many queries the public pages take, an address and a count a line. Runs on a loaded demo."""

from __future__ import annotations

import os

import django

ADDRESSES = ("/", "/registry/")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    for address in ADDRESSES:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        print(address, len(queries))


if __name__ == "__main__":
    main()
