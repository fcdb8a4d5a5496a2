"""Experts: nobody marks their own, nothing is overwritten, only what was handed in counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.roles import Role
from core.problems import Refused
from evaluation.models import Assignment, Mark, Run
from evaluation.queries import blind_figures, marking_of
from evaluation.services import marking
from evaluation.services.marking import Entered
from office.models import Notice
from tests.evaluation.world import AT, World, person

DUE = AT + timedelta(days=10)


def codes_of(act: Callable[[], Any]) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return [problem.code for problem in refused.value.problems]


def assign(
    world: World, run: Run, codes: list[str], expert: Actor | None = None, **more: Any
) -> list[Assignment]:
    person_id = (expert or world.expert).user_id
    assert person_id is not None
    fields = {"actor": world.officer, "at": AT, "due_at": DUE, **more}
    return marking.assign(run_id=run.pk, expert_id=person_id, carrier_codes=codes, **fields)


def save(world: World, one: Assignment, leaf: str, mark: str = "", *, at: datetime = AT, **more: Any) -> Mark:
    return marking.save_mark(actor=world.expert, code=one.code, entered=Entered(leaf, mark, **more), at=at)


@pytest.fixture
def run(world: World) -> Run:
    return world.run("frozen")


@pytest.fixture
def one(world: World, run: Run) -> Assignment:
    return assign(world, run, ["FH-1"])[0]


def test_an_expert_is_told_once_of_all_that_they_are_to_mark(world: World, run: Run) -> None:
    made = assign(world, run, ["FH-1", "FH-2", "FH-1", " "])
    assert [str(notice.text) for notice in Notice.objects.all()] == ["“2025 年评价”有 2 家载体待您评分。"]
    assert len({row.code for row in made}) == 2
    assert all("FH" not in row.code for row in made)


@pytest.mark.parametrize("state", ["draft", "publicised", "published", "dropped"])
def test_experts_are_assigned_between_freeze_and_publicity(world: World, state: str) -> None:
    run = world.move(world.run(), "drop", comment="作废") if state == "dropped" else world.run(state)
    assert "assign.state" in codes_of(lambda: assign(world, run, ["FH-1"]))


def test_nobody_marks_their_own_carrier_or_region(world: World, run: Run) -> None:
    expert = world.expert.user
    assert expert is not None
    Appointment.objects.create(
        user=expert, role=Role.CARRIER_STAFF, carrier_code="FH-2", valid_from=AT.date()
    )
    assert codes_of(lambda: assign(world, run, ["FH-1", "FH-2"])) == ["assign.own_carrier"]
    officer = person("县甲", Role.EXPERT, region=world.root)  # also an officer of the east county
    assert codes_of(lambda: assign(world, run, ["FH-1", "FH-4"], officer)) == ["assign.own_region"]
    assert not Assignment.objects.exists()
    assert len(assign(world, run, ["FH-4"], officer)) == 1


def test_everything_wrong_with_an_assignment_is_told_at_once(world: World, run: Run) -> None:
    assign(world, run, ["FH-1"])
    found = codes_of(lambda: assign(world, run, ["FH-1", "FH-6", "FH-99"], due_at=AT))
    assert found == ["assign.due", "assign.carrier", "assign.carrier", "assign.twice"]
    assert codes_of(lambda: assign(world, run, [])) == ["assign.carriers"]
    assert "assign.expert" in codes_of(lambda: assign(world, run, ["FH-1"], world.city))


def test_only_the_province_assigns(world: World, run: Run) -> None:
    for name, actor in world.everyone():
        if actor.role != Role.PROVINCE_OFFICER:
            with pytest.raises((Refused, Run.DoesNotExist)):
                assign(world, run, ["FH-1"], actor=actor)
            assert not Assignment.objects.exists(), name


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("-1", "mark.range"),
        ("100.01", "mark.range"),
        ("8.123", "mark.number"),
        ("八十", "mark.number"),
        ("1e2", "mark.number"),
        ("NaN", "mark.number"),
    ],
)
def test_a_mark_outside_the_scale_is_refused(world: World, one: Assignment, mark: str, code: str) -> None:
    assert codes_of(lambda: save(world, one, "E1", mark)) == [code]
    assert not Mark.objects.exists()


@pytest.mark.parametrize("mark", ["0", "100", "59.99", "60", "89.99", "８０"])
def test_a_mark_on_the_scale_is_kept_exactly(world: World, one: Assignment, mark: str) -> None:
    saved = save(world, one, "E1", mark)
    assert Mark.objects.get(pk=saved.pk).mark == Decimal(mark.translate({0xFF18: "8", 0xFF10: "0"}))


def test_a_stale_tab_overwrites_nothing(world: World, one: Assignment) -> None:
    save(world, one, "E1", "70")
    assert codes_of(lambda: save(world, one, "E1", "80")) == ["mark.version"]
    save(world, one, "E1", "80", expected=1)
    assert codes_of(lambda: save(world, one, "E1", "90", expected=1)) == ["mark.version"]
    assert list(Mark.objects.values_list("mark", "version")) == [(Decimal("80"), 2)]


def test_the_database_keeps_one_mark_a_leaf(one: Assignment) -> None:
    Mark.objects.create(assignment=one, leaf="E1", mark=1, saved_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(assignment=one, leaf="E1", mark=2, saved_at=AT)


def test_an_abstention_has_no_mark(world: World, one: Assignment) -> None:
    assert codes_of(lambda: save(world, one, "E1", "70", abstained=True)) == ["mark.both"]
    assert save(world, one, "E1", abstained=True).mark is None


def test_a_leaf_that_no_expert_marks_is_refused(world: World, one: Assignment) -> None:
    assert codes_of(lambda: save(world, one, "A1", "70")) == ["mark.leaf"]


def test_marks_are_handed_in_when_every_leaf_is_done(world: World, one: Assignment) -> None:
    def submit() -> Assignment:
        return marking.submit_marks(actor=world.expert, code=one.code, at=AT)

    assert codes_of(submit) == ["mark.missing", "mark.missing"]
    save(world, one, "E1", "90")
    save(world, one, "E2", "5.99")
    assert codes_of(submit) == ["mark.comment", "mark.comment"]
    save(world, one, "E1", "90", expected=1, comment="成效突出")
    save(world, one, "E2", "6", expected=1)
    assert submit().submitted_at == AT
    assert codes_of(submit) == ["mark.submitted"]
    assert codes_of(lambda: save(world, one, "E1", "10", expected=2)) == ["mark.submitted"]


def test_nothing_is_entered_after_the_deadline_or_the_stage(world: World, run: Run, one: Assignment) -> None:
    assert codes_of(lambda: save(world, one, "E1", "70", at=DUE)) == ["mark.due"]
    save(world, one, "E1", "70", at=DUE - timedelta(seconds=1))
    world.move(world.move(run, "score"), "publicise")
    assert codes_of(lambda: save(world, one, "E2", "7")) == ["mark.state"]


def test_an_expert_touches_nobody_elses_marks(world: World, run: Run, one: Assignment) -> None:
    for name, actor in world.everyone():
        if actor is world.expert:
            continue
        with pytest.raises((Refused, Assignment.DoesNotExist)):
            marking.save_mark(actor=actor, code=one.code, entered=Entered("E1", "7"), at=AT)
        with pytest.raises((Refused, Assignment.DoesNotExist)):
            marking.submit_marks(actor=actor, code=one.code, at=AT)
        assert not Mark.objects.exists(), name
    save(world, one, "E1", "70")
    assert not Mark.objects.visible_to(world.other_expert).exists()
    assert not Mark.objects.visible_to(world.staff).exists()


def test_only_marks_that_were_handed_in_count(world: World, run: Run) -> None:
    mine = assign(world, run, ["FH-1", "FH-2"])
    save(world, mine[0], "E1", "80")
    save(world, mine[0], "E2", abstained=True)
    marking.submit_marks(actor=world.expert, code=mine[0].code, at=AT)
    save(world, mine[1], "E1", "80")
    (theirs,) = assign(world, run, ["FH-1"], world.other_expert)
    marking.save_mark(actor=world.other_expert, code=theirs.code, entered=Entered("E1", "20"), at=AT)
    marking.recuse(actor=world.other_expert, code=theirs.code, because="认出该载体", at=AT)
    run = world.move(run, "score")
    leaves = {
        entry.carrier.code: {leaf["code"]: leaf for leaf in entry.result}
        for entry in run.entries.filter(left_out="").select_related("carrier")
    }
    assert leaves["FH-1"]["E1"]["points"] == "16.00"
    assert "弃权" in leaves["FH-1"]["E2"]["because"]
    assert leaves["FH-2"]["E1"]["points"] == "0.00"
    assert marking_of(run) == {"all": 3, "submitted": 1, "recused": 1, "open": 1}


def test_who_gives_a_carrier_back_says_why_and_marks_it_no_more(world: World, one: Assignment) -> None:
    assert codes_of(lambda: marking.recuse(actor=world.expert, code=one.code, because=" ", at=AT)) == [
        "mark.reason"
    ]
    marking.recuse(actor=world.expert, code=one.code, because="曾任该载体顾问", at=AT)
    assert codes_of(lambda: save(world, one, "E1", "70")) == ["mark.recused"]


def test_the_figures_that_an_expert_sees_name_nobody(world: World, run: Run) -> None:
    entry = run.entries.select_related("run__scheme").get(carrier__code="FH-1")
    figures = {str(one.title): (str(one.this), str(one.prev)) for one in blind_figures(entry)}
    assert figures["场地面积"] == ("1000", "800")
    assert figures["载体类型"][0] == "科技企业孵化器"
    assert "区域" not in figures
