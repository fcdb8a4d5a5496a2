"""A past bulletin becomes drafts once, is checked, and comes out whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from accounts.actors import PORTAL
from core.problems import Refused
from core.text import T
from news import queries
from news.models import Article, ArticleMove, Bulletin, Section
from news.rules.bulletin_issue import Article as Read
from news.rules.bulletin_issue import Block, BlockKind, Issue, Source, SourceKind, issue_data
from news.rules.bulletin_issue import Section as Part
from news.services import articles, bulletins
from news.services.articles import Draft, version_of
from office.models import StoredFile
from tests.news.world import AT, World

P, S = BlockKind.PARAGRAPH, BlockKind.SUBHEAD
ISSUE = Issue(
    (
        Part(
            "行业动态",
            (
                Read(
                    "实验室开放预约",
                    Source("“澜江创业”微信公众号", SourceKind.WECHAT),
                    (Block(P, "首批开放三间。"), Block(S, "一、预约"), Block(P, "线上预约。")),
                    doubts=(T("小标题不确定。"),),
                ),
                Read("中试平台建成", None, (Block(P, "平台建成。"),)),
            ),
        ),
        Part("地方之声", (Read("方案出台", Source("示例日报", SourceKind.PRESS), (Block(P, "方案。"),)),)),
    ),
    number=12,
    date=date(2026, 4, 30),
)
CONTENT = "简报".encode()


def imported(world: World, issue: Issue = ISSUE, content: bytes = CONTENT) -> Bulletin:
    found, _made = bulletins.import_issue(
        actor=world.first, issue=issue, content=content, name="a.txt", at=AT
    )
    return found


def act(bulletin: Bulletin, action: str, actor: object, comment: str = "") -> Bulletin:
    bulletin.refresh_from_db()
    return bulletins.act(
        actor=actor,  # type: ignore[arg-type]
        bulletin_id=bulletin.pk,
        action=action,
        version=bulletins.version_of(bulletin),
        at=AT,
        comment=comment,
    )


def released(world: World) -> Bulletin:
    return act(act(imported(world), "submit", world.first), "publish", world.second)


def test_everything_that_was_read_is_kept(world: World) -> None:
    bulletin = imported(world)
    assert (bulletin.state, bulletin.number, bulletin.date) == ("draft", 12, date(2026, 4, 30))
    kept = queries.issue_of(bulletin, at=AT, drafts=True)
    bare = [[replace(one, doubts=()) for one in part.articles] for part in ISSUE.sections]
    assert [list(part.articles) for part in kept.sections] == bare
    assert issue_data(kept)["sections"][0]["title"] == "行业动态"
    first = bulletin.articles.order_by("position").first()
    assert first is not None and first.doubts == ["小标题不确定。"] and first.confidence == 1
    made = Section.objects.get(title="地方之声")
    assert made.code == "di-fang-zhi-sheng" and not made.on_home
    assert Section.objects.get(title="行业动态") == world.industry


def test_the_same_file_again_changes_nothing(world: World) -> None:
    first = imported(world)
    counts = [model.objects.count() for model in (Bulletin, Article, Section, StoredFile)]
    again, made = bulletins.import_issue(
        actor=PORTAL, issue=ISSUE, content=CONTENT, name="b.txt", at=AT + timedelta(days=1)
    )
    assert again == first and not made
    assert counts == [model.objects.count() for model in (Bulletin, Article, Section, StoredFile)]


def test_another_file_of_the_same_number_and_day_is_refused(world: World) -> None:
    imported(world)
    with pytest.raises(Refused) as refused:
        imported(world, content=b"other")
    assert refused.value.problems[0].code == "bulletin.twin"
    assert Bulletin.objects.count() == 1


def test_what_is_too_long_for_its_place_is_kept_in_the_text_and_said(world: World) -> None:
    title, source = "长" * 250, "源" * 150
    read = Read(title, Source(source, SourceKind.OTHER), (Block(P, "正文。"),))
    bulletin = imported(world, Issue((Part("栏" * 60, (read,)),), number=99_999))
    article = bulletin.articles.get()
    assert [one["text"] for one in article.blocks] == [title, "正文。", source]
    assert len(article.doubts) == 3 and "栏" * 60 in article.doubts[2]
    assert bulletin.number is None and "99999" in bulletin.doubts[0]


def test_sections_with_one_spelling_stay_apart(world: World) -> None:
    one = Read("甲篇", None, (Block(P, "甲。"),))
    imported(world, Issue((Part("实施", (one,)), Part("时事", (one,)), Part("", (one,)))))
    codes = dict(
        Section.objects.exclude(pk__in=[world.notices.pk, world.industry.pk]).values_list("title", "code")
    )
    assert codes == {"实施": "shi-shi", "时事": "shi-shi-2", "未分栏": "wei-fen-lan"}


def test_a_second_editor_publishes_the_issue_with_all_its_articles(world: World) -> None:
    bulletin = act(imported(world), "submit", world.first)
    with pytest.raises(Refused):
        act(bulletin, "publish", world.first)
    assert not Article.objects.public(AT).exists()
    act(bulletin, "publish", world.second)
    rows = Article.objects.public(AT)
    assert rows.count() == 3
    assert {(row.published_at, row.published_by) for row in rows} == {(AT, world.second.user)}
    assert ArticleMove.objects.filter(article__in=rows, action="publish").count() == 3


def test_taking_the_issue_back_takes_its_articles_back(world: World) -> None:
    bulletin = released(world)
    with pytest.raises(Refused):
        act(bulletin, "withdraw", world.first)
    act(bulletin, "withdraw", world.first, "内容有误")
    assert not Article.objects.public(AT).exists() and not Bulletin.objects.public(AT).exists()
    assert set(Article.objects.values_list("state", flat=True)) == {"withdrawn"}


def test_an_article_that_was_taken_back_alone_does_not_come_out_of_the_issue(world: World) -> None:
    bulletin = released(world)
    gone = bulletin.articles.order_by("position")[0]
    world.act(gone, "withdraw", comment="有误")
    shown = queries.issue_of(bulletin, at=AT, drafts=False)
    assert [one.title for one in shown.articles] == ["中试平台建成", "方案出台"]


def test_articles_go_with_their_issue_and_stand_still_while_it_is_checked(world: World) -> None:
    bulletin = imported(world)
    article = bulletin.articles.order_by("position")[0]
    with pytest.raises(Refused) as refused:
        world.act(article, "submit")
    assert refused.value.problems[0].code == "article.in_issue"
    act(bulletin, "submit", world.first)
    with pytest.raises(Refused) as refused:
        articles.write(
            actor=world.first,
            draft=Draft("改过的题目", "industry", "改过。"),
            at=AT,
            article_id=article.pk,
            version=version_of(article),
        )
    assert refused.value.problems[0].code == "article.in_issue"


def test_a_stale_page_moves_nothing(world: World) -> None:
    bulletin = imported(world)
    seen = bulletins.version_of(bulletin)
    act(act(bulletin, "submit", world.first), "send_back", world.second, "再核对")
    with pytest.raises(Refused) as refused:
        bulletins.act(actor=world.first, bulletin_id=bulletin.pk, action="submit", version=seen, at=AT)
    assert refused.value.problems[0].code == "bulletin.moved"


def test_number_and_date_are_put_right_while_it_is_a_draft(world: World) -> None:
    imported(world)
    other = imported(world, Issue(ISSUE.sections), b"other")
    fields = {"title": "孵化动态", "date": date(2026, 4, 30)}
    with pytest.raises(Refused) as refused:
        bulletins.describe(actor=world.first, bulletin_id=other.pk, number=12, at=AT, **fields)  # type: ignore[arg-type]
    assert refused.value.problems[0].code == "bulletin.twin"
    bulletins.describe(actor=world.first, bulletin_id=other.pk, number=13, at=AT, **fields)  # type: ignore[arg-type]
    act(other, "submit", world.first)
    with pytest.raises(Refused):
        bulletins.describe(actor=world.first, bulletin_id=other.pk, number=14, at=AT, **fields)  # type: ignore[arg-type]
    other.refresh_from_db()
    assert other.number == 13


def test_nobody_but_editors_reads_in_or_moves(world: World) -> None:
    bulletin = imported(world)
    for _name, actor in world.strangers():
        with pytest.raises(Refused):
            bulletins.import_issue(actor=actor, issue=ISSUE, content=b"x", name="x.txt", at=AT)
        with pytest.raises((Refused, Bulletin.DoesNotExist)):
            act(bulletin, "submit", actor)
    bulletin.refresh_from_db()
    assert bulletin.state == "draft" and Bulletin.objects.count() == 1
