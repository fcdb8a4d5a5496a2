"""What an auditor reads of the audit: sensitive acts by kind, whether the chain is whole, a copy to take."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.clock import SHANGHAI
from core.http import said, shown_all
from core.problems import Problem, Refused
from core.text import T, Text
from core.workbook.text import looks_like_formula
from office.models import AuditEntry, AuditSeal, Job, JobState
from office.rules import acts
from office.services import audit, confirming, files, jobs, sealing
from office.services.jobs import Run

SINCE = timedelta(days=30)
SHOWN = 10
CHAIN = "audit:verify"
COPY = "audit:export:"
MOST_ROWS = 200_000
KEPT_FAULTS = 200
_LOOKUPS = {"person": "user_name__icontains", "thing": "object_key__startswith"}


@dataclass(frozen=True, slots=True)
class Verified:
    """One verification as it ended: `faults` none is a whole chain up to `position`."""

    at: datetime
    by: str
    position: int
    faults: int


@dataclass(frozen=True, slots=True)
class Chain:
    """Where the chain ends, when its head was last written, how it was found, what runs now."""

    position: int
    digest: str
    sealed_at: datetime | None
    overdue: int
    verified: Verified | None
    running: Job | None


def narrowed(rows: QuerySet[AuditEntry], asked: Mapping[str, Any]) -> QuerySet[AuditEntry]:
    """The rows for `person`, `kind`, `action` (its name, or words of it), `thing`, `since`, `until` (days);
    what is not asked narrows nothing."""
    for name, lookup in _LOOKUPS.items():
        if asked.get(name):
            rows = rows.filter(**{lookup: asked[name]})
    if asked.get("kind"):
        rows = rows.filter(action__in=acts.ACTIONS[acts.Kind(asked["kind"])])
    if words := asked.get("action"):
        rows = rows.filter(Q(action__startswith=words) | Q(action__in=acts.named(words)))
    if asked.get("since"):
        rows = rows.filter(at__gte=datetime.combine(asked["since"], time.min, SHANGHAI))
    if asked.get("until"):
        rows = rows.filter(at__lte=datetime.combine(asked["until"], time.max, SHANGHAI))
    return rows


def counts(rows: QuerySet[AuditEntry]) -> list[tuple[acts.Kind, Text, int]]:
    """How many sensitive acts of each kind are among these rows. One query."""
    found = rows.order_by().filter(action__in=acts.SENSITIVE).values_list("action").annotate(n=Count("pk"))
    by_kind: dict[acts.Kind | None, int] = {}
    for action, n in found:
        kind = acts.kind_of(action)
        by_kind[kind] = by_kind.get(kind, 0) + n
    return [(kind, title, by_kind.get(kind, 0)) for kind, title in acts.TITLES.items()]


def recent(actor: Actor, at: datetime) -> tuple[date, list[tuple[acts.Kind, Text, int]], list[AuditEntry]]:
    """Since which day, how many of each kind, and the newest of the last 30 days."""
    first = clock.day_of(at - SINCE)
    rows = narrowed(AuditEntry.objects.visible_to(actor), {"since": first})
    sensitive = rows.filter(action__in=acts.SENSITIVE).exclude(action__in=acts.ACTIONS[acts.Kind.REFUSED])
    return first, counts(rows), list(sensitive.order_by("-at", "-pk")[:SHOWN])


def last_verified(actor: Actor) -> Verified | None:
    """How the chain was found last, by whoever asked."""
    entry = AuditEntry.objects.visible_to(actor).filter(action="audit.verify").first()
    if entry is None:
        return None
    told = entry.detail
    return Verified(entry.at, entry.user_name, told.get("position", 0), told.get("faults", 0))


def chain(actor: Actor, at: datetime) -> Chain:
    """For the auditor's home and page. Five queries."""
    last = AuditSeal.objects.visible_to(actor).order_by("-position").first()
    open_jobs = Job.objects.visible_to(actor).filter(lane=CHAIN)
    return Chain(
        position=last.position if last else 0,
        digest=last.digest if last else "",
        sealed_at=last.sealed_at if last else None,
        overdue=sealing.overdue(at=at),
        verified=last_verified(actor),
        running=open_jobs.filter(state__in=(JobState.WAITING, JobState.RUNNING)).first(),
    )


