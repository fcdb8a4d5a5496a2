"""The move tables of the register."""

from __future__ import annotations

from registry.rules.changing import lifecycle
from registry.rules.finding_moves import FINDING
from registry.rules.registering_moves import REGISTRATION

CHANGE = lifecycle()

__all__ = ["CHANGE", "FINDING", "REGISTRATION"]
