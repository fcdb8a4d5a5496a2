"""The table of zones and links: what is missing is seen, and each number leads to its carriers."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Region
from registry.models import Carrier
from registry.services import carriers
from tests.registry.web.test_directory import cells
from tests.registry.world import AT, World, carrier, operator, region, signed_in

PAGE, CSV, API = reverse("registry:chains"), reverse("registry:chains_csv"), "/api/v1/chains/"


def rows(html: str) -> dict[str, list[str]]:
    """By name of a region what stands in its line."""
    answer = {}
    for line in re.findall(r"<tr>(.*?)</tr>", html, re.S):
        first, *rest = (
            " ".join(re.sub(r"<[^>]+>", " ", cell).split())
            for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", line, re.S)
        )
        answer[first] = rest
    return answer


@pytest.fixture
def zone(world: World) -> Region:
    """A development zone of 西江 with a whole chain."""
    made = region("990671", "西江高新区", "county", world.regions["west"], is_zone=True)
    run_by = operator(50, "链条运营")
    for number, kind in enumerate(("makerspace", "incubator", "accelerator", "industrial_park")):
        carrier(f"SL-990600-01{number:02d}", f"链条{number}", made, run_by, kind=kind)
    return made


def test_each_zone_says_which_link_it_lacks(world: World, zone: Region) -> None:
    html = Client().get(PAGE).content.decode()
    found = rows(html)
    assert found["河湾区"] == ["缺", "1", "缺", "缺", "0", "众创空间、加速器、产业园"]
    assert found["山前县"] == ["1", "缺", "缺", "缺", "0", "科技企业孵化器、加速器、产业园"]
    assert found["西江高新区 开发区"] == ["1", "1", "1", "1", "0", "链条完整"]
    assert found["东江市 完整 0 / 2"] == ["1", "1", "0", "0", "0", ""]
    assert found["全省合计"] == ["2", "3", "1", "1", "0", ""]
    assert "共 4 个县（市、区）和开发区，链条完整的 1 个。" in html and "缺加速器的 3 个" in " ".join(
        html.split()
    )


def test_each_number_leads_to_as_many_carriers(world: World, zone: Region) -> None:
    Carrier.objects.filter(code="SL-990600-0100").update(state="suspended")
    html = Client().get(PAGE).content.decode()
    links = re.findall(r'<a href="(/registry/\?region[^"]+)" aria-label="\S+ (\d+)"', html)
    assert len(links) > 8
    for url, count in links:
        assert len(cells(Client().get(url.replace("&amp;", "&")).content.decode())) == int(count)


def test_filters_and_order(world: World, zone: Region) -> None:
    client = Client()
    lacking = rows(client.get(PAGE, {"only": "lacking"}).content.decode())
    assert "西江高新区 开发区" not in lacking and "河湾区" in lacking
    zones = rows(client.get(PAGE, {"only": "zone"}).content.decode())
    assert "西江高新区 开发区" in zones and "河湾区" not in zones
    city = rows(client.get(PAGE, {"region": "990600"}).content.decode())
    assert "河湾区" not in city and "西江高新区 开发区" in city and "全省合计" not in city
    order = list(rows(client.get(PAGE, {"order": "lacking"}).content.decode()))
    assert order.index("西江高新区 开发区") == 4  # after a head and the three that lack something
    wrong = client.get(PAGE, {"only": "x", "order": "y", "on": "2099-01-01"})
    assert {one.field for one in wrong.context["problems"]} == {"only", "order", "on"}
    none = client.get(PAGE, {"region": "990500", "only": "zone"}).content.decode()
    assert "没有符合条件的区域" in none


def test_as_of_a_day_the_facts_of_that_day_count(world: World) -> None:
    new = carriers.NewCarrier(
        name="早先众创空间", kind="makerspace", carrier_class="comprehensive",
        operator=world.carriers["mine"].operator, region=world.regions["near"], listed_year=2020,
        valid_from=date(2020, 1, 1), basis="列入",
    )  # fmt: skip
    made = carriers.register_carrier(actor=world.people["portal"], new=new, at=AT)
    carriers.change_carrier(
        actor=world.people["province"], code=made.code, changes={"kind": "accelerator"},
        valid_from=date(2024, 1, 1), basis="转型", at=AT,
    )  # fmt: skip
    then = rows(Client().get(PAGE, {"on": "2022-06-30"}).content.decode())["河湾区"]
    now = rows(Client().get(PAGE).content.decode())["河湾区"]
    assert (then[0], then[2], now[0], now[2]) == ("1", "缺", "缺", "1")


def test_a_zone_that_had_not_begun_lacks_nothing_then(world: World, zone: Region) -> None:
    Region.objects.filter(pk=zone.pk).update(valid_from=date(2024, 1, 1))
    assert "西江高新区 开发区" not in rows(Client().get(PAGE, {"on": "2022-06-30"}).content.decode())
    assert "西江高新区 开发区" in rows(Client().get(PAGE).content.decode())


def test_the_table_leaves_as_csv_with_its_day(world: World, zone: Region) -> None:
    text = b"".join(Client().get(CSV, {"only": "zone"})).decode("utf-8-sig")  # type: ignore[arg-type]
    head, *lines = list(csv.reader(io.StringIO(text)))
    assert head[0] == "区划代码" and head[-1] == "事实截至" and len(lines) == 1
    assert lines[0][:8] == ["990671", "西江市", "西江高新区", "1", "1", "1", "1", "0"]
    assert Client().get(CSV, {"on": "2099-01-01"}).status_code == 302


def test_programs_read_it_too(world: World, zone: Region) -> None:
    found = Client().get(API, {"region": "990600"}).json()
    by_code = {one["region"]: one for one in found}
    assert by_code["990671"]["lacking"] == [] and by_code["990671"]["is_zone"] is True
    assert by_code["990602"]["counts"]["incubator"] == 1
    assert by_code["990602"]["lacking"] == ["makerspace", "accelerator", "industrial_park"]
    assert Client().get(API, {"only": "x"}).status_code == 400


@pytest.mark.parametrize("who", ["visitor", "staff", "county", "province", "auditor", "administrator"])
def test_it_is_public_and_the_same_for_all(world: World, who: str) -> None:
    client = signed_in(world.people[who])
    found = rows(client.get(PAGE).content.decode())
    assert found["临水区"][:2] == ["缺", "1"]  # the closed one counts for nobody
    assert client.post(PAGE).status_code == 405


def test_as_many_queries_with_many_zones_as_with_few(world: World) -> None:
    client = Client()
    client.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for number in range(30):
        made = region(f"9905{40 + number}", f"区{number}", "county", world.regions["east"])
        carrier(f"SL-990500-9{number:03d}", f"载体{number}", made, operator(900 + number, f"运营{number}"))
    with CaptureQueriesContext(connection) as many:
        assert client.get(PAGE).status_code == 200
    assert len(many) == len(few) <= 5
