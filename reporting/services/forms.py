"""Loads forms. A used version is never edited: a change is a new version."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Region
from core.problems import Problem, Refused
from core.text import T
from office.services import audit
from registry.rules.vocabulary import Kind
from reporting.models import Form, FormChange
from reporting.rules import form as form_rules
from reporting.rules.form_reading import load_form
from reporting.rules.form_tests import outcomes


def import_form(*, actor: Actor, source: str | bytes, at: datetime, owner: Region | None = None) -> Form:
    """The form of a file, added or, while no campaign uses its version, replaced. The same file twice
    changes nothing. Raises `Refused` with every fault and its path, and with each of the form's own cases
    that comes out otherwise than it says."""
    form = load_form(source)
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    faults = [*_strange_kinds(form), *failed_cases(form)]
    if faults:
        raise Refused(faults)
    with transaction.atomic():
        known = Form.objects.select_for_update().filter(code=form.code, version=form.version).first()
        if known is not None and known.digest == form.digest:
            return known
        if known is not None and (
            known.campaigns.exists() or FormChange.objects.filter(before=known).exists()
        ):
            message = T("版本 {version} 已有填报任务使用，不能修改；请改用新的版本号。", version=form.version)
            raise Refused(Problem("form.used", message, place="version", found=str(form.version)))
        kept = known or Form(code=form.code, version=form.version)
        kept.title, kept.kinds, kept.source = form.title, list(form.kinds), text
        kept.digest, kept.owner_region, kept.loaded_at = form.digest, owner, at
        kept.save()
        audit.record(
            actor=actor,
            action="form.import",
            on=kept,
            at=at,
            detail={"digest": form.digest, "code": form.code},
        )
    return kept


def _strange_kinds(form: form_rules.Form) -> list[Problem]:
    return [
        Problem("form.kind", T("没有这种载体类型"), place=f"kinds[{at}]", found=kind)
        for at, kind in enumerate(form.kinds)
        if kind not in set(Kind)
    ]


def failed_cases(form: form_rules.Form) -> list[Problem]:
    """The form's own cases that come out otherwise than they say."""
    return [
        Problem(
            "form.test",
            T("用例“{name}”的结果与所写的不同", name=one.case.name),
            place=f"tests.cases[{at}]",
            found="、".join(one.found) or T("没有问题").msgid,
            allowed="、".join(one.case.expect) or T("没有问题"),
        )
        for at, one in enumerate(outcomes(form))
        if not one.holds
    ]
