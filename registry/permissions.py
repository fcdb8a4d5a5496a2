"""Who may change the register."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.duties import Duty
from accounts.rules.roles import CHECKING, PUBLIC, SYSTEM, Role
from registry.models import Application, Carrier, TenancyFinding
from registry.models.carriers import REGIONAL
from registry.models.findings import SEEING
from registry.models.levels import designation_terms, level_terms
from registry.rules.changing import STOP_OF, STOPS, decider
from registry.rules.levels import recordable
from registry.rules.registering_moves import OFFICERS

# The step at which each decides; the vocabulary says which levels are decided there.
_DECIDES: dict[str, str] = {
    Role.COUNTY_OFFICER: "county",
    Role.CITY_OFFICER: "city",
    Role.PROVINCE_OFFICER: "province",
    SYSTEM: "province",
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
    held = levels_of(actor)
    return may_change(actor, carrier) and level in held and carrier.level in held


def may_record_designation(actor: Actor, carrier: Carrier, designation: str) -> bool:
    """Neither the designation given nor the one taken away is decided above the officer's own step."""
    held = designations_of(actor) | {""}
    return may_change(actor, carrier) and designation in held and carrier.designation in held


def designations_of(actor: Actor) -> frozenset[str]:
    """The codes of the designations that the actor may record somewhere."""
    return recordable(designation_terms(), _DECIDES.get(actor.role, ""))


def may_designate(actor: Actor, carrier: Carrier) -> bool:
    """Whether there is any designation that the actor may give this carrier."""
    return may_change(actor, carrier) and bool(designations_of(actor))


def levels_of(actor: Actor) -> frozenset[str]:
    """The codes of the levels that the actor may record somewhere."""
    return recordable(level_terms(), _DECIDES.get(actor.role, ""))


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


def may_change_vocabulary(actor: Actor) -> bool:
    return actor.has_role(Role.SYSTEM_ADMINISTRATOR)


def may_export(actor: Actor) -> bool:
    """The list of one's scope leaves with those who work with it: officers, finance, auditors."""
    return actor.role in CHECKING | {Role.FINANCE_OFFICER, Role.AUDITOR} and bool(actor.region_path)


def may_import(actor: Actor, sheet: str = "carriers") -> bool:
    """Officers register by workbook what lies in their region; the past is taken over by the province."""
    roles = {Role.PROVINCE_OFFICER} if sheet == "past" else CHECKING
    return actor.role in roles and bool(actor.region_path)


def may_apply(actor: Actor) -> bool:
    """Who is signed in without an appointment, and staff of a carrier for another one."""
    return actor.user is not None and actor.role in (PUBLIC, Role.CARRIER_STAFF)


def may_act_on(actor: Actor, found: Application) -> bool:
    """The officers of the office where it lies, never the applicant; those above only look."""
    if found.applicant_id == actor.user_id or actor.region is None:
        return False
    return found.office_id == actor.region.pk and OFFICERS.get(found.state) == actor.role


def may_see_staff(actor: Actor, carrier: Carrier) -> bool:
    """Who acts for a carrier: its own staff, the officers above it, auditors."""
    if actor.role in CHECKING | {Role.CARRIER_STAFF, Role.AUDITOR}:
        return carrier.is_managed_by(actor)
    return False


def may_oversee_staff(actor: Actor, carrier: Carrier) -> bool:
    """Names who answers for a carrier, hands over when somebody leaves: the officers above it."""
    return actor.role in CHECKING and may_change(actor, carrier)


def may_invite_handlers(actor: Actor, carrier: Carrier) -> bool:
    """The officers above it, and whoever answers for it."""
    mine = actor.appointment is not None and actor.carrier_code == carrier.code
    answers = mine and actor.appointment is not None and actor.appointment.duty == Duty.RESPONSIBLE
    return answers or may_oversee_staff(actor, carrier)


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


def may_export_tenants(actor: Actor) -> bool:
    """Whoever may take the carriers of a scope away, and a carrier's staff their own list."""
    return may_export(actor) or bool(actor.carrier_code)
