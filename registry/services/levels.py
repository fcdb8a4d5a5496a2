"""The words of the levels and of the designations change: one at a time, with what they were before."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from core.problems import Problem, Refused
from core.text import T
from office.services import audit
from registry.models import DesignationTerm, LevelTerm
from registry.models.levels import VocabularyTerm, designation_terms, level_terms
from registry.permissions import may_change_vocabulary
from registry.rules.levels import faults_of_terms

_TOLD = ("code", "name", "name_en", "rank", "decided_by", "valid_from", "valid_to", "basis")


def faults_of(term: LevelTerm) -> list[Problem]:
    """What the vocabulary would be wrong in with this row new or changed. A code is for good."""
    rows = list(LevelTerm.objects.all())
    found = faults_of_terms([term.term(), *(row.term() for row in rows if row.pk != term.pk)])
    if any(row.pk == term.pk and row.code != term.code for row in rows):
        found.append(Problem("level.code", T("代码不能更改：载体按代码登记级别。"), field="code"))
    return found


@transaction.atomic
def save_term(*, actor: Actor, term: LevelTerm, at: datetime) -> LevelTerm:
    """Adds a word, or changes one; `Refused` with every reason."""
    rows = {row.pk: row for row in LevelTerm.objects.select_for_update().order_by("pk")}
    found = faults_of(term)
    if not may_change_vocabulary(actor):
        found.append(Problem("level.role", T("只有系统管理员可以修改用语。")))
    if found:
        raise Refused(found)
    before = _told(rows[term.pk]) if term.pk in rows else {}
    term.save()
    detail = {"before": before, "after": _told(term)}
    audit.record(actor=actor, action="level.term", on=term, key=term.code, at=at, detail=detail)
    transaction.on_commit(partial(level_terms, fresh=True))
    return term


def _told(term: VocabularyTerm) -> dict[str, Any]:
    known = {name: getattr(term, name) for name in _TOLD}
    return {name: value if isinstance(value, int) else str(value or "") for name, value in known.items()}


def faults_of_designation(term: DesignationTerm) -> list[Problem]:
    """As `faults_of`, of the words of designations. A code is for good."""
    rows = list(DesignationTerm.objects.all())
    found = faults_of_terms([term.term(), *(row.term() for row in rows if row.pk != term.pk)])
    if any(row.pk == term.pk and row.code != term.code for row in rows):
        found.append(Problem("level.code", T("代码不能更改：载体按代码登记称号。"), field="code"))
    return found


@transaction.atomic
def save_designation_term(*, actor: Actor, term: DesignationTerm, at: datetime) -> DesignationTerm:
    """Adds a word of a designation, or changes one; `Refused` with every reason."""
    rows = {row.pk: row for row in DesignationTerm.objects.select_for_update().order_by("pk")}
    found = faults_of_designation(term)
    if not may_change_vocabulary(actor):
        found.append(Problem("level.role", T("只有系统管理员可以修改用语。")))
    if found:
        raise Refused(found)
    detail = {"before": _told(rows[term.pk]) if term.pk in rows else {}}
    term.save()
    detail["after"] = _told(term)
    audit.record(actor=actor, action="designation.term", on=term, key=term.code, at=at, detail=detail)
    transaction.on_commit(partial(designation_terms, fresh=True))
    return term
