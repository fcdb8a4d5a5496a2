"""Pages and files as of a day: a band says so, words and filters are of the day, and no day is nonsense."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from office.models import Job
from office.services import files, jobs
from registry.models import Carrier, CarrierVersion, Operator
from registry.services import carriers
from registry.services.carriers import NewCarrier
from tests.registry.web.test_directory import cells, choices
from tests.registry.world import AT, World, credit_code, operator, signed_in

PUBLIC, MANAGE, EXPORT = (
    reverse("registry:directory"),
    reverse("registry:manage"),
    reverse("registry:export", args=["carriers"]),
)
DAY = "2023-12-31"


@pytest.fixture
def harbour(world: World) -> Carrier:
    """Registered in 2020, national since 2022, renamed in 2024, in another county since 2025."""
    province = world.people["province"]
    one = carriers.register_carrier(
        actor=province,
        new=NewCarrier(
            name="潮生孵化器", kind="incubator", carrier_class="comprehensive",
            operator=Operator.objects.get(credit_code=credit_code(1)), region=world.regions["near"],
            listed_year=2020, valid_from=date(2020, 1, 1), basis="列入统计", area_total=1000,  # type: ignore[arg-type]
        ),
        at=AT,
    )  # fmt: skip
    carriers.record_level(
        actor=province, code=one.code, level="national", decided_on=date(2022, 6, 1), basis="认定通知",
        document_number="国科火字〔2022〕7号", batch="2022 年第一批", at=AT,
    )  # fmt: skip
    for on, changes in (
        (date(2024, 6, 1), {"name": "望潮孵化器", "area_total": 2500}),
        (date(2025, 6, 1), {"region_id": world.regions["far"].pk}),
    ):
        carriers.change_carrier(
            actor=province, code=one.code, changes=changes, valid_from=on, basis=f"批复 {on.year}", at=AT
        )
    return Carrier.objects.get(pk=one.pk)


def test_the_directory_of_a_day_says_so_and_tells_the_day(harbour: Carrier) -> None:
    answer = Client().get(PUBLIC, {"on": DAY})
    html = answer.content.decode()
    (row,) = cells(html)  # the others were never dated
    assert row[:3] == ["潮生孵化器", harbour.code, "国家级"] and row[5] == "东江市 河湾区"
    assert f"截至 <b>{DAY}</b>" in html and "回到今天" in html and f'href="{PUBLIC}"' in html
    assert f'value="{DAY}"' in html and f"/carriers/{harbour.code}/?on={DAY}" in html
    assert choices(answer, "区域") == {"东江": 1}


def test_filters_keep_the_day_and_are_of_the_day(harbour: Carrier) -> None:
    answer = Client().get(PUBLIC, {"on": DAY, "level": "national"})
    assert all(f"on={DAY}" in choice.url for facet in answer.context["facets"] for choice in facet.choices)
    assert cells(Client().get(PUBLIC, {"on": DAY, "q": "潮生"}).content.decode())
    assert (
        "没有符合条件的载体"
        in Client().get(PUBLIC, {"on": "2021-12-31", "level": "national"}).content.decode()
    )
    today = Client().get(PUBLIC, {"level": "national", "q": "望潮"})
    assert cells(today.content.decode())[0][2] == "标准级"
    assert "回到今天" not in today.content.decode()


def test_before_it_was_registered_a_carrier_is_absent(harbour: Carrier) -> None:
    html = Client().get(PUBLIC, {"on": "2019-12-31"}).content.decode()
    assert harbour.code not in html and "没有符合条件的载体" in html


@pytest.mark.parametrize(
    "given", ["2026-03-19", "9999-12-31", "0000-00-00", "gestern", "2023-13-01", "1", "\x00"]
)
@pytest.mark.parametrize("url", [PUBLIC, f"{PUBLIC}list.csv", MANAGE])
def test_a_day_that_is_none_is_a_sentence(world: World, harbour: Carrier, url: str, given: str) -> None:
    answer = signed_in(world.people["province"]).get(url, {"on": given}, follow=True)
    assert answer.status_code == 200
    assert [problem.field for problem in answer.context["problems"]] == ["on"]
    assert "回到今天" not in answer.content.decode()


def test_the_csv_of_a_day_carries_it_in_name_and_lines(harbour: Carrier) -> None:
    answer = Client().get(f"{PUBLIC}list.csv", {"on": DAY})
    assert f"carriers-as-of-{DAY}.csv" in answer["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))  # type: ignore[arg-type]
    assert lines[0][-1] == "事实截至" and lines[1][1] == "潮生孵化器" and lines[1][-1] == DAY
    assert lines[1][3] == "国家级"


def test_the_workbook_of_a_day_carries_it(world: World, harbour: Carrier, storage: Path) -> None:
    client = signed_in(world.people["province"])
    assert f"on={DAY}" in client.get(MANAGE, {"on": DAY}).content.decode().split(EXPORT)[1][:60]
    assert client.post(f"{EXPORT}?on={DAY}&kind=incubator").status_code == 302
    job = Job.objects.latest("created_at")
    jobs.run(job_id=str(job.pk))
    job.refresh_from_db()
    assert job.result is not None and job.result.name == f"carriers-as-of-{DAY}.xlsx"
    with files.opened(job.result) as content:
        sheet, about = load_workbook(io.BytesIO(content.read())).worksheets
    assert f"事实截至：{DAY}" in str(list(about.values))
    rows = [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    (told,) = [row for row in rows if harbour.code in row]
    assert "潮生孵化器" in told and "国家级" in told and any(DAY in cell for cell in told)


def test_an_export_of_a_day_that_is_none_is_not_begun(world: World) -> None:
    client = signed_in(world.people["province"])
    answer = client.post(f"{EXPORT}?on=2099-01-01", follow=True)
    assert [problem.field for problem in answer.context["problems"]] == ["on"]
    assert not Job.objects.exists()


def test_the_officers_list_of_a_day_is_ordered_and_summed_by_it(world: World, harbour: Carrier) -> None:
    client = signed_in(world.people["province"])
    for sort in ("name", "level", "-area_total", "region", "operator", "state", "kind", "listed_year"):
        html = client.get(MANAGE, {"on": DAY, "sort": sort}).content.decode()
        assert cells(html)[0][0] == "潮生孵化器" and "1,000" in html.split("<tfoot>")[1]


@pytest.mark.parametrize("url", [PUBLIC, MANAGE])
def test_as_many_queries_with_a_hundred_carriers_as_with_one(
    world: World, harbour: Carrier, url: str
) -> None:
    client = signed_in(world.people["province"])
    client.get(url, {"on": DAY})
    with CaptureQueriesContext(connection) as few:
        client.get(url, {"on": DAY})
    run_by = operator(900, "众多运营")
    made = [
        NewCarrier(
            name=f"众{number}", kind="incubator", carrier_class="comprehensive", operator=run_by,
            region=world.regions["other"], listed_year=2020, valid_from=date(2020, 1, 1), basis="列入统计",
        )
        for number in range(100)
    ]  # fmt: skip
    carriers.register_carriers(actor=world.people["province"], new=made, at=AT)
    with CaptureQueriesContext(connection) as many:
        assert client.get(url, {"on": DAY}).status_code == 200
    assert len(many) == len(few) <= 18


def page(world: World, who: str, carrier: Carrier, name: str, **asked: str) -> Any:
    return signed_in(world.people[who]).get(reverse(name, args=[carrier.code]), asked)


@pytest.mark.parametrize("name", ["registry:carrier", "portal:carrier"])
def test_a_carriers_page_answers_as_of_a_day(world: World, harbour: Carrier, name: str) -> None:
    then = page(world, "province", harbour, name, on=DAY).content.decode()
    assert (
        "潮生孵化器</h1>" in then and "国家级" in then and "河湾区" in then and f"截至 <b>{DAY}</b>" in then
    )
    now = page(world, "province", harbour, name).content.decode()
    assert "望潮孵化器</h1>" in now and "标准级" in now and "山前县" in now and "回到今天" not in now
    early = page(world, "province", harbour, name, on="2019-01-01")
    assert early.status_code == 200 and "还没有登记事实" in early.content.decode()
    for given in ("2099-01-01", "nonsense"):
        assert page(world, "province", harbour, name, on=given).context["problems"]


def test_ones_county_of_that_day_gives_no_access_today(world: World, harbour: Carrier) -> None:
    assert page(world, "county", harbour, "registry:carrier", on=DAY).status_code == 404
    public = page(world, "county", harbour, "portal:carrier", on=DAY).content.decode()
    assert "登记详情" not in public


def test_the_history_tells_document_number_batch_and_file(
    world: World, harbour: Carrier, storage: Path
) -> None:
    province = world.people["province"]
    given = {"content": b"%PDF-1", "name": "批复.pdf", "content_type": "application/pdf"}
    file = files.receive(actor=province, at=AT, **given)  # type: ignore[arg-type]
    carriers.change_carrier(
        actor=province, code=harbour.code, changes={"field": "bio"}, valid_from=date(2023, 3, 1),
        basis="领域调整批复", at=AT, basis_file=file,
    )  # fmt: skip
    version = CarrierVersion.objects.get(basis_file=file, named=["field"])
    url = reverse("registry:basis", args=[harbour.code, version.pk])
    html = page(world, "city", harbour, "registry:carrier").content.decode()
    assert "认定通知 · 国科火字〔2022〕7号 · 2022 年第一批" in html
    assert f'href="{url}"' in html and "技术领域：— → 生物医药" in html
    answer = signed_in(world.people["city"]).get(url)
    assert b"".join(answer) == b"%PDF-1" and "attachment" in answer["Content-Disposition"]  # type: ignore[arg-type]
    for who, status in (("county", 404), ("other_staff", 404), ("expert", 404), ("visitor", 302)):
        assert signed_in(world.people[who]).get(url).status_code == status
    other = reverse("registry:basis", args=[world.carriers["mine"].code, version.pk])
    assert signed_in(province).get(other).status_code == 404
    public = signed_in(world.people["visitor"]).get(f"/carriers/{harbour.code}/").content.decode()
    assert url not in public and "国科火字〔2022〕7号" in public
    assert url in page(world, "city", harbour, "portal:carrier").content.decode()


def test_the_picture_of_levels_is_cut_where_the_word_changes(world: World, harbour: Carrier) -> None:
    lines = page(world, "visitor", harbour, "portal:carrier").context["page"].history.lines
    levels = [(line.when, line.words, line.basis) for line in lines if str(line.what) == "级别"]
    assert levels == [
        ("2025-01-01", "标准级", "2025 年国家科技企业孵化器管理办法"),
        ("2022-06-01", "国家级", "认定通知 · 国科火字〔2022〕7号 · 2022 年第一批"),
        ("2020-01-01", "未定级", "列入统计"),
    ]
