"""The stages of a year as they are read from rows."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.actors import Actor
from core import clock
from evaluation.models import Assignment
from evaluation.services import marking as marks
from portal.progress import scope_of
from portal.progress.counting import counted
from portal.progress.stages import Stage, days_left, marking_of, stages_of
from reporting.models import Return
from tests.evaluation import world as evaluation
from tests.portal.progress.world import NOW, World


def stages(actor: Actor, year: int | None = None, at: datetime = NOW) -> dict[str, Stage]:
    scope = scope_of(actor, at, year=year)
    assert scope is not None
    return {str(one.title): one for one in stages_of(scope, counted(scope), marking_of(scope))}


def states(found: dict[str, Stage]) -> list[str]:
    return [one.state for one in found.values()]


def test_while_filing_is_open_it_is_the_current_stage_and_offices_have_begun(world: World) -> None:
    found = stages(world.officer)
    assert list(found) == [
        "通知与开表", "载体填报", "县级审核", "设区市审核", "省级受理",
        "专家评审", "计分定级", "公示", "公布等级", "核定奖补",
    ]  # fmt: skip
    assert states(found) == ["done", "current", *["begun"] * 3, *["todo"] * 5]
    filing = found["载体填报"]
    assert str(filing.note) == "4 / 6 份" and filing.share == round(filing.share, 1) > 66
    assert str(filing.when) == "01-05 至 02-14" and str(filing.left) == "剩 11 天"
    assert str(found["县级审核"].note) == "3 / 4 份" and str(found["省级受理"].note) == "1 / 4 份"


def test_exactly_one_stage_is_current_until_all_are_done(world: World) -> None:
    assert states(stages(world.officer)).count("current") == 1
    assert states(stages(world.officer, 2025)).count("current") == 1
    world.confirmed()
    assert set(states(stages(world.officer, 2025))) == {"done"}


def test_an_office_is_done_when_filing_is_over_and_nothing_lies_with_it(world: World) -> None:
    over = NOW + timedelta(days=30)
    found = stages(world.officer, at=over)
    assert found["载体填报"].state == "done" and not found["载体填报"].left
    assert found["县级审核"].state == "current"
    Return.objects.filter(pk=world.returns["at_county"].pk).update(state="filling", submitted_at=None)
    found = stages(world.officer, at=over)
    assert found["县级审核"].state == "done" and found["设区市审核"].state == "current"


def test_before_it_opens_nothing_is_done(world: World) -> None:
    found = stages(world.officer, at=world.asked.opens_at - timedelta(days=1))
    assert states(found)[0] == "current" and "done" not in states(found)


def test_an_office_that_is_in_no_chain_has_no_stage(world: World) -> None:
    all_of_them = Return.objects.filter(campaign=world.asked)
    all_of_them.exclude(state="filling").update(
        chain="none", state="accepted", accepted_at=NOW, county_passed_at=None, city_passed_at=None
    )
    all_of_them.filter(state="filling").update(chain="none")
    found = stages(world.officer)
    assert "县级审核" not in found and "设区市审核" not in found and "省级受理" in found


def test_marking_and_scoring_are_for_those_who_oversee_them(world: World) -> None:
    assert "专家评审" not in stages(world.city) and "计分定级" not in stages(world.county)
    assert "计分定级" in stages(world.auditor)


def test_a_run_without_experts_that_is_scored_has_no_marking_stage(world: World) -> None:
    found = stages(world.officer, 2025)
    assert "专家评审" not in found and found["计分定级"].state == "done"


def test_marks_that_were_handed_in_fill_the_stage(world: World) -> None:
    at = evaluation.AT + timedelta(days=50)
    run = world.run("frozen", at)
    marks.assign(
        actor=world.officer, run_id=run.pk, expert_id=world.expert.user_id or 0,
        carrier_codes=["FH-1", "FH-2", "FH-3"], at=at,
    )  # fmt: skip
    first, second, _ = Assignment.objects.order_by("pk")
    Assignment.objects.filter(pk=first.pk).update(submitted_at=at)
    Assignment.objects.filter(pk=second.pk).update(recused_at=at)
    found = stages(world.officer, 2025)
    assert str(found["专家评审"].note) == "1 / 2 份" and found["专家评审"].share == 50
    assert found["专家评审"].state == "current" and found["计分定级"].state == "begun"
    assert str(found["计分定级"].note) == "1 / 2 批"


def test_a_result_that_is_not_public_is_no_stage_of_others(world: World) -> None:
    world.run("scored", evaluation.AT + timedelta(days=50))
    assert str(stages(world.city, 2025)["公布等级"].note) == "1 / 1 批"
    assert str(stages(world.officer, 2025)["公布等级"].note) == "1 / 2 批"


def test_publicity_says_its_last_day(world: World) -> None:
    at = datetime(2027, 2, 1, 9, tzinfo=clock.SHANGHAI)
    world.run("publicised", at)
    found = stages(world.officer, 2025)["公示"]
    assert found.state == "current" and str(found.when).startswith("02-01 至 02-")
    assert str(found.note) == "2 / 2 批"


@pytest.mark.parametrize(
    ("hours", "words"), [(1, "剩 1 天"), (24, "剩 1 天"), (25, "剩 2 天"), (-5, "剩 0 天")]
)
def test_a_day_that_has_begun_is_still_left(hours: int, words: str) -> None:
    assert str(days_left(NOW + timedelta(hours=hours), NOW)) == words
