"""An expert's home: the queue by how far it is, the pace that is needed, never a carrier's name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from accounts.actors import VISITOR, Actor
from core.slots import HomePart, Task
from evaluation import slots
from evaluation.models import Assignment, Run, RunEntry
from evaluation.services import marking, schemes
from evaluation.services.marking import Entered
from evaluation.slots import expert
from registry.models import Carrier
from tests.evaluation.world import AT, SCHEME, World, carrier

NOW = AT + timedelta(days=2)
DUE = AT + timedelta(days=9)


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(*NOW.timetuple()[:5])


def assigned(world: World, run: Run, *codes: str, due_at: datetime | None = DUE) -> list[str]:
    """The expert's codes for these carriers, in the order of the carriers."""
    made = marking.assign(
        actor=world.officer, run_id=run.pk, expert_id=world.expert.user_id or 0,
        carrier_codes=codes, at=AT, due_at=due_at,
    )  # fmt: skip
    return [one.code for one in sorted(made, key=lambda one: one.entry.carrier.code)]


def mark(world: World, code: str, leaf: str, text: str = "7", at: datetime = AT) -> None:
    marking.save_mark(actor=world.expert, code=code, entered=Entered(leaf, text), at=at)


def submit(world: World, code: str, at: datetime = AT) -> None:
    mark(world, code, "E1", "70", at)
    mark(world, code, "E2", at=at)
    marking.submit_marks(actor=world.expert, code=code, at=at)


def queue_part(actor: Actor) -> HomePart:
    (part,) = [one for one in slots.home_for(actor) if one.place == "main"]
    return part


def shown(part: HomePart) -> str:
    return render_to_string(part.template, {"part": part.context})


def task_of(actor: Actor) -> Task:
    (task,) = slots.tasks_for(actor)
    return task


def test_the_queue_stands_by_how_far_it_is(world: World) -> None:
    run = world.run("frozen")
    begun, fresh, done, back = assigned(world, run, "FH-1", "FH-2", "FH-3", "FH-4")
    mark(world, begun, "E1", "70")
    submit(world, done)
    marking.recuse(actor=world.expert, code=back, because="认出该载体", at=AT)
    part = queue_part(world.expert)
    (queue,) = expert.queues_of(world.expert, NOW)
    groups = {
        "drafts": [(row.code, row.filled, row.whole) for row in queue.drafts],
        "fresh": [(row.code, row.filled, row.whole) for row in queue.fresh],
        "submitted": [row.code for row in queue.submitted],
        "recused": [row.code for row in queue.recused],
    }
    assert groups == {
        "drafts": [(begun, 1, False)],
        "fresh": [(fresh, 0, False)],
        "submitted": [done],
        "recused": [back],
    }
    assert (queue.leaves, queue.left, queue.mine) == (2, 2, 3)
    text = shown(part)
    assert "已提交 1 / 3" in text and "1 / 2" in text and run.title == part.note
    assert all(code in text for code in (begun, fresh, done, back))
    assert "科技企业孵化器" in text


def test_an_abstention_counts_as_done(world: World) -> None:
    (code,) = assigned(world, world.run("frozen"), "FH-1")
    marking.save_mark(actor=world.expert, code=code, entered=Entered("E1", abstained=True), at=AT)
    mark(world, code, "E2")
    (queue,) = expert.queues_of(world.expert, NOW)
    assert [(row.filled, row.whole) for row in queue.drafts] == [(2, True)]
    assert "1 份各项已齐，可以提交" in str(task_of(world.expert).why)


