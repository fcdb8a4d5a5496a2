"""Facts change by a request that an office decides, and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from core.problems import Refused
from office.models import AuditEntry, Notice, StoredFile
from office.services.evidence import Upload
from registry.models import (
    Carrier,
    CarrierVersion,
    ChangeClaim,
    ChangeMove,
    ChangeRequest,
    Operator,
    OperatorVersion,
)
from registry.queries import history_of, names_of
from registry.services import changing, proposals
from tests.registry.changes import FILES, PDF, ask, asked, move, resubmit
from tests.registry.world import AT, TODAY, World, credit_code, region

pytestmark = pytest.mark.usefixtures("storage")


def codes_of(act: Callable[[], Any]) -> list[str]:
    with pytest.raises(Refused) as refused:
        act()
    return [problem.code for problem in refused.value.problems]


def told(world: World, who: str) -> list[str]:
    return [str(one.text) for one in Notice.objects.filter(recipient=world.people[who].user)]


def test_nothing_but_an_approved_case_changes_a_fact() -> None:
    """Services alone call it: requests, and the succession of operators, which is a case of its own."""
    callers = [
        path.relative_to(settings.BASE_DIR).as_posix()
        for room in (
            "accounts",
            "office",
            "registry",
            "reporting",
            "evaluation",
            "funding",
            "figures",
            "news",
            "portal",
        )
        for path in (Path(settings.BASE_DIR) / room).rglob("*.py")
        if re.search(r"\bchange_carrier\(", path.read_text(encoding="utf-8"))
    ]
    assert sorted(callers) == [
        "registry/services/carriers.py",
        "registry/services/changing.py",
        "registry/services/operators.py",
    ]


def test_a_request_waits_at_the_county_and_changes_nothing(world: World) -> None:
    found = ask(world)
    assert (found.state, found.first_stop, found.last_stop) == ("at_county", "at_county", "at_province")
    assert found.facts == {"name": {"old": "青禾孵化器", "new": "青园科技孵化器"}}
    assert found.number == f"BG-2026-{found.pk:06d}" and not found.is_late and not found.is_on_behalf
    assert world.carrier("mine").name == "青禾孵化器" and not CarrierVersion.objects.exists()
    assert [claim.fact for claim in ChangeClaim.objects.all()] == ["name"]
    assert told(world, "county") == ["“青禾孵化器”申请变更名称，请办理。"] and told(world, "province") == []
    assert AuditEntry.objects.get(action="change.ask").detail["facts"] == found.facts
    assert {one.evidence for one in found.files.all()} == {kind for kind, _ in FILES}


def test_county_gives_its_opinion_and_the_province_approves(world: World) -> None:
    found = move(world, "county", ask(world), "pass", comment="情况属实")
    assert found.state == "at_province" and told(world, "province")
    found = move(world, "province", found, "approve")
    carrier = world.carrier("mine")
    assert (found.state, carrier.name, carrier.former_names) == ("approved", "青园科技孵化器", ["青禾孵化器"])
    version = CarrierVersion.objects.get(carrier=carrier)
    assert (version.valid_from, version.basis) == (date(2026, 2, 1), "变更登记通知书")
    assert version.document_number == "河登〔2026〕12 号" and version.basis_file is not None
    assert version.basis_file.name == "registration.pdf"
    assert [(one.action, one.source, one.target, one.comment) for one in found.moves.all()] == [
        ("ask", "", "at_county", "经登记机关核准更名"),
        ("pass", "at_county", "at_province", "情况属实"),
        ("approve", "at_province", "approved", ""),
    ]
    assert told(world, "staff") == ["“青禾孵化器”变更名称的申请已同意。"]
    assert not ChangeClaim.objects.exists()


def test_plain_facts_alone_are_decided_by_the_county(world: World) -> None:
    found = ask(world, wanted={"address": "河湾路 9 号", "opened_on": "2018-05-06", "name_en": "Qinghe"})
    found = move(world, "county", found, "approve")
    carrier = world.carrier("mine")
    assert (carrier.address, carrier.opened_on, carrier.name_en) == (
        "河湾路 9 号",
        date(2018, 5, 6),
        "Qinghe",
    )
    assert found.state == "approved" and not CarrierVersion.objects.exists()


def test_all_facts_at_once_come_into_the_register(world: World) -> None:
    world.carriers["mine"].level = "none"
    world.carriers["mine"].save()
    wanted = {
        "name": "青园孵化器", "operator": f"{credit_code(9)} 青园运营有限公司", "kind": "makerspace",
        "carrier_class": "specialised", "field": "bio", "region": "990503", "address": "山前路 1 号",
        "area_total": "1200", "area_tenants": "900", "area_public": "150.5",
        "opened_on": "2019-05-06", "name_en": "Qingyuan",
    }  # fmt: skip
    found = ask(world, wanted=wanted)
    assert found.last_stop == "at_city"
    found = move(world, "city", move(world, "county", found, "pass"), "approve")
    carrier = world.carrier("mine")
    assert {name: value for name, value in proposals.values_of(carrier).items()} == wanted
    assert Operator.objects.get(credit_code=credit_code(9)).name == "青园运营有限公司"


def test_a_move_to_another_city_is_decided_by_the_office_over_both(world: World) -> None:
    wanted = {"region": "990602", "address": "临水路 1 号"}
    found = ask(world, "county", "mine", wanted=wanted)
    assert found.last_stop == "at_province"
    move(world, "province", found, "approve")
    assert world.carrier("mine").region == world.regions["other"]


def test_what_comes_late_is_marked(world: World) -> None:
    on_time = ask(world, happened_on=date(2025, 12, 18))
    assert not on_time.is_late
    late = ask(world, wanted={"address": "河湾路 9 号"}, happened_on=date(2025, 12, 17))
    assert late.is_late


def test_a_request_that_was_in_time_stays_so_when_it_is_mended(world: World) -> None:
    found = move(world, "county", ask(world, happened_on=date(2025, 12, 18)), "return")
    later = changing.resubmit(
        actor=world.people["staff"], request_id=found.pk, expected=found.version, at=AT + timedelta(30),
        asked=asked(files=(), happened_on=date(2025, 12, 18)),
    )  # fmt: skip
    assert not later.is_late and later.state == "at_county" and later.returned_at is None


def test_reasons_come_back_by_fact_and_documents_stay(world: World) -> None:
    found = move(world, "county", ask(world), "return", reasons={"name": "与通知书不一致"})
    last = ChangeMove.objects.filter(request=found).latest("pk")
    assert last.reasons == {"name": "与通知书不一致"} and found.state == "returned"
    assert "材料不清楚" in told(world, "staff")[0]
    again = resubmit(world, "staff", found, wanted={"name": "青园孵化器"})
    assert again.facts["name"]["new"] == "青园孵化器" and again.files.count() == len(FILES)
    assert ChangeMove.objects.filter(action="ask").get().facts["name"]["new"] == "青园科技孵化器"


def test_reasons_for_what_is_not_asked_are_refused(world: World) -> None:
    found = ask(world)
    assert codes_of(lambda: move(world, "county", found, "return", reasons={"kind": "?"})) == ["change.fact"]


def test_a_refusal_changes_nothing_and_the_fact_may_be_asked_again(world: World) -> None:
    found = move(world, "county", ask(world), "pass")
    found = move(world, "province", found, "refuse")
    assert found.state == "refused" and world.carrier("mine").name == "青禾孵化器"
    assert ask(world).pk != found.pk


@pytest.mark.parametrize("state", ["at_county", "at_province", "returned"])
def test_who_asked_takes_it_back_before_it_is_decided(world: World, state: str) -> None:
    found = ask(world)
    if state == "at_province":
        found = move(world, "county", found, "pass")
    if state == "returned":
        found = move(world, "county", found, "return")
    assert move(world, "staff", found, "withdraw").state == "withdrawn"
    assert not ChangeClaim.objects.exists()


def test_what_is_decided_cannot_be_taken_back(world: World) -> None:
    found = move(world, "county", ask(world, wanted={"address": "河湾路 9 号"}), "approve")
    assert codes_of(lambda: move(world, "staff", found, "withdraw")) == ["move.state"]


# Who may what.


@pytest.mark.parametrize(
    "who", ["other_staff", "finance", "editor", "auditor", "expert", "administrator", "visitor", "portal"]
)
def test_only_its_staff_and_its_officers_ask(world: World, who: str) -> None:
    try:
        ask(world, who)
    except Carrier.DoesNotExist:
        assert who in ("other_staff", "expert", "administrator", "visitor", "editor")
    except Refused as refused:
        assert [p.code for p in refused.problems] == ["change.role"]
        assert who in ("finance", "auditor", "portal")
    else:
        pytest.fail("asked")


@pytest.mark.parametrize("who", ["staff", "city", "province", "auditor"])
def test_another_office_does_not_move_what_lies_at_the_county(world: World, who: str) -> None:
    found = ask(world)
    assert codes_of(lambda: move(world, who, found, "pass")) == ["move.role"]


@pytest.mark.parametrize("who", ["other_staff", "finance", "editor", "expert", "administrator", "visitor"])
def test_to_others_a_request_does_not_exist(world: World, who: str) -> None:
    found = ask(world)
    with pytest.raises(ChangeRequest.DoesNotExist):
        move(world, who, found, "pass")


def test_the_officer_of_another_county_does_not_know_of_it(world: World) -> None:
    found = ask(world, "other_staff", "away")
    for who in ("county", "city", "staff"):
        assert found not in ChangeRequest.objects.visible_to(world.people[who])
    assert found in ChangeRequest.objects.visible_to(world.people["province"])
    assert found in ChangeRequest.objects.visible_to(world.people["auditor"])


def test_what_waits_for_whom(world: World) -> None:
    found = ask(world)

    def waiting(who: str) -> bool:
        return ChangeRequest.objects.all().waiting_for(world.people[who]).filter(pk=found.pk).exists()

    names = ("staff", "county", "city", "province", "auditor")
    assert [name for name in names if waiting(name)] == ["county"]
    found = move(world, "county", found, "pass")
    assert [name for name in names if waiting(name)] == ["province"]
    found = move(world, "province", found, "return")
    assert [name for name in names if waiting(name)] == ["staff"]


# An office files itself.


def test_the_deciding_office_corrects_by_a_case_of_its_own(world: World) -> None:
    found = ask(world, "province", files=())
    assert (found.state, found.is_on_behalf, found.decided_by) == (
        "approved", True, world.people["province"].user,
    )  # fmt: skip
    assert world.carrier("mine").name == "青园科技孵化器"
    assert [one.action for one in found.moves.all()] == ["ask", "approve"]
    assert (
        AuditEntry.objects.filter(action__in=("change.ask", "change.approve", "carrier.change")).count() == 3
    )
    assert told(world, "staff")


def test_a_lower_office_files_and_the_deciding_one_approves(world: World) -> None:
    found = ask(world, "county", files=())
    assert (found.state, found.first_stop) == ("at_province", "at_province")
    assert world.carrier("mine").name == "青禾孵化器"
    found = move(world, "province", found, "return")
    assert codes_of(lambda: resubmit(world, "staff", found)) == ["move.role"]
    found = resubmit(world, "county", found)
    assert move(world, "province", found, "approve").state == "approved"


def test_a_correction_needs_its_reason_and_document(world: World) -> None:
    found = codes_of(lambda: ask(world, "province", reason=" ", basis=""))
    assert found == ["change.words", "change.words"]


# What is refused.


@pytest.mark.parametrize(
    ("more", "codes"),
    [
        ({"wanted": {}}, ["change.nothing"]),
        ({"wanted": {"level": "national"}}, ["change.fact"]),
        ({"wanted": {"pk": "1"}}, ["change.fact"]),
        ({"wanted": {"name": "青禾孵化器"}}, ["change.same"]),
        ({"happened_on": TODAY + timedelta(1)}, ["date.future"]),
        ({"wanted": {"name": "青禾孵化器更名为青园孵化器"}}, ["change.both_names"]),
        ({"wanted": {"operator": f"{credit_code(2)} 青禾运营有限公司"}}, ["change.operator"]),
        ({"wanted": {"region": "110000", "address": "某路"}}, ["change.region"]),
        ({"wanted": {"region": "990600", "address": "某路"}}, ["change.region"]),
        ({"reason": "", "basis": "甲" * 121}, ["change.words", "change.words"]),
        ({"files": ()}, ["change.evidence"]),
        ({"files": (("castle", Upload("a.pdf", PDF)), *FILES)}, ["change.evidence"]),
        ({"files": (("registration", Upload("通知书.docx", b"PK\x03\x04")),)}, ["file.kind"]),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_and_nothing_is_kept(
    world: World, more: dict[str, Any], codes: list[str]
) -> None:
    assert codes_of(lambda: ask(world, **more)) == codes
    assert not ChangeRequest.objects.exists() and not StoredFile.objects.exists()


def test_everything_wrong_is_told_at_once(world: World) -> None:
    wanted = {"name": "", "area_total": "很大", "operator": "91 甲", "level": "city"}
    found = codes_of(lambda: ask(world, wanted=wanted, happened_on=TODAY + timedelta(1), reason="", files=()))
    assert found == [
        "change.fact", "change.empty", "credit_code.length", "change.number", "date.future", "change.words",
        "change.evidence", "change.evidence", "change.evidence",
    ]  # fmt: skip


def test_a_region_that_ended_takes_no_carrier(world: World) -> None:
    far = world.regions["far"]
    far.valid_to = TODAY - timedelta(1)
    far.save()
    wanted = {"region": "990503", "address": "山前路 1 号"}
    assert codes_of(lambda: ask(world, wanted=wanted)) == ["change.region_ended"]
    far.valid_to, far.valid_from = None, TODAY + timedelta(1)
    far.save()
    assert codes_of(lambda: ask(world, wanted=wanted)) == ["change.region"]


def test_a_region_that_ends_while_it_waits_is_told_to_the_officer(world: World) -> None:
    found = ask(world, "county", wanted={"region": "990503", "address": "山前路 1 号"})
    far = world.regions["far"]
    far.valid_to = TODAY - timedelta(1)
    far.save()
    assert codes_of(lambda: move(world, "province", found, "approve")) == ["change.region_ended"]
    assert world.carrier("mine").region == world.regions["near"]


def test_a_closed_carrier_asks_for_nothing(world: World) -> None:
    assert codes_of(lambda: ask(world, "province", "closed")) == ["change.closed"]


def test_one_open_request_a_fact(world: World) -> None:
    first = ask(world)
    assert codes_of(lambda: ask(world)) == ["change.open"]
    other = ask(world, wanted={"address": "河湾路 9 号"})
    assert other.pk != first.pk
    assert codes_of(lambda: ask(world, "province")) == ["change.open"]


def test_the_database_holds_one_open_request_a_fact(world: World) -> None:
    first, other = ask(world), ask(world, wanted={"address": "河湾路 9 号"})
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeClaim.objects.create(request=other, carrier=first.carrier, fact="name")


@pytest.mark.parametrize(
    "wrong",
    [{"state": "approved"}, {"state": "returned"}, {"state": "withdrawn"}, {"state": "at_province"},
     {"passed_at": AT}, {"decided_at": AT}],
)  # fmt: skip
def test_the_database_ties_states_to_stamps(world: World, wrong: dict[str, Any]) -> None:
    found = ask(world)
    with pytest.raises(IntegrityError), transaction.atomic():
        ChangeRequest.objects.filter(pk=found.pk).update(**wrong)


def test_a_fact_that_was_changed_meanwhile_is_told(world: World) -> None:
    found = move(world, "county", ask(world), "pass")
    Carrier.objects.filter(code=found.carrier.code).update(name="青和孵化器")
    with pytest.raises(Refused) as refused:
        move(world, "province", found, "approve")
    (problem,) = refused.value.problems
    assert (problem.code, problem.found, problem.allowed) == ("change.stale", "青和孵化器", "青禾孵化器")
    assert ChangeRequest.objects.get(pk=found.pk).state == "at_province"


def test_pressing_twice_does_it_once(world: World) -> None:
    found = ask(world)
    move(world, "county", found, "pass")
    assert codes_of(lambda: move(world, "county", found, "pass")) == ["change.moved"]
    assert ChangeMove.objects.filter(action="pass").count() == 1


def test_what_is_decided_here_is_not_passed_on(world: World) -> None:
    found = ask(world, wanted={"address": "河湾路 9 号"})
    assert codes_of(lambda: move(world, "county", found, "pass")) == ["change.last"]


def test_a_name_that_reads_or_sounds_like_anothers_is_a_doubt(world: World) -> None:
    assert [str(one) for one in proposals.alike(ask(world, wanted={"name": "晨光孵化器"}))] == [
        "晨光众创空间"
    ]
    other = ask(world, "other_staff", "away", wanted={"name": "青河孵化器"})
    assert [str(one) for one in proposals.alike(other)] == ["青禾孵化器"]
    plain = ask(world, wanted={"address": "河湾路 9 号"})
    assert proposals.alike(plain) == []


def test_the_former_name_is_told_with_its_days(world: World) -> None:
    Carrier.objects.filter(code="SL-990500-0001").update(level="none")
    ask(world, "county", wanted={"name": "青园孵化器"}, happened_on=date(2025, 1, 1), files=())
    ask(world, "county", wanted={"name": "青园科技孵化器"}, files=())
    assert names_of(history_of(world.carrier("mine"))) == [("青园孵化器", date(2025, 1, 1), date(2026, 2, 1))]


def test_an_operator_takes_another_name_with_its_case(world: World) -> None:
    """星澜 runs a carrier in each city: the office over both decides, and both carriers show it."""
    wanted = {"operator": f"{credit_code(2)} 星澜科创有限公司"}
    Carrier.objects.filter(code="SL-990500-0002").update(level="none")
    found = ask(world, "city", "sibling", wanted=wanted, files=())
    assert (found.state, found.last_stop) == ("at_province", "at_province")
    move(world, "province", found, "approve")
    assert world.carrier("away").operator.name == world.carrier("sibling").operator.name == "星澜科创有限公司"
    version = OperatorVersion.objects.get()
    assert (version.former_name, version.valid_from) == ("星澜运营有限公司", date(2026, 2, 1))
    assert not CarrierVersion.objects.exists()


def test_the_operator_of_one_carrier_is_renamed_by_its_own_office(world: World) -> None:
    Carrier.objects.filter(code="SL-990500-0001").update(level="none")
    found = ask(world, wanted={"operator": f"{credit_code(1)} 青禾科创有限公司"})
    assert found.last_stop == "at_county"
    move(world, "county", found, "approve")
    assert world.carrier("mine").operator.name == "青禾科创有限公司"
    earlier = {"wanted": {"operator": f"{credit_code(1)} 青禾"}, "happened_on": date(2026, 1, 1)}
    assert codes_of(lambda: ask(world, "county", files=(), **earlier)) == ["operator.later"]


def test_a_county_without_a_city_above_goes_on_to_the_province(world: World) -> None:
    lone = region("990901", "直管县", "county", world.regions["province"])
    Carrier.objects.filter(code="SL-990500-0002").update(region=lone, level="city")
    found = ask(world, "province", "sibling", wanted={"address": "甲路"}, files=())
    assert found.state == "approved"
    assert ask(world, "province", "sibling", wanted={"name": "晨光园"}, files=()).last_stop == "at_province"
