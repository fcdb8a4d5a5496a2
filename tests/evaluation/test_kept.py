"""What the database itself refuses, whoever writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from evaluation.models import CarrierFact, Mark, Objection, Run, RunEntry, RunMove, Scheme
from evaluation.services import facts, marking, objections
from evaluation.services.marking import Entered
from tests.evaluation.world import AT, YEAR, World


def refused(act: Callable[[], Any]) -> None:
    with pytest.raises(DatabaseError, match="kept as it was"), transaction.atomic():
        act()


def test_a_published_run_and_its_results_do_not_change(world: World) -> None:
    run = world.run("published")
    refused(lambda: Run.objects.filter(pk=run.pk).update(title="另一个名称"))
    refused(lambda: RunEntry.objects.filter(run=run).update(grade="A"))
    refused(lambda: RunMove.objects.filter(run=run).update(comment="改过"))
    refused(lambda: RunMove.objects.filter(run=run).delete())


def test_what_was_frozen_does_not_change(world: World) -> None:
    run = world.run("frozen")
    refused(lambda: RunEntry.objects.filter(run=run, carrier__code="FH-1").update(frozen={}))
    refused(lambda: RunEntry.objects.filter(run=run, carrier__code="FH-1").update(left_out="不参评"))


def test_a_scheme_does_not_change(world: World) -> None:
    refused(lambda: Scheme.objects.update(source="scheme: other"))


def test_marks_that_were_handed_in_do_not_change(world: World) -> None:
    run = world.run("frozen")
    (one,) = marking.assign(
        actor=world.officer, run_id=run.pk, expert_id=world.expert.user_id or 0, carrier_codes=["FH-1"], at=AT
    )
    for leaf in ("E1", "E2"):
        marking.save_mark(actor=world.expert, code=one.code, entered=Entered(leaf, "7", comment="少"), at=AT)
    Mark.objects.filter(leaf="E1").update(mark=8)
    marking.submit_marks(actor=world.expert, code=one.code, at=AT)
    refused(lambda: Mark.objects.filter(leaf="E1").update(mark=9))
    refused(lambda: Mark.objects.all().delete())


def test_a_fact_is_revoked_and_never_edited(world: World) -> None:
    fact = facts.record_fact(
        actor=world.county, carrier_code="FH-1", year=YEAR, name="accident", value="是",
        document="事故通报", document_date=AT.date(), at=AT,
    )  # fmt: skip
    refused(lambda: CarrierFact.objects.update(value="false"))
    facts.revoke_fact(actor=world.county, fact_id=fact.pk, because="认定有误", at=AT)
    refused(lambda: CarrierFact.objects.update(revoked_because="另一个理由"))
    refused(lambda: CarrierFact.objects.all().delete())


def test_a_decision_does_not_change(world: World) -> None:
    run = world.run("publicised")
    made = objections.file(actor=world.staff, run_id=run.pk, text="请复核本单位的场地面积。", at=AT)
    objections.decide(actor=world.officer, objection_id=made.pk, action="reject", comment="无误", at=AT)
    refused(lambda: Objection.objects.update(decision="有误"))
