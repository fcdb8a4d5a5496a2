"""Two people at one run at the same instant: one wins, the other is told, on a real server."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from core.problems import Refused
from evaluation.models import Mark, Run, RunMove
from evaluation.services import marking, runs
from evaluation.services.marking import Entered
from tests.evaluation.world import AT, World

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each of them got, each on a connection of its own: `done`, or the refusal's code."""
    start = threading.Barrier(len(acts))
    found: list[str] = [""] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            act()
            found[index] = "done"
        except Refused as refused:
            found[index] = refused.problems[0].code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


@pytest.mark.parametrize("action", ["score", "publicise", "publish"])
def test_one_of_two_moves_wins_and_the_other_is_told(action: str) -> None:
    world = World()
    run = world.run({"score": "frozen", "publicise": "scored", "publish": "publicised"}[action])
    late = run.publicity_ends_at or AT
    third = world.second if action == "publish" else world.officer

    def move() -> Run:
        return runs.act(actor=third, run_id=run.pk, action=action, expected=run.version, at=late)

    assert at_once(move, move) == ["done", "run.moved"]
    assert RunMove.objects.filter(run=run, action=action).count() == 1


def test_recall_and_publish_do_not_both_happen() -> None:
    world = World()
    run = world.run("publicised")
    assert run.publicity_ends_at is not None
    end, version = run.publicity_ends_at, run.version
    found = at_once(
        lambda: runs.publish(actor=world.second, run_id=run.pk, expected=version, at=end),
        lambda: runs.recall(actor=world.officer, run_id=run.pk, expected=version, at=end, comment="有误"),
    )
    assert found == ["done", "run.moved"]


def test_two_tabs_save_one_mark() -> None:
    world = World()
    run = world.run("frozen")
    (one,) = marking.assign(
        actor=world.officer, run_id=run.pk, expert_id=world.expert.user_id or 0, carrier_codes=["FH-1"], at=AT
    )

    def save(mark: str) -> Callable[[], object]:
        return lambda: marking.save_mark(
            actor=world.expert, code=one.code, entered=Entered("E1", mark), at=AT
        )

    assert at_once(save("70"), save("80"), save("75")) == ["done", "mark.version", "mark.version"]
    assert Mark.objects.count() == 1
