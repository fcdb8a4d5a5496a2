"""An application from the first word to the carrier's code, by whom, and what stands against it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.queries import actor_for
from core.problems import Refused
from office.models import AuditEntry, Notice, StoredFile
from office.services.evidence import Upload
from registry.models import Application, ApplicationMove, Carrier, CarrierVersion, Operator
from registry.services import applications, registering
from registry.services.doubts import doubts_of
from tests.registry.applying import PDF, act, begun, handed_in, newcomer, registered
from tests.registry.rules.test_registering import GOOD
from tests.registry.world import AT, World, credit_code, person, region

pytestmark = pytest.mark.usefixtures("storage")


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in refusal.value.problems]


def refused(act: Callable[..., Any], **given: Any) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refusal:
        act(**given)
    return codes(refusal)


def test_all_the_way_to_a_code(world: World) -> None:
    applicant = newcomer()
    found = registered(world, applicant)
    carrier = Carrier.objects.get(code="SL-990500-0003")
    assert (found.state, found.carrier, found.number) == ("registered", carrier, "SL-DJ-2026-00001")
    assert (carrier.name, carrier.region.code, str(carrier.area_total)) == (GOOD["name"], "990502", "3200.00")
    assert carrier.operator.credit_code == GOOD["credit_code"]
    assert CarrierVersion.objects.get(carrier=carrier).basis == "载体登记申请 SL-DJ-2026-00001"
    held = Appointment.objects.get(user=applicant.user)
    assert (held.role, held.carrier_code, held.valid_from) == (
        "carrier_staff",
        carrier.code,
        date(2026, 3, 18),
    )
    assert applicant.user is not None
    assert actor_for(applicant.user, None).carrier_code == carrier.code
    ways = ApplicationMove.objects.values_list("action", "source", "target")
    assert list(ways) == [
        ("submit", "draft", "at_county"), ("pass", "at_county", "at_city"),
        ("pass", "at_city", "at_province"), ("register", "at_province", "registered"),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(action="application.register").count() == 1
    assert Notice.objects.filter(recipient=applicant.user).count() == 3


def test_the_operator_that_is_known_keeps_its_facts(world: World) -> None:
    found = handed_in(newcomer(), credit_code=credit_code(2).lower(), operator_name="另一个名字")
    for doubt in doubts_of(found):
        act(world, "county", "clear", found, against=doubt.against, reason="同一机构另建载体")
    for who, verb in (("county", "pass_on"), ("city", "pass_on"), ("province", "register")):
        found = act(world, who, verb, found)
    assert found.carrier is not None
    assert found.carrier.operator == Operator.objects.get(name="星澜运营有限公司")


def test_saving_is_never_blocked_and_submitting_tells_everything(world: World) -> None:
    applicant = newcomer()
    made = applications.begin(actor=applicant, at=AT)
    typed = {"name": "名" * 400, "credit_code": "错", "opened_on": "明天", "state": "registered"}
    kept = applications.fill(actor=applicant, application_id=made.pk, given=typed, at=AT)
    assert kept.facts == {name: typed[name] for name in ("name", "credit_code", "opened_on")}
    found = refused(applications.submit, actor=applicant, application_id=made.pk, at=AT)
    assert {("fact.long", "name"), ("credit_code.length", "credit_code"), ("fact.date", "opened_on"),
            ("evidence.missing", "licence"), ("fact.missing", "region")} <= set(found)  # fmt: skip
    assert Application.objects.get().state == "draft"


def test_beginning_twice_gives_the_same_empty_application(world: World) -> None:
    applicant = newcomer()
    first = applications.begin(actor=applicant, at=AT)
    assert applications.begin(actor=applicant, at=AT) == first
    begun(applicant)
    assert Application.objects.count() == 2


@pytest.mark.parametrize("who", ["visitor", "county", "city", "province", "auditor", "expert", "editor"])
def test_officials_and_visitors_apply_for_nothing(world: World, who: str) -> None:
    assert refused(applications.begin, actor=world.people[who], at=AT) == [("application.role", "")]


def test_staff_of_a_carrier_apply_for_another_one(world: World) -> None:
    found = registered(world, world.people["staff"])
    assert Appointment.objects.filter(user=world.people["staff"].user).count() == 2
    assert found.carrier is not None


@pytest.mark.parametrize(
    ("who", "drafts", "handed"),
    [("visitor", 0, 0), ("staff", 0, 0), ("county", 0, 1), ("city", 0, 1), ("province", 0, 1),
     ("auditor", 0, 0), ("finance", 0, 0), ("expert", 0, 0), ("administrator", 0, 0)],
)  # fmt: skip
def test_who_knows_of_an_application(world: World, who: str, drafts: int, handed: int) -> None:
    applicant = newcomer()
    made = begun(applicant)
    assert Application.objects.visible_to(world.people[who]).count() == drafts
    applications.submit(actor=applicant, application_id=made.pk, at=AT)
    assert Application.objects.visible_to(world.people[who]).count() == handed
    assert Application.objects.visible_to(applicant).count() == 1
    assert Application.objects.visible_to(newcomer("申请乙")).count() == 0


def test_officers_of_another_county_or_city_know_nothing(world: World) -> None:
    handed_in(newcomer())
    far = person("县区乙", world.people["county"].appointment.role, region=world.regions["far"])  # type: ignore[union-attr, arg-type]
    west = person("市级乙", world.people["city"].appointment.role, region=world.regions["west"])  # type: ignore[union-attr, arg-type]
    for officer in (far, west):
        assert not Application.objects.visible_to(officer).exists()


def test_an_office_acts_only_on_what_lies_with_it(world: World) -> None:
    found = handed_in(newcomer())
    for who, verb in (("city", "pass_on"), ("province", "register"), ("staff", "pass_on")):
        with pytest.raises((Refused, Application.DoesNotExist)):
            act(world, who, verb, found)
    found = act(world, "county", "pass_on", found)
    assert found.state == "at_city"
    with pytest.raises(Refused) as refusal:
        act(world, "county", "pass_on", found)
    assert codes(refusal)[0][0] == "move.role"


def test_returned_with_a_reason_at_each_item_and_again_to_the_same_office(world: World) -> None:
    applicant = newcomer()
    found = act(world, "county", "pass_on", handed_in(applicant))
    remarks = {"address": "请写到门牌号", "team": "缺社保记录", "name": "  "}
    found = act(world, "city", "send_back", found, remarks=remarks)
    assert (found.state, found.office) == ("returned", world.regions["east"])
    kept = found.remarks.values_list("item", "text", "value", "settled_at")
    assert list(kept) == [
        ("address", "请写到门牌号", GOOD["address"], None), ("team", "缺社保记录", "", None)
    ]  # fmt: skip
    assert "共 2 项" in str(Notice.objects.latest("pk").text)
    applications.fill(actor=applicant, application_id=found.pk, given={"address": "新港路 2 号"}, at=AT)
    assert Application.objects.get().submitted["address"] == GOOD["address"]
    found = applications.submit(actor=applicant, application_id=found.pk, at=AT)
    assert (found.state, found.round, found.number) == ("at_city", 2, "SL-DJ-2026-00001")
    assert found.submitted["address"] == "新港路 2 号"
    assert not found.remarks.filter(settled_at=None).exists()


@pytest.mark.parametrize(
    ("remarks", "code"),
    [({}, "remark.none"), ({"name": " "}, "remark.none"), ({"state": "不对"}, "remark.item"),
     ({"name": "长" * 501}, "remark.long")],
)  # fmt: skip
def test_a_return_says_at_which_item_and_why(world: World, remarks: dict[str, str], code: str) -> None:
    found = handed_in(newcomer())
    with pytest.raises(Refused) as refusal:
        act(world, "county", "send_back", found, remarks=remarks)
    assert codes(refusal)[0][0] == code
    assert Application.objects.get().state == "at_county"


def test_what_changed_meanwhile_is_told_to_the_second_officer(world: World) -> None:
    applicant = newcomer()
    found = handed_in(applicant)
    seen = Application.objects.get()
    act(world, "county", "send_back", found, remarks={"name": "请核对"})
    with pytest.raises(Refused) as refusal:
        act(world, "county", "pass_on", seen)
    assert "可能已由他人办理" in str(refusal.value.problems[0].message)
    applications.submit(actor=applicant, application_id=found.pk, at=AT)
    with pytest.raises(Refused) as refusal:
        act(world, "county", "pass_on", seen)
    assert codes(refusal) == [("move.stale", "")]


def test_refused_and_withdrawn_are_ends(world: World) -> None:
    first, second = newcomer(), newcomer("申请乙")
    one = act(world, "county", "refuse", handed_in(first), comment="场地不在本区")
    assert (one.state, one.office, one.carrier) == ("refused", None, None)
    other = handed_in(second, name="海棠孵化器", credit_code=credit_code(78))
    other = applications.withdraw(actor=second, application_id=other.pk, at=AT)
    assert other.state == "withdrawn"
    for actor, ended in ((first, one), (second, other)):
        for act_again in (applications.submit, applications.withdraw):
            assert refused(act_again, actor=actor, application_id=ended.pk, at=AT) == [("move.state", "")]
        given = {"application_id": ended.pk, "given": {"name": "新名"}, "at": AT}
        assert refused(applications.fill, actor=actor, **given) == [("application.locked", "")]


def test_refusing_wants_a_reason(world: World) -> None:
    found = handed_in(newcomer())
    with pytest.raises(Refused) as refusal:
        act(world, "county", "refuse", found, comment=" ")
    assert codes(refusal) == [("move.comment", "comment")]


@pytest.mark.parametrize(
    "written", [str.upper, str.lower, lambda c: "".join(chr(ord(x) + 0xFEE0) for x in c)]
)
def test_a_code_that_is_taken_however_written_is_a_doubt(world: World, written: Callable[[str], str]) -> None:
    found = handed_in(newcomer(), credit_code=f" {written(credit_code(1))} ")
    doubts = {doubt.against: [str(word) for word in doubt.because] for doubt in doubts_of(found)}
    assert doubts == {"carrier:SL-990500-0001": ["信用代码相同"], "carrier:SL-990600-0002": ["信用代码相同"]}
    with pytest.raises(Refused) as refusal:
        act(world, "county", "pass_on", found)
    assert codes(refusal) == [("application.doubt", "")] * 2


def test_a_name_like_anothers_is_cleared_with_a_reason_once(world: World) -> None:
    found = handed_in(newcomer(), name="示例省 青禾众创空间 有限公司")
    (doubt,) = doubts_of(found)
    assert (doubt.against, str(doubt.because[0])) == ("carrier:SL-990500-0001", "名称相近")
    assert (doubt.other.name, doubt.other.operator) == ("青禾孵化器", "青禾运营有限公司")
    about = {"against": doubt.against}
    with pytest.raises(Refused) as refusal:
        act(world, "county", "clear", found, reason=" ", **about)
    assert codes(refusal) == [("clearance.reason", "reason")]
    act(world, "county", "clear", found, reason="不同机构，场地不同", **about)
    with pytest.raises(Refused) as refusal:
        act(world, "county", "clear", found, reason="再来一次", **about)
    assert codes(refusal) == [("clearance.gone", "")]
    assert act(world, "county", "pass_on", found).state == "at_city"


def test_a_clearance_holds_for_the_name_on_which_it_was_given(world: World) -> None:
    applicant = newcomer()
    found = handed_in(applicant, name="青禾众创空间")
    act(world, "county", "clear", found, against="carrier:SL-990500-0001", reason="不同机构")
    found = act(world, "county", "send_back", found, remarks={"name": "请用全称"})
    applications.fill(actor=applicant, application_id=found.pk, given={"name": "青禾孵化器"}, at=AT)
    found = applications.submit(actor=applicant, application_id=found.pk, at=AT)
    with pytest.raises(Refused) as refusal:
        act(world, "county", "pass_on", found)
    assert codes(refusal) == [("application.doubt", "")]


def test_an_application_on_its_way_is_a_doubt_too(world: World) -> None:
    first = handed_in(newcomer())
    second = handed_in(newcomer("申请乙"), credit_code=credit_code(78))
    assert [doubt.against for doubt in doubts_of(second)] == [f"application:{first.pk}"]


def test_what_was_cleared_as_an_application_is_clear_as_a_carrier(world: World) -> None:
    first = handed_in(newcomer())
    second = handed_in(newcomer("申请乙"), credit_code=credit_code(78))
    for one, other in ((first, second), (second, first)):
        act(world, "county", "clear", one, against=f"application:{other.pk}", reason="不同机构")
    for found in (first, second):
        for who, verb in (("county", "pass_on"), ("city", "pass_on"), ("province", "register")):
            found = act(world, who, verb, found)
        assert found.state == "registered"


def test_an_operator_that_runs_nothing_is_a_doubt_by_its_code(world: World) -> None:
    Operator.objects.create(credit_code=credit_code(9), name="云杉运营公司")
    found = handed_in(newcomer(), credit_code=credit_code(9))
    assert [doubt.against for doubt in doubts_of(found)] == [f"operator:{credit_code(9)}"]


def test_offices_that_the_tree_lacks_are_skipped(world: World) -> None:
    direct = region("990009", "直管县", "county", world.regions["province"])
    found = handed_in(newcomer(), region=direct.code)
    county = person("直管甲", world.people["county"].appointment.role, region=direct)  # type: ignore[union-attr, arg-type]
    world.people["direct"] = county
    assert act(world, "direct", "pass_on", found).state == "at_province"
    of_city = handed_in(newcomer("申请乙"), region="990500", name="海棠孵化器", credit_code=credit_code(78))
    assert (of_city.state, of_city.office) == ("at_city", world.regions["east"])


def test_a_region_that_has_ended_is_refused_even_at_the_last_office(world: World) -> None:
    found = handed_in(newcomer())
    found = act(world, "city", "pass_on", act(world, "county", "pass_on", found))
    world.regions["near"].valid_to = date(2026, 3, 1)
    world.regions["near"].save()
    with pytest.raises(Refused) as refusal:
        act(world, "province", "register", found)
    assert codes(refusal) == [("region.ended", "region")]
    assert not Appointment.objects.filter(carrier_code="SL-990500-0003").exists()


def test_documents_are_pdf_or_pictures_and_what_was_handed_in_stays(world: World) -> None:
    applicant = newcomer()
    made = begun(applicant)
    about: dict[str, Any] = {"actor": applicant, "application_id": made.pk, "at": AT}
    assert refused(applications.attach, kind="licence", upload=Upload("a.exe", b"MZ"), **about) == [
        ("file.kind", "licence")
    ]
    assert refused(applications.attach, kind="hotel", upload=Upload("a.pdf", PDF), **about) == [
        ("evidence.kind", "kind")
    ]
    applications.submit(actor=applicant, application_id=made.pk, at=AT)
    first = made.files.filter(kind="licence").get()
    gone: dict[str, Any] = {**about, "file_id": first.pk}
    assert refused(applications.detach, **gone) == [("application.locked", "")]
    found = act(world, "county", "send_back", Application.objects.get(), remarks={"licence": "看不清"})
    applications.detach(**gone)
    assert StoredFile.objects.filter(pk=first.file_id).exists()
    assert refused(applications.submit, **about) == [("evidence.missing", "licence")]
    applications.attach(kind="licence", upload=Upload("新.pdf", PDF), **about)
    assert applications.submit(**about).round == found.round + 1


def test_others_documents_are_nobodys_to_take_away(world: World) -> None:
    made = begun(newcomer())
    file = made.files.all()[0]
    stranger = newcomer("申请乙")
    given: dict[str, Any] = {"application_id": made.pk, "file_id": file.pk, "at": AT}
    for actor in (stranger, world.people["county"], Actor()):
        with pytest.raises(Application.DoesNotExist):
            applications.detach(actor=actor, **given)


def test_numbers_run_through_the_year(world: World) -> None:
    for number in range(3):
        found = handed_in(newcomer(f"申请{number}"), credit_code=credit_code(80 + number))
    assert found.number == "SL-DJ-2026-00003"


@pytest.mark.parametrize(
    "changes",
    [{"state": "somewhere"}, {"state": "at_county", "office": None}, {"state": "registered", "office": None},
     {"state": "refused", "office": None}, {"number": ""}],
)  # fmt: skip
def test_the_database_holds_states_with_their_stamps(world: World, changes: dict[str, Any]) -> None:
    found = handed_in(newcomer())
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=found.pk).update(**changes)


def test_nobody_acts_on_their_own_application(world: World) -> None:
    found = handed_in(newcomer())
    Application.objects.filter(pk=found.pk).update(applicant=world.people["county"].user)
    with pytest.raises(Application.DoesNotExist):
        registering.pass_on(actor=world.people["county"], application_id=found.pk, expected=1, at=AT)
