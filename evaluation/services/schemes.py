"""Loads schemes. A version that was loaded is never edited: a change is a new version."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Region
from core.problems import Problem, Refused
from core.text import T
from core.yamlfile import load_yaml
from evaluation import models
from evaluation.permissions import may_import_schemes, refuse
from evaluation.queries import form_of, kinds_of
from evaluation.rules.scheme import Scheme
from evaluation.rules.scheme_load import read_scheme
from office.services import audit


def import_scheme(*, actor: Actor, source: str | bytes, region: Region, at: datetime) -> models.Scheme:
    """The scheme of a file, added. The same file again changes nothing; another content under a known code
    and version is refused. Raises `Refused` with every fault and its path in the file."""
    refuse(may_import_schemes(actor, region))
    scheme = read(source)
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    with transaction.atomic():
        known = models.Scheme.objects.filter(code=scheme.code, version=scheme.version).first()
        if known is not None:
            return _same(known, scheme)
        kept = models.Scheme.objects.create(
            code=scheme.code,
            version=scheme.version,
            title=scheme.title,
            source=text,
            digest=scheme.digest,
            form_code=scheme.form,
            fact_names=list(scheme.facts),
            region=region,
            loaded_at=at,
            loaded_by=actor.user,
        )
        detail = {"code": kept.code, "version": kept.version, "digest": kept.digest}
        audit.record(actor=actor, action="scheme.import", on=kept, at=at, detail=detail)
    return kept


def read(source: str | bytes) -> Scheme:
    """The scheme of a file, its names and types checked against the form and the facts that it names.
    Raises `Refused` with every fault."""
    tree = load_yaml(source)
    named = tree.get("form") if isinstance(tree, dict) else None
    if not isinstance(named, str) or not named.strip():
        missing = Problem("scheme.form", T("须写明所用的报表（form）。"), place="form")
        raise Refused([missing, *_faults(tree)])
    form = form_of(named.strip())
    if form is None:
        message = T("没有代码为 {code} 的报表，请先导入。", code=named.strip())
        raise Refused([Problem("scheme.form", message, place="form", found=named.strip()), *_faults(tree)])
    raw_facts = tree.get("facts") if isinstance(tree, dict) else None
    names = raw_facts if isinstance(raw_facts, list) else []
    fact_names = tuple(str(name).strip() for name in names if isinstance(name, str))
    return read_scheme(tree, kinds_of(form, fact_names))


def _faults(tree: object) -> tuple[Problem, ...]:
    """What is wrong with the file apart from the names that it reads."""
    try:
        read_scheme(tree)
    except Refused as refused:
        return refused.problems
    return ()


def _same(known: models.Scheme, scheme: Scheme) -> models.Scheme:
    if known.digest == scheme.digest:
        return known
    message = T(
        "“{code}”第 {version} 版已经导入，内容不同；导入后不得修改，请改用新的版本号。",
        code=scheme.code,
        version=scheme.version,
    )
    raise Refused(Problem("scheme.version", message, place="version", found=str(scheme.version)))
