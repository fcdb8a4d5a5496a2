"""Sign-in through a provider of one's organisation (OpenID Connect, code flow with PKCE); off unless set.

The provider says who it is; it makes no account. The person was invited here before: found by the subject
of an earlier sign-in, or once by the mail address that the provider has verified. The portal asks no address
but those that the configured issuer publishes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Any
from urllib.error import URLError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from accounts.actors import Actor
from accounts.models import User
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.services import audit

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
TIMEOUT, MOST_BYTES, LEEWAY = 5, 1_000_000, 60
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sign-in begins with: where the browser goes, and what its answer must agree with."""

    url: str
    state: str
    nonce: str
    verifier: str


def _failed(code: str) -> Refused:
    """One sentence for whatever the provider did; `code` tells the log which step it was."""
    return Refused(Problem(f"oidc.{code}", T("统一身份认证没有成功，请重试，或用用户名和密码登录。")))


def is_on() -> bool:
    return bool(settings.OIDC_ISSUER)


def _safe(url: str) -> str:
    """Only over TLS, or on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url
    raise _failed("address")


def _read(url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None) -> Any:
    request = Request(_safe(url), data=data, headers={"Accept": "application/json", **(headers or {})})  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return json.loads(answer.read(MOST_BYTES))
    except (URLError, OSError, ValueError) as error:
        raise _failed("provider") from error


def _published() -> Mapping[str, Any]:
    issuer = settings.OIDC_ISSUER
    found = _read(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if not isinstance(found, dict) or found.get("issuer") != issuer:
        raise _failed("issuer")
    return found


def ask(*, callback: str) -> Asked:
    """The beginning of a sign-in; `callback` is our own address that the provider sends the browser to."""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _n in range(3))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": callback,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    address = _safe(str(_published().get("authorization_endpoint", "")))
    mark = "&" if "?" in address else "?"
    return Asked(f"{address}{mark}{urlencode(query)}", state, nonce, verifier)


def answered(*, asked: Asked, state: str, code: str, callback: str, at: datetime) -> Mapping[str, Any]:
    """The claims of who came back, each checked: state, signature, issuer, audience, time, nonce."""
    if not (code and compare_digest(asked.state.encode(), state.encode())):
        raise _failed("state")
    published = _published()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": callback,
        "code_verifier": asked.verifier,
    }
    pair = f"{quote(settings.OIDC_CLIENT_ID, safe='')}:{quote(settings.OIDC_CLIENT_SECRET, safe='')}"
    basic = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    found = _read(str(published.get("token_endpoint", "")), urlencode(form).encode(), basic)
    keys = _read(str(published.get("jwks_uri", "")))
    if not isinstance(found, dict):
        raise _failed("token")
    return _claims(str(found.get("id_token", "")), keys, asked.nonce, at)


def _claims(text: str, keys: Any, nonce: str, at: datetime) -> Mapping[str, Any]:
    rules = jwt.JWTClaimsRegistry(
        now=int(at.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": settings.OIDC_ISSUER},
        aud={"essential": True, "value": settings.OIDC_CLIENT_ID},
        exp={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        token = jwt.decode(text, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
        claims: Mapping[str, Any] = dict(token.claims)
        rules.validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise _failed("token") from error
    return claims


def person_of(*, claims: Mapping[str, Any], at: datetime) -> User:
    """The invited person of these claims; the first time by the verified mail, kept from then on."""
    subject = hashlib.sha256(f"{claims['iss']} {claims['sub']}".encode()).hexdigest()
    known: User | None = User.objects.filter(oidc_subject=subject).first()
    if known is None:
        known = _linked(claims, subject, at)
    if not known.is_active:
        raise Refused(Problem("oidc.person", T("账号已经停用，请联系安全管理员。")))
    return known


@transaction.atomic
def _linked(claims: Mapping[str, Any], subject: str, at: datetime) -> User:
    email = str(claims.get("email", "")).strip()
    verified = claims.get("email_verified") is True
    found = list(User.objects.filter(email__iexact=email)[:2]) if email and verified else []
    if len(found) != 1 or found[0].oidc_subject:
        words = T("没有与此登录对应的账号：须先由管理员邀请，且邮箱与统一身份认证中的一致。")
        raise Refused(Problem("oidc.person", words))
    user: User = locked(User.objects.all(), pk=found[0].pk)
    user.oidc_subject = subject
    user.save(update_fields=["oidc_subject"])
    audit.record(actor=Actor(user=user), action="person.link", on=user, at=at, detail={"email": email})
    return user
