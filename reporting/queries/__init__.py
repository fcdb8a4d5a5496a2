"""What may be seen of forms and returns, put together for pages, API and services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from accounts.actors import Actor
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from core.moves import Lifecycle
from core.problems import Severity
from registry.models import Carrier
from reporting.models import Campaign, Return, ReturnFigure, ReturnVersion, RosterRow
from reporting.queries.dates import DUE
from reporting.queries.forms import definition as definition
from reporting.queries.forms import form_under as form_under
from reporting.queries.forms import forms_of as forms_of
from reporting.queries.peers import peers_of, with_peers
from reporting.rules import form as form_rules
from reporting.rules.checking import Checked, Finding, TableRow, check, open_questions
from reporting.rules.comparing import Peers
from reporting.rules.deadlines import Lock, granted_by, lock_of, next_date
from reporting.rules.lifecycle import OPEN_STATES, Chain, State, lifecycle
from reporting.rules.places import Places
from reporting.rules.roster import table_rows
from reporting.rules.values import exact

OWNER_ROLES = {
    "nation": Role.PROVINCE_OFFICER,
    "province": Role.PROVINCE_OFFICER,
    "city": Role.CITY_OFFICER,
    "county": Role.COUNTY_OFFICER,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """A return with all that a page, a check or a workbook needs of it. `last_reasons` are the reasons that
    were given for last year's questions, by the key of the question."""

    of: Return
    version: ReturnVersion
    form: form_rules.Form
    values: Mapping[str, str]
    rows: Mapping[str, list[TableRow]]
    last: Mapping[str, str]
    registry: Mapping[str, str]
    lock: Lock
    peers: Peers = field(default_factory=dict)
    last_reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def year(self) -> int:
        return self.of.campaign.year

    def checked(self, places: Places | None = None) -> Checked:
        """All checks on what is stored; an answer without figures has none to check."""
        if self.version.answer:
            return Checked()
        return check(
            self.form,
            self.values,
            self.rows,
            self.last,
            self.year,
            registry=self.registry,
            places=places,
            peers=self.peers,
        )


def questions(opened: Opened, checked: Checked) -> list[tuple[Finding, Mapping[str, str] | None]]:
    """Every question that wants a reason, with the reason given for the value that stands, if any."""
    explanations = opened.version.explanations
    waiting = {finding.key for finding in open_questions(checked.findings, explanations)}
    return [
        (finding, None if finding.key in waiting else explanations[finding.key])
        for finding in checked.findings
        if finding.problem.severity is Severity.EXPLAIN
    ]


def with_all(returns: QuerySet[Return]) -> QuerySet[Return]:
    """With what `opened` reads, in one query."""
    return with_peers(
        returns.select_related(
            "campaign__form",
            "campaign__region",
            "carrier__region",
            "carrier__operator",
            "current__on_behalf_by",
        )
    )


def opened(found: Return, *, at: datetime, version: ReturnVersion | None = None) -> Opened:
    """The return with its current version, or with one that the caller was allowed to see."""
    version = version or found.current
    if version is None:
        raise ReturnVersion.DoesNotExist(f"return {found.pk} has no version")
    form, before = definition(form_under(version, found.campaign)), last_version(found)
    return Opened(
        of=found,
        version=version,
        form=form,
        values=version.values,
        rows=rows_of(version, form),
        last={} if before is None else {**_figures(before.pk, before.digest), **before.values},
        registry=registry_values(found.carrier),
        lock=lock(found, at=at),
        peers=peers_of(found),
        last_reasons={} if before is None else before.explanations,
    )


def lock(found: Return, *, at: datetime) -> Lock:
    """Open or locked and why: the one answer for page, API, upload and job."""
    started = found.started_at is not None
    owner = granted_by(found.campaign.region)
    return lock_of(found.dates, state=found.state, started=started, at=at, owner=owner)


def due_of(found: Return, *, at: datetime) -> datetime:
    """The date that is next for a return at its carrier, or that has passed."""
    return next_date(found.dates, state=found.state, started=found.started_at is not None, at=at)


def table_of_moves(found: Return) -> Lifecycle:
    """The table of moves for this return's chain."""
    return lifecycle(Chain(found.chain), OWNER_ROLES[found.campaign.region.level])


def seen_version(found: Return, actor: Actor) -> ReturnVersion | None:
    """The newest version that this actor may see: a draft only for those who may."""
    versions = ReturnVersion.objects.visible_to(actor).filter(return_of=found)
    return versions.select_related("on_behalf_by").order_by("-number").first()


def rows_of(version: ReturnVersion, form: form_rules.Form) -> dict[str, list[TableRow]]:
    """The tables of a version, in their order."""
    if not form.tables:
        return {}
    return table_rows(form.tables, RosterRow.objects.filter(version=version))