def test_no_carrier_is_named(world: World) -> None:
    Carrier.objects.filter(code="FH-1").update(carrier_class="specialised", field="bio")
    reading = SCHEME.replace("scheme: small", "scheme: wide").replace(
        "applies_to: ", 'applies_to: (class == "comprehensive" or field != "x") and '
    )
    world.scheme = schemes.import_scheme(actor=world.officer, source=reading, region=world.root, at=AT)
    run = world.run("frozen")
    codes = assigned(world, run, "FH-1", "FH-2", "FH-3", "FH-4", "FH-5")
    submit(world, codes[1])
    text = "".join(shown(part) for part in slots.home_for(world.expert))
    assert "专业 · 生物医药" in text and "综合" in text
    for one in world.carriers:
        assert one.name not in text and one.code not in text
    for region in world.regions.values():
        assert region.name not in text
    assert all(code in text for code in codes)


def test_the_next_ten_are_shown_those_begun_first_and_the_rest_is_folded(world: World) -> None:
    run = world.run("frozen")
    many(world, run, 14)
    begun = Assignment.objects.order_by("-code")[0].code
    mark(world, begun, "E1", "70")
    (first, second) = queue_part(world.expert).context["groups"]  # type: ignore[misc]
    assert ([row.code for row in first[1]], first[2]) == ([begun], 0)
    assert (len(second[1]), second[2]) == (9, 4)
    assert "其余 4 份" in shown(queue_part(world.expert))


def many(world: World, run: Run, number: int) -> None:
    """So many assignments, of carriers made for them."""
    cars = [carrier(f"ZZ-{n:03}", world.regions["990201"]) for n in range(number)]
    entries = RunEntry.objects.bulk_create(RunEntry(run=run, carrier=one) for one in cars)
    Assignment.objects.bulk_create(
        Assignment(entry=one, expert=world.expert.user, code=f"A1-{n:05}", assigned_at=AT, due_at=DUE)
        for n, one in enumerate(entries)
    )


@pytest.mark.parametrize("number", [3, 60])
def test_the_queries_do_not_grow(world: World, number: int) -> None:
    run = world.run("frozen")
    many(world, run, number)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for part in slots.home_for(world.expert):
            shown(part)
    assert len(asked) == 2
    with CaptureQueriesContext(connection) as asked:
        slots.tasks_for(world.expert)
    assert len(asked) == 2


def at_instant(world: World, at: datetime) -> expert.Queue:
    (queue,) = expert.queues_of(world.expert, at)
    return queue


def test_the_pace_is_told_once_something_was_handed_in(world: World) -> None:
    run = world.run("frozen")
    codes = assigned(world, run, "FH-1", "FH-2", "FH-3", "FH-4", "FH-5")
    at = DUE - timedelta(hours=30)
    assert [str(words) for words in expert.pace_in_words(at_instant(world, at))] == [
        "按现在的进度还需每天 3 份"
    ]
    submit(world, codes[0], AT)
    submit(world, codes[1], AT + timedelta(hours=1))
    submit(world, codes[2], AT + timedelta(days=1))
    queue = at_instant(world, at)
    words = [str(words) for words in expert.pace_in_words(queue)]
    assert words == ["按现在的进度还需每天 1 份", "您评分的日子平均每天 1.5 份，照此约需 2 天"]
    assert not expert.is_behind(queue)
    assert expert.is_behind(at_instant(world, DUE - timedelta(hours=20)))
    assert expert.pace_in_words(at_instant(world, DUE)) == ()


@pytest.mark.parametrize(
    ("left", "hours", "needed"), [(17, 1, 17), (17, 24, 17), (17, 25, 9), (1, 24 * 9, 1), (30, 24 * 3, 10)]
)
def test_what_is_needed_a_day(left: int, hours: int, needed: int) -> None:
    days = expert.days_left(AT + timedelta(hours=hours), AT)
    assert expert.needed_a_day(left, days) == needed


