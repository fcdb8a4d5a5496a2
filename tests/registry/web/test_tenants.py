"""Tenants: looked for by name and code, one body with its stays, how a stay ends."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.models import Stay, Team
from registry.services import tenancy
from registry.web.stay_lines import WIDTH, drawn
from tests.registry.world import AT, TODAY, World, credit_code, signed_in, stay, tenant

LIST, SUGGEST = reverse("registry:tenants"), reverse("registry:tenant_suggest")
NARROWED = {"staff", "county", "city", "province", "finance", "auditor"}


def names(client: Client, **asked: str) -> list[str]:
    answer = client.get(LIST, asked)
    assert answer.status_code == 200
    return [line.name for line, _cells in answer.context["rows"]]


def url(number: int) -> str:
    return reverse("registry:tenant", args=[credit_code(number)])


@pytest.mark.parametrize("who", sorted(NARROWED | {"other_staff", "editor", "expert", "administrator"}))
def test_a_body_is_there_for_those_in_whose_scope_it_was(world: World, who: str) -> None:
    client = signed_in(world.people[who])
    assert client.get(url(101)).status_code == (200 if who in NARROWED else 404)
    assert client.get(url(999)).status_code == 404
    if who in NARROWED | {"other_staff"}:
        assert ("甲科技公司" in names(client)) == (who in NARROWED)
        assert ("甲科技公司" in client.get(SUGGEST, {"q": "甲科"}).content.decode()) == (who in NARROWED)
    else:
        assert client.get(LIST).status_code == client.get(SUGGEST).status_code == 404


def test_it_is_found_by_part_of_a_name_and_by_code_as_people_type_it(world: World) -> None:
    client = signed_in(world.people["province"])
    code = credit_code(101)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code.lower())
    for q in ("甲科技", "科技公", code, code.lower(), wide, code[:17], f"{code[:9]} {code[9:]}"):
        assert "甲科技公司" in names(client, q=q), q
        assert "甲科技公司" in client.get(SUGGEST, {"q": q}).content.decode(), q
    assert names(client, q="乙丙") == [] and names(client, q="%") == []
    assert client.get(SUGGEST, {"q": "甲"}).content.strip() == b""


def test_it_is_found_by_carrier_and_by_where_it_stands(world: World) -> None:
    stay(world.carriers["mine"], tenant(110, "已离"), date(2020, 1, 1), ended=date(2021, 1, 1))
    stay(
        world.carriers["mine"],
        tenant(111, "毕业"),
        date(2020, 1, 1),
        ended=date(2021, 1, 1),
        graduated_by="listed",
    )
    client = signed_in(world.people["province"])
    assert names(client, standing="here") == ["乙生物公司", "甲科技公司"]
    assert sorted(names(client, standing="left")) == ["已离", "毕业"]
    assert names(client, standing="graduated") == ["毕业"]
    assert names(client, carrier="SL-990600-0001") == ["乙生物公司"]
    assert names(signed_in(world.people["city"]), carrier="SL-990600-0001") == []


def test_suggestions_begin_with_names_that_begin_so_and_are_eight_at_most(world: World) -> None:
    for number in range(300, 320):
        stay(world.carriers["mine"], tenant(number, f"青禾{number}云杉"))
    stay(world.carriers["mine"], tenant(330, "云杉海棠"))
    for who in ("staff", "county", "province"):
        html = signed_in(world.people[who]).get(SUGGEST, {"q": "云杉"}).content.decode()
        assert html.count("<option") == 8 and html.index("云杉海棠") < html.index("青禾")


def test_only_the_stays_of_ones_scope_are_told(world: World) -> None:
    who = tenant(700, "两地公司")
    stay(world.carriers["mine"], who)
    stay(world.carriers["away"], who, date(2025, 2, 3))
    for name, seen, hidden in (
        ("city", "青禾孵化器", "星澜孵化器"),
        ("other_staff", "星澜孵化器", "青禾孵化器"),
    ):
        html = signed_in(world.people[name]).get(url(700)).content.decode()
        assert seen in html and hidden not in html
    both = signed_in(world.people["province"]).get(url(700)).content.decode()
    assert "青禾孵化器" in both and "星澜孵化器" in both


def test_lists_cost_the_same_with_a_hundred_bodies(world: World) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        return len(queries)

    client = signed_in(world.people["city"])
    client.get(LIST)
    few = counted()
    for number in range(1000, 1100):
        stay(world.carriers["mine"], tenant(number), date(2010, 1, 1))
    tenancy.refresh(at=AT, root=world.regions["province"])
    assert counted() <= few + 1  # the carriers of the first findings


def test_a_stay_ends_on_its_page_with_condition_and_evidence(world: World, storage: Any) -> None:
    one = Stay.objects.get(tenant__credit_code=credit_code(101))
    address = reverse("registry:stay_end", args=[one.pk])
    client = signed_in(world.people["staff"])
    assert client.get(address).status_code == 200
    sent: dict[str, Any] = {"ended": "2026-03-01", "graduated_by": "high_tech"}
    refused = client.post(address, sent)
    assert refused.status_code == 422 and "请上传符合毕业条件的证明材料" in refused.content.decode()
    proof = SimpleUploadedFile("证书.pdf", b"%PDF-1.7 proof")
    assert client.post(address, {**sent, "evidence": proof})["Location"] == url(101)
    one.refresh_from_db()
    assert (one.ended, one.graduated_by) == (date(2026, 3, 1), "high_tech")
    paper = reverse("registry:stay_evidence", args=[one.pk])
    assert b"".join(client.get(paper)) == b"%PDF-1.7 proof"  # type: ignore[arg-type]
    for who in ("other_staff", "expert"):
        assert signed_in(world.people[who]).get(paper).status_code == 404
    assert "证书.pdf" in client.get(url(101)).content.decode()


@pytest.mark.parametrize("who", ["other_staff", "auditor", "finance", "editor", "expert"])
def test_who_may_not_record_finds_no_page_to_end_a_stay(world: World, who: str) -> None:
    one = Stay.objects.get(tenant__credit_code=credit_code(101))
    client = signed_in(world.people[who])
    for method in (client.get, client.post):
        assert method(reverse("registry:stay_end", args=[one.pk])).status_code == 404


def test_a_condition_that_a_list_did_not_say_is_added_on_the_page(world: World, storage: Any) -> None:
    one = Stay.objects.get(tenant__credit_code=credit_code(101))
    Stay.objects.filter(pk=one.pk).update(ended=date(2025, 6, 30), graduated_by="unstated")
    client = signed_in(world.people["county"])
    assert "补记毕业" in client.get(url(101)).content.decode()
    address = reverse("registry:stay_end", args=[one.pk])
    assert "ended" not in client.get(address).context["form"].fields
    assert client.post(address, {"graduated_by": "venture"}).status_code == 302
    one.refresh_from_db()
    assert (one.ended, one.graduated_by) == (date(2025, 6, 30), "venture")


def test_a_team_leaves_by_the_page_of_its_carrier(world: World) -> None:
    team = Team.objects.create(team_no="SL-990500-0001-T0001", name="甲团队")
    one = Stay.objects.create(
        carrier=world.carriers["mine"], team=team, entered=date(2025, 1, 1), updated_at=AT
    )
    client = signed_in(world.people["staff"])
    carrier = reverse("registry:carrier", args=["SL-990500-0001"])
    address = reverse("registry:stay_end", args=[one.pk])
    assert address in client.get(carrier).content.decode()
    assert client.post(address, {"ended": "2026-03-01"})["Location"] == carrier


def test_stays_are_drawn_within_the_picture_and_beyond_their_time_apart(world: World) -> None:
    who = tenant(700)
    long = stay(world.carriers["mine"], who, date(2015, 1, 1))
    short = stay(world.carriers["away"], who, date(2025, 1, 1), ended=date(2025, 1, 1))
    lines = drawn([long, short], founded=date(2014, 5, 5), today=TODAY)
    assert lines is not None
    first, second = lines.bars
    assert first.over_x is not None and first.x < first.over_x < lines.today_x
    assert first.over_x + first.over_width == first.x + first.width == lines.today_x
    assert second.over_x is None and second.width >= 2
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in lines.bars)
    assert lines.years[0][1] == 2014 and drawn([], founded=None, today=TODAY) is None
