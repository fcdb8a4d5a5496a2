"""Three finished years of returns, and the open year with returns in every state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.canonical import digest
from core.clock import SHANGHAI
from portal.demo.bulk import insert, next_id, settle_sequences
from portal.demo.filings import Filing, filing
from portal.demo.plan import CarrierPlan
from portal.demo.sizes import YEAR, shared
from portal.demo.world import World, moment
from reporting import queries
from reporting.models import Campaign, Form, Return, ReturnFigure, ReturnMove, ReturnVersion, RosterRow
from reporting.rules.lifecycle import Chain, State
from reporting.services.forms import import_form
from reporting.services.peers import measure_peers

FORMS = Path(__file__).resolve().parents[2] / "reporting" / "forms"
YEARS = (YEAR - 2, YEAR - 1, YEAR)
COMMITMENT = "本单位承诺所填数据真实、准确、完整，如有虚假，愿意承担相应责任。"
_ORDER = (State.AT_COUNTY, State.AT_CITY, State.AT_PROVINCE, State.ACCEPTED)
# Of a hundred returns of the open year: how many stand where.
_OPEN = (
    (State.FILLING, 72),
    (State.AT_COUNTY, 9),
    (State.AT_CITY, 7),
    (State.AT_PROVINCE, 5),
    (State.RETURNED, 4),
    (State.ACCEPTED, 3),
)
_ROW = ("id", "version_id", "table", "key", "position", "name", "credit_code", "founded", "entered",
        "graduated", "field", "high_tech", "people", "revenue", "extra")  # fmt: skip
_TYPED = frozenset(
    {"name", "credit_code", "founded", "entered", "graduated", "field", "high_tech", "people", "revenue"}
)
_DAYS = ("founded", "entered", "graduated")
_RETURN = ("id", "campaign_id", "carrier_id", "chain", "state", "current_id", "version", "started_at",
           "opened_by_officer_at", "submitted_at", "submitted_by_id", "county_passed_at",
           "county_passed_by_id", "city_passed_at", "city_passed_by_id", "accepted_at", "accepted_by_id",
           "returned_at", "returned_by_id", "updated_at")  # fmt: skip
_VERSION = ("id", "return_of_id", "number", "values", "sources", "explanations", "commitment", "saved_at",
            "saved_by_id", "submitted_at", "submitted_by_id", "digest")  # fmt: skip
_MOVE = ("id", "return_of_id", "version_id", "action", "source", "target", "at", "by_id", "role", "comment",
         "reasons")  # fmt: skip


class Loader:
    """Collects the rows of one campaign year after year and writes them table by table.

    Rows and figures go in before the versions that they belong to: a submitted version takes no more.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.ids = {
            model: next_id(model) for model in (Return, ReturnVersion, RosterRow, ReturnFigure, ReturnMove)
        }
        self.returns: list[tuple[Any, ...]] = []
        self.versions: list[tuple[Any, ...]] = []
        self.moves: list[tuple[Any, ...]] = []

    def take(self, model: type[Any]) -> int:
        self.ids[model] += 1
        return self.ids[model] - 1

    def write(self) -> None:
        insert(ReturnVersion, _VERSION, self.versions)
        insert(Return, _RETURN, self.returns)
        insert(ReturnMove, _MOVE, self.moves)
        settle_sequences(*self.ids)


def load(world: World) -> None:
    """The finished years stand under the first version of a form, the open one under the second. Forms that
    no carrier of the demo fills are there to look at."""
    loader = Loader(world)
    begun: list[Campaign] = []
    for name, incubators in (("incubator-annual", True), ("makerspace-annual", False)):
        form = _form(world, name, moment(YEARS[0], 12, 1))
        plans = [plan for plan in world.plans if plan.is_incubator == incubators]
        for year in YEARS:
            campaign = _campaign(world, form, year, moment(year + 1, 1, 5))
            _load_year(loader, campaign, [plan for plan in plans if plan.listed_year <= year])
        second = _form(world, f"{name}-2", world.now - timedelta(days=60))
        campaign = _campaign(world, second, YEAR + 1, world.now - timedelta(days=20))
        _load_open(loader, campaign, plans)
        begun.append(campaign)
    for name in ("accelerator-annual", "university-park-annual"):
        _form(world, name, world.now - timedelta(days=60))
    loader.write()
    for campaign in begun:
        measure_peers(campaign=campaign, at=campaign.created_at)


