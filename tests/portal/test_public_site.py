"""Publicity, search, help and the map of the site, as everybody sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from evaluation.models import Run
from news.models import Article, Section
from tests.evaluation import world as evaluation
from tests.evaluation.world import AT
from tests.funding import world as funding
from tests.news import world as news
from tests.news.services.test_bulletins import released

NOW = (2026, 5, 21, 9, 0)


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(*NOW)


def page(url: str, **given: str) -> str:
    answer = Client().get(url, given)
    assert answer.status_code == 200, url
    return answer.content.decode()


@pytest.mark.parametrize("state", ["draft", "frozen", "scored"])
def test_a_run_is_not_told_of_before_publicity(db: None, state: str) -> None:
    run = evaluation.World().run(state)
    for url in ("/", "/publicity/", "/evaluation/", "/sitemap.xml"):
        assert run.title not in page(url) and f"/runs/{run.pk}/" not in page(url)


def test_a_run_in_publicity_stands_first_with_its_working_days(db: None) -> None:
    run = evaluation.World().run("publicised")
    for url in ("/", "/publicity/"):
        words = page(url)
        assert run.title in words and "公示中" in words and "个工作日" in words
        assert "/help/#objection" in words
    words = page("/evaluation/")
    assert run.title in words and "公示中" in words and "提出异议" in words
    Run.objects.filter(pk=run.pk).update(publicity_ends_at=datetime.fromisoformat("2026-05-22T00:00+08:00"))
    assert "今日截止" in page("/publicity/")
    Run.objects.filter(pk=run.pk).update(publicity_ends_at=datetime.fromisoformat("2026-05-21T00:00+08:00"))
    words = page("/publicity/")
    assert "公示期满" in words and "现在没有公示" in words and ">提出异议<" not in words


def test_results_and_money_are_listed_by_year_with_their_sums(db: None) -> None:
    world = funding.World()
    world.confirmed()
    words = page("/publicity/")
    assert "2026 年公告" in words and "万元" in words and "级 " in words
    assert "没有符合条件的结果" in page("/publicity/", q="没有这样的")
    assert "2026 年公告" in page("/publicity/", year="1999")  # no year of the list
    for url in ("/funding/", "/evaluation/"):
        assert "/publicity/" in page(url)


def test_money_that_is_not_decided_is_not_told_of(db: None) -> None:
    world = funding.World()
    drafted = world.draft()
    assert drafted.policy.title not in page("/publicity/") + page("/funding/")


def test_results_are_narrowed_by_grade_city_and_words(db: None) -> None:
    world = evaluation.World()
    run = world.run("published")
    url = f"/evaluation/runs/{run.pk}/results/"
    everyone = page(url)
    entries = list(run.entries.exclude(grade="").select_related("carrier", "city"))
    assert all(one.carrier.code in everyone for one in entries) and f"共 {len(entries)} 条" in everyone
    first = entries[0]
    found = page(url, q=first.carrier.code)
    assert first.carrier.code in found and "共 1 条" in found
    same = [one.carrier.code for one in entries if one.grade == first.grade]
    assert f"共 {len(same)} 条" in page(url, grade=first.grade)
    assert "没有符合条件的结果" in page(url, q="没有这样的")


def test_lists_that_editors_tell_are_open_until_their_end(db: None) -> None:
    world = news.World()
    Section.objects.create(code="publicity", title="公示公告")
    world.published(title="拟认定名单", section="publicity", valid_until=AT + timedelta(days=5))
    world.published(title="往年名单", section="publicity", valid_until=AT + timedelta(hours=2))
    world.draft(title="机密名单", section="publicity")
    open_now, rest = page("/publicity/").split("年公告", 1)
    assert "拟认定名单" in open_now and "往年名单" in rest and "机密名单" not in open_now + rest


def test_publicity_asks_as_much_with_sixty_as_with_three(db: None) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            page("/publicity/")
        return len(found)

    world = news.World()
    Section.objects.create(code="publicity", title="公示公告")
    for n in range(3):
        world.published(title=f"名单{n}", section="publicity", valid_until=AT + timedelta(days=5))
    few = asked()
    rows = list(Article.objects.all())
    for n in range(57):
        copy = rows[n % len(rows)]
        copy.pk = None
        copy.save(force_insert=True)
    assert asked() == few <= 7


def search(**given: str) -> str:
    return page("/search/", **given).split('<main id="content"')[1].split("</main>")[0]


def test_search_groups_what_it_finds_and_counts_it(db: None) -> None:
    world = news.World()
    carrier = world.carrier
    Section.objects.create(code="publicity", title="公示公告")
    for n in range(22):
        world.published(title=f"孵化器通知{n}", section="notices", document_number=f"示{n}号")
    world.published(title="孵化器名单", section="publicity")
    words = search(q="孵化器")
    assert carrier.name in words and "查看全部 22 条" in words and "孵化器名单" in words
    for scope, there, absent in (
        ("carriers", carrier.name, "孵化器通知"),
        ("articles", "孵化器通知", carrier.name),
        ("publicity", "孵化器名单", "孵化器通知"),
        ("nobody-offers-this", carrier.name, "没有找到"),
    ):
        words = search(q="孵化器", scope=scope)
        assert there in words and absent not in words, scope


def test_search_finds_issues_by_what_is_in_them(db: None) -> None:
    released(news.World())
    assert "/news/bulletins/" in search(q="实验室", scope="bulletins")
    assert "没有找到" in search(q="实验室", scope="carriers")


def test_search_that_finds_nothing_says_what_to_try(db: None) -> None:
    assert "拼音首字母" in search(q="没有这样的")
    assert "范围改为“全部”" in search(q="没有这样的", scope="bulletins")
    assert "没有找到" not in search(q="")


def test_search_tells_nothing_that_is_not_out(db: None) -> None:
    news.World().embargoed()
    assert "没有找到" in search(q="机密") and "没有找到" in search(q="密号")


def test_help_speaks_to_each_reader_and_privacy_names_whom_to_ask(db: None, settings: object) -> None:
    settings.SITE = {**settings.SITE, "hotline": "热线号码"}  # type: ignore[attr-defined]
    words = page("/help/")
    for place in ("public", "carrier", "officer", "expert", "objection", "verify", "figures"):
        assert f'id="{place}"' in words
    for url in ("/help/", "/privacy/", "/accessibility/"):
        assert "热线号码" in page(url)


def test_the_map_lists_what_opens(db: None) -> None:
    world = news.World()
    world.embargoed()
    article = world.published(title="看得到")
    found = set(re.findall("<loc>([^<]+)</loc>", page("/sitemap.xml")))
    assert all(url.startswith("http://") for url in found)
    paths = {"/" + url.split("/", 3)[3] for url in found}
    assert {f"/news/{article.pk}/", f"/carriers/{world.carrier.code}/", "/publicity/"} <= paths
    assert len([path for path in paths if path.startswith("/news/") and path[6:-1].isdigit()]) == 1
    assert {path: Client().get(path).status_code for path in sorted(paths)} == dict.fromkeys(
        sorted(paths), 200
    )
    assert "/sitemap.xml" in page("/robots.txt") and "/publicity/" in page("/sitemap/")


def test_the_list_is_the_same_for_those_who_may_know_more(db: None) -> None:
    world = evaluation.World()
    run = world.run("scored")
    for actor in (world.officer, world.auditor, world.editor):
        assert run.title not in news.signed_in(actor).get("/publicity/").content.decode()
