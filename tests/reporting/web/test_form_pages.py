"""The pages of forms: as asked, compared, tried without a trace, as a workbook that nobody can hand in."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.problems import Refused
from reporting.excel.reading import open_workbook
from reporting.models import Campaign, Form, FormChange
from reporting.services import forms
from tests.reporting.conftest import DAY, FORM, World
from tests.reporting.web.conftest import ClientOf

FULL = Path(__file__).parents[3] / "reporting" / "forms"
NEWER = (
    FORM.replace("version: 1", "version: 2")
    .replace("title: 使用率", "title: 利用率")
    .replace(
        "code: operator_note",
        "code: pilot, title: 中试面积, type: decimal, required: true}\n      - {code: operator_note",
    )
    .replace(
        "severity: explain, message: 在孵企业数与名单不一致",
        "severity: note, message: 在孵企业数与名单不一致",
    )
)


@pytest.fixture
def newer(world: World) -> Form:
    return forms.import_form(actor=world.officer, source=NEWER, at=DAY)


def test_a_form_is_shown_with_every_check_in_words(world: World, client_of: ClientOf) -> None:
    page = client_of(world.officer).get(f"/returns/forms/{world.form.pk}/").content.decode()
    assert "第八条" in page and "在孵企业使用面积 + 服务面积 ≤ 孵化场地总面积" in page
    assert "入驻日期 ≥ 成立日期" in page and "在孵企业名单的每一行" in page
    assert "比上年变动超过 50% 且至少 10，不比较：孵化场地总面积" in page and "只有这一版。" in page


def test_two_versions_are_compared_line_by_line(world: World, newer: Form, client_of: ClientOf) -> None:
    for one, other in ((world.form, newer), (newer, world.form)):
        page = client_of(world.officer).get(f"/returns/forms/{one.pk}/compare/{other.pk}/").content.decode()
        assert "v1 → v2" in page and "新增 1 处，取消 0 处，改动 2 处。" in page
        assert (
            "<del>使用率</del> → <ins>利用率</ins>" in page and "<del>须说明</del> → <ins>提示</ins>" in page
        )


def test_forms_of_different_codes_are_not_compared(world: World, client_of: ClientOf) -> None:
    source = FULL.joinpath("makerspace-annual.yaml").read_bytes()
    other = forms.import_form(actor=world.officer, source=source, at=DAY)
    for second in (other, world.form):
        url = f"/returns/forms/{world.form.pk}/compare/{second.pk}/"
        assert client_of(world.officer).get(url).status_code == 404


def test_a_form_can_be_tried_and_keeps_nothing(world: World, client_of: ClientOf) -> None:
    client = client_of(world.officer)
    url = f"/returns/forms/{world.form.pk}/try/"
    data = {
        "value-area_total": "100", "value-area_tenants": "300", "value-area_service": "5万",
        "row-roster-1-founded": "2025-03-02", "row-roster-1-entered": "2025-03-01",
        "value-tenants_reported": "40", "last-tenants_reported": "10",
    }  # fmt: skip
    page = client.post(url, data).content.decode()
    assert "是“孵化场地总面积”的其中项，不能大于它" in page and "5万" in page and 'value="300"' in page
    assert "入驻日期早于成立日期" in page and "与上年相比变动较大" in page
    assert client.post(url, {"value-operator_note": "a\x00"}).status_code == 422
    current = world.mine.current
    assert current is not None and current.values == {}


def test_a_try_is_answered_as_one_types(world: World, client_of: ClientOf) -> None:
    url = f"/returns/forms/{world.form.pk}/try/"
    data = {"value-area_total": "200", "value-area_tenants": "50"}
    page = client_of(world.officer).post(url, data, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page and 'id="tried"' in page
    assert 'id="value-use_rate"' in page and "hx-swap-oob" in page and ">25<" in page


def test_the_sample_of_a_form_has_nothing_wrong_and_all_its_rows(world: World, client_of: ClientOf) -> None:
    source = FULL.joinpath("university-park-annual.yaml").read_bytes()
    form = forms.import_form(actor=world.officer, source=source, at=DAY)
    page = client_of(world.officer).get(f"/returns/forms/{form.pk}/try/?sample=1").content.decode()
    assert "示例甲科技有限公司" in page and "示例丁科技有限公司" in page and "第 4 行" in page
    assert "没有发现问题。" in page


def test_the_blank_workbook_cannot_be_handed_in(world: World, client_of: ClientOf) -> None:
    answer = client_of(world.officer).get(f"/returns/forms/{world.form.pk}/workbook/")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert load_workbook(BytesIO(content)).sheetnames == ["填报说明", "场地", "在孵企业名单", "_meta"]
    with pytest.raises(Refused) as refused:
        open_workbook(content)
    assert refused.value.problems[0].code == "workbook.bad_meta"


def test_a_page_of_a_form_takes_as_many_queries_with_many_versions(
    world: World, newer: Form, client_of: ClientOf
) -> None:
    client, url = client_of(world.officer), f"/returns/forms/{newer.pk}/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for version in range(3, 9):
        source = FORM.replace("version: 1", f"version: {version}")
        forms.import_form(actor=world.officer, source=source, at=DAY)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_a_change_is_previewed_then_confirmed_with_a_reason(
    world: World, newer: Form, client_of: ClientOf
) -> None:
    client, url = client_of(world.officer), f"/returns/campaigns/{world.campaign.pk}/form/{newer.pk}/"
    assert url in client.get(f"/returns/forms/{newer.pk}/").content.decode()
    page = client.get(url).content.decode()
    assert "中试面积" in page and "2 份，直接用新版" in page
    assert not FormChange.objects.exists()
    sent: dict[str, Any] = {"rule": "keep", "reason": " ", "expected": world.form.pk}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, {**sent, "reason": "增加中试面积"}).status_code == 302
    assert Campaign.objects.get(pk=world.campaign.pk).form == newer
    assert client.post(url, {**sent, "reason": "再来一次"}).status_code == 409


def test_only_those_who_open_the_year_change_its_form(world: World, newer: Form, client_of: ClientOf) -> None:
    url = f"/returns/campaigns/{world.campaign.pk}/form/{newer.pk}/"
    for actor in (world.county_officer, world.city_officer, world.auditor, world.staff):
        assert client_of(actor).get(url).status_code == 404
        assert client_of(actor).post(url, {}).status_code == 404
