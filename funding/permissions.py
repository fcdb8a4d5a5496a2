"""Who may do what with money; whether the state allows it is for the table of moves."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import CHECKING, SYSTEM, Role
from core.problems import Problem, Refused
from core.text import T
from funding.models import Allocation, Award
from funding.models.awards import OVERSEEING


def _covers(actor: Actor, region: Region) -> bool:
    return bool(actor.region_path) and region.path.startswith(actor.region_path)


def may_import_policies(actor: Actor, region: Region) -> bool:
    """Provincial officers for their region; the portal itself from the command line. Who pays writes no
    policy."""
    return actor.role == SYSTEM or (actor.role == Role.PROVINCE_OFFICER and _covers(actor, region))


def may_pay(actor: Actor, region: Region) -> bool:
    """Who works out and drops what a region pays: finance and provincial officers responsible for it. That
    a finance officer alone confirms, and not the one who worked it out, is in the table and the service."""
    return actor.role in (Role.FINANCE_OFFICER, Role.PROVINCE_OFFICER) and _covers(actor, region)


def may_oversee(actor: Actor, allocation: Allocation) -> bool:
    """Who pays or audits it: sees everything of it in every state."""
    if actor.role == SYSTEM:
        return True
    return actor.role in OVERSEEING and _covers(actor, allocation.policy.region)


def may_see_because(actor: Actor, award: Award) -> bool:
    """What made an amount, which tells of the carrier's figures: who oversees the money, the carrier
    itself, the officers of its region. `carrier.region` and `allocation.policy.region` are to be loaded."""
    if may_oversee(actor, award.allocation):
        return True
    if actor.role == Role.CARRIER_STAFF:
        return actor.carrier_code == award.carrier.code
    return actor.role in CHECKING and _covers(actor, award.carrier.region)


def refuse(allowed: bool) -> None:
    """Raises when it is not allowed."""
    if not allowed:
        raise Refused(Problem("permission_denied", T("您的身份不能办理此事。")))
