"""Two editors at one article or issue at the same instant, on a real server: one wins, the other is told."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from core.problems import Refused
from news.models import Article, ArticleMove, Bulletin, Section
from news.services import articles, bulletins
from news.services.articles import Draft, version_of
from tests.news.services.test_bulletins import CONTENT, ISSUE, imported
from tests.news.world import AT, World

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """What each of them got, each on a connection of its own: `done`, or the refusal's code."""
    start = threading.Barrier(len(acts))
    found: list[str] = [""] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            act()
            found[index] = "done"
        except Refused as refused:
            found[index] = refused.problems[0].code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(found)


def test_one_of_two_publications_wins() -> None:
    world = World()
    article = world.act(world.draft(), "submit")
    seen = version_of(article)

    def publish() -> Article:
        return articles.act(actor=world.second, article_id=article.pk, action="publish", version=seen, at=AT)

    assert at_once(publish, publish) == ["done", "move.state"]
    assert ArticleMove.objects.filter(article=article, action="publish").count() == 1


def test_one_file_read_in_twice_at_once_is_one_issue() -> None:
    world = World()

    def read_in() -> tuple[Bulletin, bool]:
        return bulletins.import_issue(actor=world.first, issue=ISSUE, content=CONTENT, name="a.txt", at=AT)

    assert at_once(read_in, read_in, read_in) == ["done"] * 3
    assert (Bulletin.objects.count(), Article.objects.count()) == (1, 3)
    assert Section.objects.filter(title="地方之声").count() == 1


def test_an_article_is_not_changed_behind_the_back_of_its_issues_review() -> None:
    world = World()
    bulletin = imported(world)
    article = bulletin.articles.order_by("position")[0]
    seen, version = version_of(article), bulletins.version_of(bulletin)
    found = at_once(
        lambda: bulletins.act(
            actor=world.first, bulletin_id=bulletin.pk, action="submit", version=version, at=AT
        ),
        lambda: articles.write(
            actor=world.second,
            draft=Draft("改过的题目", "industry", "改过。"),
            at=AT,
            article_id=article.pk,
            version=seen,
        ),
    )
    assert found in (["article.in_issue", "done"], ["done", "done"])
    article.refresh_from_db()
    submitted = ArticleMove.objects.get(bulletin=bulletin, action="submit")
    assert submitted and (found == ["done", "done"]) == (article.title == "改过的题目")
