"""Asks any address of the portal with any method as any reader, and says whether that is theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# These have tests of their own: test_admin.py, test_errors.py, and test_oidc.py, which sets a provider.
OUTSIDE = ("admin/", "readyz", "accounts/oidc/")
SIGN_IN = "/accounts/sign-in/?next="
ROLE_WORDS = "您的身份不能"


def routes(patterns: Sequence[Any] | None = None, before: str = "") -> Iterator[str]:
    """Every address as the URLconf writes it, `returns/<int:return_id>/`."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not route.startswith(OUTSIDE):
                yield from routes(one.url_patterns, route)
        elif isinstance(one, URLPattern) and not route.startswith(OUTSIDE):
            yield route


class Undone(Exception):
    """Ends a transaction whose effects nobody needs."""


@dataclass(frozen=True)
class Answer:
    """`served`: the address takes the method; `wrote`: a row changed; `refused`: not for this reader."""

    served: bool
    wrote: bool
    refused: bool

    @property
    def reads(self) -> bool:
        return self.served and not self.refused

    @property
    def acts(self) -> bool:
        return self.reads and self.wrote


def asked(reader: User | None, method: str, path: str, body: Mapping[str, Any]) -> Answer:
    """What this reader is answered here. What it did is undone."""
    client, writes = Client(), list[str]()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            writes.append(sql)
        return execute(sql, params, many, context)

    with suppress(Undone), transaction.atomic():
        if reader is not None:
            client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
        with connection.execute_wrapper(watch):
            response = _sent(client, method, path, body)
        status = response.status_code
        assert status < 500, f"{method} {path} answered {status}"
        answer = Answer(status != 405, bool(writes), _is_no(response))
        if response.streaming:
            b"".join(response)  # closes its file, and leaves the connection of the test open
        raise Undone
    return answer


def _sent(client: Client, method: str, path: str, body: Mapping[str, Any]) -> Any:
    if method == "GET":
        return client.get(path)
    files = {name: SimpleUploadedFile(*one) for name, one in body.items() if isinstance(one, tuple)}
    if path.startswith("/api/") and not files:
        return client.generic(method, path, json.dumps(dict(body)), content_type="application/json")
    return client.post(path, {**body, **files}) if method == "POST" else client.generic(method, path)


def _is_no(response: Any) -> bool:
    """A refusal for the reader's role is a no, whatever its status; one for the body or the state is not."""
    if response.status_code in (401, 403, 404, 405):
        return True
    if response.status_code == 302 and response.headers["Location"].startswith(SIGN_IN):
        return True
    said = [str(message) for message in get_messages(response.wsgi_request)]
    body = b"" if response.streaming else response.content
    return ROLE_WORDS in body.decode("utf-8", "ignore") or any(ROLE_WORDS in one for one in said)
