"""The queue of findings and one finding: by role, with both sides, said and decided on the page."""

from __future__ import annotations

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

from accounts.rules.roles import Role
from office.models import AuditEntry, Job, JobState
from office.services import files
from registry.excel.findings import COLUMNS
from registry.models import FindingStatement, Stay, TenancyFinding
from registry.queries.listed import parts_of
from registry.services import findings, tenancy
from tests.registry.world import AT, TODAY, World, person, signed_in, stay, tenant

QUEUE, EXPORT = reverse("registry:findings"), reverse("registry:export", args=["findings"])
SECRET = "租赁合同在西江"


@pytest.fixture
def claimed(world: World) -> TenancyFinding:
    """Claimed by `mine` in the east and by `away` in the west; the west has said something."""
    who = tenant(700, "双认公司")
    stay(world.carriers["mine"], who, date(2024, 6, 1))
    stay(world.carriers["away"], who, date(2025, 2, 3))
    tenancy.refresh(at=AT, root=world.regions["province"])
    found: TenancyFinding = TenancyFinding.objects.get()
    findings.say(actor=world.people["other_staff"], finding_id=found.pk, text=SECRET, at=AT)
    world.people["west"] = person("西市甲", Role.CITY_OFFICER, region=world.regions["west"])
    return found


def url(found: TenancyFinding, name: str = "finding") -> str:
    return reverse(f"registry:{name}", args=[found.pk])


def page(world: World, who: str, found: TenancyFinding) -> str:
    answer = signed_in(world.people[who]).get(url(found))
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.mark.parametrize("who", ["staff", "other_staff", "county", "city", "west", "province", "auditor"])
def test_both_sides_and_those_above_have_it_in_their_queue(
    world: World, claimed: TenancyFinding, who: str
) -> None:
    html = signed_in(world.people[who]).get(QUEUE).content.decode()
    assert "双认公司" in html and "同时在两家载体" in html and url(claimed) in html


@pytest.mark.parametrize("who", ["finance", "editor", "expert", "administrator"])
def test_others_do_not_know_the_queue_nor_the_finding(
    world: World, claimed: TenancyFinding, who: str
) -> None:
    client = signed_in(world.people[who])
    for address in (QUEUE, url(claimed)):
        assert client.get(address).status_code == 404
    for name in ("finding_say", "finding_decide"):
        assert client.post(url(claimed, name), {"comment": "x"}).status_code == 404
    assert signed_in(world.people["visitor"]).get(QUEUE).status_code == 302


def test_one_city_learns_of_the_other_no_more_than_name_and_day(
    world: World, claimed: TenancyFinding
) -> None:
    east, west = page(world, "city", claimed), page(world, "west", claimed)
    assert "星澜孵化器" in east and "2025-02-03" in east
    assert SECRET not in east and "另一方已作说明" in east and "填报乙" not in east
    assert SECRET in west and "填报乙" in west
    listed = signed_in(world.people["city"]).get(QUEUE).content.decode()
    assert SECRET not in listed
    tenants = signed_in(world.people["city"]).get(
        reverse("registry:tenant", args=[claimed.tenant.credit_code])
    )
    assert "星澜孵化器" not in tenants.content.decode()


def test_staff_learn_the_name_and_no_day_of_the_other(world: World, claimed: TenancyFinding) -> None:
    for html in (page(world, "staff", claimed), signed_in(world.people["staff"]).get(QUEUE).content.decode()):
        assert "星澜孵化器" in html and "2025-02-03" not in html and SECRET not in html


def test_who_oversees_both_reads_both(world: World, claimed: TenancyFinding) -> None:
    findings.say(actor=world.people["staff"], finding_id=claimed.pk, text="东江有工位", at=AT)
    for who in ("province", "auditor"):
        html = page(world, who, claimed)
        assert SECRET in html and "东江有工位" in html


def test_said_twice_by_a_double_click_it_is_said_once(world: World, claimed: TenancyFinding) -> None:
    client = signed_in(world.people["staff"])
    for _ in range(2):
        answer = client.post(url(claimed, "finding_say"), {"comment": "合同附后"})
        assert answer.status_code == 302
    assert FindingStatement.objects.filter(text="合同附后").count() == 1
    assert client.post(url(claimed, "finding_say"), {"comment": " "}).status_code == 422


def test_an_office_of_one_side_is_offered_its_own_side_only(world: World, claimed: TenancyFinding) -> None:
    answer = signed_in(world.people["city"]).get(url(claimed))
    form = answer.context["deciding"]
    assert [code for code, _ in form.fields["action"].choices] == ["end"]
    assert [code for code, _ in form.fields["stay"].choices] == ["", claimed.stay_a_id]
    assert signed_in(world.people["staff"]).get(url(claimed)).context["deciding"] is None
    assert signed_in(world.people["auditor"]).get(url(claimed)).context["saying"] is None
    sent = {"action": "end", "stay": claimed.stay_b_id, "ended": "2026-03-01", "comment": "离开"}
    assert signed_in(world.people["city"]).post(url(claimed, "finding_decide"), sent).status_code == 422
    assert Stay.objects.get(pk=claimed.stay_b_id).ended is None