def test_the_pace_serves_each_deadline(world: World) -> None:
    run = world.run("frozen")
    first = assigned(world, run, "FH-1", due_at=NOW + timedelta(days=1))
    assigned(world, run, "FH-2", "FH-3", "FH-4", "FH-5", due_at=NOW + timedelta(days=4))
    queue = at_instant(world, NOW)
    assert queue.stages == [(1, 1), (5, 4)]
    assert str(expert.pace_in_words(queue)[0]) == "按现在的进度还需每天 2 份"
    submit(world, first[0])
    queue = at_instant(world, NOW)
    assert str(expert.pace_in_words(queue)[0]) == "按现在的进度还需每天 1 份"
    assert not expert.is_behind(queue)


def test_no_pace_without_a_deadline(world: World) -> None:
    assigned(world, world.run("frozen"), "FH-1", due_at=None)
    (queue,) = expert.queues_of(world.expert, NOW)
    assert expert.pace_in_words(queue) == ()
    assert queue.share == Decimal(0)
    assert "截止" not in shown(queue_part(world.expert))
    assert task_of(world.expert).due is None


def test_after_the_deadline_nothing_can_be_done_and_that_is_said(
    world: World, at: Callable[..., datetime]
) -> None:
    (code,) = assigned(world, world.run("frozen"), "FH-1")
    assert task_of(world.expert).url.endswith(f"{code}/")
    at(*DUE.timetuple()[:5])
    task = task_of(world.expert)
    assert (str(task.state), task.tone, str(task.verb)) == ("已截止", "bad", "看队列")
    text = shown(queue_part(world.expert))
    assert "已不能再评" in text and "已截止未提交 1 份" in text and "还需每天" not in text


def test_what_was_missed_does_not_hide_what_is_still_open(world: World) -> None:
    run = world.run("frozen")
    (missed,) = assigned(world, run, "FH-1", due_at=NOW)
    (still,) = assigned(world, run, "FH-2", due_at=NOW + timedelta(minutes=1))
    queue = at_instant(world, NOW)
    assert ([row.code for row in queue.missed], [row.code for row in queue.fresh]) == ([missed], [still])
    task = task_of(world.expert)
    assert (task.tone, task.due) == ("warn", NOW + timedelta(minutes=1))
    assert task.url.endswith(f"{still}/")
    assert "1 份没有在截止前提交" in shown(queue_part(world.expert))


@pytest.mark.parametrize(("days", "tone"), [(8, "info"), (3, "warn")])
def test_a_task_turns_amber_when_three_days_are_left(
    world: World, at: Callable[..., datetime], days: int, tone: str
) -> None:
    assigned(world, world.run("frozen"), "FH-1")
    at(*(DUE - timedelta(days=days)).timetuple()[:5])
    assert task_of(world.expert).tone == tone


def test_two_runs_are_two_queues_the_nearest_deadline_first(world: World) -> None:
    later = world.run("frozen")
    sooner = world.run("frozen", year=2024)
    assigned(world, later, "FH-1")
    assigned(world, sooner, "FH-1", due_at=DUE - timedelta(days=1))
    found = [part.note for part in slots.home_for(world.expert) if part.place == "main"]
    assert found == [sooner.title, later.title]


def test_without_assignments_it_says_what_would_come_here(world: World) -> None:
    world.run("frozen")
    assert "组织单位分派后" in shown(queue_part(world.expert))
    assert slots.tasks_for(world.expert) == []


def test_a_colleagues_queue_is_not_mine_and_publicity_ends_it(world: World) -> None:
    run = world.run("scored")
    assigned(world, run, "FH-1")
    assert expert.queues_of(world.other_expert, NOW) == []
    world.move(run, "publicise")
    assert expert.queues_of(world.expert, NOW) == []


def test_nobody_else_has_these_parts(world: World) -> None:
    assigned(world, world.run("frozen"), "FH-1")
    templates: dict[str, set[Any]] = {
        name: {part.template for part in slots.home_for(actor)}
        for name, actor in [("visitor", VISITOR), *world.everyone()]
    }
    ours = {name for name, found in templates.items() if any("_home_expert" in one for one in found)}
    assert ours == {"expert"}
