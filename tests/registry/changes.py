"""Requests to change facts, as tests make them."""

from __future__ import annotations

from datetime import date
from typing import Any

from office.services.evidence import Upload
from registry.models import ChangeRequest
from registry.services import changing
from registry.services.proposals import Asked
from tests.registry.world import AT, World

PDF = b"%PDF-1.7 change"
HAPPENED = date(2026, 2, 1)
FILES = tuple(
    (kind, Upload(f"{kind}.pdf", PDF))
    for kind in ("registration", "agreement", "premises", "positioning", "founding")
)


def asked(**more: Any) -> Asked:
    given: dict[str, Any] = {
        "wanted": {"name": "青园科技孵化器"},
        "happened_on": HAPPENED,
        "reason": "经登记机关核准更名",
        "basis": "变更登记通知书",
        "document_number": "河登〔2026〕12 号",
        "files": FILES,
    }
    return Asked(**{**given, **more})


def ask(world: World, who: str = "staff", carrier: str = "mine", **more: Any) -> ChangeRequest:
    return changing.ask(
        actor=world.people[who], code=world.carriers[carrier].code, asked=asked(**more), at=AT
    )


def move(world: World, who: str, found: ChangeRequest, action: str, **more: Any) -> ChangeRequest:
    """One of the moves, with what it needs."""
    verb = {
        "pass": changing.pass_on,
        "approve": changing.approve,
        "return": changing.send_back,
        "refuse": changing.refuse,
        "withdraw": changing.withdraw,
    }[action]
    given: dict[str, Any] = {"request_id": found.pk, "expected": found.version, "at": AT}
    if action in ("return", "refuse"):
        given["comment"] = "材料不清楚"
    return verb(actor=world.people[who], **{**given, **more})  # type: ignore[operator]


def resubmit(world: World, who: str, found: ChangeRequest, **more: Any) -> ChangeRequest:
    return changing.resubmit(
        actor=world.people[who],
        request_id=found.pk,
        expected=found.version,
        asked=asked(**{"files": (), **more}),
        at=AT,
    )
