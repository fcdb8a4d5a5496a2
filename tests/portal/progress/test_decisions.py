"""What is stuck: found at its instant, told once, to those who can do something about it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from accounts.actors import Actor
from core import clock
from evaluation.models import Assignment, RunEntry
from evaluation.services import marking as marks
from evaluation.services import objections
from office.rules.workdays import Workdays
from portal.progress import scope_of
from portal.progress.counting import counted
from portal.progress.decisions import Decision, decisions_of, last_late_day
from portal.progress.stages import marking_of
from reporting.models import Campaign, CampaignState, Return
from tests.evaluation import world as evaluation
from tests.portal.progress.world import NOW, World, put, signed_in

LATER = evaluation.AT + timedelta(days=50)


def found(actor: Actor, at: datetime = NOW, code: str = "", year: int | None = None) -> list[Decision]:
    scope = scope_of(actor, at, code=code, year=year)
    assert scope is not None
    return decisions_of(scope, counted(scope), marking_of(scope))


def titles(actor: Actor, **more: object) -> list[str]:
    return [str(one.title) for one in found(actor, **more)]  # type: ignore[arg-type]


def of_returns(actor: Actor, at: datetime) -> list[str]:
    return [str(one.title) for one in found(actor, at=at) if one.icon != "wallet"]


def test_the_last_late_day_is_five_working_days_and_one_before() -> None:
    plain = Workdays()
    wednesday = date(2026, 3, 18)
    assert last_late_day(plain, wednesday) == date(2026, 3, 10)
    monday = date(2026, 3, 16)
    assert last_late_day(plain, monday) == date(2026, 3, 8)


def test_a_return_is_late_on_the_day_after_the_limit_and_not_before(world: World) -> None:
    arrived = datetime(2027, 1, 20, 23, 0, tzinfo=clock.SHANGHAI)
    Return.objects.filter(pk=world.returns["at_county"].pk).update(submitted_at=arrived)
    limit = datetime(2027, 1, 27, 23, 0, tzinfo=clock.SHANGHAI)
    Return.objects.filter(state="filling").update(started_at=arrived)
    assert of_returns(world.officer, limit) == []
    assert of_returns(world.officer, limit + timedelta(hours=2)) == ["县级审核超过时限 1 份"]


def test_late_ones_are_told_by_office_with_the_worst_place_and_link_to_the_queue(world: World) -> None:
    for n, region in enumerate((world.east, world.east, world.west)):
        put(world.asked, evaluation.carrier(f"L-{n}", region), "at_county", NOW - timedelta(days=20))
    one = found(world.officer)[0]
    assert str(one.title) == "县级审核超过时限 3 份" and one.tone == "bad" and one.affected == 3
    assert "东县 2 份最多" in str(one.why)
    answer = signed_in(world.officer).get(one.url)
    assert answer.status_code == 200 and "L-0孵化器" in answer.content.decode()
    assert titles(world.other_county)[0] == "县级审核超过时限 1 份"


def test_who_has_not_begun_is_told_shortly_before_and_after_the_last_day(world: World) -> None:
    last = world.asked.last_start_at
    assert of_returns(world.officer, last - timedelta(days=11)) == []
    assert of_returns(world.officer, last - timedelta(days=9)) == ["1 份报表还没有开始填"]
    assert of_returns(world.officer, last) == ["1 份报表没有在期限内开始"]


def test_after_the_deadline_all_that_were_not_filed_are_told(world: World) -> None:
    due = world.asked.due_at
    assert "2 份报表过期未交" in titles(world.officer, at=due)
    assert "2 份报表过期未交" not in titles(world.officer, at=due - timedelta(minutes=1))
    Campaign.objects.filter(pk=world.asked.pk).update(state=CampaignState.CLOSED)
    assert "2 份报表过期未交" in titles(world.officer)


def test_late_marks_then_a_run_to_score_then_to_publicise(world: World) -> None:
    run = world.run("frozen", LATER)
    made = marks.assign(
        actor=world.officer, run_id=run.pk, expert_id=world.expert.user_id or 0,
        carrier_codes=["FH-1", "FH-2"], at=LATER, due_at=LATER + timedelta(days=3),
    )  # fmt: skip
    assert titles(world.officer, year=2025, at=LATER)[:1] != ["2 份专家评分逾期未交"]
    assert "2 份专家评分逾期未交" in titles(world.officer, year=2025)
    Assignment.objects.filter(pk__in=[one.pk for one in made]).update(submitted_at=LATER)
    assert "评分已交齐，可以计分" in titles(world.officer, year=2025)
    assert "评分已交齐，可以计分" in titles(world.officer), "an earlier year's run that is open is told too"
    world.move(run, "score", LATER)
    assert "已计分，尚未公示" in titles(world.officer, year=2025)


def test_equals_at_a_cut_are_told_while_the_result_is_not_out(world: World) -> None:
    run = world.run("scored", LATER)
    entries = list(RunEntry.objects.filter(run=run).exclude(grade="").exclude(rank=None).order_by("rank"))
    assert len(entries) >= 3
    assert not any("并列" in one for one in titles(world.officer, year=2025))
    RunEntry.objects.filter(pk=entries[0].pk).update(grade="A", rank=1)
    RunEntry.objects.filter(pk__in=[one.pk for one in entries[1:3]]).update(grade="B", rank=2)
    assert "等级线上有 2 家并列" in titles(world.officer, year=2025)


def test_objections_hold_a_result_up_until_they_are_decided(world: World) -> None:
    run = world.run("publicised", NOW)
    made = objections.file(actor=world.staff, run_id=run.pk, text="面积按租赁合同应当另计，请复核", at=NOW)
    assert "1 件异议待处理" in titles(world.officer, year=2025)
    objections.decide(
        actor=world.officer, objection_id=made.pk, action="sustain", comment="面积核实有误", at=NOW
    )
    assert "1 件异议成立，结果要撤回重算" in titles(world.officer, year=2025)


def test_a_result_whose_publicity_is_over_waits_for_a_second_person(world: World) -> None:
    run = world.run("publicised", NOW)
    assert run.publicity_ends_at is not None
    assert "公示期满，等待公布" not in titles(world.officer, year=2025)
    assert "公示期满，等待公布" in titles(world.officer, year=2025, at=run.publicity_ends_at)


def test_money_is_to_be_worked_out_then_confirmed_then_nothing(world: World) -> None:
    assert "结果已公布，奖补还没有测算" in titles(world.officer, year=2025)
    assert "结果已公布，奖补还没有测算" not in titles(world.auditor, year=2025)
    world.draft()
    assert any("万元奖补待核定" in one for one in titles(world.officer, year=2025))


def test_runs_and_money_are_told_to_those_who_oversee_them_alone(world: World) -> None:
    world.run("frozen", LATER)
    world.draft()
    for actor in (world.city, world.county):
        assert not [one for one in found(actor, year=2025) if one.icon in ("scale", "wallet", "users")]
    assert not [one for one in found(world.officer, year=2025, code="990100") if one.icon != "clock-alert"]


def test_every_way_on_leads_somewhere(world: World) -> None:
    world.run("frozen", LATER)
    world.draft()
    put(world.asked, world.carriers[0], "at_province", NOW - timedelta(days=20))
    client = signed_in(world.officer)
    told = [*found(world.officer), *found(world.officer, at=world.asked.due_at)]
    assert len(told) >= 4
    for one in told:
        assert client.get(one.url).status_code == 200, str(one.title)


def test_they_are_in_the_order_of_their_effect(world: World) -> None:
    for n in range(3):
        put(world.asked, evaluation.carrier(f"L-{n}", world.east), "at_city", NOW - timedelta(days=20))
    put(world.asked, evaluation.carrier("L-9", world.east), "at_county", NOW - timedelta(days=20))
    world.draft()
    told = found(world.officer)
    tones = [one.tone for one in told]
    assert tones == sorted(tones, key=["bad", "warn", "info"].index)
    assert [one.affected for one in told if one.tone == "bad"][:2] == [3, 1]
