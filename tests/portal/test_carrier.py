"""A carrier's page: what is public to everybody, what more to those who work with it, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import VISITOR, Actor
from accounts.models import Region
from accounts.rules.roles import Role
from funding.services import allocations
from news.models import Article, Section
from portal.carriers import CarrierPage, carrier_page
from registry.models import Carrier, CarrierVersion, Operator, Stay, Tenant
from reporting.models import Campaign, Return
from tests.evaluation.world import YEAR, accepted, person
from tests.funding.world import AT, World

TENANT = "青芽科技公司"


@pytest.fixture
def world(db: None, at: Callable[..., datetime]) -> World:
    at(2026, 8, 1, 9, 0)
    made = World()
    first = made.carriers[0]
    who = Tenant.objects.create(
        credit_code="91990000MA00000101", name=TENANT, high_tech_since=date(2024, 1, 1)
    )
    Stay.objects.create(carrier=first, tenant=who, entered=date(2024, 6, 1), updated_at=AT)
    Campaign.objects.update(state="closed")
    return made


def shown(carrier: Carrier, actor: Actor = VISITOR) -> CarrierPage:
    found = Carrier.objects.select_related("operator", "region__parent").get(pk=carrier.pk)
    return carrier_page(found, actor, AT)


def html(world: World, actor: Actor, carrier: Carrier | None = None) -> str:
    client = Client()
    if actor.user is not None:
        client.force_login(actor.user)
    answer = client.get(f"/carriers/{(carrier or world.carriers[0]).code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def version(carrier: Carrier, on: date, basis: str, **more: Any) -> None:
    facts = {
        "name": carrier.name, "kind": carrier.kind, "carrier_class": carrier.carrier_class,
        "level": carrier.level, "operator": carrier.operator, "region": carrier.region, **more,
    }  # fmt: skip
    CarrierVersion.objects.create(carrier=carrier, valid_from=on, recorded_at=AT, basis=basis, **facts)


def filed(world: World, **totals: int) -> Carrier:
    """The fifth carrier with an accepted return of 2025 that has these totals."""
    accepted(world.campaign, world.carriers[4], {}, {code: str(number) for code, number in totals.items()})
    return world.carriers[4]


@pytest.mark.parametrize(
    ("who", "inside"),
    [("visitor", False), ("staff", True), ("other_staff", False), ("county", True), ("other_county", False),
     ("city", True), ("officer", True), ("expert", False), ("finance", False)],
)  # fmt: skip
def test_returns_and_scores_are_told_to_those_who_work_with_the_carrier_alone(
    world: World, who: str, inside: bool
) -> None:
    words = html(world, VISITOR if who == "visitor" else getattr(world, who))
    assert ("2025 年报" in words) == inside
    assert ("评价得分" in words) == inside
    assert "基本事实" in words and "FH-1孵化器" in words
    assert TENANT not in words


def test_an_officer_of_another_province_sees_what_a_visitor_sees(world: World) -> None:
    there = Region.objects.create(code="980000", name="邻省", level="province", path="/980000/")
    words = html(world, person("邻省甲", Role.PROVINCE_OFFICER, region=there))
    assert "评价得分" not in words and "2025 年报" not in words and "登记详情" not in words


def test_a_closed_carrier_is_unknown_to_the_public_alone(world: World) -> None:
    first = world.carriers[0]
    Carrier.objects.filter(pk=first.pk).update(state="closed")
    assert Client().get(f"/carriers/{first.code}/").status_code == 404
    assert "已注销" in html(world, world.county)


def test_facts_come_from_the_newest_accepted_return_and_say_so(world: World) -> None:
    one = filed(world, tenants=86, graduates_total=143, high_tech_tenants=24, area_total=24000)
    tenants, graduates, area, high_tech, paid = shown(one).facts
    assert [fact.value for fact in (tenants, graduates, area, high_tech)] == [86, 143, 24000, 24]
    assert str(tenants.note) == "2025 年末 · 年度报表"
    assert high_tech.share is not None and round(high_tech.share, 1) == Decimal("27.9")
    assert paid.value is None


def test_a_return_that_may_still_change_is_not_told(world: World) -> None:
    one = filed(world, tenants=86)
    Stay.objects.update(carrier=one)
    assert shown(one).facts[0].value == 86
    Campaign.objects.filter(pk=world.campaign.pk).update(state="open")
    tenants, *_ = shown(one).facts
    assert (tenants.value, str(tenants.note)) == (1, "截至 2026-06-29 · 入驻登记")
    Campaign.objects.filter(pk=world.campaign.pk).update(state="closed")
    Return.objects.filter(carrier=one).update(state="at_city", accepted_at=None, city_passed_at=None)
    assert shown(one).facts[0].value == 1


def test_nothing_is_told_where_nothing_is_known(world: World) -> None:
    facts = shown(world.carriers[4]).facts
    assert [fact.value for fact in facts] == [None] * 5


def test_only_money_that_was_decided_counts(world: World) -> None:
    draft = world.draft()
    assert shown(world.carriers[0]).facts[-1].value is None
    total = sum((award.amount for award in draft.awards.filter(carrier=world.carriers[0])), Decimal(0))
    allocations.confirm(actor=world.second_payer, allocation_id=draft.pk, expected=draft.version, at=AT)
    paid = shown(world.carriers[0]).facts[-1]
    assert paid.value == (total / 10_000).quantize(Decimal("0.01"))
    assert str(paid.note) == "2025 年 · 奖补台账"
    assert "公共奖补" in html(world, VISITOR)


def test_the_parts_of_the_area_make_up_the_whole(world: World) -> None:
    area = shown(filed(world, area_total=24000, area_tenants=21720, area_service=2904, area_office=1272)).area
    assert area is not None
    assert [part.value for part in area.parts] == [1272, 18816, 2904, 1008]
    assert round(sum(part.share for part in area.parts), 6) == 100
    assert shown(world.carriers[1]).area is None


def test_history_tells_levels_names_events_and_published_grades(world: World) -> None:
    first = world.carriers[0]
    version(first, date(2018, 8, 1), "列入统计", level="city", name="旧名孵化中心")
    version(first, date(2020, 3, 1), "示科孵〔2020〕8号", name="旧名孵化中心")
    version(first, date(2021, 4, 1), "更名备案")
    version(first, date(2023, 10, 1), "限期整改通知")
    version(first, date(2024, 6, 1), "降级决定", level="city")
    section = Section.objects.create(code="notices", title="通知")
    notice = Article.objects.create(
        section=section, title="认定通知", document_number="示科孵〔2020〕8号", state="published",
        published_at=AT, published_by=world.editor.user, created_at=AT,
        updated_at=AT,
    )  # fmt: skip
    page = shown(first)
    assert page.former == [("旧名孵化中心", date(2018, 8, 1), date(2021, 4, 1))]
    told = [(line.when, str(line.what), line.words) for line in page.history.lines]
    assert ("2024-06-01", "级别", "市级") in told and ("2025", "等级", "C 合格") in told
    assert ("2021-04-01", "事件", "更名") in told
    bad = [dot.event.words for dot in page.history.wide.dots if dot.event.bad]
    assert bad == ["限期整改通知", "降级"]
    linked = {line.basis: line.url for line in page.history.lines}
    assert linked["示科孵〔2020〕8号"] == f"/news/{notice.pk}/" and linked["更名备案"] == ""
    assert page.history.since == date(2024, 6, 1)


def test_a_grade_that_is_only_publicised_is_not_history(world: World) -> None:
    run = world.run("publicised", year=YEAR - 1)
    assert run.entries.get(carrier=world.carriers[0]).grade
    told = shown(world.carriers[0]).history
    assert [line.when for line in told.lines if line.what.msgid == "等级"] == [str(YEAR)]
    assert told.last_grade is not None and told.last_grade.year == YEAR


def test_the_chain_shows_what_the_operator_has_and_the_nearest_of_what_is_missing(world: World) -> None:
    first = world.carriers[0]
    other = Operator.objects.create(credit_code="91990000MA00000202", name="另一运营公司")
    Carrier.objects.filter(pk__in=[one.pk for one in world.carriers[1:]]).update(operator=other)
    near = world.carriers[1]
    Carrier.objects.filter(pk=near.pk).update(kind="accelerator", name="近处加速器")
    stages = shown(first).chain.stages  # type: ignore[union-attr]
    assert [stage.count for stage in stages] == [0, 2, 0, 0]
    assert [stage.own for stage in stages] == [False, True, False, False]
    assert stages[1].members[0].own and stages[1].tenants == 1
    found = stages[2].nearest
    assert found is not None and (found.name, found.where) == ("近处加速器", "东县")
    assert stages[3].nearest is None
    Carrier.objects.filter(pk=first.pk).update(kind="university_park")
    assert shown(first).chain is None


def test_news_about_the_carrier_stand_on_its_page(world: World) -> None:
    section = Section.objects.create(code="dynamics", title="动态")
    for n in range(7):
        one = Article.objects.create(
            section=section,
            title=f"动态{n}",
            state="published",
            published_at=AT,
            created_at=AT,
            updated_at=AT,
            published_by=world.editor.user,
        )
        one.carriers.add(world.carriers[0])
    words = html(world, VISITOR)
    assert words.count('href="/news/') >= 5 and "共 7 条" in words
    assert "动态6" not in html(world, VISITOR, world.carriers[1])


@pytest.mark.parametrize("who", ["visitor", "officer"])
def test_as_many_queries_however_much_there_is(world: World, who: str) -> None:
    client = Client()
    if who == "officer":
        client.force_login(world.officer.user)  # type: ignore[arg-type]
    url = f"/carriers/{world.carriers[0].code}/"
    version(world.carriers[0], date(2019, 1, 1), "列入统计")
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for n in range(30):
        who_stays = Tenant.objects.create(credit_code=f"91990000MB{n:08d}", name=f"企业{n}")
        Stay.objects.create(
            carrier=world.carriers[0], tenant=who_stays, entered=date(2024, 1, 1), updated_at=AT
        )
        version(world.carriers[0], date(2020, 1, 1) + timedelta(days=n), f"文件{n}", name=f"名{n}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few) <= 30