def test_a_refusal_says_every_reason_and_keeps_what_was_typed(world: World, claimed: TenancyFinding) -> None:
    client = signed_in(world.people["province"])
    answer = client.post(url(claimed, "finding_decide"), {"action": "end", "comment": "核实后离开"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "请选择登记哪一方离开" in html and "核实后离开" in html


def test_a_decision_ends_a_stay_once_however_often_it_is_sent(world: World, claimed: TenancyFinding) -> None:
    client = signed_in(world.people["province"])
    sent = {"action": "end", "stay": claimed.stay_a_id, "ended": "2026-03-01", "comment": "实地核实"}
    for _ in range(2):
        assert client.post(url(claimed, "finding_decide"), sent).status_code == 302
    assert Stay.objects.get(pk=claimed.stay_a_id).ended == date(2026, 3, 1)
    assert AuditEntry.objects.filter(action="finding.end").count() == 1
    html = page(world, "staff", claimed)
    assert "实地核实" in html and "省级管理" in html and "省级甲" not in html


def test_filters_count_what_they_lead_to(world: World, claimed: TenancyFinding) -> None:
    stay(world.carriers["sibling"], tenant(701, "超期公司"), date(2010, 1, 1))
    tenancy.refresh(at=AT, root=world.regions["province"])
    client = signed_in(world.people["province"])
    facets = client.get(QUEUE).context["facets"]
    for facet in facets:
        for choice in facet.choices:
            rows = client.get(choice.url).context["rows"]
            assert len(rows) == choice.count, (choice.words, choice.url)
    assert len(client.get(QUEUE, {"q": "超期"}).context["rows"]) == 1
    lower = claimed.tenant.credit_code.lower()
    assert len(client.get(QUEUE, {"q": lower}).context["rows"]) == 1
    assert client.get(QUEUE, {"kind": "luck", "state": "x"}).status_code == 200


def test_a_hundred_findings_cost_as_many_queries_as_one(world: World) -> None:
    def many(first: int, count: int) -> None:
        for number in range(first, first + count):
            stay(world.carriers["mine"], tenant(number), date(2010, 1, 1))
        tenancy.refresh(at=AT, root=world.regions["province"])

    def counted(client: Client) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(QUEUE).status_code == 200
        return len(queries)

    client = signed_in(world.people["city"])
    many(900, 1)
    client.get(QUEUE)
    few = counted(client)
    many(1000, 99)
    assert counted(client) <= few


def test_the_queue_leaves_as_the_screen_shows_it(
    world: World, claimed: TenancyFinding, storage: Path
) -> None:
    def taken(who: str) -> list[dict[str, Any]]:
        assert signed_in(world.people[who]).post(f"{EXPORT}?kind=double_claim").status_code == 302
        job = Job.objects.latest("created_at")
        assert (job.state, job.outcome) == (JobState.DONE, {"count": 1}) and job.result is not None
        book = load_workbook(io.BytesIO(files.content_of(job.result)))
        heads, *rows = book.worksheets[0].iter_rows(values_only=True)
        shown = parts_of(column for column in COLUMNS if not column.hidden)
        assert list(heads) == [str(part.title) for part in shown]
        return [dict(zip([part.code for part in shown], row, strict=True)) for row in rows]

    (row,) = taken("city")
    assert (row["carrier"], row["other"]) == ("青禾孵化器", "星澜孵化器")
    assert row["entered"].date() == date(2024, 6, 1) and row["other_entered"].date() == date(2025, 2, 3)
    for who in ("staff", "editor", "expert"):
        assert signed_in(world.people[who]).post(EXPORT).status_code == 404


def test_what_is_gone_is_told_and_no_longer_decided(world: World, claimed: TenancyFinding) -> None:
    Stay.objects.filter(pk=claimed.stay_a_id).update(ended=TODAY)
    tenancy.refresh(at=AT, root=world.regions["province"])
    client = signed_in(world.people["province"])
    assert client.get(QUEUE).context["rows"] == []
    assert len(client.get(QUEUE, {"state": "gone"}).context["rows"]) == 1
    answer = client.get(url(claimed))
    assert answer.context["deciding"] is None and "已消除" in answer.content.decode()
    assert (
        client.post(url(claimed, "finding_decide"), {"action": "accept", "comment": "x"}).status_code == 302
    )
    claimed.refresh_from_db()
    assert claimed.state == "explained"
