"""What is not out is nowhere: no page, no feed, no search, no answer of the API, no count, no file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from accounts.actors import VISITOR, Actor
from core import clock
from news import queries, slots
from news.models import Article
from news.services import attachments
from tests.news.services.test_bulletins import act, imported
from tests.news.world import AT, World, signed_in

SECRET = "机密"
LISTS = (
    "/news/",
    "/news/sections/industry/",
    "/news/feed/",
    "/news/sections/industry/feed/",
    "/news/bulletins/",
    "/api/v1/articles/",
    "/api/v1/articles/?updated_since=2026-01-01T00:00:00%2B08:00",
    "/api/v1/articles/?section=industry",
    "/api/v1/articles/withdrawn/?updated_since=2026-01-01T00:00:00%2B08:00",
    "/api/v1/bulletins/",
    "/",
    "/search/?q=机密",
    "/carriers/FH-1/",
)


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(2026, 5, 21, 9, 0)


def readers(world: World) -> list[tuple[str, Client]]:
    """Everybody who may not know of it; the auditor looks over editors' shoulders."""
    return [(name, signed_in(actor)) for name, actor in world.strangers() if name != "auditor"]


def test_no_list_feed_search_or_page_of_the_carrier_holds_it(world: World) -> None:
    out = world.published(title="公开的一篇", carriers=("FH-1",))
    world.embargoed()
    for name, client in readers(world):
        for url in LISTS:
            answer = client.get(url, follow=True)
            assert SECRET not in answer.content.decode().replace('value="机密"', "").replace(
                "q=机密", ""
            ).replace("“机密”", ""), (name, url)
        assert out.title in client.get("/news/").content.decode()
        assert out.title in client.get("/news/feed/").content.decode()


def test_a_section_that_came_with_an_issue_is_named_once_the_issue_is_out(world: World) -> None:
    bulletin = imported(world)
    for url in ("/news/sections/di-fang-zhi-sheng/", "/news/sections/di-fang-zhi-sheng/feed/"):
        assert Client().get(url).status_code == 404
    assert "地方之声" not in Client().get("/news/").content.decode()
    act(act(bulletin, "submit", world.first), "publish", world.second)
    assert Client().get("/news/sections/di-fang-zhi-sheng/").status_code == 200
    assert "地方之声" in Client().get("/news/").content.decode()


def test_its_own_address_is_that_of_nothing(world: World) -> None:
    for article in world.embargoed():
        for name, client in readers(world):
            for url in (f"/news/{article.pk}/", f"/api/v1/articles/{article.pk}/"):
                assert client.get(url).status_code == 404, (name, article.title, url)


def test_its_files_have_no_address(world: World) -> None:
    article = world.draft(title="机密草稿")
    held = attachments.attach(
        actor=world.first, article_id=article.pk, content=b"%PDF-1", name="a.pdf", title="", at=AT
    )
    url = f"/news/{article.pk}/files/{held.pk}/"
    assert {client.get(url).status_code for _name, client in readers(world)} == {404}
    world.act(world.act(article, "submit"), "publish", world.second)
    answer = Client().get(url)
    assert (answer.status_code, answer.getvalue()) == (200, b"%PDF-1")
    assert answer["Content-Disposition"].startswith("attachment")


def test_no_count_and_no_query_knows_it(world: World) -> None:
    world.published(title="公开的一篇")
    world.embargoed()
    at = clock.now()
    assert queries.published_articles(at=at).count() == 1
    for actor in [actor for name, actor in world.strangers() if name != "auditor"]:
        assert Article.objects.visible_to(actor).count() == 1
        assert slots.search(actor, SECRET) == slots.search(actor, "密号") == []
    assert slots.panels_for(world.carrier, VISITOR) == []
    assert "共 1 条" in Client().get("/news/").content.decode()


def test_a_scheduled_article_comes_out_at_its_instant(world: World, at: Callable[..., datetime]) -> None:
    article = world.published(title="定时的一篇", out_at=datetime(2026, 6, 1, 9, 0, tzinfo=clock.SHANGHAI))
    url = f"/news/{article.pk}/"
    for moment, status in (((2026, 6, 1, 8, 59), 404), ((2026, 6, 1, 9, 0), 200)):
        at(*moment)
        assert Client().get(url).status_code == status
    since = "/api/v1/articles/?updated_since=2026-05-31T00:00:00%2B08:00"
    assert [one["id"] for one in Client().get(since).json()["results"]] == [article.pk]


def test_who_copied_an_article_learns_that_it_was_taken_back_and_nothing_more(world: World) -> None:
    drafts = world.embargoed()
    answer = Client().get("/api/v1/articles/withdrawn/?updated_since=2026-01-01T00:00:00%2B08:00")
    rows = answer.json()["results"]
    assert {row["id"] for row in rows} == {drafts[3].pk, drafts[4].pk}
    assert all(set(row) == {"id", "withdrawn_at"} for row in rows)
    assert Client().get("/api/v1/articles/withdrawn/").status_code == 400


def test_editors_see_drafts_on_pages_that_nobody_stores(world: World) -> None:
    article = world.embargoed()[0]
    for actor in (world.first, world.auditor):
        answer = signed_in(actor).get(f"/news/{article.pk}/")
        assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
        assert "尚未发布" in answer.content.decode()


def test_lists_are_the_same_for_editors_and_visitors(world: World) -> None:
    """A public page may be kept by a cache on the way: it never holds more for some."""
    world.embargoed()
    editor: Actor = world.first
    for url in ("/news/", "/news/bulletins/", "/news/feed/"):
        assert SECRET not in signed_in(editor).get(url).content.decode()
