"""The hidden facts of a workbook: which form, version, year and carrier it was made for, and their seal."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Short = Annotated[str, Field(min_length=1, max_length=200)]


class TableMeta(BaseModel):
    """Where a table stands: heading row, first row, columns by letter."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)
    sheet: Short
    header: Annotated[int, Field(ge=1, le=100)]
    first: Annotated[int, Field(ge=2, le=101)]
    columns: dict[str, str]


class Meta(BaseModel):
    """The JSON text in A1 of `_meta`."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)
    form: Short
    version: Annotated[int, Field(ge=1)]
    year: Annotated[int, Field(ge=1900, le=9999)]
    carrier: Short
    token: Short
    fields: dict[str, str] = {}
    tables: dict[str, TableMeta] = {}


def read_meta(text: str) -> Meta | None:
    """The facts, None when the text is none."""
    try:
        return Meta.model_validate_json(text)
    except ValidationError:
        return None


def token_of(key: str, *, form: str, version: int, year: int, carrier: str) -> str:
    """The seal of these four under a key."""
    bound = json.dumps([form, version, year, carrier], ensure_ascii=True).encode("ascii")
    return hmac.new(b"return-workbook:" + key.encode("utf-8"), bound, hashlib.sha256).hexdigest()


def is_genuine(meta: Meta, keys: Sequence[str]) -> bool:
    """Whether one of the keys made the token for just these facts."""
    facts = {"form": meta.form, "version": meta.version, "year": meta.year, "carrier": meta.carrier}
    given = meta.token.encode("utf-8", "replace")
    found = [hmac.compare_digest(token_of(key, **facts).encode("ascii"), given) for key in keys]  # type: ignore[arg-type]
    return any(found)
