"""Codes and addresses people write in many ways: credit codes, telephone numbers, mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from core.amounts import narrow
from core.text import T, Text

# GB 32100-2015: 31 characters, without I, O, S, V, Z, and a check character over weights 3^i mod 31.
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, at, 31) for at in range(17))
_LOOK_ALIKE = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}
_GAPS = re.compile(r"[\s\-\u2010-\u2015\u200b\ufeff]+")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(0[1-9][0-9]{1,2})([2-9][0-9]{6,7})(?:(?:x|转|ext)([0-9]{1,6}))?")
_SERVICE = re.compile(r"[48]00[0-9]{7}")
_EXTENSION = re.compile(r"^(.*[0-9]{7,8})-([0-9]{1,6})$")
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
)


def credit_code(text: str) -> str:
    """The code as it is kept: 18 plain capitals and digits, without spaces and hyphens."""
    return _GAPS.sub("", narrow(text)).upper()


def credit_check_character(first: str) -> str:
    """The 18th character for 17 valid ones (GB 32100-2015, section 5)."""
    total = sum(CREDIT_ALPHABET.index(char) * weight for char, weight in zip(first, _WEIGHTS, strict=True))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def credit_code_fault(code: str) -> tuple[str, Text, Text | str] | None:
    """What is wrong with a normalised code: rule, sentence, how to mend it; None when it is right."""
    if len(code) != 18:
        message = T("统一社会信用代码应为 18 位。")
        return "credit_code.length", message, T("现有 {n} 位，请按营业执照核对。", n=len(code))
    strange = [char for char in code if char not in CREDIT_ALPHABET]
    if strange:
        return _strange(code, strange)
    right = credit_check_character(code[:17])
    if code[17] != right:
        message = T("统一社会信用代码的校验位（末位）不符。")
        fix = T("若前 17 位无误，应为 {code}；请按营业执照逐位核对。", code=code[:17] + right)
        return "credit_code.check", message, fix
    return None


def _strange(code: str, strange: Iterable[str]) -> tuple[str, Text, Text | str]:
    listed = "、".join(dict.fromkeys(strange))
    if not set(strange) <= set(_LOOK_ALIKE):
        message = T("统一社会信用代码只有数字和大写字母。")
        return "credit_code.character", message, T("请改掉“{signs}”，按营业执照逐位核对。", signs=listed)
    message = T("统一社会信用代码不使用字母 I、O、S、V、Z。")
    other = "".join(_LOOK_ALIKE.get(char, char) for char in code)
    if credit_check_character(other[:17]) == other[17]:
        fix = T("可能是形近的数字误录，应为 {code}；请按营业执照核对。", code=other)
    else:
        fix = T("现有“{signs}”，请核对是否把 1、0、5、U、2 录成了它们。", signs=listed)
    return "credit_code.character", message, fix


def phone(text: str) -> str | None:
    """A mainland number as it is kept: `13812345678`, `025-12345678-802`, `400-123-4567`; else None."""
    plain = narrow(text).lower().replace("(", "").replace(")", "-")
    extension = ""
    match = _EXTENSION.match(plain.replace(" ", "-"))
    if match:
        plain, extension = match[1], match[2]
    digits = _GAPS.sub("", plain).removeprefix("+86").removeprefix("0086")
    if _MOBILE.fullmatch(digits) and not extension:
        return digits
    if _SERVICE.fullmatch(digits) and not extension:
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    landline = _split_landline(digits)
    if landline is None:
        return None
    area, number, inner = landline
    inner = inner or extension
    return f"{area}-{number}-{inner}" if inner else f"{area}-{number}"


def _split_landline(digits: str) -> tuple[str, str, str] | None:
    """Area codes of 01x and 02x have three digits, all others four."""
    match = _LANDLINE.fullmatch(digits)
    if not match:
        return None
    main = match[1] + match[2]
    size = 3 if main[1] in "12" else 4
    area, number = main[:size], main[size:]
    return (area, number, match[3] or "") if len(number) in (7, 8) else None


def email(text: str) -> str | None:
    """The address with a lower-case domain, or None."""
    plain = narrow(text)
    if not _EMAIL.fullmatch(plain) or ".." in plain or len(plain) > 254:
        return None
    name, _, domain = plain.rpartition("@")
    return f"{name}@{domain.lower()}"
