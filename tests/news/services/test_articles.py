"""An article is written by one editor, published by another, and never changed where it stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.actors import PORTAL
from core.problems import Refused
from news.models import Article, ArticleMove, Attachment
from news.rules.cleaning import cleaned
from news.services import articles, attachments
from news.services.articles import Draft, version_of
from office.models import AuditEntry, Notice
from tests.news.payloads import PAYLOADS, assert_harmless
from tests.news.world import AT, World


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_one_writes_another_publishes_and_every_step_is_recorded(world: World) -> None:
    article = world.published()
    article.refresh_from_db()
    assert (article.state, article.published_at, article.published_by) == ("published", AT, world.second.user)
    moves = [(move.action, move.by) for move in article.moves.all()]
    assert moves == [("submit", world.first.user), ("publish", world.second.user)]
    acts = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert acts == ["article.write", "article.submit", "article.publish"]


def test_who_submitted_does_not_publish(world: World) -> None:
    article = world.act(world.draft(), "submit")
    with pytest.raises(Refused) as refused:
        world.act(article, "publish", world.first)
    assert codes(refused) == ["news.second_person"]
    article.refresh_from_db()
    assert article.state == "in_review" and article.published_at is None


def test_another_editor_may_submit_and_then_the_writer_publishes(world: World) -> None:
    article = world.act(world.draft(), "submit", world.second)
    assert world.act(article, "publish", world.first).state == "published"


LEGAL = {
    "draft": {"submit"},
    "in_review": {"send_back", "publish"},
    "published": {"withdraw"},
    "withdrawn": {"reopen"},
}


@pytest.mark.parametrize("state", LEGAL)
@pytest.mark.parametrize("action", ["submit", "send_back", "publish", "withdraw", "reopen"])
def test_every_move_of_every_role_from_every_state(world: World, state: str, action: str) -> None:
    article = world.draft()
    if state != "draft":
        article = world.act(article, "submit")
    if state in ("published", "withdrawn"):
        article = world.act(article, "publish", world.second)
    if state == "withdrawn":
        article = world.act(article, "withdraw", comment="有误")
    before = ArticleMove.objects.count()
    for _name, actor in [*world.strangers(), ("system", PORTAL)]:
        with pytest.raises((Refused, Article.DoesNotExist)):
            world.act(article, action, actor, comment="意见")
    article.refresh_from_db()
    assert (article.state, ArticleMove.objects.count()) == (state, before)
    if action in LEGAL[state]:
        world.act(article, action, world.second, comment="意见")
        assert ArticleMove.objects.count() == before + 1
    else:
        with pytest.raises(Refused) as refused:
            world.act(article, action, world.second, comment="意见")
        assert codes(refused) == ["move.state"]


@pytest.mark.parametrize("action", ["send_back", "withdraw", "reopen"])
def test_taking_back_wants_a_reason(world: World, action: str) -> None:
    article = world.act(world.draft(), "submit")
    if action != "send_back":
        article = world.act(article, "publish", world.second)
    if action == "reopen":
        article = world.act(article, "withdraw", comment="有误")
    with pytest.raises(Refused) as refused:
        world.act(article, action, world.second, comment=" ")
    assert codes(refused) == ["move.comment"]


def test_a_stale_page_changes_nothing(world: World) -> None:
    article = world.draft()
    seen = version_of(article)
    articles.write(
        actor=world.second,
        draft=Draft("改过的题目", "industry", "改过的正文。"),
        at=AT + timedelta(minutes=1),
        article_id=article.pk,
        version=seen,
    )
    for act in (
        lambda: articles.write(
            actor=world.first,
            draft=Draft("旧的题目", "industry", "旧的正文。"),
            at=AT,
            article_id=article.pk,
            version=seen,
        ),
        lambda: world.act(article, "submit", version=seen),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert codes(refused) == ["article.moved"]
    article.refresh_from_db()
    assert (article.title, article.state) == ("改过的题目", "draft")


def test_what_is_in_review_or_out_is_not_changed_in_place(world: World) -> None:
    for article in (world.act(world.draft(), "submit"), world.published()):
        with pytest.raises(Refused) as refused:
            articles.write(
                actor=world.first,
                draft=Draft("新的题目", "industry", "新的正文。"),
                at=AT,
                article_id=article.pk,
                version=version_of(article),
            )
        assert codes(refused) == ["article.state"]


def test_a_draft_is_refused_with_everything_that_is_wrong(world: World) -> None:
    draft = Draft("题", "none", "", "", source="源" * 121, document_number="有\x07铃", carriers=("NONE",))
    with pytest.raises(Refused) as refused:
        articles.write(actor=world.first, draft=draft, at=AT)
    assert set(codes(refused)) == {
        "article.title",
        "article.section",
        "article.length",
        "article.carrier",
        "article.empty",
        "words.control",
    }
    assert not Article.objects.exists()


def test_200_kilobytes_are_the_limit(world: World) -> None:
    assert world.draft(text="a" * 200 * 1024).pk
    for more in ({"text": "a" * (200 * 1024 + 1)}, {"text": "", "html": "字" * 70_000}):
        with pytest.raises(Refused) as refused:
            world.draft(**more)
        assert codes(refused) == ["article.length"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_rich_text_is_cleaned_when_it_is_saved(world: World, payload: str) -> None:
    article = world.draft(text="", html=f"<p>正文</p>{payload}")
    article.refresh_from_db()
    assert article.html == cleaned(article.html)
    assert_harmless(article.html)


def test_the_summary_is_words(world: World) -> None:
    assert world.draft(text="", html="<p>研发 &amp; 转化</p>").summary == "研发 & 转化"
    assert world.draft(text="## 一、进展\n正文。").summary == "一、进展"


def test_a_scheduled_article_counts_as_changed_when_it_comes_out(world: World) -> None:
    later = AT + timedelta(days=3)
    article = world.published(out_at=later)
    assert (article.published_at, article.updated_at) == (later, later)
    assert not Article.objects.public(later - timedelta(seconds=1)).exists()
    assert Article.objects.public(later).get() == article
    with pytest.raises(Refused) as refused:
        world.published(out_at=AT)
    assert codes(refused) == ["article.out_at"]


def test_editors_are_told_of_each_others_steps(world: World) -> None:
    article = world.act(world.draft(), "submit")
    told = Notice.objects.get()
    assert told.recipient == world.second.user and told.link == f"/news/desk/{article.pk}/"
    world.act(article, "send_back", world.second, comment="请补充时间")
    assert list(Notice.objects.filter(recipient=world.first.user).values_list("sentence", flat=True)) == [
        "“{title}”已退回修改。"
    ]


def test_files_are_taken_while_it_is_a_draft(world: World) -> None:
    article = world.draft()

    def attach(**more: object) -> Attachment:
        fields = {"content": b"%PDF-", "name": "申报表.pdf", "title": ""}
        return attachments.attach(
            actor=world.first,
            article_id=article.pk,
            at=AT,
            **{**fields, **more},  # type: ignore[arg-type]
        )

    held = attach()
    assert held.title == "申报表"
    for more, code in (
        ({"name": "运行.exe"}, "attachment.kind"),
        ({"content": b""}, "attachment.size"),
        ({"title": "长" * 121}, "attachment.title"),
    ):
        with pytest.raises(Refused) as refused:
            attach(**more)
        assert codes(refused) == [code]
    world.act(article, "submit")
    with pytest.raises(Refused):
        attach()
    with pytest.raises(Refused):
        attachments.detach(actor=world.first, article_id=article.pk, attachment_id=held.pk, at=AT)
    world.act(article, "send_back", world.second, comment="换附件")
    attachments.detach(actor=world.first, article_id=article.pk, attachment_id=held.pk, at=AT)
    assert not article.attachments.exists()


def test_nobody_but_editors_writes_or_attaches(world: World) -> None:
    article = world.draft()
    for _name, actor in [*world.strangers(), ("system", PORTAL)]:
        with pytest.raises(Refused):
            articles.write(actor=actor, draft=Draft("题目", "industry", "正文。"), at=AT)
        with pytest.raises(Refused):
            attachments.attach(
                actor=actor, article_id=article.pk, content=b"x", name="a.pdf", title="", at=AT
            )
    assert Article.objects.count() == 1