def _must_audit(actor: Actor) -> None:
    if not actor.has_role(Role.AUDITOR):
        raise Refused(Problem("audit.role", T("只有审计员可以核验和导出审计记录。")))


@transaction.atomic
def begin_verifying(*, actor: Actor, at: datetime) -> Job:
    """A job that recomputes the whole chain; one at a time."""
    _must_audit(actor)
    return jobs.begin(
        actor=actor,
        handler="office.tasks.verify_audit",
        title=str(T("核验审计链")),
        at=at,
        link=reverse("office:audit"),
        lane=CHAIN,
    )


def verify(run: Run) -> None:
    """The job: every seal against its entry, the one before and the heads kept outside the database."""
    _must_audit(run.actor)
    at, last = clock.now(), sealing.last_seal()
    heads = sealing.told_heads(sealing.heads_file())

    def tell(position: int) -> None:
        if position % 500 == 0 or position == last.position:
            run.progress(min(position, last.position), last.position, str(T("条记录")))

    faults = list(sealing.verify(at=at, heads=heads, checked=tell))
    told = {"position": last.position, "digest": last.digest, "heads": len(heads), "faults": len(faults)}
    problems = [Problem("audit.chain", fault, place=str(n)) for n, fault in enumerate(faults, start=1)]
    with transaction.atomic():
        audit.record(actor=run.actor, action="audit.verify", on=run.job, at=clock.now(), detail=told)
        run.finish(outcome={**told, "count": last.position, "problems": shown_all(problems[:KEPT_FAULTS])})


@transaction.atomic
def begin_copying(*, actor: Actor, asked: Mapping[str, Any], at: datetime) -> Job:
    """A job that writes the narrowed list into a CSV file; one of a person at a time."""
    _must_audit(actor)
    confirming.must_be_recent(actor, at)
    plain = {name: str(value) for name, value in asked.items() if value}
    job = jobs.begin(
        actor=actor,
        handler="office.tasks.export_audit",
        title=str(T("导出审计记录")),
        at=at,
        arguments={"asked": plain},
        lane=f"{COPY}{actor.user_id}",
    )
    audit.record(actor=actor, action="audit.export", on=job, at=at, detail=plain)
    return job


def copy(run: Run) -> None:
    """The job: at most 200,000 rows, the newest first; more is refused with what to do."""
    _must_audit(run.actor)
    asked = dict(run.job.arguments["asked"])
    for name in ("since", "until"):
        if name in asked:
            asked[name] = date.fromisoformat(asked[name])
    rows = narrowed(AuditEntry.objects.visible_to(run.actor), asked).annotate(position=F("seal__position"))
    total = rows.count()
    if total > MOST_ROWS:
        words = T("共 {n} 条，超过一次可导出的 {most} 条。", n=f"{total:,}", most=f"{MOST_ROWS:,}")
        raise Refused(Problem("audit.too_many", words, fix=T("请缩短时间范围，分几次导出。")))
    content = _csv(_told(run, rows, total))
    at = clock.now()
    name = f"audit-{clock.day_of(at)}.csv"
    with transaction.atomic():
        result = files.store(content=content, name=name, content_type="text/csv", actor=run.actor, at=at)
        run.finish(outcome={"count": total}, result=result)


def _told(run: Run, rows: QuerySet[AuditEntry], total: int) -> Iterator[AuditEntry]:
    for done, entry in enumerate(rows.iterator(chunk_size=2_000), start=1):
        if done % 200 == 0 or done == total:
            run.progress(done, total, str(T("条记录")))
        yield entry


HEADS = (
    T("时间"),
    T("人员"),
    T("身份"),
    T("动作"),
    T("动作代码"),
    T("对象"),
    T("编号"),
    T("内容"),
    T("理由"),
    T("来源地址"),
    T("封印位"),
)


def _csv(entries: Iterator[AuditEntry]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read it; text that looks like a formula is quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([said(head) for head in HEADS])
    for entry in entries:
        detail = "; ".join(f"{name}={value}" for name, value in entry.detail.items())
        cells = [
            entry.at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            entry.user_name,
            said(entry.role_title),
            said(entry.action_title),
            entry.action,
            entry.object_title,
            entry.object_key,
            detail,
            entry.reason,
            entry.address or "",
            str(getattr(entry, "position", None) or ""),
        ]
        writer.writerow([f"'{cell}" if looks_like_formula(cell) else cell for cell in cells])
    return out.getvalue().encode("utf-8-sig")
