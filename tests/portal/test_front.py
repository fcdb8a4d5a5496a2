"""The front page: what it shows of what is out, and what it says where nothing is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Region
from config import env
from core import clock
from figures.models import Figure
from news.models import Article, Section
from tests.news.services.test_bulletins import released
from tests.news.world import AT, World

NOW = (2026, 5, 21, 9, 0)


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(*NOW)


@pytest.fixture
def world(db: None) -> World:
    return World()


def front(**given: str) -> str:
    answer = Client().get("/", given)
    assert answer.status_code == 200
    return answer.content.decode()


def figure(region: Region, value: str, year: int = 2025, **more: Any) -> Figure:
    fields: dict[str, Any] = {
        "definition": "carriers",
        "base": "列统载体",
        "source": f"登记，{year} 年末",
        **more,
    }
    return Figure.objects.create(
        region=region,
        year=year,
        value=value,
        as_of=date(year, 12, 31),
        computed_at=clock.now(),
        published_at=clock.now(),
        **fields,
    )


def test_a_fresh_site_says_of_each_part_that_nothing_is_there_yet(db: None) -> None:
    words = front()
    for expected in (
        "还没有发布统计数字",
        "还没有分市的数字",
        "还没有历年的数字",
        "还没有通知公告",
        "现在没有公示",
        "还没有发布资讯",
    ):
        assert expected in words
    assert "正在办理" not in words


def test_what_is_open_stands_first_with_its_guide_and_how_many_others(world: World) -> None:
    Section.objects.create(code="guides", title="办事指南")
    guide = world.published(title="认定申报指南", section="guides")
    world.published(title="远的通知", section="notices", valid_until=AT + timedelta(days=40))
    world.published(title="已过的通知", section="notices", valid_until=AT + timedelta(hours=1))
    near = world.published(
        title="近的通知", section="notices", valid_until=AT + timedelta(days=9), guide=guide.pk
    )
    band = front().split('class="front-open"')[1].split("</div>")[0]
    assert "近的通知" in band and "远的通知" not in band and "已过的通知" not in band
    due = (AT + timedelta(days=9)).astimezone(clock.SHANGHAI)
    assert f"截止 <b>{due:%m-%d %H:%M}</b>" in band and "另有 1 项" in band
    assert "查看办事指南" in band and f"/news/{guide.pk}/" in band
    world.act(guide, "withdraw", comment="有误")
    band = front().split('class="front-open"')[1].split("</div>")[0]
    assert "查看办事指南" not in band and "查看通知" in band and f"/news/{near.pk}/" in band


def test_key_figures_stand_with_change_day_base_and_source(world: World) -> None:
    root, city = world.regions["990000"], world.regions["990100"]
    Region.objects.filter(pk=city.pk).update(tile_column=1, tile_row=1)
    figure(root, "1890", 2024)
    figure(root, "2145")
    figure(root, "50.04", definition="grade_a_share")
    figure(root, "1070", part="incubator")
    figure(city, "486")
    words = front()
    for expected in (
        "2,145",
        "+255",
        "+13.5",
        "2025-12-31",
        "列统载体",
        "登记，2025 年末",
        "50.0",
        "上年没有可比的数",
    ):
        assert expected in words
    assert 'href="/figures/carriers/"' in words and "/figures/carriers/data.csv" in words
    assert "486" in words and "看数据表" in words
    tenants = front(measure="tenants")
    assert "还没有分市的数字" in tenants


def test_a_trend_out_of_several_sources_says_so(world: World) -> None:
    root = world.regions["990000"]
    figure(root, "900", 2024, part="incubator")
    figure(root, "1070", part="incubator")
    assert "来源各年不同" not in front()
    figure(root, "800", 2023, part="incubator", source="统计年鉴，2023 年末")
    assert "来源各年不同" in front()


def test_unpublished_figures_are_not_shown(world: World) -> None:
    one = figure(world.regions["990000"], "2145")
    Figure.objects.filter(pk=one.pk).update(published_at=None)
    assert "2,145" not in front() and "还没有发布统计数字" in front()


def test_notices_that_are_open_come_before_newer_ones(world: World) -> None:
    world.published(title="先发的申报", section="notices", valid_until=AT + timedelta(days=9))
    for n in range(3):
        later = world.published(title=f"后发的通知{n}", section="notices", document_number=f"示{n}号")
        Article.objects.filter(pk=later.pk).update(published_at=AT + timedelta(hours=1))
    rows = front().split("通知公告</h2>")[1].split("公示与结果</h2>")[0]
    assert rows.index("先发的申报") < rows.index("后发的通知2") and "示2号" in rows and "全部 4 条" in rows


def test_sections_show_their_newest_with_a_way_to_the_rest_and_the_newest_issue(world: World) -> None:
    released(world)
    world.published(title="行业的一条", section="industry")
    words = front()
    assert "行业的一条" in words and "/news/sections/industry/" in words and "/news/feed/" in words
    assert "/news/bulletins/" in words.split("资讯</h2>")[1]


def test_nothing_that_is_not_out_is_on_it(world: World) -> None:
    world.embargoed()
    assert "机密" not in front() and "密号" not in front()


def test_it_asks_as_much_with_sixty_articles_as_with_three(world: World) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            front()
        return len(found)

    for n in range(3):
        world.published(title=f"通知{n}", section="notices", valid_until=AT + timedelta(days=3))
        world.published(title=f"动态{n}", section="industry")
    few = asked()
    rows = list(Article.objects.all())
    for n in range(57):
        copy = rows[n % len(rows)]
        copy.pk = None
        copy.save(force_insert=True)
    assert asked() == few <= 14


def test_the_foot_says_what_the_site_has_and_leaves_out_what_it_has_not(db: None, settings: Any) -> None:
    settings.SITE = {"support": "", "hotline": "", "address": "", "icp": "", "police_record": "", "code": ""}
    words = front()
    for absent in ("技术支持", "服务热线", "备案", "网站标识码"):
        assert absent not in words
    settings.SITE = {
        "support": "某某研究所",
        "hotline": "12345",
        "address": "某路 1 号",
        "icp": "某ICP备1号",
        "police_record": "某公网安备 2 号",
        "code": "9900000001",
    }
    words = front()
    for expected in settings.SITE.values():
        assert expected in words


def test_what_the_foot_says_can_be_set() -> None:
    assert {f"SITE_{name.upper()}" for name in settings.SITE} <= env.KNOWN


def test_an_english_reader_finds_no_chinese_but_names(world: World) -> None:
    client = Client(headers={"accept-language": "en"})
    for url in ("/", "/publicity/", "/help/", "/privacy/", "/accessibility/", "/sitemap/", "/search/?q=zzz"):
        words = client.get(url).content.decode()
        for said in (
            "正在办理",
            "公示与结果",
            "资讯<",
            "全部<",
            "主办单位",
            "网站地图",
            "搜索<",
            "怎样",
            "还没有",
        ):
            assert said not in words, (url, said)
