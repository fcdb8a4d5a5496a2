"""Who may change the register."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import CHECKING, SYSTEM, Role
from registry.models import Carrier, TenancyFinding
from registry.models.carriers import REGIONAL
from registry.models.findings import SEEING
from registry.rules.vocabulary import Level

# The highest level that an officer may record: none decides above their own.
_HIGHEST: dict[str, frozenset[str]] = {
    Role.COUNTY_OFFICER: frozenset({Level.NONE, Level.COUNTY}),
    Role.CITY_OFFICER: frozenset({Level.NONE, Level.COUNTY, Level.CITY}),
    Role.PROVINCE_OFFICER: frozenset(Level),
    SYSTEM: frozenset(Level),
}


def may_register(actor: Actor, region: Region) -> bool:
    """Officers register what lies in their region."""
    if actor.role == SYSTEM:
        return True
    return actor.role in CHECKING and bool(actor.region_path) and region.path.startswith(actor.region_path)


def may_change(actor: Actor, carrier: Carrier) -> bool:
    """Officers change the facts of carriers in their region."""
    return may_register(actor, carrier.region)


def may_record_level(actor: Actor, carrier: Carrier, level: str) -> bool:
    """Neither the level given nor the one taken away is above the officer's own."""
    held = _HIGHEST.get(actor.role, frozenset())
    return may_change(actor, carrier) and level in held and carrier.level in held


def may_record_stay(actor: Actor, carrier: Carrier) -> bool:
    """The carrier's own staff and the officers above it."""
    if actor.role == Role.CARRIER_STAFF:
        return carrier.code == actor.carrier_code
    return may_change(actor, carrier)


def may_work_with_lists(actor: Actor) -> bool:
    """Whether any carrier can be in one's scope: staff, and those who work for a region."""
    return bool(actor.carrier_code) or (bool(actor.region_path) and actor.role in REGIONAL)


def may_export(actor: Actor) -> bool:
    """The list of one's scope leaves with those who work with it: officers, finance, auditors."""
    return actor.role in CHECKING | {Role.FINANCE_OFFICER, Role.AUDITOR} and bool(actor.region_path)


def may_decide(actor: Actor, found: TenancyFinding) -> bool:
    """The officers who oversee every side; `found` with its carriers' regions."""
    sides = [stay for stay in (found.stay_a, found.stay_b) if stay is not None]
    return actor.role in CHECKING and all(may_change(actor, stay.carrier) for stay in sides)


def may_reopen(actor: Actor, found: TenancyFinding, *, decided_as: str) -> bool:
    """Who decided it, and who oversees every side from no lower a level than `decided_as`."""
    if actor.role not in CHECKING:
        return False
    if found.decided_by_id is not None and found.decided_by_id == actor.user_id:
        return True
    ranks = [Role.COUNTY_OFFICER.value, Role.CITY_OFFICER.value, Role.PROVINCE_OFFICER.value]
    return may_decide(actor, found) and ranks.index(actor.role) >= ranks.index(decided_as)


def may_see_findings(actor: Actor) -> bool:
    """Whether any finding can be in one's scope."""
    return actor.role in SEEING and may_work_with_lists(actor)


def may_export_findings(actor: Actor) -> bool:
    """The queue leaves with officers and auditors."""
    return actor.role in CHECKING | {Role.AUDITOR} and bool(actor.region_path)