def _form(world: World, name: str, at: datetime) -> Form:
    source = (FORMS / f"{name}.yaml").read_bytes()
    return import_form(actor=world.actor("province"), source=source, at=at)


def _campaign(world: World, form: Form, year: int, opens: datetime) -> Campaign:
    day = opens.astimezone(SHANGHAI).replace(hour=17, minute=0, second=0, microsecond=0)
    return Campaign.objects.create(
        year=year,
        form=form,
        form_code=form.code,
        region=world.root,
        title=f"{year} 年度{form.title}填报",
        opens_at=opens,
        last_start_at=day + timedelta(days=26),
        due_at=day + timedelta(days=33),
        correct_by=day + timedelta(days=48),
        state="open" if year > YEAR else "closed",
        created_at=opens - timedelta(days=3),
    )


def _load_year(loader: Loader, campaign: Campaign, plans: list[CarrierPlan]) -> None:
    world = loader.world
    form_digest = queries.definition(campaign.form).digest
    full = sum(plan.is_incubator == plans[0].is_incubator for plan in world.plans)
    sizes = world.sizes
    whole = sizes.graduates_employed if plans[0].is_incubator else sizes.new_makerspace_firms
    weights = [1 + len(plan.bodies) for plan in plans]
    parts = shared(round(whole * len(plans) / full), weights)
    filings = (
        (plan, filing(plan, campaign.year, part, version=campaign.form.version))
        for plan, part in zip(plans, parts, strict=True)
    )
    held: list[tuple[int, Filing]] = []
    for plan, found in filings:
        held += _add(loader, campaign, form_digest, plan, found, State.ACCEPTED)
    _write_rows(loader, held)


