"""The move tables of the register."""

from __future__ import annotations

from registry.rules.finding_moves import FINDING
from registry.rules.registering_moves import REGISTRATION

__all__ = ["FINDING", "REGISTRATION"]