def last_version(found: Return) -> ReturnVersion | None:
    """What the carrier submitted the year before for a form of the same code, the newest."""
    return (
        ReturnVersion.objects.filter(
            return_of__carrier=found.carrier_id,
            return_of__campaign__year=found.campaign.year - 1,
            return_of__campaign__form_code=found.campaign.form_code,
            submitted_at__isnull=False,
        )
        .order_by("-number")
        .first()
    )


@lru_cache(maxsize=4096)
def _figures(version_id: int, digest: str) -> Mapping[str, str]:
    """Every number of a submitted version, its computed values and totals too: for good, so read once a
    process; the digest is that of what the version says."""
    figures = ReturnFigure.objects.filter(version=version_id).values_list("code", "number")
    return {code: exact(number) for code, number in figures}


def registry_values(carrier: Carrier) -> dict[str, str]:
    """What the register says of a carrier, by the names that checks and `prefill: registry.NAME` use."""
    known = {
        "carrier": carrier.code,
        "name": carrier.name,
        "kind": carrier.kind,
        "class": carrier.carrier_class,
        "field": carrier.field,
        "level": carrier.level,
        "region": carrier.region.code,
        "address": carrier.address,
        "area_total": "" if carrier.area_total is None else exact(carrier.area_total),
        "opened_on": "" if carrier.opened_on is None else exact(carrier.opened_on),
        "operator": carrier.operator.name,
        "operator_code": carrier.operator.credit_code,
        "contact": carrier.operator.contact,
        "phone": carrier.operator.phone,
    }
    return {name: text for name, text in known.items() if text}


def returns_of(carrier: str, year: int, form: str = "") -> QuerySet[Return]:
    """The returns of a carrier in a year, of one form when it is named."""
    found = with_all(Return.objects.filter(carrier__code=carrier, campaign__year=year))
    return found.filter(campaign__form_code=form) if form else found


# Officers.

# Where a return stands, the untouched apart from those begun.
STAGES = ("not_started", "filling", "at_county", "at_city", "at_province", "returned", "accepted")
_UNTOUCHED = When(state=State.FILLING.value, started_at=None, then=Value("not_started"))
STAGE = Case(_UNTOUCHED, default=F("state"), output_field=CharField())
# The same as one who checks sees it: `mine` lies with them, `passed` is beyond them.
SEEN_STAGES: Mapping[str, tuple[str, ...]] = {
    Role.COUNTY_OFFICER: ("not_started", "filling", "mine", "returned", "passed"),
    Role.CITY_OFFICER: ("not_started", "filling", "at_county", "mine", "returned", "passed"),
    Role.PROVINCE_OFFICER: ("not_started", "filling", "at_county", "at_city", "mine", "returned", "passed"),
}


def lies_with(actor: Actor) -> Q:
    """Of the returns in their scope, those at the stop that the actor's role checks; the last stop is the
    region's that owns the campaign."""
    mine = Q(pk__in=[])
    if actor.role == Role.COUNTY_OFFICER:
        mine |= Q(state=State.AT_COUNTY)
    if actor.role == Role.CITY_OFFICER:
        mine |= Q(state=State.AT_CITY)
    levels = [level for level, role in OWNER_ROLES.items() if role == actor.role]
    if levels and actor.region_path:
        owned = Q(campaign__region__level__in=levels, campaign__region__path__startswith=actor.region_path)
        mine |= Q(state=State.AT_PROVINCE) & owned
    return mine


def waiting_for(actor: Actor) -> QuerySet[Return]:
    """The returns that lie with this officer now."""
    return Return.objects.visible_to(actor).filter(lies_with(actor))


def stage_for(actor: Actor) -> Case:
    """The stage of `SEEN_STAGES`, for `by_stage`; to others than officers it is the one of `STAGES`."""
    if actor.role not in SEEN_STAGES:
        return STAGE
    last = Q(state=State.AT_PROVINCE.value)
    offices = {
        "at_county": Q(state=State.AT_COUNTY.value) | last & Q(campaign__region__level="county"),
        "at_city": Q(state=State.AT_CITY.value) | last & Q(campaign__region__level="city"),
    }
    below = [When(at, then=Value(name)) for name, at in offices.items() if name in SEEN_STAGES[actor.role]]
    return Case(
        _UNTOUCHED,
        When(state__in=[state.value for state in OPEN_STATES], then=F("state")),
        When(lies_with(actor), then=Value("mine")),
        *below,
        default=Value("passed"),
        output_field=CharField(),
    )


def queue(actor: Actor) -> QuerySet[Return]:
    """An officer's queue, the oldest first."""
    return (
        waiting_for(actor)
        .select_related("campaign", "carrier__region", "current")
        .order_by("submitted_at", "pk")
    )


