"""A write that is sent again has its effect once.

A client that got no answer sends the same request with the same `Idempotency-Key`; it gets the answer of
the first one. The key's row is the first thing that the transaction writes: a twin that arrives meanwhile
waits on it, and finds the answer when the first has committed. A refused request keeps no row, so that it
can be mended and sent with the same key.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.http.request import RawPostDataException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from core import clock
from core.problems import Problem, Refused
from core.text import T
from office.models import IdempotentRequest

HEADER = "Idempotency-Key"
LONGEST = 80
Method = Callable[..., Response]


def once(method: Method) -> Method:
    """For a writing method of an API view: `@once def post(self, request, …)`. One transaction, with or
    without a key."""

    @functools.wraps(method)
    def inner(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        known = isinstance(request.user, User)
        key = request.headers.get(HEADER, "").strip() if known else ""
        if len(key) > LONGEST:
            raise Refused(Problem("idempotency.key", T("幂等键最长 {n} 个字符。", n=LONGEST), field=HEADER))
        fingerprint = _fingerprint(request) if key else ""  # reads the body, before the parser does
        with transaction.atomic():
            row = _take(request.user, key, fingerprint, clock.now()) if key else None
            if isinstance(row, Response):
                return row
            answer = method(view, request, *args, **kwargs)
            if answer.status_code >= 400:
                transaction.set_rollback(True)
            elif row:
                _keep(row, answer)
            return answer

    return inner


def _keep(row: IdempotentRequest, answer: Response) -> None:
    row.status, row.answer = answer.status_code, json.loads(JSONRenderer().render(answer.data) or b"null")
    row.save(update_fields=["status", "answer"])


def _fingerprint(request: Request) -> str:
    """What makes two requests the same: method, address, appointment, body."""
    plain = request._request
    appointment = getattr(plain, "session", {}).get("appointment", "")
    digest = hashlib.sha256(f"{plain.method} {plain.get_full_path()} {appointment}\n".encode())
    try:
        digest.update(plain.body)
    except RawPostDataException:  # a form with files, which the check against forged requests has read
        digest.update(repr(sorted(plain.POST.lists())).encode())
        for name, files in sorted(plain.FILES.lists()):
            digest.update(name.encode())
            for file in files:
                digest.update(file.read())
                file.seek(0)
    return digest.hexdigest()


def _take(user: Any, key: str, fingerprint: str, at: datetime) -> IdempotentRequest | Response:
    """The key's row for the first request; the stored answer for every further one."""
    try:
        with transaction.atomic():
            return IdempotentRequest.objects.create(
                user=user, key=key, fingerprint=fingerprint, created_at=at
            )
    except IntegrityError:
        known = IdempotentRequest.objects.get(user=user, key=key)
    if known.fingerprint != fingerprint:
        words = T("此幂等键已用于另一内容的请求；请为新的请求使用新的键。")
        raise Refused(Problem("idempotency.reused", words, field=HEADER))
    return Response(known.answer, status=known.status, headers={"Idempotent-Replay": "true"})


class OnceMixin:
    """For a view whose every write takes an `Idempotency-Key`: post, put, patch, delete, and a viewset's
    create, update, destroy."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("post", "put", "patch", "delete", "create", "update", "partial_update", "destroy"):
            if name in cls.__dict__:
                setattr(cls, name, once(cls.__dict__[name]))
