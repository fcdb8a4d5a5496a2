"""What is irregular is found set-wise: all of it, nothing else, each finding once, decisions kept."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from office.models import Job, JobState
from office.services import jobs
from registry import tasks
from registry.models import Stay, TenancyFinding, Tenant
from registry.services import stays, tenancy
from registry.services.rosters import sync_roster
from tests.registry.naive_tenancy import irregularities
from tests.registry.world import AT, TODAY, World, carrier, credit_code, operator, region, stay, tenant

LATER = AT + timedelta(days=1)


def refresh(world: World, at: Any = AT) -> tenancy.Refreshed:
    return tenancy.refresh(at=at, root=world.regions["province"])


def kinds(**narrowed: Any) -> list[str]:
    return sorted(TenancyFinding.objects.current().filter(**narrowed).values_list("kind", flat=True))


def found() -> set[tuple[str, int, int, int | None]]:
    rows = TenancyFinding.objects.current().values_list("kind", "tenant_id", "stay_a_id", "stay_b_id")
    return set(rows)


def body(number: int, **facts: Any) -> Tenant:
    who = tenant(number)
    Tenant.objects.filter(pk=who.pk).update(**facts)
    who.refresh_from_db()
    return who


def test_a_register_in_order_has_no_findings(world: World) -> None:
    assert refresh(world) == tenancy.Refreshed(holding=0, new=0, back=0, gone=0)


@pytest.mark.parametrize(
    ("founded", "entered", "is_over"),
    [
        (date(2022, 6, 1), date(2024, 6, 1), False),
        (date(2022, 6, 1), date(2024, 6, 2), True),
        (date(2020, 2, 29), date(2022, 2, 28), False),
        (date(2020, 2, 29), date(2022, 3, 1), True),
        (date(2022, 12, 31), date(2024, 12, 31), False),
        (None, date(2024, 6, 1), False),
    ],
)
def test_the_age_at_entry_to_the_day(
    world: World, founded: date | None, entered: date, is_over: bool
) -> None:
    stay(world.carriers["mine"], body(200, founded=founded), entered)
    refresh(world)
    assert kinds(kind="over_age") == ["over_age"] * is_over


@pytest.mark.parametrize(
    ("field", "entered", "is_over"),
    [
        ("ict", date(2022, 3, 18), False),  # 48 months end today
        ("ict", date(2022, 3, 17), True),
        ("bio", date(2022, 3, 17), False),
        ("bio", date(2021, 3, 18), False),
        ("agriculture", date(2021, 3, 17), True),
        ("", date(2022, 3, 17), True),
    ],
)
def test_the_length_of_a_stay_to_the_day(world: World, field: str, entered: date, is_over: bool) -> None:
    stay(world.carriers["mine"], body(200, field=field), entered)
    refresh(world)
    assert kinds() == ["over_stay"] * is_over


def test_a_tenant_without_a_field_stays_as_long_as_its_carriers(world: World) -> None:
    stay(world.carriers["away"], body(200), date(2022, 3, 17))
    refresh(world)
    assert kinds() == []


def test_grown_companies_and_graduates_are_at_home_in_accelerators(world: World) -> None:
    grown = carrier(
        "SL-990500-0900", "加速器", world.regions["near"], operator(90, "加速"), kind="accelerator"
    )
    who = body(200, founded=date(2001, 1, 1))
    stay(world.carriers["mine"], who, date(2001, 6, 1), ended=date(2004, 1, 1), graduated_by="listed")
    stay(grown, who, date(2010, 1, 1))
    refresh(world)
    assert kinds() == []


def test_a_double_claim_within_one_operator_is_named_as_such(world: World) -> None:
    for number, other in ((200, "sibling"), (201, "closed")):
        stay(world.carriers["mine"], body(number))
        stay(world.carriers[other], Tenant.objects.get(credit_code=credit_code(number)))
    refresh(world)
    said = {
        one.tenant.credit_code: one.rests_on.get("operator")
        for one in TenancyFinding.objects.filter(kind="double_claim").select_related("tenant")
    }
    assert said == {credit_code(200): None, credit_code(201): "same"}


def test_a_list_that_names_a_graduate_of_another_carrier_is_found(world: World) -> None:
    row = {"name": "丙公司", "credit_code": credit_code(300), "entered": "2024-02-01"}
    about: dict[str, Any] = {"table_key": "credit_code", "actor": world.people["province"], "at": AT}
    sync_roster(carrier=world.carriers["away"], rows=[row], year=2024, **about)
    gone = {**row, "graduated": "2025-06-30"}
    sync_roster(carrier=world.carriers["away"], rows=[gone], year=2025, **about)
    ended = Stay.objects.get(tenant__credit_code=credit_code(300))
    assert (ended.ended, ended.graduated_by) == (date(2025, 6, 30), "unstated")
    sync_roster(carrier=world.carriers["mine"], rows=[row], year=2025, **about)
    refresh(world)
    (one,) = TenancyFinding.objects.filter(kind="graduate_listed")
    assert (one.stay_a.carrier, one.stay_b) == (world.carriers["mine"], ended)


def plant(world: World, number: int) -> None:
    """Bodies by chance out of a seed, with dates around every limit."""
    rng = random.Random(number)
    park = carrier(
        "SL-990600-0900", "产业园", world.regions["other"], operator(91, "园"), kind="industrial_park"
    )
    places = [*world.carriers.values(), park]
    for at in range(number):
        who = body(
            5000 + at,
            founded=rng.choice([None, date(2020, 2, 29), TODAY - timedelta(rng.randrange(2600))]),
            field=rng.choice(["", "ict", "bio", "agriculture"]),
        )
        for where in rng.sample(places, rng.choice([1, 1, 1, 2, 3])):
            entered = TODAY - timedelta(
                rng.choice([0, -9, 730, 731, 1461, 1462, 1826, 1827, rng.randrange(2600)])
            )
            more: dict[str, Any] = {}
            if rng.random() < 0.4 and entered < TODAY:
                more = {
                    "ended": entered + timedelta(9),
                    "graduated_by": rng.choice(["", "listed", "unstated"]),
                }
            stay(where, who, entered, **more)


def test_all_that_a_slow_search_finds_and_nothing_else(world: World) -> None:
    plant(world, 150)
    path = world.regions["province"].path
    wanted = irregularities(TODAY, path)
    assert len({kind for kind, *_ in wanted}) == 5 and len(wanted) > 100
    with CaptureQueriesContext(connection) as queries:
        done = refresh(world)
    assert found() == wanted and done == tenancy.Refreshed(len(wanted), len(wanted), 0, 0)
    assert len(queries) < 20
    for one in TenancyFinding.objects.filter(kind__in=("over_stay", "over_age")):
        assert date.fromisoformat(one.rests_on["limit"]) < TODAY


def test_as_many_queries_for_a_hundred_findings_as_for_one(world: World) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            refresh(world, LATER)
        return len(queries)

    stay(world.carriers["mine"], tenant(900), date(2010, 1, 1))
    few = counted()
    for number in range(901, 1001):
        stay(world.carriers["mine"], tenant(number), date(2010, 1, 1))
    assert counted() <= few + 2
    assert TenancyFinding.objects.count() == 101


def test_looked_at_again_nothing_is_new(world: World) -> None:
    plant(world, 40)
    first = refresh(world)
    assert refresh(world, LATER) == tenancy.Refreshed(first.holding, 0, 0, 0)
    assert set(TenancyFinding.objects.values_list("first_seen_at", "last_seen_at")) == {(AT, LATER)}


def test_a_finding_goes_with_its_facts_and_comes_back_with_them(world: World) -> None:
    one = stay(world.carriers["mine"], tenant(200), date(2010, 1, 1))
    refresh(world)
    Stay.objects.filter(pk=one.pk).update(entered=date(2025, 1, 1))
    assert refresh(world, LATER) == tenancy.Refreshed(0, 0, 0, gone=1)
    gone = TenancyFinding.objects.get()
    assert (gone.gone_at, gone.last_seen_at) == (LATER, AT)
    Stay.objects.filter(pk=one.pk).update(entered=date(2010, 1, 1))
    assert refresh(world, LATER) == tenancy.Refreshed(1, 0, back=1, gone=0)
    assert TenancyFinding.objects.get().gone_at is None


def test_other_dates_are_another_finding(world: World) -> None:
    one = stay(world.carriers["mine"], tenant(200), date(2010, 1, 1))
    refresh(world)
    Stay.objects.filter(pk=one.pk).update(entered=date(2011, 1, 1))
    assert refresh(world, LATER) == tenancy.Refreshed(1, 1, 0, 1)


def test_another_root_is_another_register(world: World) -> None:
    foreign = region("880000", "邻省", "province", None, prefix="LS")
    there = carrier("LS-880000-0001", "邻省孵化器", foreign, operator(92, "邻省运营"))
    who = tenant(200)
    stay(there, who)
    stay(world.carriers["mine"], who)
    stay(there, tenant(201), date(2010, 1, 1))
    assert refresh(world).holding == 0
    assert tenancy.refresh(at=AT, root=foreign).holding == 1
    assert refresh(world, LATER).gone == 0


def test_a_change_of_a_stay_asks_for_a_look_after_it_is_there(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    who = tenant(200)
    stay(world.carriers["sibling"], who)
    with django_capture_on_commit_callbacks(execute=True):
        stays.record_stay(
            actor=world.people["staff"],
            carrier_code="SL-990500-0001",
            who=who,
            entered=date(2025, 1, 1),
            at=AT,
        )
    job = Job.objects.get()
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.owner, job.outcome["new"]) == (JobState.DONE, None, 1)
    assert kinds() == ["double_claim"]


def test_however_many_ask_one_job_waits_beside_one_that_works(world: World) -> None:
    assert [tenancy.ask(at=AT) for _ in range(4)] == [True, True, False, False]
    assert Job.objects.count() == 2


def test_each_morning_it_is_looked_at_once(world: World) -> None:
    tasks.look_at_stays()
    tasks.look_at_stays()
    assert Job.objects.count() == 1
