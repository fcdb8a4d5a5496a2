"""An editor's home: articles on their way, what comes out by itself, issues with doubts, silent sections."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from accounts.actors import VISITOR, Actor
from core.slots import HomePart
from news import slots
from news.models import Article, Bulletin, Section
from news.services import articles
from news.services.articles import Draft, version_of
from tests.news.services.test_bulletins import act, imported, released
from tests.news.world import AT, World

NOW = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(*NOW.timetuple()[:5])


def parts_of(actor: Actor) -> dict[str, HomePart]:
    return {part.template: part for part in slots.home_for(actor)}


def shown(part: HomePart) -> str:
    return render_to_string(part.template, {"part": part.context})


def of(actor: Actor, name: str) -> dict[str, Any]:
    return dict(parts_of(actor)[f"news/_home_{name}.html"].context)


def on_their_way(actor: Actor) -> list[tuple[str, str, bool]]:
    return [(row.article.title, str(row.status.word), row.mine) for row in of(actor, "articles")["rows"]]


def test_my_drafts_stand_before_others_each_with_its_state(world: World) -> None:
    world.draft(title="我的草稿")
    back = world.act(world.draft(title="我的退稿"), "submit")
    world.act(back, "send_back", world.second, comment="补充")
    world.act(world.draft(title="我的送审"), "submit")
    written = articles.write(
        actor=world.second, draft=Draft(title="别人的草稿", section="industry", text="一段。"), at=AT
    )
    sent = articles.write(
        actor=world.second, draft=Draft(title="别人的送审", section="industry", text="一段。"), at=AT
    )
    articles.act(actor=world.second, article_id=sent.pk, action="submit", version=version_of(sent), at=AT)
    mine = {row for row in on_their_way(world.first) if row[2]}
    assert mine == {
        ("我的草稿", "草稿", True),
        ("我的退稿", "退回修改", True),
        ("我的送审", "送审中", True),
    }
    found = on_their_way(world.first)
    assert [row[2] for row in found] == [True] * 3 + [False] * 2
    assert set(found[3:]) == {(written.title, "草稿", False), (sent.title, "待我审核", False)}
    assert ("我的送审", "待我审核", False) in on_their_way(world.second)


def test_a_draft_that_nobody_touches_turns_amber(world: World, at: Callable[..., datetime]) -> None:
    world.draft()
    at(*(AT + timedelta(days=13, hours=23)).timetuple()[:5])
    (row,) = of(world.first, "articles")["rows"]
    assert (row.days, row.is_old) == (13, False)
    at(*(AT + timedelta(days=14)).timetuple()[:5])
    (row,) = of(world.first, "articles")["rows"]
    assert (row.days, row.is_old) == (14, True)


def test_articles_of_an_issue_on_its_way_are_not_listed_twice(world: World) -> None:
    imported(world)
    assert on_their_way(world.first) == []
    assert "没有在办的稿件" in shown(parts_of(world.first)["news/_home_articles.html"])


def test_what_is_scheduled_stands_with_its_clock_and_is_not_counted_as_out(world: World) -> None:
    later = AT + timedelta(days=5, hours=2, minutes=30)
    world.published(title="定时的一篇", out_at=later)
    world.published(title="已出的一篇")
    context = of(world.first, "articles")
    assert [one.title for one in context["coming"]] == ["定时的一篇"]
    assert [(one.code, one.recent) for one in context["recent"]] == [("industry", 1)]
    text = shown(parts_of(world.first)["news/_home_articles.html"])
    assert "05-25 12:30" in text and "近 30 天发布 1 篇" in text


def test_only_the_last_thirty_days_are_counted(world: World, at: Callable[..., datetime]) -> None:
    world.published()
    at(*(AT + timedelta(days=30)).timetuple()[:5])
    assert of(world.first, "articles")["recent"] == []
    assert "这段时间没有发布" in shown(parts_of(world.first)["news/_home_articles.html"])


def test_sections_without_anything_new_for_sixty_days(world: World, at: Callable[..., datetime]) -> None:
    world.published()
    Section.objects.create(code="hidden", title="不在首页", on_home=False)
    assert [(one.code, days) for one, days in of(world.first, "silent")["rows"]] == [("notices", None)]
    world.published(section="notices")
    assert "news/_home_silent.html" not in parts_of(world.first)
    at(*(AT + timedelta(days=60)).timetuple()[:5])
    rows = of(world.first, "silent")["rows"]
    assert [(one.code, days) for one, days in rows] == [("notices", 60), ("industry", 60)]
    assert "60 天" in shown(parts_of(world.first)["news/_home_silent.html"])


def test_doubts_of_an_issue_are_open_until_the_article_is_changed(world: World) -> None:
    bulletin = imported(world)
    (row,) = of(world.first, "issues")["rows"]
    doubts = sum(len(one.doubts) for one in bulletin.articles.all()) + len(bulletin.doubts)
    assert (row.articles, row.doubts) == (3, doubts) and doubts
    (task,) = slots.tasks_for(world.first)
    assert (str(task.why), task.tone) == (f"共 3 篇文章，{doubts} 处存疑，逐篇与原文核对。", "warn")
    for one in bulletin.articles.all():
        Article.objects.filter(pk=one.pk).update(updated_at=AT + timedelta(hours=1))
    (row,) = of(world.first, "issues")["rows"]
    assert row.doubts == len(bulletin.doubts) == 0
    (task,) = slots.tasks_for(world.first)
    assert (str(task.why), task.tone) == ("共 3 篇文章，逐篇与原文核对。", "muted")


def test_the_last_issue_that_came_out_stands_below_those_on_their_way(world: World) -> None:
    out = released(world)
    context = of(world.first, "issues")
    assert context["rows"] == []
    assert (context["last"].bulletin, context["last"].articles) == (out, 3)
    act(out, "withdraw", world.first, "有误")
    assert "导入一期简报后" in shown(parts_of(world.first)["news/_home_issues.html"])


@pytest.mark.parametrize(("hours", "told"), [(0, False), (1, True), (7 * 24, True), (7 * 24 + 1, False)])
def test_a_notice_that_ends_within_a_week_is_a_task_with_its_clock(
    world: World, hours: int, told: bool
) -> None:
    ends = NOW + timedelta(hours=hours)
    world.published(title="将满的通知", section="notices", valid_until=ends)
    tasks = slots.tasks_for(world.first)
    assert [(str(one.title), one.due) for one in tasks] == ([("将满的通知", ends)] if told else [])


def test_a_draft_that_ends_soon_is_no_such_task(world: World) -> None:
    world.draft(title="将满的草稿", valid_until=NOW + timedelta(hours=5))
    assert slots.tasks_for(world.first) == []


def test_an_empty_newsroom_says_what_would_come(world: World) -> None:
    text = "".join(shown(part) for part in slots.home_for(world.first))
    for words in ("保存的草稿、送审和退回的稿件列在这里", "导入一期简报后", "写稿", "导入简报", "从未发布"):
        assert words in text


def test_nobody_else_has_these_parts(world: World) -> None:
    world.embargoed()
    imported(world)
    assert len(slots.home_for(world.second)) == 4
    for name, actor in [("visitor", VISITOR), *world.strangers()]:
        assert slots.home_for(actor) == [], name


@pytest.mark.parametrize("number", [3, 60])
def test_the_queries_do_not_grow(world: World, number: int) -> None:
    stamps = {"created_at": AT, "updated_at": AT, "created_by": world.second.user, "section": world.industry}
    out = {"state": "published", "published_by": world.first.user}
    issues = Bulletin.objects.bulk_create(
        Bulletin(title=f"孵化动态{n}", number=n + 1, created_at=AT) for n in range(number)
    )
    sections = Section.objects.bulk_create(Section(code=f"s{n}", title=f"栏目{n}") for n in range(number))
    tomorrow = NOW + timedelta(days=1)
    rows = []
    for n, (issue, section) in enumerate(zip(issues, sections, strict=True)):
        ends = {**stamps, "section": section, "valid_until": tomorrow}
        rows += [
            Article(title=f"草稿{n}", **stamps),
            Article(title=f"定时{n}", published_at=tomorrow, **stamps, **out),
            Article(title=f"刊内{n}", bulletin=issue, doubts=["疑"], **stamps),
            Article(title=f"将满{n}", published_at=AT, **ends, **out),
        ]
    Article.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as asked:
        for part in slots.home_for(world.first):
            shown(part)
    assert len(asked) == 6
    with CaptureQueriesContext(connection) as asked:
        slots.tasks_for(world.first)
    assert len(asked) == 4
