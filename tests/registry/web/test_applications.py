"""The pages of an application, by who comes to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Application, Carrier
from registry.services import applications
from registry.services.doubts import doubts_of
from tests.registry.applying import PDF, act, begun, handed_in, newcomer, registered
from tests.registry.rules.test_registering import GOOD
from tests.registry.world import AT, World, credit_code, signed_in

pytestmark = pytest.mark.usefixtures("storage")
LIST = reverse("registry:applications")


def url(found: Application, name: str = "application", *more: Any) -> str:
    return reverse(f"registry:{name}", args=[found.pk, *more])


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    if not answer.streaming:
        return answer.content.decode()
    assert answer.getvalue() == PDF  # read to its end, which closes the file
    return ""


def test_a_newcomer_fills_an_application_section_by_section(world: World) -> None:
    client = signed_in(newcomer())
    assert "还没有申请" in text(client, LIST)
    assert "营业执照" in text(client, reverse("registry:application_new"))
    begin = client.post(reverse("registry:application_new"))
    found = Application.objects.get()
    assert begin["Location"] == url(found)
    assert client.post(reverse("registry:application_new"))["Location"] == url(found)  # pressed twice
    page = text(client, url(found, "application_section", "operator"))
    assert "请填写" not in page  # nothing is wrong with what was not begun
    wrong = {"credit_code": "9199", "operator_name": "新港运营有限公司", "next": "1"}
    after = client.post(url(found, "application_section", "operator"), wrong)
    assert after["Location"] == url(found, "application_section", "carrier")
    page = text(client, url(found, "application_section", "operator"))
    assert "应为 18 位" in page and "请填写“法定代表人”" in page
    for section, items in (("operator", GOOD), ("carrier", GOOD), ("people", GOOD)):
        client.post(url(found, "application_section", section), items)
    found.refresh_from_db()
    assert {code: found.facts[code] for code in GOOD} == GOOD
    assert "请上传“营业执照”" in text(client, url(found, "application_submit"))
    for kind in ("licence", "premises", "rules", "team"):
        file = SimpleUploadedFile(f"{kind}.pdf", PDF)
        answer = client.post(url(found, "application_evidence"), {"kind": kind, "file": file})
        assert answer.status_code == 302
    assert "licence.pdf" in text(client, url(found, "application_evidence"))
    assert client.post(url(found, "application_submit")).status_code == 302
    assert client.post(url(found, "application_submit")).status_code == 422  # pressed twice
    found.refresh_from_db()
    assert (found.state, found.round) == ("at_county", 1)
    assert "SL-DJ-2026-00001" in text(client, url(found))


def test_submitting_too_early_tells_everything_and_keeps_what_was_written(world: World) -> None:
    applicant = newcomer()
    client, found = signed_in(applicant), applications.begin(actor=applicant, at=AT, facts={"name": "新港"})
    answer = client.post(url(found, "application_submit"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请填写“统一社会信用代码”" in page and "请上传“场地证明”" in page
    assert f"{url(found, 'application_section', 'carrier')}#id_region" in page


def test_a_file_that_is_none_of_the_known_is_refused_with_a_sentence(world: World) -> None:
    applicant = newcomer()
    client, found = signed_in(applicant), begun(applicant)
    file = SimpleUploadedFile("a.exe", b"MZ..")
    answer = client.post(url(found, "application_evidence"), {"kind": "licence", "file": file})
    assert answer.status_code == 422
    assert "只收 PDF、PNG 或 JPEG 文件" in answer.content.decode()
    row = found.files.filter(kind="licence").get()
    for _twice in range(2):
        client.post(url(found, "application_detach", row.pk))
    assert found.files.filter(detached_at=None, kind="licence").count() == 0


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 404), ("county", 200), ("city", 200), ("province", 200), ("auditor", 404), ("finance", 404),
     ("expert", 404), ("editor", 404), ("administrator", 404)],
)  # fmt: skip
def test_who_reads_an_application_that_was_handed_in(world: World, who: str, status: int) -> None:
    found = handed_in(newcomer())
    client = signed_in(world.people[who])
    text(client, url(found), status)
    text(client, url(found, "application_file", found.files.all()[0].pk), status)
    text(client, url(found, "application_section", "operator"), 404)  # the applicant's alone
    text(client, url(found, "application_submit"), 404)
    assert client.post(url(found, "application_withdraw")).status_code == 404
    listed = 200 if status == 200 or who == "staff" else 404
    assert (GOOD["name"] in text(client, LIST, listed)) is (status == 200)


def test_a_visitor_is_asked_to_sign_in(world: World) -> None:
    found = handed_in(newcomer())
    for address in (LIST, url(found), url(found, "application_sheet")):
        assert Client().get(address)["Location"].startswith("/accounts/sign-in/")


def test_a_draft_is_nobody_elses(world: World) -> None:
    found = begun(newcomer())
    for actor in (world.people["county"], world.people["province"], newcomer("申请乙")):
        text(signed_in(actor), url(found), 404)


def test_the_county_returns_items_and_the_applicant_mends_them(world: World) -> None:
    applicant = newcomer()
    found, county = handed_in(applicant), signed_in(world.people["county"])
    given = {"action": "return", "round": "1", "remark-address": "写到门牌号", "remark-team": "缺社保"}
    assert county.post(url(found, "application_decide"), given).status_code == 302
    client = signed_in(applicant)
    page = text(client, url(found))
    assert "以下 2 项要补正" in page and "写到门牌号" in page and "缺社保" in page
    assert "写到门牌号" in text(client, url(found, "application_section", "carrier"))
    assert "缺社保" in text(client, url(found, "application_evidence"))
    client.post(url(found, "application_section", "carrier"), {**GOOD, "address": "新港路 2 号"})
    assert "新港路 2 号" not in text(county, url(found))  # not handed in yet
    assert client.post(url(found, "application_submit")).status_code == 302
    page = text(county, url(found))
    assert "新港路 2 号" in page and f"原为 {GOOD['address']}" in page


def test_a_refused_act_keeps_what_the_officer_wrote(world: World) -> None:
    found = handed_in(newcomer())
    county = signed_in(world.people["county"])
    given = {"action": "refuse", "round": "1", "remark-address": "写到门牌号", "comment": ""}
    answer = county.post(url(found, "application_decide"), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "须填写意见" in page and "写到门牌号" in page
    stale = county.post(url(found, "application_decide"), {"action": "pass", "round": "7"})
    assert "请刷新后再看" in stale.content.decode()
    assert county.post(url(found, "application_decide"), {"action": "explode"}).status_code == 404


def test_both_sides_stand_beside_each_other_until_it_is_decided(world: World) -> None:
    applicant = newcomer()
    found = handed_in(applicant, name="青禾众创空间")
    county = signed_in(world.people["county"])
    page = text(county, url(found))
    assert "疑似重复：1 家" in page and credit_code(1) in page and "青禾运营有限公司" in page
    assert "青禾运营有限公司" not in text(signed_in(applicant), url(found))
    answer = county.post(url(found, "application_decide"), {"action": "pass", "round": "1"})
    assert "请先认定是否为另一主体" in answer.content.decode()
    clear = {"against": "carrier:SL-990500-0001", "reason": "机构和场地都不同", "round": "1"}
    assert county.post(url(found, "application_clear"), {**clear, "reason": ""}).status_code == 422
    assert county.post(url(found, "application_clear"), clear).status_code == 302
    assert county.post(url(found, "application_clear"), clear).status_code == 422  # pressed twice
    assert "机构和场地都不同" in text(signed_in(world.people["city"]), url(found))
    county.post(url(found, "application_decide"), {"action": "pass", "round": "1"})
    found.refresh_from_db()
    assert found.state == "at_city"


def test_the_sheet_and_the_page_that_checks_it(world: World) -> None:
    applicant = newcomer()
    found = registered(world, applicant)
    assert found.carrier is not None
    for actor in (applicant, world.people["county"]):
        answer = signed_in(actor).get(url(found, "application_sheet"))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert answer.getvalue()[:5] == b"%PDF-"
    check = reverse("registry:check", args=[found.check_token])
    page = text(Client(), check)
    assert "登记有效" in page and found.carrier.code in page and GOOD["name"] in page
    assert GOOD["phone"] not in page and GOOD["credit_code"] not in page
    found.carrier.name, found.carrier.state = "新港创新中心", "closed"
    found.carrier.save()
    page = text(Client(), check)
    assert "登记有效" not in page and "已注销" in page and "新港创新中心" in page
    assert "没有这张登记表" in text(Client(), reverse("registry:check", args=["x" * 40]), 404)


def test_no_sheet_before_it_is_registered(world: World) -> None:
    applicant = newcomer()
    text(signed_in(applicant), url(handed_in(applicant), "application_sheet"), 404)


def test_lists_are_narrowed_by_state_region_and_words(world: World) -> None:
    first = handed_in(newcomer())
    other = handed_in(newcomer("申请乙"), name="海棠众创空间", credit_code=credit_code(78), region="990503")
    act(world, "county", "pass_on", first)
    city = signed_in(world.people["city"])

    def names(**asked: str) -> list[str]:
        return [one.name for one, _status, _cells in city.get(LIST, asked).context["rows"]]

    assert len(names()) == 2
    assert names(state="mine") == [first.name]
    assert names(state="at_county") == [other.name]
    assert names(region="990503") == [other.name]
    assert names(q="海棠") == [other.name]
    assert names(q=credit_code(78).lower()) == [other.name]
    assert names(q="SL-DJ-2026-00001") == [first.name]
    assert len(names(state="explode")) == 2


def test_a_list_costs_as_many_queries_with_many_rows_as_with_one(world: World) -> None:
    client = signed_in(world.people["province"])

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(LIST)
        return len(asked)

    handed_in(newcomer())
    cost()  # the session notes once that it is in use
    one = cost()
    kept = Application.objects.values().get()
    Application.objects.bulk_create(
        Application(**{**kept, "id": None, "number": f"SL-DJ-2026-{n:05d}", "name": f"新港{n}孵化器"})
        for n in range(100, 200)
    )
    assert cost() == one


def test_doubts_cost_as_many_queries_with_many_carriers_as_with_one(world: World) -> None:
    found = handed_in(newcomer(), name="青禾众创空间")
    with CaptureQueriesContext(connection) as few:
        doubts_of(found)
    kept = Carrier.objects.filter(code="SL-990500-0001").values().get()
    Carrier.objects.bulk_create(
        Carrier(**{**kept, "id": None, "code": f"SL-990500-{n}", "name": f"青禾{n % 10}孵化器"})
        for n in range(1000, 1100)
    )
    with CaptureQueriesContext(connection) as many:
        assert len(doubts_of(found)) > 10
    assert len(many) == len(few) <= 8
