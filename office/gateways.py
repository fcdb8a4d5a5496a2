"""Ways to send short messages. `settings.SMS_GATEWAY` names the class; provinces write their own."""

from __future__ import annotations

import json
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

TIMEOUT = 5  # seconds


class Gateway(Protocol):
    """Sends one message to one phone number; raises when it was not taken."""

    def send(self, *, phone: str, text: str) -> None: ...


class FileGateway:
    """Appends each message to a file: for demonstration and tests."""

    def __init__(self) -> None:
        self.path = Path(settings.SMS_FILE)

    def send(self, *, phone: str, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as file:
            file.write(json.dumps({"phone": phone, "text": text}, ensure_ascii=False) + "\n")


class HttpGateway:
    """Posts each message as JSON to the provider's address (`SMS_URL`), with `SMS_TOKEN` as its bearer.

    Any answer but 2xx is a refusal, a redirect too; the outbox tries three times.
    """

    def send(self, *, phone: str, text: str) -> None:
        place = urlsplit(settings.SMS_URL)
        kind = HTTPSConnection if place.scheme == "https" else HTTPConnection
        connection = kind(place.hostname or "", place.port, timeout=TIMEOUT)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if settings.SMS_TOKEN:
            headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
        body = json.dumps({"phone": phone, "text": text}, ensure_ascii=False).encode()
        path = place.path or "/"
        try:
            connection.request("POST", f"{path}?{place.query}" if place.query else path, body, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise ConnectionError(f"the provider answered {status}")


def gateway() -> Gateway:
    made: Gateway = import_string(settings.SMS_GATEWAY)()
    return made
