"""The lives of things in the register, as `docs/lifecycle.md` draws them."""

from registry.rules.changing import lifecycle

CHANGE = lifecycle()

__all__ = ["CHANGE"]
