"""The move tables of the register."""

from __future__ import annotations

from registry.rules.finding_moves import FINDING

__all__ = ["FINDING"]
