"""Where the pages of this room are, for notices, jobs and tasks: their addresses are promised to users."""

from __future__ import annotations

RETURNS = "/returns/"
QUEUE = "/returns/queue/"


def return_page(return_id: int) -> str:
    """A return: to its carrier the filling, to officers the checking."""
    return f"/returns/{return_id}/"


def import_page(import_id: int) -> str:
    """An upload: its problems and its preview."""
    return f"/returns/imports/{import_id}/"


def carrier_page(code: str) -> str:
    """A carrier in the register."""
    return f"/registry/manage/{code}/"
