"""What somebody does for a carrier: one answers for it, at least two handle its affairs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from core.text import T, Text


class Duty(StrEnum):
    RESPONSIBLE = "responsible"
    HANDLER = "handler"


TITLES: dict[str, Text] = {
    Duty.RESPONSIBLE: T("责任人"),
    Duty.HANDLER: T("经办人"),
}
FEWEST_HANDLERS = 2


def lacking(duties: Iterable[str]) -> list[Text]:
    """What a carrier with these duties filled still needs, in words; never a reason to refuse its work."""
    held = list(duties)
    handlers = sum(1 for duty in held if duty != Duty.RESPONSIBLE)
    found = []
    if Duty.RESPONSIBLE not in held:
        found.append(T("缺责任人"))
    if handlers < FEWEST_HANDLERS:
        found.append(T("经办人 {n} 名，至少应有 {fewest} 名", n=handlers, fewest=FEWEST_HANDLERS))
    return found