def _load_open(loader: Loader, campaign: Campaign, plans: list[CarrierPlan]) -> None:
    world = loader.world
    form_digest = queries.definition(campaign.form).digest
    states = [state for state, share in _OPEN for _ in range(share)]
    held: list[tuple[int, Filing]] = []
    for plan in plans:
        # The printed carrier is filling: its home shows what is left to do.
        state = State.FILLING if plan.number == 0 else world.rng.choice(states)
        found = filing(plan, campaign.year, 8, version=campaign.form.version)
        started = plan.number == 0 or state != State.FILLING or world.rng.random() < 0.45
        if not started:
            found = Filing({"area_total": found.values["area_total"]}, {}, {})
        elif state == State.FILLING:
            values = dict(list(found.values.items())[: len(found.values) * 2 // 3])
            if plan.number % 6 == 0:
                _questioned(values)
            found = Filing(values, found.rows, {})
        held += _add(loader, campaign, form_digest, plan, found, state, started=started)
    _write_rows(loader, held)


def _questioned(values: dict[str, str]) -> None:
    """Some figures far from last year's: the checks will ask why."""
    for code in ("mentors", "area_tenants", "activities", "events_hosted"):
        if code in values:
            values[code] = str(int(values[code]) * 2 + 15)


def _add(
    loader: Loader,
    campaign: Campaign,
    form_digest: str,
    plan: CarrierPlan,
    found: Filing,
    state: State,
    *,
    started: bool = True,
) -> list[tuple[int, Filing]]:
    """The return, its version and its moves; the stamps are days apart, as offices work."""
    world = loader.world
    staff = world.staff[plan.code]
    return_id, version_id = loader.take(Return), loader.take(ReturnVersion)
    first = campaign.opens_at + timedelta(days=2 + plan.number % 9, hours=plan.number % 7)
    at = {one: first + timedelta(days=2 * step + 1) for step, one in enumerate(_ORDER)}
    by = _hands(world, plan)
    back = state == State.RETURNED
    passed = _ORDER[: _ORDER.index(state) + 1] if state in _ORDER else ()
    numbers = len(passed) + 2 * back
    submitted = numbers > 0
    current = loader.take(ReturnVersion) if back else version_id
    last = at[passed[-1]] if passed else first
    opened = at[State.AT_CITY] if numbers > 1 else None
    loader.returns.append(
        (return_id, campaign.pk, world.carrier_ids[plan.number], Chain.COUNTY_CITY.value, state.value,
         current, numbers, first if started else None, opened, *_stamps(at, by, passed, back), last)
    )  # fmt: skip
    mark = _digest(campaign, form_digest, plan, found) if submitted else ""
    filed = (at[State.AT_COUNTY], staff) if submitted else (None, None)
    said = (found.values, {code: {"kind": "typed"} for code in found.values}, dict[str, Any]())
    loader.versions.append(
        (version_id, return_id, 1, *said, COMMITMENT if submitted else "", first, staff, *filed, mark)
    )  # fmt: skip
    if back:
        loader.versions.append((current, return_id, 2, *said, "", last, staff, None, None, ""))
    _add_moves(loader, (return_id, version_id), list(passed), at, by, back)
    return [(one, found) for one in dict.fromkeys((version_id, current))]


def _hands(world: World, plan: CarrierPlan) -> dict[State, int]:
    """Whose act brings a return of this carrier to each office."""
    return {
        State.AT_COUNTY: world.staff[plan.code],
        State.AT_CITY: world.officer_of(plan.region).pk,
        State.AT_PROVINCE: world.officer_of(world.cities[plan.city].code).pk,
        State.ACCEPTED: world.user("province").pk,
    }


def _stamps(
    at: dict[State, datetime], by: dict[State, int], passed: tuple[State, ...], back: bool
) -> list[Any]:
    """When and by whom, for each office in order, then for sending back."""
    stamps: list[Any] = []
    for one in _ORDER:
        stamps += [at[one], by[one]] if one in passed else [None, None]
    return stamps + ([at[State.AT_CITY], by[State.AT_CITY]] if back else [None, None])


def _add_moves(
    loader: Loader,
    ids: tuple[int, int],
    passed: list[State],
    at: dict[State, datetime],
    by: dict[State, int],
    back: bool,
) -> None:
    roles = ("carrier_staff", "county_officer", "city_officer", "province_officer")
    actions = ("submit", "pass", "pass", "accept")
    source = State.FILLING
    for step, target in enumerate(passed or ([State.AT_COUNTY] if back else [])):
        loader.moves.append(
            (loader.take(ReturnMove), *ids, actions[step], source.value, target.value, at[target],
             by[target], roles[step], "", {})
        )  # fmt: skip
        source = target
    if back:
        reasons = {"area_total": "与上年相比变化较大，请核对并说明。"}
        loader.moves.append(
            (loader.take(ReturnMove), *ids, "return", source.value, State.RETURNED.value,
             at[State.AT_CITY], by[State.AT_CITY], "county_officer", "请按所列各项核对后重新提交。", reasons)
        )  # fmt: skip


def _digest(campaign: Campaign, form_digest: str, plan: CarrierPlan, found: Filing) -> str:
    """As `reporting.services.returns` makes it when a return is submitted."""
    return digest(
        {
            "form": campaign.form_code,
            "form_digest": form_digest,
            "year": campaign.year,
            "carrier": plan.code,
            "number": 1,
            "values": found.values,
            "rows": {table: [[key, row] for key, row in rows] for table, rows in found.rows.items()},
            "explanations": {},
            "commitment": COMMITMENT,
        }
    )


def _write_rows(loader: Loader, held: list[tuple[int, Filing]]) -> None:
    insert(RosterRow, _ROW, _rows(loader, held))
    insert(
        ReturnFigure,
        ("id", "version_id", "code", "number"),
        (
            (loader.take(ReturnFigure), version, code, number)
            for version, found in held
            for code, number in found.numbers.items()
        ),
    )


def _rows(loader: Loader, held: list[tuple[int, Filing]]) -> Iterator[tuple[Any, ...]]:
    for version, found in held:
        for table, rows in found.rows.items():
            for position, (key, row) in enumerate(rows, start=1):
                extra = {code: text for code, text in row.items() if code not in _TYPED}
                yield (loader.take(RosterRow), version, table, key, position, *_typed(row), extra)


def _typed(row: dict[str, str]) -> tuple[Any, ...]:
    """The typed columns, in the order of `_ROW`."""
    days = (date.fromisoformat(row[code]) if code in row else None for code in _DAYS)
    return (
        row.get("name", ""),
        row.get("credit_code", ""),
        *days,
        row.get("field", ""),
        row["high_tech"] == "true" if "high_tech" in row else None,
        int(row["people"]) if "people" in row else None,
        Decimal(row["revenue"]) if "revenue" in row else None,
    )
