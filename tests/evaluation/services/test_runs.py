"""The life of a run: who moves it when, what a freeze holds, that a result comes out the same."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from accounts.rules.roles import Role
from core import clock
from core.problems import Refused
from evaluation.models import Run, RunEntry, RunMove
from evaluation.queries import newer_returns
from evaluation.rules.frozen import Frame, FrozenCarrier, digest_of
from evaluation.rules.lifecycle import RUN
from evaluation.rules.publicity import Period
from evaluation.services import facts, freezing, marking, objections, runs, scoring
from evaluation.services.marking import Entered
from evaluation.services.schemes import import_scheme
from office.models import AuditEntry, Notice
from tests.evaluation.world import AT, YEAR, World, accepted, person

STATES = [state for state, _ in RUN.states]
ACTIONS = [move.action for move in RUN.moves]


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def brought_to(world: World, state: str) -> Run:
    if state != "dropped":
        return world.run(state)
    return world.move(world.run(), "drop", comment="重新组织")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ACTIONS)
def test_a_move_is_made_only_from_its_states(world: World, state: str, action: str) -> None:
    run = brought_to(world, state)
    later = AT + timedelta(days=40)
    legal = any(move.action == action and state in move.sources for move in RUN.moves)
    if legal:
        moved = world.move(run, action, later, comment="已核对")
        assert moved.state == next(move.target for move in RUN.moves if move.action == action)
        assert list(run.moves.values_list("action", "by_id").order_by("-pk")[:1]) == [
            (action, world.second.user_id if action == "publish" else world.officer.user_id)
        ]
    else:
        with pytest.raises(Refused) as refused:
            world.move(run, action, later, comment="已核对")
        assert codes_of(refused) == ["move.state"]
        assert Run.objects.get(pk=run.pk).version == run.version


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_but_the_province_moves_a_run(world: World, action: str) -> None:
    state = sorted(next(move.sources for move in RUN.moves if move.action == action))[0]
    run = brought_to(world, state)
    for name, actor in world.everyone():
        if actor.role == Role.PROVINCE_OFFICER:
            continue
        with pytest.raises((Refused, Run.DoesNotExist)):
            runs.act(actor=actor, run_id=run.pk, action=action, expected=run.version, at=AT, comment=name)
    assert Run.objects.get(pk=run.pk).state == state


def test_an_officer_of_a_part_of_the_province_does_not_move_its_run(world: World) -> None:
    run = world.run("scored")
    part = person("区域", Role.PROVINCE_OFFICER, region=world.regions["990100"])
    with pytest.raises(Run.DoesNotExist):
        runs.act(actor=part, run_id=run.pk, action="publicise", expected=run.version, at=AT)


def test_a_stale_page_moves_nothing(world: World) -> None:
    run = world.run("frozen")
    with pytest.raises(Refused) as refused:
        runs.score(actor=world.officer, run_id=run.pk, expected=run.version - 1, at=AT)
    assert codes_of(refused) == ["run.moved"]


def test_a_second_click_scores_once(world: World) -> None:
    run = world.run("frozen")
    before = run.version
    runs.score(actor=world.officer, run_id=run.pk, expected=before, at=AT)
    with pytest.raises(Refused):
        runs.score(actor=world.officer, run_id=run.pk, expected=before, at=AT)
    assert RunMove.objects.filter(run=run, action="score").count() == 1


def test_the_same_person_does_not_publicise_and_publish(world: World) -> None:
    run = world.run("publicised")
    with pytest.raises(Refused) as refused:
        runs.publish(actor=world.officer, run_id=run.pk, expected=run.version, at=AT + timedelta(days=30))
    assert codes_of(refused) == ["run.second_person"]
    assert "publish" not in [move.action for move in runs.moves_for(run, world.officer)]
    assert "publish" in [move.action for move in runs.moves_for(run, world.second)]


def test_publishing_waits_for_the_period_and_for_every_objection(world: World) -> None:
    run = world.run("publicised")
    made = objections.file(
        actor=world.staff, run_id=run.pk, text="场地面积应为一千二百平方米，请复核。", at=AT
    )
    with pytest.raises(Refused) as refused:
        runs.publish(actor=world.second, run_id=run.pk, expected=run.version, at=AT + timedelta(days=1))
    assert codes_of(refused) == ["run.publicity", "run.objections"]
    objections.decide(actor=world.second, objection_id=made.pk, action="reject", comment="与报表一致", at=AT)
    assert run.publicity_ends_at is not None
    published = runs.publish(
        actor=world.second, run_id=run.pk, expected=run.version, at=run.publicity_ends_at
    )
    assert (published.state, published.published_by_id) == ("published", world.second.user_id)


def test_publicity_lasts_five_working_days_after_the_day_it_begins(world: World) -> None:
    friday = datetime(2026, 4, 24, 9, 0, tzinfo=clock.SHANGHAI)  # 五一 lies within
    run = world.move(world.run("scored"), "publicise", friday)
    assert run.publicity_ends_at == datetime(2026, 5, 7, 0, 0, tzinfo=clock.SHANGHAI)


def test_seven_calendar_days_that_end_on_a_holiday_go_on_to_a_working_day(world: World) -> None:
    begins = datetime(2026, 4, 24, 9, 0, tzinfo=clock.SHANGHAI)
    run = world.move(world.run("scored"), "publicise", begins, period=Period.CALENDAR_7)
    assert run.publicity_ends_at is not None
    assert run.publicity_ends_at > datetime(2026, 5, 5, tzinfo=clock.SHANGHAI)


def test_publicity_tells_the_carriers_and_the_second_officer(world: World) -> None:
    world.run("publicised")
    told = set(Notice.objects.values_list("recipient__username", flat=True))
    assert told == {"填报一", "填报五", "省乙"}


def test_recall_hides_the_result_again(world: World) -> None:
    run = world.move(world.run("publicised"), "recall", comment="数据有误")
    assert (run.state, run.publicised_at, run.publicity_ends_at) == ("scored", None, None)
    assert not RunEntry.objects.visible_to(world.staff).exists()


def test_every_move_is_in_the_record(world: World) -> None:
    run = world.run("published")
    actions = ["run.create", "run.freeze", "run.score", "run.publicise", "run.publish"]
    found = AuditEntry.objects.filter(action__startswith="run.", object_key=str(run.pk))
    assert list(found.order_by("pk").values_list("action", flat=True)) == actions


# What a freeze holds.


def test_a_freeze_holds_exact_texts_of_what_the_scheme_reads(world: World) -> None:
    facts.record_fact(
        actor=world.officer, carrier_code="FH-1", year=YEAR, name="accident", value="是",
        document="事故通报〔2025〕1号", document_date=AT.date(), at=AT,
    )  # fmt: skip
    run = world.run("frozen")
    entry = run.entries.get(carrier__code="FH-1")
    assert entry.frozen == {
        "this": {
            "area": "1000", "density": "10", "kind": "incubator", "level": "provincial",
            "submitted": "true", "accident": "true",
        },
        "prev": {"area": "800"},
        "prev2": {},
    }  # fmt: skip
    assert run.entries.get(carrier__code="FH-5").frozen["this"]["submitted"] == "false"
    assert run.kinds["area"] == "number"
    assert entry.city_id == world.regions["990100"].pk


def test_who_the_scheme_does_not_apply_to_is_left_out_with_the_reason(world: World) -> None:
    run = world.run("scored")
    left = run.entries.get(carrier__code="FH-6")
    assert left.left_out.startswith("不在本体系适用范围内：不符合")
    assert (left.grade, left.rank, left.total) == ("", None, None)


def test_a_return_accepted_after_the_freeze_changes_nothing_and_is_named(world: World) -> None:
    run = world.run("scored")
    before = run.result_digest
    late = accepted(world.campaign, world.carriers[4], {"area": "9000"}, {"density": "9"})
    type(late).objects.filter(pk=late.pk).update(accepted_at=AT + timedelta(days=1))
    assert world.move(run, "score").result_digest == before
    assert [(one.entry.carrier.code, one.number) for one in newer_returns(run)] == [("FH-5", 1)]


def test_a_fact_revoked_after_the_freeze_stays_in_the_run(world: World) -> None:
    fact = facts.record_fact(
        actor=world.officer, carrier_code="FH-4", year=YEAR, name="accident", value="true",
        document="通报", document_date=AT.date(), at=AT,
    )  # fmt: skip
    run = world.run("frozen")
    facts.revoke_fact(actor=world.officer, fact_id=fact.pk, because="认定有误", at=AT)
    run = world.move(run, "score")
    assert run.entries.get(carrier__code="FH-4").frozen["this"]["accident"] == "true"


def test_last_years_grade_is_that_of_the_published_run(world: World) -> None:
    world.run("published", year=YEAR - 1)
    source = world.scheme.source.replace("version: 1", "version: 2").replace(
        "ceilings:", 'ceilings:\n    - {when: prev.grade == "C", at_most: B, reason: 上年 C}'
    )
    world.scheme = import_scheme(actor=world.officer, source=source, region=world.root, at=AT)
    run = world.run("frozen")
    assert {e.carrier.code: e.frozen["prev"].get("grade") for e in run.entries.select_related("carrier")} == {
        "FH-1": "C", "FH-2": "C", "FH-3": "C", "FH-4": "C", "FH-5": "C", "FH-6": None,
    }  # fmt: skip


def test_a_year_without_an_accepted_return_is_not_frozen(world: World) -> None:
    run = runs.create_run(
        actor=world.officer, scheme_id=world.scheme.pk, year=2023, title="早年", region=world.root, at=AT
    )
    with pytest.raises(Refused) as refused:
        runs.freeze(actor=world.officer, run_id=run.pk, expected=0, at=AT)
    assert codes_of(refused) == ["run.no_returns"]


def test_the_digest_of_a_freeze_knows_no_order(world: World) -> None:
    run = world.run("frozen")
    found = freezing.gather(run, AT.date())
    frame = Frame(run.scheme.digest, run.year, AT.date(), found.kinds)
    frozen = [one.as_frozen() for one in found.carriers]
    rng = random.Random(7)
    for _ in range(20):
        rng.shuffle(frozen)
        turned = [replace(one, frozen=_turned(one, rng)) for one in frozen]
        assert digest_of(frame, turned) == run.frozen_digest
    changed = [replace(frozen[0], return_digest="other"), *frozen[1:]]
    assert digest_of(frame, changed) != run.frozen_digest


def _turned(one: FrozenCarrier, rng: random.Random) -> dict[str, dict[str, str]]:
    answer = {}
    for year, texts in one.frozen.items():
        items = list(texts.items())
        rng.shuffle(items)
        answer[year] = dict(items)
    return answer


def test_a_result_recomputed_in_any_order_has_the_same_digest(world: World) -> None:
    run = world.run("scored")
    rows, marks = scoring.frozen_rows(run), scoring.marks_of(run)
    rng = random.Random(11)
    for _ in range(20):
        rng.shuffle(rows)
        rng.shuffle(marks)
        assert scoring.compute(run, rows, marks).digest == run.result_digest
    assert runs.recomputed(run) == run.result_digest


def test_a_result_that_does_not_come_out_the_same_is_not_publicised(world: World) -> None:
    run = world.run("scored")
    (one,) = marking.assign(
        actor=world.officer,
        run_id=run.pk,
        expert_id=world.expert.user_id or 0,
        carrier_codes=["FH-1"],
        at=AT,
    )
    for leaf in ("E1", "E2"):
        entered = Entered(leaf, "7", comment="材料不足")
        marking.save_mark(actor=world.expert, code=one.code, entered=entered, at=AT)
    marking.submit_marks(actor=world.expert, code=one.code, at=AT)
    with pytest.raises(Refused) as refused:
        world.move(run, "publicise")
    assert codes_of(refused) == ["run.stale"]


def test_the_stored_result_is_that_of_the_rules(world: World) -> None:
    run = world.run("scored")
    rows = run.entries.exclude(grade="").order_by("-carrier__code").select_related("carrier")
    found = [(e.carrier.code, f"{e.total:.2f}", e.rank, e.grade) for e in rows]
    assert found == [
        ("FH-5", "0.00", None, "C"),
        ("FH-4", "50.00", 1, "B"),
        ("FH-3", "40.00", 2, "B"),
        ("FH-2", "40.00", 3, "B"),
        ("FH-1", "22.50", 4, "C"),
    ]
    leaf = run.entries.get(carrier__code="FH-1").result[0]
    assert (leaf["code"], leaf["value"], leaf["points"], leaf["full"]) == ("A1", "1000", "10.00", "40")
