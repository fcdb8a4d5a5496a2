"""One spelling of a thing as JSON bytes, and the digest by which it is known.

Keys sorted by code point, no spaces, UTF-8 unescaped, decimals in plain digits as written. A tree
from a file gives its unquoted numbers, `true` and `false` as such, everything else as text.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from core.shapes import PLAIN_NUMBER, Plain

_PLAIN = json.JSONEncoder(ensure_ascii=False)  # made once: a row has some fifty texts


def canonical(thing: object) -> bytes:
    """The canonical JSON. Raises `TypeError` for what has no exact form (a float among others)."""
    return _text(thing).encode("utf-8")


def digest(thing: object) -> str:
    """`sha256:` and the digest of the canonical JSON in hex."""
    return f"sha256:{hashlib.sha256(canonical(thing)).hexdigest()}"


def _text(thing: object) -> str:
    if isinstance(thing, str):
        return _scalar(thing)
    if isinstance(thing, Mapping):
        if not all(isinstance(key, str) for key in thing):
            raise TypeError("a key that is not text")
        inside = ",".join(f"{_quoted(key)}:{_text(thing[key])}" for key in sorted(thing))
        return f"{{{inside}}}"
    if isinstance(thing, Sequence) and not isinstance(thing, bytes):
        return f"[{','.join(_text(part) for part in thing)}]"
    return _atom(thing)


def _scalar(text: str) -> str:
    if isinstance(text, Plain) and (text in ("true", "false") or PLAIN_NUMBER.fullmatch(text)):
        return str(text)
    return _quoted(text)


def _quoted(text: str) -> str:
    return _PLAIN.encode(str(text))


def _atom(thing: object) -> str:
    if thing is None:
        return "null"
    if isinstance(thing, bool):
        return "true" if thing else "false"
    if isinstance(thing, int):
        return str(thing)
    if isinstance(thing, Decimal) and thing.is_finite():
        return format(thing, "f")
    if isinstance(thing, datetime.date):
        return _quoted(thing.isoformat())
    raise TypeError(f"{type(thing).__name__} has no canonical form")
