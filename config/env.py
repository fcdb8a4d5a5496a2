"""Reads the portal's settings out of the environment, strictly: nonsense is refused by name."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

KNOWN = frozenset(
    {
        "DATABASE_URL",
        "REDIS_URL",
        "DATA_DIR",
        "FILES_URL",
        "EMAIL_URL",
        "PUBLIC_URL",
        "PORT",
        "SECRET_KEY",
        "SIGNING_KEYS",
        "ALLOWED_HOSTS",
        "TRUSTED_PROXIES",
        "DEBUG",
        "SECOND_FACTOR_ROLES",
        "OIDC_ISSUER",
        "OIDC_CLIENT_ID",
        "OIDC_CLIENT_SECRET",
        "OIDC_NAME",
        "SMS_URL",
        "SMS_TOKEN",
        "DEMO",
        "SITE_NAME",
        "SITE_SPONSOR",
        "SITE_SUPPORT",
        "SITE_HOTLINE",
        "SITE_ADDRESS",
        "SITE_ICP",
        "SITE_POLICE_RECORD",
        "SITE_CODE",
    }
)
# A name that begins like one of ours was meant for us; other names in the environment are not our affair.
OWN_PREFIXES = (
    *("SITE_", "SIGNING_", "TRUSTED_", "FILES_", "DEMO_", "ALLOWED_", "DATA_DIR"),
    *("SECOND_", "OIDC_", "SMS_"),
)


class BadSetting(SystemExit):
    """A setting that cannot be meant; the process ends with the sentence."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"Setting {name}: {why}")


def refuse_strangers(environ: Mapping[str, str]) -> None:
    """Names that look like a setting of ours but are none: a slip that would silently do nothing."""
    for name in environ:
        if name in KNOWN:
            continue
        near = difflib.get_close_matches(name, KNOWN, n=1, cutoff=0.88)
        if near or name.startswith(OWN_PREFIXES):
            hint = f" Did you mean {near[0]}?" if near else ""
            raise BadSetting(name, f"is not a setting of this portal.{hint}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str) -> bool:
    value = text(name, "0").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadSetting(name, f"is 1 or 0, not {value!r}.")


def port(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdigit() or not 1 <= int(value) <= 65535:
        raise BadSetting(name, f"is a port from 1 to 65535, not {value!r}.")
    return int(value)


def names(name: str) -> list[str]:
    return [part.strip() for part in text(name).split(",") if part.strip()]


def choices(name: str, known: tuple[str, ...], default: tuple[str, ...]) -> frozenset[str]:
    """Some of the known words; `none` for none of them."""
    given = names(name)
    if given == ["none"]:
        return frozenset()
    strange = sorted(set(given) - set(known))
    if strange:
        raise BadSetting(name, f"takes none, or some of {', '.join(known)}; not {', '.join(strange)}.")
    return frozenset(given or default)


def url(name: str, schemes: tuple[str, ...], default: str = "") -> str:
    """An address with one of these schemes, or empty. The value is not repeated: it may hold a password."""
    value = text(name, default)
    if value and urlsplit(value).scheme not in schemes:
        raise BadSetting(name, f"is an address that begins with one of {', '.join(schemes)}.")
    return value


def folder(name: str, default: Path) -> Path:
    value = Path(text(name, str(default))).expanduser()
    if value.exists() and not value.is_dir():
        raise BadSetting(name, f"is a folder, and {value} is not one.")
    return value.resolve()
