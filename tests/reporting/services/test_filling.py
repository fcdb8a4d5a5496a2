"""Filling on line: nothing blocks saving, a stale save shows both values, deadlines are one question."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.problems import Refused
from reporting import queries
from reporting.models import Return, RosterRow
from reporting.services import filling, rows
from tests.reporting.conftest import DAY, TENANTS, World, credit_code, fill, make_world


def save(world: World, code: str, value: str, seen: str = "", at: datetime = DAY) -> filling.Saved:
    return filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code=code, value=value, seen=seen, at=at
    )


def test_a_value_is_kept_exactly_and_computed_fields_answer_at_once(world: World) -> None:
    save(world, "area_total", "１,000.50")
    answer = save(world, "area_tenants", "400.2")
    assert world.mine.current.values == {"area_total": "1000.5", "area_tenants": "400.2"}
    assert answer.computed["use_rate"] == "40"
    assert world.mine.current.sources["area_tenants"] == {
        "kind": "typed",
        "by": "填报甲",
        "at": "2026-03-18T14:32:00+08:00",
    }
    assert world.mine.started_at == DAY


def test_what_is_wrong_is_saved_as_typed_and_named(world: World) -> None:
    answer = save(world, "area_total", "很多")
    assert world.mine.current.values["area_total"] == "很多"
    assert [problem.code for problem in answer.problems] == ["cell.number"]


def test_emptying_a_field_takes_its_value_away(world: World) -> None:
    save(world, "operator_note", "迁址")
    save(world, "operator_note", "", seen="迁址")
    assert world.mine.current.values == {}


def test_a_stale_save_is_told_with_both_values_and_changes_nothing(world: World) -> None:
    save(world, "area_total", "100")
    with pytest.raises(Refused) as refused:
        save(world, "area_total", "300", seen="")
    (problem,) = refused.value.problems
    assert (problem.code, problem.found, problem.allowed) == ("return.stale", "100", "300")
    assert world.mine.current.values["area_total"] == "100"


def test_the_same_value_saved_twice_is_no_conflict(world: World) -> None:
    save(world, "area_total", "100")
    assert save(world, "area_total", "100", seen="").value == "100"


def test_computed_and_unknown_fields_cannot_be_written(world: World) -> None:
    for code, expected in (("use_rate", "field.computed"), ("state", "field.unknown")):
        with pytest.raises(Refused) as refused:
            save(world, code, "1")
        assert [problem.code for problem in refused.value.problems] == [expected]


def test_control_characters_are_refused_at_the_door(world: World) -> None:
    with pytest.raises(Refused):
        save(world, "operator_note", "a\x0bb")


def test_another_carriers_staff_cannot_even_find_the_return(world: World) -> None:
    with pytest.raises(Return.DoesNotExist):
        filling.save_field(
            actor=world.other_staff, return_id=world.mine.pk, code="area_total", value="1", seen="", at=DAY
        )


def test_officers_do_not_fill(world: World) -> None:
    with pytest.raises(Refused) as refused:
        filling.save_field(
            actor=world.officer, return_id=world.mine.pk, code="area_total", value="1", seen="", at=DAY
        )
    assert refused.value.problems[0].code == "permission_denied"


def test_the_deadline_takes_what_comes_before_it(world: World) -> None:
    due = world.campaign.due_at
    save(world, "area_total", "1")
    save(world, "area_tenants", "1", at=due - timedelta(milliseconds=1))
    with pytest.raises(Refused) as refused:
        save(world, "area_service", "1", at=due)
    assert refused.value.problems[0].code == "return.locked"


def test_who_has_not_started_by_the_last_start_is_locked_out(world: World) -> None:
    with pytest.raises(Refused):
        save(world, "area_total", "1", at=world.campaign.last_start_at)


def test_saving_a_field_takes_at_most_eight_queries(world: World) -> None:
    mine = fill(world).pk
    with CaptureQueriesContext(connection) as captured:
        filling.save_field(
            actor=world.staff, return_id=mine, code="area_total", value="5200", seen="5000", at=DAY
        )
    assert len(captured) <= 8


def test_rows_are_added_changed_and_removed_one_by_one(world: World) -> None:
    key, answer = rows.add_row(
        actor=world.staff, return_id=world.mine.pk, table="roster", values=TENANTS[0], at=DAY
    )
    assert key == TENANTS[0]["credit_code"] and answer.computed["tenants"] == "1" and not answer.problems
    again, answer = rows.save_row(
        actor=world.staff,
        return_id=world.mine.pk,
        table="roster",
        key=key,
        values={"revenue": "99.9"},
        seen={"revenue": "120.5"},
        at=DAY,
    )
    assert again == key and answer.computed["tenant_revenue"] == "99.9"
    assert (
        rows.remove_row(actor=world.staff, return_id=world.mine.pk, table="roster", key=key, at=DAY).computed[
            "tenants"
        ]
        == "0"
    )


def test_a_stale_cell_is_told_and_the_row_stays(world: World) -> None:
    key, _ = rows.add_row(
        actor=world.staff, return_id=world.mine.pk, table="roster", values=TENANTS[0], at=DAY
    )
    with pytest.raises(Refused) as refused:
        rows.save_row(
            actor=world.staff,
            return_id=world.mine.pk,
            table="roster",
            key=key,
            values={"revenue": "5", "name": "丙"},
            seen={"revenue": "4", "name": TENANTS[0]["name"]},
            at=DAY,
        )
    assert [(p.field, p.found, p.allowed) for p in refused.value.problems] == [("revenue", "120.5", "5")]


def test_a_row_may_lack_its_key_for_a_while_and_a_double_is_named(world: World) -> None:
    def add(**values: str) -> tuple[str, filling.Saved]:
        return rows.add_row(actor=world.staff, return_id=world.mine.pk, table="roster", values=values, at=DAY)

    key, answer = add(name="无码公司")
    assert key == "~1" and "cell.required" in {problem.code for problem in answer.problems}
    add(**TENANTS[0])
    double, answer = add(**TENANTS[0])
    assert double == "~3" and [problem.code for problem in answer.problems] == ["row.twice"]
    key, _ = rows.save_row(
        actor=world.staff,
        return_id=world.mine.pk,
        table="roster",
        key=key,
        values={"credit_code": credit_code(7)},
        seen={},
        at=DAY,
    )
    assert key == credit_code(7)


def test_shared_columns_are_typed_and_what_does_not_fit_stands_beside(world: World) -> None:
    rows.add_row(
        actor=world.staff,
        return_id=world.mine.pk,
        table="roster",
        values={**TENANTS[0], "founded": "去年"},
        at=DAY,
    )
    row = RosterRow.objects.get()
    assert (row.name, row.founded, str(row.revenue), row.high_tech) == (
        "甲科技公司",
        None,
        "120.500000",
        True,
    )
    assert row.extra == {"founded": "去年"}
    assert queries.opened(world.mine, at=DAY).rows["roster"][0].values["founded"] == "去年"


def test_a_question_is_answered_by_a_code_and_a_text_and_reopens_when_the_value_changes(world: World) -> None:
    fill(world)
    save(world, "tenants_reported", "3", seen="2")
    opened = queries.opened(world.mine, at=DAY)
    ((finding, reason),) = queries.questions(opened, opened.checked())
    assert finding.key == "K2:tenants_reported" and reason is None

    def explain(reason: str = "scope", text: str = "含一家名单外企业") -> None:
        filling.explain(
            actor=world.staff, return_id=world.mine.pk, key=finding.key, reason=reason, text=text, at=DAY
        )

    for bad in ({"reason": "x"}, {"text": " "}, {"text": "长" * 501}):
        with pytest.raises(Refused):
            explain(**bad)
    explain()
    assert save(world, "operator_note", "x").questions == 0
    assert save(world, "tenants_reported", "4", seen="3").questions == 1
    with pytest.raises(Refused):
        filling.explain(
            actor=world.staff, return_id=world.mine.pk, key="K9:x", reason="scope", text="x", at=DAY
        )


def test_nobody_but_the_carrier_and_auditors_sees_a_draft(world: World) -> None:
    fill(world)
    mine = world.mine
    seen = {actor.role: queries.seen_version(mine, actor) for actor in (world.staff, world.auditor)}
    assert all(seen.values())
    for actor in (world.other_staff, world.county_officer, world.city_officer, world.officer):
        assert queries.seen_version(mine, actor) is None


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_save_one_field_at_once_one_is_told() -> None:
    world = make_world()
    mine, start = world.mine.pk, threading.Barrier(2)
    answers: list[str] = []

    def type_in(value: str) -> None:
        start.wait(10)
        try:
            filling.save_field(
                actor=world.staff, return_id=mine, code="area_total", value=value, seen="", at=DAY
            )
            answers.append("saved")
        except Refused as refused:
            answers.append(refused.problems[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=type_in, args=(value,)) for value in ("100", "200")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["return.stale", "saved"]
