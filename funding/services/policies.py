"""Loads subsidy policies. A version that was loaded is never edited: a change is a new version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Region
from core.problems import Problem, Refused
from core.text import T
from core.yamlfile import Tree
from evaluation.rules.entered import is_plain
from funding import models
from funding.permissions import may_import_policies, refuse
from funding.rules.policy import LoadedPolicy, load_policy
from office.services import audit

LAST_VERSION = 1_000_000


def import_policy(*, actor: Actor, source: str | bytes, region: Region, at: datetime) -> models.Policy:
    """The policy of a file, added. The same file again changes nothing; another content under a known code
    and version is refused. Raises `Refused` with every fault and its path in the file."""
    refuse(may_import_policies(actor, region))
    loaded = read(source)
    policy = loaded.policy
    text = source.decode("utf-8-sig") if isinstance(source, bytes) else source
    with transaction.atomic():
        kept, is_new = models.Policy.objects.get_or_create(
            code=policy.policy,
            version=policy.version,
            defaults={
                "title": policy.title,
                "source": text,
                "digest": loaded.digest,
                "region": region,
                "loaded_at": at,
                "loaded_by": actor.user,
            },
        )
        if not is_new:
            return _same(kept, loaded)
        detail = {"code": kept.code, "version": kept.version, "digest": kept.digest, "region": region.code}
        audit.record(actor=actor, action="policy.import", on=kept, at=at, detail=detail)
    return kept


def read(source: str | bytes) -> LoadedPolicy:
    """The policy of a file. Which fields there are is known when it meets a run. Raises `Refused` with
    every fault."""
    loaded = load_policy(source)
    problems = list(_unseen(loaded.tree, ""))
    if loaded.policy.version > LAST_VERSION:
        message = T("版本号最大为 {n}。", n=LAST_VERSION)
        problems.append(Problem("policy.version", message, place="version", found=str(loaded.policy.version)))
    if problems:
        raise Refused(problems)
    return loaded


def _unseen(tree: Tree, path: str) -> Iterator[Problem]:
    """Texts with signs that cannot be stored or shown."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _unseen(key, path)
            yield from _unseen(value, f"{path}.{key}" if path else key)
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from _unseen(value, f"{path}[{index}]")
    elif isinstance(tree, str) and not is_plain(tree):
        yield Problem("policy.control", T("内容含有看不见的控制字符"), place=path)


def _same(known: models.Policy, loaded: LoadedPolicy) -> models.Policy:
    if known.digest == loaded.digest:
        return known
    message = T(
        "“{code}”第 {version} 版已经导入，内容不同；导入后不得修改，请改用新的版本号。",
        code=known.code,
        version=known.version,
    )
    raise Refused(Problem("policy.version", message, place="version", found=str(known.version)))
