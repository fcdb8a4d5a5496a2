"""What pages do to the register, a program does too: the same services, the same words of refusal."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from office.models import Job, JobState
from registry.models import Application, Carrier, CarrierLink, OperatorLink, Stay
from tests.registry.applying import PDF, newcomer
from tests.registry.rules.test_registering import GOOD, REQUIRED
from tests.registry.world import World, credit_code, signed_in

pytestmark = pytest.mark.usefixtures("storage")
MERGER = {
    "kind": "merger", "codes": ["SL-990500-0002"], "heirs": [{"code": "SL-990500-0001"}],
    "happened_on": "2026-03-01", "basis": "合并批复", "document_number": "江科〔2026〕3 号",
}  # fmt: skip
SUCCESSION = {
    "code": credit_code(1), "to_code": credit_code(60), "to_name": "承继运营有限公司",
    "happened_on": "2026-03-01", "basis": "承继协议",
}  # fmt: skip


def sent(client: Client, path: str, body: dict[str, Any], status: int, **more: Any) -> Any:
    answer = client.post(path, json.dumps(body), content_type="application/json", **more)
    assert answer.status_code == status, answer.content
    return answer.json()


def codes(told: Any) -> list[str]:
    return [problem["code"] for problem in told["problems"]]


def test_a_merger_is_tried_and_then_carried_out_once(world: World) -> None:
    province, path = signed_in(world.people["province"]), "/api/v1/lineage/"
    told = sent(province, f"{path}?dry_run=true", MERGER, 200)
    assert told["ending"] == ["SL-990500-0002"] and not CarrierLink.objects.exists()
    key = {"HTTP_IDEMPOTENCY_KEY": "merger-1"}
    done = sent(province, path, MERGER, 201, **key)
    assert done == {
        "ending": ["SL-990500-0002"],
        "heirs": [{"code": "SL-990500-0001", "name": "青禾孵化器", "share": "1.00000000", "stays": 0}],
    }
    assert sent(province, path, MERGER, 201, **key) == done and CarrierLink.objects.count() == 1
    assert Carrier.objects.get(code="SL-990500-0002").state == "closed"
    assert codes(sent(province, path, MERGER, 422)) == ["lineage.closed", "lineage.gone"]


def test_a_split_shares_the_past_and_makes_new_carriers(world: World) -> None:
    split = {
        **MERGER, "kind": "split", "codes": ["SL-990500-0001"],
        "heirs": [{"name": "青禾一园", "share": "0.6"}, {"name": "青禾二园", "share": "0.4"}],
    }  # fmt: skip
    told = sent(signed_in(world.people["province"]), "/api/v1/lineage/?dry_run=true", split, 200)
    assert [(one["code"], one["name"], one["stays"]) for one in told["heirs"]] == [
        ("", "青禾一园", 1),
        ("", "青禾二园", 0),
    ]
    done = sent(signed_in(world.people["province"]), "/api/v1/lineage/", split, 201)
    assert [one["name"] for one in done["heirs"]] == ["青禾一园", "青禾二园"]
    assert Stay.objects.get(tenant__name="甲科技公司").carrier.code == done["heirs"][0]["code"]
    wrong = {**split, "codes": ["SL-990600-0001"], "heirs": [{"name": "一园", "share": "0.5"}] * 2}
    assert "lineage.twice" in codes(sent(signed_in(world.people["province"]), "/api/v1/lineage/", wrong, 422))


def test_an_operator_is_succeeded_by_another(world: World) -> None:
    province, path = signed_in(world.people["province"]), "/api/v1/successions/"
    assert sent(province, f"{path}?dry_run=true", SUCCESSION, 200)["carriers"] == ["SL-990500-0001"]
    assert not OperatorLink.objects.exists()
    sent(province, path, SUCCESSION, 201)
    assert Carrier.objects.get(code="SL-990500-0001").operator.credit_code == credit_code(60)
    wrong = {**SUCCESSION, "to_code": "91", "basis": " "}
    assert sent(province, path, wrong, 400)["problems"][0]["field"] == "basis"


@pytest.mark.parametrize("path", ["/api/v1/lineage/", "/api/v1/successions/"])
def test_who_is_no_officer_finds_no_such_act(world: World, path: str) -> None:
    body = MERGER if "lineage" in path else SUCCESSION
    for who in ("staff", "finance", "auditor", "editor"):
        sent(signed_in(world.people[who]), path, body, 404)
    assert Client().post(path, body, "application/json").status_code == 401
    county = signed_in(world.people["county"])
    assert sent(county, path, body, 422)["problems"]


def test_an_application_from_nothing_to_the_office_by_api(world: World) -> None:
    mine = signed_in(newcomer())
    begun = sent(mine, "/api/v1/applications/", {"facts": {"name": GOOD["name"]}}, 201)
    path = f"/api/v1/applications/{begun['id']}/"
    for code, value in GOOD.items():
        told = mine.patch(path, {"facts": {code: value}}, "application/json").json()
    assert told["facts"] == GOOD and [one["code"] for one in told["problems"]]
    for kind in sorted(REQUIRED):
        file = SimpleUploadedFile(f"{kind}.pdf", PDF)
        assert mine.post(f"{path}files/", {"kind": kind, "file": file}).status_code == 201
    twice = mine.post(f"{path}files/", {"kind": kind, "file": SimpleUploadedFile("again.pdf", PDF)}).json()
    assert mine.delete(f"{path}files/{twice['id']}/").status_code == 204
    told = mine.get(path).json()
    assert told["problems"] == [] and sorted(one["kind"] for one in told["files"]) == sorted(REQUIRED)
    content = b"".join(mine.get(f"{path}files/{told['files'][0]['id']}/").streaming_content)
    assert content == PDF
    done = sent(mine, f"{path}moves/", {"action": "submit", "round": 0}, 200)
    assert done["state"] == "at_county" and Application.objects.get().number == "SL-DJ-2026-00001"
    locked = mine.patch(path, {"facts": {"name": "迟了"}}, "application/json")
    assert locked.status_code == 422 and codes(locked.json()) == ["application.locked"]


def test_an_application_of_another_is_not_there_and_nonsense_is_told(world: World) -> None:
    mine, other = signed_in(newcomer()), signed_in(newcomer("申请乙"))
    begun = sent(mine, "/api/v1/applications/", {}, 201)
    path = f"/api/v1/applications/{begun['id']}/"
    assert other.patch(path, {"facts": {"name": "乙"}}, "application/json").status_code == 404
    file = {"kind": "team", "file": SimpleUploadedFile("a.pdf", PDF)}
    assert other.post(f"{path}files/", file).status_code == 404
    wrong = mine.patch(path, {"facts": {"nothing": "1"}}, "application/json")
    assert (wrong.status_code, wrong.json()["problems"][0]["field"]) == (400, "nothing")
    for bad in ({"kind": "nothing", "file": SimpleUploadedFile("a.pdf", PDF)}, {"kind": "team"}):
        assert mine.post(f"{path}files/", bad).status_code == 400
    assert codes(sent(signed_in(world.people["county"]), "/api/v1/applications/", {}, 422)) == [
        "application.role"
    ]


def test_a_stay_ends_by_api(world: World) -> None:
    stay = Stay.objects.get(carrier=world.carriers["mine"])
    path, staff = f"/api/v1/stays/{stay.pk}/end/", signed_in(world.people["staff"])
    assert codes(sent(staff, path, {"ended": "2020-01-01"}, 422)) == ["stay.order"]
    assert sent(staff, path, {"ended": "2026-03-02"}, 200)["ended"] == "2026-03-02"
    assert codes(sent(staff, path, {"graduated_by": "listed"}, 422)) == ["stay.not_graduated"]
    sent(signed_in(world.people["other_staff"]), path, {"ended": "2026-03-02"}, 404)


def test_a_list_leaves_by_api_with_the_columns_that_were_asked_for(world: World) -> None:
    city = signed_in(world.people["city"])
    asked = {"name": "tenants", "asked": {"q": "甲"}, "order": "-name", "columns": ["level"]}
    told = sent(city, "/api/v1/exports/", asked, 201)
    assert (told["state"], told["outcome"]) == (JobState.DONE, {"count": 1})
    answer = city.get(reverse("api-job-result", args=[told["id"]]))
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    assert list(sheet.values) == [("名称", "载体级别"), ("甲科技公司", "省级")]
    other = signed_in(world.people["province"])
    assert other.get(reverse("api-job-result", args=[told["id"]])).status_code == 404


def test_personal_data_leave_by_no_program(world: World, settings: Any) -> None:
    settings.CONFIRM_ACTS = True
    county = signed_in(world.people["county"])
    assert codes(sent(county, "/api/v1/exports/", {"name": "carriers"}, 422)) == ["confirm.needed"]
    wrong = {"name": "findings", "asked": {"kind": "nothing"}}
    assert codes(sent(county, "/api/v1/exports/", wrong, 422)) == ["list.choice"]
    sent(signed_in(world.people["editor"]), "/api/v1/exports/", {"name": "findings"}, 404)
    assert not Job.objects.exists()
