"""A nil return and one of a carrier that has closed: said with evidence, handed in, passed on, taken back."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.problems import Refused
from office.models import AuditEntry, Notice, StoredFile
from office.services.evidence import Upload
from registry.models import CarrierState, Stay
from reporting.models import Return, ReturnFigure, ReturnVersion
from reporting.queries.dates import answered
from reporting.services import answers, filling, returns
from tests.reporting.conftest import DAY, World, fill

PDF = Upload("证明.pdf", b"%PDF-1.7 proof")


@pytest.fixture(autouse=True)
def _files(storage: Path) -> None:
    """Evidence goes to an own storage."""


def say(world: World, answer: str = "nil", **other: Any) -> Return:
    given = {"reason": "年内没有业务", "upload": PDF, "at": DAY, **other}
    return answers.say(actor=world.staff, return_id=world.mine.pk, answer=answer, **given)


def accepted(world: World) -> Return:
    about: dict[str, Any] = {"return_id": world.mine.pk, "at": DAY}
    returns.submit(actor=world.staff, expected=0, commitment="承诺属实", **about)
    returns.pass_on(actor=world.county_officer, expected=1, **about)
    returns.pass_on(actor=world.city_officer, expected=2, **about)
    return returns.accept(actor=world.officer, expected=3, **about)


def test_a_nil_return_goes_the_chain_and_counts_as_an_answer(world: World) -> None:
    fill(world)
    say(world)
    version = world.mine.current
    assert (version.number, version.values, version.answer) == (2, {}, "nil")
    assert accepted(world).state == "accepted"
    version = world.mine.current
    assert version.digest and not ReturnFigure.objects.filter(version=version).exists()
    assert answered(Return.objects.all()) == {"nil": 1}
    assert not Stay.objects.exists()  # an empty roster takes nobody out and nobody in


def test_what_is_answered_stands_under_the_fingerprint(world: World) -> None:
    say(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺", at=DAY)
    first = world.mine.current.digest
    returns.withdraw(actor=world.staff, return_id=world.mine.pk, expected=1, at=DAY)
    assert (world.mine.current.answer, world.mine.current.number) == ("nil", 3)
    say(world, reason="另一个理由", upload=None)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=2, commitment="承诺", at=DAY)
    assert world.mine.current.digest != first
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnVersion.objects.filter(pk=world.mine.current.pk).update(answer_reason="改了")


def test_figures_typed_before_come_back(world: World) -> None:
    fill(world)
    say(world)
    with pytest.raises(Refused) as refused:
        filling.save_field(
            actor=world.staff, return_id=world.mine.pk, code="area_total", value="1", seen="", at=DAY
        )
    assert refused.value.problems[0].code == "return.answered"
    answers.take_back(actor=world.staff, return_id=world.mine.pk, at=DAY)
    version = world.mine.current
    assert (version.number, version.values["area_total"], version.rows.count()) == (1, "5000", 2)
    assert ReturnVersion.objects.filter(return_of=world.mine).count() == 1
    with pytest.raises(Refused):
        answers.take_back(actor=world.staff, return_id=world.mine.pk, at=DAY)


def test_a_nil_return_that_is_sent_back_can_become_one_of_figures(world: World) -> None:
    fill(world)
    say(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺", at=DAY)
    returns.send_back(
        actor=world.county_officer, return_id=world.mine.pk, expected=1, comment="有业务", at=DAY
    )
    answers.take_back(actor=world.staff, return_id=world.mine.pk, at=DAY)
    assert world.mine.current.values["area_total"] == "5000" and world.mine.current.answer == ""
    found = returns.submit(actor=world.staff, return_id=world.mine.pk, expected=2, commitment="承诺", at=DAY)
    assert found.state == "at_county"


def test_a_closing_is_proposed_to_the_offices_and_closes_nothing(world: World) -> None:
    say(world, "closed", closed_on=date(2026, 1, 31))
    accepted(world)
    world.carrier.refresh_from_db()
    assert world.carrier.state == CarrierState.ACTIVE
    told = Notice.objects.filter(link=f"/registry/manage/{world.carrier.code}/")
    assert {one.recipient_id for one in told} == {
        actor.user_id for actor in (world.county_officer, world.city_officer, world.officer)
    }
    assert "自 2026-01-31 起停止运营" in str(told[0].text)


def test_said_again_it_keeps_its_evidence(world: World) -> None:
    say(world)
    say(world, "closed", upload=None, closed_on=date(2026, 1, 31))
    version = world.mine.current
    assert (version.number, version.answer, version.evidence.name) == (2, "closed", "证明.pdf")
    assert AuditEntry.objects.filter(action="return.answer").count() == 2


def test_a_dry_run_keeps_nothing_and_faults_are_told_at_once(world: World) -> None:
    say(world, dry_run=True)
    assert ReturnVersion.objects.filter(return_of=world.mine).count() == 1
    assert not StoredFile.objects.exists() and world.mine.current.answer == ""
    with pytest.raises(Refused) as refused:
        say(world, "closed", reason=" ", upload=None)
    assert [one.field for one in refused.value.problems] == ["reason", "evidence", "closed_on"]
    with pytest.raises(Refused) as refused:
        say(world, upload=Upload("a.exe", b"MZ"))
    assert refused.value.problems[0].code == "file.kind"


def test_officers_and_others_say_nothing_for_a_carrier(world: World) -> None:
    for actor in (world.county_officer, world.officer, world.auditor):
        with pytest.raises(Refused):
            answers.say(actor=actor, return_id=world.mine.pk, answer="nil", reason="代报", upload=PDF, at=DAY)
    with pytest.raises(Return.DoesNotExist):
        answers.say(
            actor=world.other_staff, return_id=world.mine.pk, answer="nil", reason="代报", upload=PDF, at=DAY
        )


def test_the_database_refuses_half_an_answer(world: World) -> None:
    say(world)
    row = ReturnVersion.objects.filter(pk=world.mine.current.pk)
    for change in ({"answer_reason": ""}, {"evidence": None}, {"answer": ""}, {"answer": "closed"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)


def test_the_lock_holds_for_it_too(world: World) -> None:
    late = DAY.replace(month=4)
    with pytest.raises(Refused) as refused:
        say(world, at=late)
    assert refused.value.problems[0].code == "return.locked"
