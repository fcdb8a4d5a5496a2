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
from reporting.models import Form
from reporting.rules.form_reading import load_form


def import_form(*, actor: Actor, source: str | bytes, at: datetime, owner: Region | None = None) -> Form:
    """The form of a file, added or, while no campaign uses its version, replaced. The same file twice
    changes nothing. Raises `Refused` with every fault and its path."""
    form = load_form(source)
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    strange = [kind for kind in form.kinds if kind not in set(Kind)]
    if strange:
        raise Refused(
            Problem("form.kind", T("没有这种载体类型"), place=f"kinds[{form.kinds.index(kind)}]", found=kind)
            for kind in strange
        )
    with transaction.atomic():
        known = Form.objects.select_for_update().filter(code=form.code, version=form.version).first()
        if known is not None and known.digest == form.digest:
            return known
        if known is not None and known.campaigns.exists():
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
