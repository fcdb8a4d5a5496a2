"""Who may do what with a return; whether its state allows it is for the table of moves and the dates."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import SYSTEM, Role
from core.problems import Problem, Refused
from core.text import T
from reporting.models import Campaign, Return

FILLERS = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER})
OWNERS = frozenset({Role.PROVINCE_OFFICER, Role.CITY_OFFICER, Role.COUNTY_OFFICER})


def may_fill(actor: Actor, found: Return) -> bool:
    """Who may hand it in, and the officer who fills this draft for the carrier."""
    draft = found.current
    fills = draft is not None and draft.submitted_at is None and draft.on_behalf_by_id == actor.user_id
    return may_submit(actor, found) or (fills and may_fill_for(actor, found))


def may_fill_for(actor: Actor, found: Return) -> bool:
    """Officers of the carrier's county or city may fill for it, when it cannot."""
    return actor.role in FILLERS and found.carrier.is_managed_by(actor) and actor.user_id is not None


def may_submit(actor: Actor, found: Return) -> bool:
    """The carrier's own staff, who promise that it is true; the portal itself, by command."""
    own = actor.role == Role.CARRIER_STAFF and actor.carrier_code == found.carrier.code
    return own or actor.role == SYSTEM


def may_see_values(actor: Actor, found: Return) -> bool:
    """Whether any version's values may be seen now: a draft is its carrier's alone (and an auditor's)."""
    if actor.role in (Role.CARRIER_STAFF, Role.AUDITOR):
        return True
    return may_fill(actor, found) or found.versions.filter(submitted_at__isnull=False).exists()


def may_open_campaigns(actor: Actor, region_path: str) -> bool:
    """Officers of the region, or of one above it."""
    if actor.role == SYSTEM:
        return True
    return actor.role in OWNERS and bool(actor.region_path) and region_path.startswith(actor.region_path)


def owns(actor: Actor, campaign: Campaign) -> bool:
    """Officers of the campaign's region or of one above it; its region is asked for."""
    return may_open_campaigns(actor, campaign.region.path)


def may_set_terms(actor: Actor, campaign: Campaign, region_path: str) -> bool:
    """For a part of the campaign's region that lies in the officer's own."""
    return region_path.startswith(campaign.region.path) and may_open_campaigns(actor, region_path)


def may_undo(actor: Actor, office: Region) -> bool:
    """What an office set or granted: its own officers and those above it."""
    return may_open_campaigns(actor, office.path)


def may_import_rosters(actor: Actor) -> bool:
    """A province's file is an officer's, for the carriers in their scope."""
    return actor.role in OWNERS or actor.role == SYSTEM


def refuse(allowed: bool) -> None:
    """Raises when it is not allowed."""
    if not allowed:
        raise Refused(Problem("permission_denied", T("您的身份不能办理此事。")))
