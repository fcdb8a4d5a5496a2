"""A browser's own description, short enough to know one's device by."""

from __future__ import annotations

import re

_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/(\d+)"),
    ("Firefox", r"(?:Firefox|FxiOS)/(\d+)"),
    ("Chrome", r"(?:Headless)?(?:Chrome|CriOS)/(\d+)"),
    ("Safari", r"Version/(\d+)[\d.]* (?:Mobile/\S+ )?Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_of(agent: str) -> str:
    """`Chrome 129 · Windows`; what is not known is shown as it was sent."""
    name = next((f"{name} {found[1]}" for name, how in _BROWSERS if (found := re.search(how, agent))), "")
    system = next((title for mark, title in _SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (name, system) if part) if name else agent