def progress(campaign: Campaign, actor: Actor) -> dict[str, int]:
    """How many returns of a campaign stand where, in the actor's scope: one query. `not_started` apart."""
    returns = Return.objects.visible_to(actor).filter(campaign=campaign)
    counts = dict.fromkeys((*(state.value for state in State), "not_started"), 0)
    rows = returns.values_list("state").annotate(Count("started_at"), Count("pk"))
    for state, started, number in rows:
        begun = started if state == State.FILLING else number
        counts[state] += begun
        counts["not_started"] += number - begun
    return counts


@dataclass(frozen=True, slots=True)
class RegionCounts:
    """How many returns of a region stand where, by stage, every stage named. `is_own`: those of carriers that
    belong to the region asked about itself and to none below it."""

    region: Region
    counts: Mapping[str, int]
    is_own: bool = False

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def by_stage(rows: QuerySet[Return], *groups: str, stage: Case = STAGE) -> QuerySet[Return, Any]:
    """(…groups, stage, how many): one query. `stage` may be another reading, such as `stage_for(actor)`."""
    return rows.order_by().annotate(stage=stage).values_list(*groups, "stage").annotate(number=Count("pk"))


def progress_by_region(
    actor: Actor, campaigns: Iterable[int], *, base: Region | None = None
) -> list[RegionCounts]:
    """The returns of these campaigns in the actor's scope, by the regions just below `base` (None: the
    actor's own region): two queries, whatever the size. Carriers of `base` itself have a row apart."""
    base = base or actor.region
    if base is None:
        return []
    rows = Return.objects.visible_to(actor).filter(campaign__in=campaigns)
    return rolled_up(by_stage(rows, "carrier__region__path"), base, STAGES)


def child_path(path: str, base: Region) -> str:
    """Which region just below `base` a path below it leads through; the base's own for itself."""
    below = path.removeprefix(base.path).split("/", 1)[0]
    return f"{base.path}{below}/" if below else base.path


def rolled_up(
    rows: Iterable[tuple[str, str, int]], base: Region, stages: Iterable[str]
) -> list[RegionCounts]:
    """(region path, stage, how many) as one row for each region just below `base`; one query."""
    empty = dict.fromkeys(stages, 0)
    below = {one.path: one for one in Region.objects.filter(parent=base).order_by("code")}
    counts = {path: dict(empty) for path in below}
    own = dict(empty)
    for path, stage, number in rows:
        if path.startswith(base.path):
            counts.get(child_path(path, base), own)[stage] += number
    answer = [RegionCounts(below[path], found) for path, found in counts.items()]
    if not below or any(own.values()):
        answer.append(RegionCounts(base, own, is_own=True))
    return answer


def open_returns(actor: Actor) -> QuerySet[Return]:
    """A carrier's returns that are still to be done."""
    states = [state.value for state in OPEN_STATES]
    return with_all(Return.objects.visible_to(actor).filter(state__in=states)).order_by(DUE)


# People.


def officers_at(found: Return, stop: str, *, at: datetime) -> list[User]:
    """Who checks this return at a stop: the officers of that role over the carrier's region."""
    role = {
        State.AT_COUNTY.value: Role.COUNTY_OFFICER,
        State.AT_CITY.value: Role.CITY_OFFICER,
    }.get(stop, OWNER_ROLES[found.campaign.region.level])
    codes = [code for code in found.carrier.region.path.strip("/").split("/") if code]
    return _people(Appointment.objects.filter(role=role.value, region__code__in=codes), at)


def staff_of(carrier: Carrier, *, at: datetime) -> list[User]:
    """The people who fill for a carrier."""
    return _people(Appointment.objects.filter(role=Role.CARRIER_STAFF.value, carrier_code=carrier.code), at)


def staff_of_all(codes: Iterable[str], *, at: datetime) -> list[User]:
    """The people who fill for any of these carriers."""
    return _people(
        Appointment.objects.filter(role=Role.CARRIER_STAFF.value, carrier_code__in=list(codes)), at
    )


def with_last_sign_in(returns: QuerySet[Return], *, at: datetime) -> QuerySet[Any]:
    """With `staffed` (somebody may fill it), `signed_in` (one of them did) and `last_seen` (when last)."""
    staff = Appointment.objects.filter(
        role=Role.CARRIER_STAFF.value, carrier_code=OuterRef("carrier__code")
    ).valid_on(clock.day_of(at))
    seen = staff.order_by(F("user__last_login").desc(nulls_last=True)).values("user__last_login")
    return returns.annotate(
        staffed=Exists(staff),
        signed_in=Exists(staff.filter(user__last_login__isnull=False)),
        last_seen=Subquery(seen[:1]),
    )


def _people(appointments: Iterable[Appointment], at: datetime) -> list[User]:
    valid = appointments.valid_on(clock.day_of(at)).select_related("user")  # type: ignore[attr-defined]
    return list({one.user_id: one.user for one in valid}.values())
