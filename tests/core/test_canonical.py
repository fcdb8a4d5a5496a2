"""One spelling of a thing as JSON, and its digest."""

from __future__ import annotations

import datetime
import hashlib
from decimal import Decimal

import pytest

from core.canonical import canonical, digest


def test_keys_sorted_no_spaces_utf8_and_decimals_as_written() -> None:
    thing = {
        "b": [Decimal("1.50"), Decimal("1E+2"), 3, None, True],
        "a": "优秀\n",
        "d": datetime.date(2025, 12, 31),
    }
    expected = '{"a":"优秀\\n","b":[1.50,100,3,null,true],"d":"2025-12-31"}'.encode()
    assert canonical(thing) == expected
    assert digest(thing) == "sha256:" + hashlib.sha256(expected).hexdigest()


@pytest.mark.parametrize("thing", [1.5, {1: 2}, {"a": {1, 2}}, Decimal("NaN"), b"x"])
def test_what_has_no_exact_form_is_refused(thing: object) -> None:
    with pytest.raises(TypeError):
        canonical(thing)
