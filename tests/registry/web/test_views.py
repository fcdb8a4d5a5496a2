"""Views over the lists of the register, as their readers use them, without scripts."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Appointment, User
from accounts.rules.roles import Role
from core.tables import cookie_of, kept
from office.models import SavedView
from registry.models import Carrier
from tests.registry.web.test_directory import cells
from tests.registry.world import World, signed_in

MANAGE, TENANTS, FINDINGS = (reverse(f"registry:{name}") for name in ("manage", "tenants", "findings"))
KEEP = reverse("office:view_keep")


def form(html: str, action: str, which: int = 0) -> dict[str, Any]:
    """The fields of a form of a page as a browser would send them, ticks left out."""
    body = re.findall(rf'<form method="post" action="{action}">(.*?)</form>', html, re.S)[which]
    given: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is None or "checkbox" in tag:
            continue
        words = value.group(1).replace("&amp;", "&") if value else ""
        given.setdefault(name.group(1), []).append(words)
    return given


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def save(client: Client, address: str, name: str, **more: str) -> str:
    """Keeps the list at an address as a view; where the reader is then."""
    answer = client.post(KEEP, {**form(page(client, address), KEEP), "name": name, **more})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_filters_order_and_columns_are_kept_under_a_name(world: World) -> None:
    client = signed_in(world.people["province"])
    client.cookies[cookie_of("carriers")] = kept(["level", "operator"], dense=True)
    there = save(client, f"{MANAGE}?kind=incubator&sort=-level&page=1", "孵化器")
    view = SavedView.objects.get()
    assert view.query == {"kind": "incubator", "sort": "-level"}
    assert (view.columns, view.dense) == (["name", "level", "operator"], True)
    asked = parse_qs(urlsplit(there).query)
    assert asked == {"kind": ["incubator"], "sort": ["-level"], "view": [str(view.pk)]}
    client.cookies[cookie_of("carriers")] = kept(["code"], dense=False)  # the list without a view
    html = page(client, there)
    assert [row[:2] for row in cells(html)] == [
        ["旧港孵化器", "未定级"],
        ["青禾孵化器", "省级"],
        ["星澜孵化器", "标准级"],
    ]
    assert "ui-dense" in html and 'aria-current="true">孵化器</a>' in html
    assert "用当前条件更新视图" not in html
    assert [len(row) for row in cells(page(client, MANAGE))] == [2, 2, 2, 2]


def test_columns_changed_on_a_view_are_seen_there_and_can_be_kept(world: World) -> None:
    client = signed_in(world.people["province"])
    there = save(client, f"{MANAGE}?kind=incubator", "孵化器")
    view = SavedView.objects.get()
    layout = form(page(client, there), reverse("portal:table"), which=1)
    assert layout["table"] == ["carriers-view"] and layout["column"] == [f"v{view.pk}"]
    client.post(reverse("portal:table"), {**layout, "column": [f"v{view.pk}", "phone"]})
    html = page(client, there)
    assert [len(row) for row in cells(html)] == [2, 2, 2] and "0990-5550001" in html
    change = reverse("office:view_change", args=[view.pk])
    client.post(change, form(html, change))
    view.refresh_from_db()
    assert view.columns == ["name", "phone"] and view.query == {"kind": "incubator"}


def test_the_first_view_opens_with_the_list_and_can_be_left(world: World) -> None:
    client = signed_in(world.people["province"])
    save(client, f"{MANAGE}?kind=makerspace", "众创", is_start="1")
    view = SavedView.objects.get()
    answer = client.get(MANAGE)
    assert answer.status_code == 302 and answer["Location"] == f"{MANAGE}?kind=makerspace&view={view.pk}"
    html = page(client, answer["Location"])
    assert [row[0] for row in cells(html)] == ["晨光众创空间"]
    assert f'href="{MANAGE}?view=0"' in html  # clearing everything does not lead back to it
    assert len(cells(page(client, f"{MANAGE}?view=0"))) == 4
    for link in re.findall(rf'href="({MANAGE}\?[^"]*)"', html):
        assert "view=" in link  # whatever is narrowed stays on the view


def test_a_view_outlives_a_value_and_a_column_that_are_no_more(world: World) -> None:
    client = signed_in(world.people["province"])
    save(client, f"{MANAGE}?kind=incubator", "旧视图")
    SavedView.objects.update(
        query={"kind": "hotel", "level": "gone", "region": "991234", "state": "active", "sort": "beds"},
        columns=["name", "code", "beds"],
    )
    view = SavedView.objects.get()
    html = page(client, f"{MANAGE}?kind=hotel&level=gone&region=991234&state=active&sort=beds&view={view.pk}")
    assert len(cells(html)) == 3  # the state still narrows
    told = re.findall(r"<p><b>视图“旧视图”.*?</p>", html, re.S)
    plain = " ".join(re.sub(r"<[^>]+>", "", one) for one in told)
    for words in ("类型：hotel", "级别：gone", "区域：991234", "排序：beds"):
        assert words in plain
    assert "1 列已不存在" in plain and "没有这个选项" not in html


def test_a_view_shared_with_the_office_is_read_with_ones_own_eyes(world: World) -> None:
    county = world.people["county"]
    save(signed_in(county), f"{MANAGE}?level=provincial", "省级", shared="1")
    user = User.objects.create_user("同事", "long-and-odd-9", name="同事")
    Appointment.objects.create(
        user=user, role=Role.COUNTY_OFFICER, region=world.regions["near"], valid_from=date(2020, 1, 1)
    )
    client = Client()
    client.force_login(user)
    html = page(client, f"{MANAGE}?level=provincial&view={SavedView.objects.get().pk}")
    assert "省级 <small>县区甲 共享</small>" in html and [row[0] for row in cells(html)] == ["青禾孵化器"]
    assert reverse("office:view_change", args=[SavedView.objects.get().pk]) not in html
    for other in ("city", "province", "staff", "auditor", "finance"):
        assert "县区甲 共享" not in page(signed_in(world.people[other]), MANAGE)


def test_anothers_view_in_the_address_shows_nothing_of_it(world: World) -> None:
    save(signed_in(world.people["province"]), f"{MANAGE}?region=990600", "西江的")
    view = SavedView.objects.get()
    html = page(signed_in(world.people["county"]), f"{MANAGE}?view={view.pk}")
    assert "西江的" not in html and [row[0] for row in cells(html)] == ["青禾孵化器"]
    html = page(signed_in(world.people["county"]), f"{MANAGE}?view=no&q=青禾")
    assert [row[0] for row in cells(html)] == ["青禾孵化器"]


@pytest.mark.parametrize("who", ["staff", "county", "city", "province", "finance", "auditor"])
def test_everybody_with_a_list_keeps_views_and_only_officers_share(world: World, who: str) -> None:
    client = signed_in(world.people[who])
    save(client, f"{MANAGE}?kind=incubator", "我的")
    view = SavedView.objects.get()
    html = page(client, f"{MANAGE}?view={view.pk}")
    assert ('name="shared"' in html) == (who in ("county", "city", "province"))
    change, drop = (reverse(f"office:view_{act}", args=[view.pk]) for act in ("change", "drop"))
    client.post(change, {"name": "改名", "is_start": "1", "next": MANAGE})
    view.refresh_from_db()
    assert (view.name, view.is_start, view.query) == ("改名", True, {"kind": "incubator"})
    stranger = signed_in(world.people["other_staff"])
    assert stranger.post(change, {"name": "x"}).status_code == 404 == stranger.post(drop).status_code
    assert client.post(drop, {"next": f"{MANAGE}?view={view.pk}"})["Location"] == f"{MANAGE}?view=0"
    assert not SavedView.objects.exists()


def test_what_is_refused_is_said_on_the_list(world: World) -> None:
    client = signed_in(world.people["province"])
    save(client, f"{MANAGE}?kind=incubator", "孵化器")
    there = save(client, f"{MANAGE}?kind=makerspace", "孵化器")
    assert there == f"{MANAGE}?kind=makerspace"
    assert "您在这个列表上已有名为“孵化器”的视图。" in page(client, there)


def test_no_view_leads_to_another_site(world: World) -> None:
    client = signed_in(world.people["province"])
    given = {"of": "carriers", "name": "x", "query": "kind=incubator", "next": "https://example.org/"}
    assert client.post(KEEP, given)["Location"].startswith("/?kind=incubator")


@pytest.mark.parametrize(
    ("address", "query"),
    [
        (f"{TENANTS}?q=%E7%94%B2&carrier=SL-990500-0001&standing=here",
         {"q": "甲", "carrier": "SL-990500-0001", "standing": "here"}),
        (f"{FINDINGS}?kind=over_stay&region=990500", {"kind": "over_stay", "region": "990500"}),
    ],
)  # fmt: skip
def test_tenants_and_findings_have_views_too(world: World, address: str, query: dict[str, str]) -> None:
    client = signed_in(world.people["province"])
    there = save(client, address, "常看", is_start="1")
    assert SavedView.objects.get().query == query
    base = address.partition("?")[0]
    assert client.get(base)["Location"] == there
    assert 'aria-current="true">常看</a>' in page(client, there)
    Carrier.objects.filter(code="SL-990500-0001").update(code="SL-990500-9999")
    if base == TENANTS:
        assert "视图“常看”的一项条件已不存在" in page(client, there)


@pytest.mark.parametrize("url", [MANAGE, TENANTS, FINDINGS])
def test_views_cost_one_query_however_many(world: World, url: str) -> None:
    client = signed_in(world.people["province"])
    client.get(url)
    with CaptureQueriesContext(connection) as none:
        client.get(f"{url}?view=0")
    of = {MANAGE: "carriers", TENANTS: "tenants", FINDINGS: "findings"}[url]
    for number in range(15):
        client.post(KEEP, {"of": of, "name": f"视图{number}", "query": "q=x", "next": url, "shared": "1"})
    with CaptureQueriesContext(connection) as many:
        assert "视图14" in page(client, f"{url}?view=0")
    assert len(many) == len(none) <= 16
