"""The page of a carrier that carries on the past of others: their returns, grades, money, news, by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actors import VISITOR, Actor
from accounts.models import Region
from news.models import Article, Section
from portal.carriers import CarrierPage, carrier_page
from registry.models import Carrier
from registry.rules.lineage import LinkKind
from registry.services.lineage import Heir, Passing, carry_out
from reporting.models import Campaign
from tests.evaluation.world import accepted
from tests.funding.world import AT, World


@pytest.fixture
def world(db: None, at: Callable[..., datetime]) -> World:
    at(2026, 8, 1, 9, 0)
    made = World()
    Campaign.objects.update(state="closed")
    Region.objects.filter(parent=None).update(prefix="FH")
    return made


def go(world: World, kind: LinkKind, codes: list[Carrier], *heirs: Heir) -> list[Carrier]:
    """The carriers that go on."""
    passing = Passing(
        kind=kind, codes=[one.code for one in codes], heirs=heirs, happened_on=date(2026, 6, 1), basis="批复"
    )
    links = carry_out(actor=world.officer, passing=passing, at=AT)
    return list({link.successor_id: link.successor for link in links}.values())


def merged(world: World) -> Carrier:
    """The first two become one that is new."""
    (made,) = go(world, LinkKind.MERGER, world.carriers[:2], Heir(name="联合孵化器"))
    return made


def shown(carrier: Carrier, actor: Actor = VISITOR) -> CarrierPage:
    found = Carrier.objects.select_related("operator", "region__parent").get(pk=carrier.pk)
    return carrier_page(found, actor, AT)


def html(carrier: Carrier, actor: Actor = VISITOR) -> str:
    client = Client()
    if actor.user is not None:
        client.force_login(actor.user)
    answer = client.get(f"/carriers/{carrier.code}/")
    assert answer.status_code == 200
    return answer.content.decode()


def file(world: World, carrier: Carrier, **totals: str) -> None:
    accepted(world.campaign, carrier, {}, dict(totals))


def test_grades_of_those_before_it_are_told_with_their_names(world: World) -> None:
    page = shown(merged(world))
    told = [line.words for line in page.history.lines if str(line.what) == "等级"]
    graded = [one for one in world.carriers[:2] if one.entries.exclude(grade="").filter(run=world.published)]
    assert len(told) == len(graded) > 0
    assert all(any(one.name in words for words in told) for one in graded)
    assert any("并入" in line.words for line in page.history.lines)


def test_money_of_those_before_it_is_summed(world: World) -> None:
    allocation = world.confirmed()
    before = sum((one.amount for one in allocation.awards.filter(carrier__in=world.carriers[:2])), Decimal(0))
    paid = shown(merged(world)).facts[-1]
    assert before and paid.value == (before / 10_000).quantize(Decimal("0.01"))
    assert str(paid.note) == "2025 年 · 奖补台账（含前身）"


def test_after_a_split_the_heads_have_together_what_there_was(world: World) -> None:
    allocation = world.confirmed()
    one = world.carriers[0]
    before = sum((award.amount for award in allocation.awards.filter(carrier=one)), Decimal(0))
    heads = go(
        world, LinkKind.SPLIT, [one],
        Heir(name="一园", share=Decimal("0.3333")), Heir(name="二园", share=Decimal("0.6667")),
    )  # fmt: skip
    paid = [shown(head).line.carried({one.pk: before}) for head in heads]
    assert sum(value for value in paid if value is not None) == before


def test_totals_of_returns_follow_and_counts_stay_whole(world: World) -> None:
    one = world.carriers[4]
    file(world, one, tenants="85", area_total="1000.50")
    heads = go(
        world, LinkKind.SPLIT, [one],
        Heir(name="一园", share=Decimal("0.5")), Heir(name="二园", share=Decimal("0.5")),
    )  # fmt: skip
    pages = [shown(head) for head in heads]
    assert sorted(page.facts[0].value or 0 for page in pages) == [42, 43]
    assert "含前身" in str(pages[0].facts[0].note)


def test_panels_of_those_before_it_carry_their_names(world: World) -> None:
    world.confirmed()
    section = Section.objects.get_or_create(code="news", defaults={"title": "工作动态"})[0]
    article = Article.objects.create(
        section=section, title="实验室投入使用", state="published", published_at=AT, created_at=AT,
        updated_at=AT, published_by=world.editor.user,
    )  # fmt: skip
    article.carriers.add(world.carriers[1])
    first, second = world.carriers[:2]
    made = merged(world)
    words = html(made)
    assert f"公共奖补（{first.name}）" in words
    assert f"相关动态（{second.name}）" in words and "实验室投入使用" in words
    assert "年度报表（" not in words and "评价得分（" not in words
    inside = html(made, world.officer)
    assert f"年度报表（{first.name}）" in inside and f"评价得分（{first.name}）" in inside


def test_a_small_timeline_tells_the_line_and_links_only_to_what_is_open(world: World) -> None:
    first, second = world.carriers[:2]
    made = merged(world)
    words = html(made)
    assert f"{first.name}、{second.name}并入联合孵化器" in words
    assert f'href="/carriers/{first.code}/"' not in words
    assert Client().get(f"/carriers/{first.code}/").status_code == 404
    inside = html(made, world.officer)
    assert f'href="/carriers/{first.code}/"' in inside
    assert f'href="/carriers/{made.code}/"' in html(first, world.officer)


def test_a_carrier_that_stands_alone_has_no_line(world: World) -> None:
    assert "承接关系" not in html(world.carriers[0])


def test_a_longer_line_costs_a_bounded_number_of_queries_for_the_page_itself(world: World) -> None:
    def cost(one: Carrier) -> int:
        with CaptureQueriesContext(connection) as seen:
            shown(one)
        return len(seen)

    made = merged(world)
    few = cost(made)
    (last,) = go(world, LinkKind.MERGER, [made, *world.carriers[2:4]], Heir(name="再联合孵化器"))
    assert cost(last) == few
