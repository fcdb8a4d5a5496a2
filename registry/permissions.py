"""Who may change the register."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import CHECKING, SYSTEM, Role
from registry.models import Carrier
from registry.models.carriers import REGIONAL
from registry.rules.changing import STOP_OF, STOPS, decider
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


def may_ask_change(actor: Actor, carrier: Carrier) -> bool:
    """The carrier's own staff; the officers above it, on its behalf."""
    return actor.role != SYSTEM and may_record_stay(actor, carrier)


def may_record_lineage(actor: Actor, carrier: Carrier) -> bool:
    """The office of the carrier's level, or one above it."""
    own = STOP_OF.get(actor.role)
    if own is None or not may_change(actor, carrier):
        return False
    return STOPS.index(own) >= STOPS.index(decider(level=carrier.level, facts=["name"]))


def may_see_changes(actor: Actor) -> bool:
    """Those who ask, those who decide, and auditors."""
    return actor.role in CHECKING | {Role.CARRIER_STAFF, Role.AUDITOR}


def may_work_with_lists(actor: Actor) -> bool:
    """Whether any carrier can be in one's scope: staff, and those who work for a region."""
    return bool(actor.carrier_code) or (bool(actor.region_path) and actor.role in REGIONAL)


def may_export(actor: Actor) -> bool:
    """The list of one's scope leaves with those who work with it: officers, finance, auditors."""
    return actor.role in CHECKING | {Role.FINANCE_OFFICER, Role.AUDITOR} and bool(actor.region_path)
