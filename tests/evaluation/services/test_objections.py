"""Objections: by the carrier itself, in time, one at a time, decided once with a reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core.problems import Refused
from evaluation.models import Objection, Run, RunEntry
from evaluation.services import objections
from office.models import Notice, StoredFile
from office.services.evidence import Upload
from tests.evaluation.world import AT, World

TEXT = "场地面积应为一千二百平方米，请复核。"


def codes_of(act: Callable[[], Any]) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return [problem.code for problem in refused.value.problems]


def file(world: World, run: Run, **more: Any) -> Objection:
    return objections.file(**{"actor": world.staff, "run_id": run.pk, "text": TEXT, "at": AT, **more})


def decide(world: World, found: Objection, **more: Any) -> Objection:
    fields = {"actor": world.officer, "action": "reject", "comment": "与报表一致", "at": AT}
    return objections.decide(objection_id=found.pk, **{**fields, **more})


@pytest.mark.parametrize("state", ["draft", "frozen", "scored", "dropped"])
def test_there_is_nothing_to_object_to_before_publicity(world: World, state: str) -> None:
    run = world.move(world.run(), "drop", comment="作废") if state == "dropped" else world.run(state)
    with pytest.raises(Run.DoesNotExist):
        file(world, run)


def test_objections_are_taken_until_publicity_ends(world: World) -> None:
    run = world.run("publicised")
    assert run.publicity_ends_at is not None
    assert codes_of(lambda: file(world, run, at=run.publicity_ends_at)) == ["objection.time"]
    assert file(world, run, at=run.publicity_ends_at - timedelta(seconds=1)).state == "filed"


def test_a_published_result_takes_no_objection(world: World) -> None:
    run = world.run("published")
    assert codes_of(lambda: file(world, run)) == ["objection.time"]


def test_who_is_not_the_carrier_does_not_object(world: World) -> None:
    run = world.run("publicised")
    for name, actor in world.everyone():
        if name not in ("staff", "other_staff"):
            assert codes_of(lambda actor=actor: file(world, run, actor=actor)) == ["permission_denied"]
    assert file(world, run, actor=world.other_staff).entry.carrier.code == "FH-5"


def test_an_objection_says_something(world: World) -> None:
    run = world.run("publicised")
    assert codes_of(lambda: file(world, run, text="  不同意     ")) == ["objection.text"]
    assert file(world, run, text="一二三四五六七八九十").text == "一二三四五六七八九十"


def test_one_objection_is_open_at_a_time(world: World) -> None:
    run = world.run("publicised")
    first = file(world, run)
    assert codes_of(lambda: file(world, run)) == ["objection.open"]
    decide(world, first)
    assert file(world, run).pk != first.pk


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"\x89PNG\r\n\x1a\n..", b"\xff\xd8\xff\xe0"])
def test_evidence_is_a_pdf_or_a_picture(world: World, content: bytes) -> None:
    made = file(world, world.run("publicised"), evidence=Upload("证明", content))
    assert made.evidence is not None


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"PK\x03\x04", b"<svg onload=alert(1)>"])
def test_other_evidence_is_refused_and_nothing_is_filed(world: World, content: bytes) -> None:
    run = world.run("publicised")
    assert codes_of(lambda: file(world, run, evidence=Upload("a.pdf", content))) == ["file.kind"]
    assert not Objection.objects.exists()
    assert not StoredFile.objects.exists()


def test_the_province_alone_decides_once_with_a_reason(world: World) -> None:
    found = file(world, world.run("publicised"))
    for name, actor in world.everyone():
        if name not in ("officer", "second"):
            with pytest.raises((Refused, Objection.DoesNotExist)):
                decide(world, found, actor=actor)
    assert codes_of(lambda: decide(world, found, comment=" ")) == ["move.comment"]
    assert codes_of(lambda: decide(world, found, action="ignore")) == ["objection.action"]
    assert decide(world, found, action="sustain").state == "sustained"
    assert codes_of(lambda: decide(world, found)) == ["move.state"]


def test_a_decision_changes_no_result_and_tells_who_objected(world: World) -> None:
    run = world.run("publicised")
    before = list(RunEntry.objects.filter(run=run).values_list("total", "grade", "rank"))
    decide(world, file(world, run), action="sustain")
    assert list(RunEntry.objects.filter(run=run).values_list("total", "grade", "rank")) == before
    last = Notice.objects.filter(recipient=world.staff.user).first()
    assert last is not None
    assert "成立" in str(last.text)
