"""How long an office has for a return that lies with it."""

from __future__ import annotations

LIMIT = 5  # working days, from the day of arrival, which does not count
