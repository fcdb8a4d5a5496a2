"""A provider of identities over real HTTP, as small as the standard allows; run by the tests as a process.

    python provider.py PORT CLIENT_ID CLIENT_SECRET

`/authorize` sends back at once, with the person of the `login_hint` that the test put into the address; how
the token is made wrong is asked for by `fault`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

PORT, CLIENT, SECRET = int(sys.argv[1]), sys.argv[2], sys.argv[3]
ISSUER = f"http://127.0.0.1:{PORT}"
KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
OTHER = RSAKey.generate_key(2048, parameters={"kid": "one"})
GRANTS: dict[str, dict[str, Any]] = {}


class Provider(BaseHTTPRequestHandler):
    def log_message(self, *_rest: Any) -> None: ...

    def _json(self, answer: Any, status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            self._json({"issuer": ISSUER, **{name: f"{ISSUER}/{end}" for name, end in ends.items()}})
        elif parts.path == "/keys":
            self._json({"keys": [KEY.as_dict(private=False)]})
        else:
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            code = f"code-{len(GRANTS)}"
            GRANTS[code] = asked
            self.send_response(302)
            self.send_header(
                "Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            )
            self.end_headers()

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        pair = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        asked = GRANTS.pop(form.get("code", ""), None)
        if (
            asked is None
            or [unquote(part) for part in pair.split(":")] != [CLIENT, SECRET]
            or not self._proves(asked, form)
        ):
            self._json({"error": "invalid_grant"}, 400)
            return
        self._json({"id_token": _token(asked), "token_type": "Bearer", "access_token": "x"})

    def _proves(self, asked: dict[str, Any], form: dict[str, str]) -> bool:
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return challenge == asked["code_challenge"] and form["redirect_uri"] == asked["redirect_uri"]


def _token(asked: dict[str, Any]) -> str:
    who, _, fault = asked.get("login_hint", "").partition("|")
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": CLIENT, "sub": f"sub-{who}", "exp": now + 300, "iat": now,
        "nonce": asked["nonce"], "email": who, "email_verified": True,
    }  # fmt: skip
    wrong = {
        "issuer": {"iss": "https://elsewhere.example"}, "audience": {"aud": "another"},
        "expired": {"exp": now - 3600}, "nonce": {"nonce": "another"},
        "unverified": {"email_verified": False},
    }  # fmt: skip
    claims.update(wrong.get(fault, {}))
    if fault == "none":
        head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
                      for part in ({"alg": "none"}, claims))  # fmt: skip
        return f"{head}.{body}."
    return jwt.encode({"alg": "RS256", "kid": "one"}, claims, OTHER if fault == "key" else KEY)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", PORT), Provider).serve_forever()
