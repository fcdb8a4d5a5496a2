"""Two real connections at one time: never one code twice, never one tenant twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from accounts.models import Appointment
from accounts.rules.duties import Duty
from core.problems import Refused
from registry.models import (
    Carrier,
    CarrierLink,
    CarrierVersion,
    ChangeClaim,
    ChangeMove,
    Operator,
    Stay,
    Tenant,
)
from registry.queries import facts_on
from registry.rules.lineage import LinkKind
from registry.services import people
from registry.services.carriers import NewCarrier, change_carrier, register_carrier
from registry.services.lineage import Heir, Passing, carry_out
from registry.services.people import NewPerson, Term
from registry.services.rosters import sync_roster
from tests.registry.changes import ask, move
from tests.registry.world import AT, World, credit_code, make_world

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], Any]) -> None:
    """All acts on connections of their own, begun together; what one raises is raised here."""
    start, faults = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            act()
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert faults == []


def test_carriers_registered_at_one_time_get_numbers_of_their_own(at: Callable[..., Any]) -> None:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    new = NewCarrier(
        name="同时孵化器", kind="incubator", carrier_class="comprehensive", listed_year=2025,
        operator=Operator.objects.get(credit_code=credit_code(1)), region=world.regions["near"],
        valid_from=date(2025, 1, 1), basis="示例文件",
    )  # fmt: skip
    at_once(*[lambda: register_carrier(actor=world.people["county"], new=new, at=AT)] * 4)
    made = Carrier.objects.filter(name="同时孵化器").values_list("code", flat=True)
    assert sorted(made) == [f"SL-990500-{number:04d}" for number in range(3, 7)]


def test_lists_of_two_carriers_that_name_the_same_tenants_at_one_time(at: Callable[..., Any]) -> None:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    rows = [
        {"name": f"企业{n}", "credit_code": credit_code(n), "entered": "2025-02-01"} for n in range(300, 400)
    ]

    def take(name: str, rows: list[dict[str, str]]) -> Callable[[], Any]:
        return lambda: sync_roster(
            carrier=world.carriers[name], table_key="credit_code", rows=rows, year=2025,
            actor=world.people["province"], at=AT,
        )  # fmt: skip

    at_once(take("mine", rows), take("away", rows[::-1]))
    assert Tenant.objects.filter(name__startswith="企业").count() == 100
    assert Stay.objects.current().count() == 200


def test_two_officers_name_who_answers_for_a_carrier_at_one_time(at: Callable[..., Any]) -> None:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    refused: list[str] = []

    def name(who: str, number: int) -> Callable[[], Any]:
        new = NewPerson(username=f"p{number}", name=f"某{number}", email=f"p{number}@example.org")
        term = Term(duty=Duty.RESPONSIBLE, valid_from=AT.date())

        def act() -> None:
            try:
                people.invite(actor=world.people[who], code="SL-990500-0001", new=new, term=term, at=AT)
            except Refused as refusal:
                refused.extend(problem.code for problem in refusal.problems)

        return act

    at_once(name("county", 1), name("city", 2))
    assert refused == ["staff.responsible"]
    assert Appointment.objects.filter(duty=Duty.RESPONSIBLE).count() == 1


def test_changes_of_one_carrier_at_one_time_and_instant_all_hold(at: Callable[..., Any]) -> None:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    one, on = world.carriers["mine"], date(2025, 1, 1)
    wanted: list[dict[str, Any]] = [
        {"name": "同时孵化器"}, {"field": "bio"}, {"kind": "accelerator"}, {"area_total": 900},
    ]  # fmt: skip

    def change(changes: dict[str, Any]) -> Callable[[], Any]:
        return lambda: change_carrier(
            actor=world.people["county"], code=one.code, changes=changes, valid_from=on, basis="文件", at=AT
        )

    at_once(*[change(changes) for changes in wanted])
    held, now = facts_on(one, on) or {}, Carrier.objects.get(pk=one.pk)
    for changes in wanted:
        for name, value in changes.items():
            assert held[name] == getattr(now, name) == value


def answers(*acts: Callable[[], Any]) -> list[str]:
    """What each of them got: `done`, or the code of the refusal."""
    found: list[str] = []

    def told(act: Callable[[], Any]) -> Callable[[], None]:
        def run() -> None:
            try:
                act()
                found.append("done")
            except Refused as refused:
                found.append(refused.problems[0].code)

        return run

    at_once(*map(told, acts))
    return sorted(found)


@pytest.fixture
def cast(at: Callable[..., Any], storage: Any) -> World:
    at(2026, 3, 18, 14, 32)
    return make_world()


def test_of_two_officers_who_approve_at_one_time_one_wins_and_the_other_is_told(cast: World) -> None:
    found = move(cast, "county", ask(cast), "pass")
    approve = [lambda: move(cast, "province", found, "approve")] * 2
    assert answers(*approve) == ["change.moved", "done"]
    assert ChangeMove.objects.filter(action="approve").count() == 1
    assert CarrierVersion.objects.filter(carrier=found.carrier).count() == 1


def test_approval_and_withdrawal_do_not_both_happen(cast: World) -> None:
    found = move(cast, "county", ask(cast), "pass")
    both = answers(
        lambda: move(cast, "province", found, "approve"), lambda: move(cast, "staff", found, "withdraw")
    )
    assert both == ["change.moved", "done"]


def test_two_requests_for_one_fact_at_one_time_become_one(cast: World) -> None:
    assert answers(*[lambda: ask(cast)] * 3) == [
        "change.open", "change.open", "done",
    ]  # fmt: skip
    assert ChangeClaim.objects.count() == 1


def test_one_carrier_does_not_go_two_ways_at_one_time(cast: World) -> None:
    def into(name: str) -> Callable[[], Any]:
        passing = Passing(
            kind=LinkKind.MERGER, codes=["SL-990500-0002"], heirs=[Heir(code=cast.carriers[name].code)],
            happened_on=date(2026, 1, 1), basis="批复",
        )  # fmt: skip
        return lambda: carry_out(actor=cast.people["province"], passing=passing, at=AT)

    assert answers(into("mine"), into("away")) == ["done", "lineage.closed"]
    assert CarrierLink.objects.count() == 1
