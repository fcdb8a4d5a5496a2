"""What editors see of their work: articles on their way, the bulletin, sections that fell silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, Count, Max, Q, QuerySet, Value, When
from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.roles import Role
from core import clock
from core.slots import HomePart
from core.text import T
from core.ui import Action, Status
from news import queries
from news.models import Article, Bulletin, Publication, Section

SHOWN = 10
FEW = 5
MONTH = timedelta(days=30)
SILENT = timedelta(days=60)
OLD_DAYS = 14  # a draft that nobody touched for so long asks for a look
UNFINISHED = (Publication.DRAFT, Publication.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """An article that is not out, with whose it is and for how many days nobody changed it."""

    article: Article
    status: Status
    mine: bool
    days: int

    @property
    def is_old(self) -> bool:
        return self.days >= OLD_DAYS


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue, how many articles it holds, how many doubts of its reading nobody has looked at."""

    bulletin: Bulletin
    articles: int
    doubts: int
    status: Status


def home_for(actor: Actor) -> list[HomePart]:
    """To editors alone: six queries, whatever the size."""
    if actor.role != Role.EDITOR:
        return []
    at = clock.now()
    sections = _sections(actor, at)
    desk = (T("编辑台"), reverse("news:desk"))
    issues = (T("全部简报"), reverse("news:bulletins"))
    quick = {
        "actions": [
            Action(T("写稿"), reverse("news:new"), "file-pen-line"),
            Action(T("导入简报"), reverse("news:import"), "file-up"),
        ]
    }
    parts = [
        HomePart(T("稿件"), "news/_home_articles.html", _articles(actor, sections, at), more=desk),
        HomePart(T("简报"), "news/_home_issues.html", _issues(actor, at), more=issues, order=60),
        HomePart(T("快捷办理"), "news/_home_quick.html", quick, place="aside", order=40),
    ]
    silent = _silent(sections, at)
    if silent:
        note = T("{n} 天没有新内容", n=SILENT.days)
        parts.append(
            HomePart(T("该更新的栏目"), "news/_home_silent.html", {"rows": silent}, place="aside", note=note)
        )
    return parts


def _sections(actor: Actor, at: datetime) -> list[Section]:
    """The standing sections, and others with something out of the last days; each with how many, and when
    the last came out. One query."""
    out = Q(articles__state=Publication.PUBLISHED, articles__published_at__lte=at)
    counted = Section.objects.visible_to(actor).annotate(
        recent=Count("articles", filter=out & Q(articles__published_at__gt=at - MONTH)),
        last=Max("articles__published_at", filter=out),
    )
    return list(counted.filter(Q(on_home=True) | Q(recent__gt=0)).order_by("position", "pk"))


def _silent(sections: Sequence[Section], at: datetime) -> list[tuple[Section, int | None]]:
    """Standing sections with nothing new, the longest silence first; days, None where nothing ever was."""
    rows = [(one, one.last) for one in sections if one.on_home]  # type: ignore[attr-defined]
    silent = [(one, last) for one, last in rows if last is None or last <= at - SILENT]
    silent.sort(key=lambda row: (row[1] is not None, row[1] or at))
    return [(one, None if last is None else (at - last).days) for one, last in silent[:SHOWN]]


def _articles(actor: Actor, sections: Sequence[Section], at: datetime) -> dict[str, object]:
    """One's own drafts before others', then what comes out by itself, then the last days' counts."""
    waiting = _on_their_way(actor)
    first = Case(When(created_by=actor.user_id, then=Value(0)), default=Value(1))
    rows = list(waiting.order_by(first, "-updated_at", "-pk")[: SHOWN + 1])
    coming = Article.objects.visible_to(actor).filter(state=Publication.PUBLISHED, published_at__gt=at)
    recent = [one for one in sections if one.recent]  # type: ignore[attr-defined]
    return {
        "rows": [_shown(row, actor, at) for row in rows[:SHOWN]],
        "more": len(rows) > SHOWN,
        "coming": list(
            coming.select_related("section")
            .only("title", "published_at", "section__title")
            .order_by("published_at", "pk")[:FEW]
        ),
        "recent": recent,
        "out": sum(one.recent for one in recent),  # type: ignore[attr-defined]
        "days": MONTH.days,
    }


def _on_their_way(actor: Actor) -> QuerySet[Article]:
    """Drafts and what is in review, without those that go out with an issue."""
    alone = Q(bulletin=None) | ~Q(bulletin__state__in=UNFINISHED)
    rows = Article.objects.visible_to(actor).filter(alone, state__in=UNFINISHED)
    shown = ("title", "state", "updated_at", "created_by", "created_by__name", "created_by__username")
    return (
        rows.select_related("section", "created_by")
        .only(*shown, "section__title")
        .annotate(submitter=queries.submitter("article"), last=queries.last_action())
    )


def _shown(row: Article, actor: Actor, at: datetime) -> OnItsWay:
    submitted_by_me = row.submitter == actor.user_id  # type: ignore[attr-defined]
    if row.state == Publication.IN_REVIEW:
        status = Status(T("送审中"), "info") if submitted_by_me else Status(T("待我审核"), "warn")
    elif row.last == "send_back":  # type: ignore[attr-defined]
        status = Status(T("退回修改"), "warn", "undo-2")
    else:
        status = Status(T("草稿"), "muted", "file-pen-line")
    return OnItsWay(row, status, row.created_by_id == actor.user_id, (at - row.updated_at).days)


def _issues(actor: Actor, at: datetime) -> dict[str, object]:
    """Issues on their way, and the last that came out."""
    known = Bulletin.objects.visible_to(actor)
    waiting = list(known.filter(state__in=UNFINISHED).order_by("-created_at", "-pk")[:FEW])
    last = known.public(at).order_by("-published_at", "-pk").first()
    held, doubts = queries.doubts_of([*waiting, *([last] if last else [])])
    return {
        "rows": [Issue(one, held[one.pk], doubts[one.pk], _status(one)) for one in waiting],
        "last": last and Issue(last, held[last.pk], 0, Status(T("已发布"), "ok")),
    }


def _status(bulletin: Bulletin) -> Status:
    if bulletin.state == Publication.IN_REVIEW:
        return Status(T("待审"), "warn")
    return Status(T("草稿"), "muted", "file-pen-line")
