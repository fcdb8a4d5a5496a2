"""Who says and decides what of a finding; who may know what of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.rules.roles import Role
from core.problems import Refused
from office.models import AuditEntry, Notice
from registry.models import FindingStatement, Stay, TenancyFinding
from registry.queries import findings as queries
from registry.rules.finding_list import FindingsAsked
from registry.services import findings, tenancy
from tests.registry.world import AT, TODAY, World, carrier, person, stay, tenant

SINCE_MINE, SINCE_AWAY = date(2024, 6, 1), date(2025, 2, 3)


@pytest.fixture
def claimed(world: World) -> TenancyFinding:
    """Claimed by `mine` in the east and by `away` in the west."""
    who = tenant(700, "双认公司")
    stay(world.carriers["mine"], who, SINCE_MINE)
    stay(world.carriers["away"], who, SINCE_AWAY)
    return look(world, "double_claim")


def look(world: World, kind: str) -> TenancyFinding:
    tenancy.refresh(at=AT, root=world.regions["province"])
    found: TenancyFinding = TenancyFinding.objects.get(kind=kind)
    return found


def say(world: World, who: str, found: TenancyFinding, text: str = "实际在我处办公") -> FindingStatement:
    return findings.say(actor=world.people[who], finding_id=found.pk, text=text, at=AT)


def decide(
    world: World, who: str, found: TenancyFinding, action: str = "accept", text: str = "已核实", **more: Any
) -> TenancyFinding:
    actor = world.people[who]
    return findings.decide(actor=actor, finding_id=found.pk, action=action, text=text, at=AT, **more)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


SEEING = {"staff", "other_staff", "county", "city", "province", "auditor", "portal"}


def test_staff_officers_of_either_side_and_auditors_know_of_it(world: World, claimed: TenancyFinding) -> None:
    world.people["west"] = person("西市甲", Role.CITY_OFFICER, region=world.regions["west"])
    world.people["far"] = person("山前甲", Role.COUNTY_OFFICER, region=world.regions["far"])
    for name, actor in world.people.items():
        seen = TenancyFinding.objects.visible_to(actor).exists()
        assert seen == (name in SEEING | {"west"}), name
        if not seen:
            with pytest.raises(TenancyFinding.DoesNotExist):
                findings.say(actor=actor, finding_id=claimed.pk, text="说明", at=AT)
            with pytest.raises(TenancyFinding.DoesNotExist):
                findings.decide(actor=actor, finding_id=claimed.pk, action="accept", text="核", at=AT)


def test_of_the_other_side_an_officer_sees_name_and_day_and_staff_the_name(
    world: World, claimed: TenancyFinding
) -> None:
    found = queries.finding_with_story(world.people["province"]).get()
    assert [one.is_own for one in queries.seen_sides(found, world.people["province"])] == [True, True]
    own, other = queries.seen_sides(found, world.people["city"])
    assert own.is_own and own.stay is not None
    assert (other.carrier, other.entered, other.ended, other.stay) == (
        world.carriers["away"], SINCE_AWAY, None, None,
    )  # fmt: skip
    own, other = queries.seen_sides(found, world.people["other_staff"])
    assert own.carrier == world.carriers["away"]
    assert (other.carrier, other.entered, other.stay) == (world.carriers["mine"], None, None)


def test_a_carrier_that_is_not_public_is_not_named(world: World) -> None:
    who = tenant(700)
    stay(world.carriers["mine"], who)
    stay(world.carriers["closed"], who)
    look(world, "double_claim")
    found = queries.finding_with_story(world.people["staff"]).get()
    assert queries.seen_sides(found, world.people["staff"])[1].carrier is None
    assert queries.seen_sides(found, world.people["county"])[1].carrier is None


def test_where_the_other_side_lies_is_no_answer_of_a_filter_or_a_count(
    world: World, claimed: TenancyFinding
) -> None:
    def listed(who: str, **asked: str) -> int:
        return queries.findings(world.people[who], FindingsAsked(**asked)).count()

    assert listed("city", region="990500") == 1 and listed("city", region="990600") == 0
    assert listed("province", region="990600") == 1
    regions = [world.regions["east"], world.regions["near"]]
    (group,) = queries.finding_groups(world.people["city"], FindingsAsked(), regions)
    assert not {"990600", "990602"} & group.regions


def test_what_one_side_says_the_other_does_not_read(world: World, claimed: TenancyFinding) -> None:
    assert say(world, "staff", claimed).carrier == world.carriers["mine"]
    claimed.refresh_from_db()
    assert claimed.state == "explained"
    for who, reads in (("city", 1), ("other_staff", 0), ("province", 1), ("auditor", 1), ("expert", 0)):
        told = FindingStatement.objects.visible_to(world.people[who])
        assert told.count() == reads, who
    found = queries.finding_with_story(world.people["other_staff"]).get()
    assert queries.silent_side_spoke(found, found.told)


def test_the_same_words_sent_twice_are_one_statement(world: World, claimed: TenancyFinding) -> None:
    assert say(world, "staff", claimed) == say(world, "staff", claimed)
    say(world, "staff", claimed, "补充：租赁合同在我处")
    assert FindingStatement.objects.count() == AuditEntry.objects.filter(action="finding.say").count() == 2


@pytest.mark.parametrize("who", ["auditor", "portal"])
def test_auditors_and_the_portal_say_and_decide_nothing(
    world: World, claimed: TenancyFinding, who: str
) -> None:
    for act in (say, decide):
        with pytest.raises(Refused) as refusal:
            act(world, who, claimed)
        assert codes(refusal) == ["move.role"]


def test_nothing_is_said_without_words_nor_in_too_many(world: World, claimed: TenancyFinding) -> None:
    for text, code in ((" ", "move.comment"), ("长" * 2001, "move.comment"), ("a\x00", "move.comment")):
        with pytest.raises(Refused) as refusal:
            say(world, "staff", claimed, text)
        assert codes(refusal) == [code]


def test_who_oversees_both_sides_decides_once_and_it_is_remembered(
    world: World, claimed: TenancyFinding
) -> None:
    for who in ("county", "city"):
        with pytest.raises(Refused) as refusal:
            decide(world, who, claimed)
        assert codes(refusal) == ["finding.both_sides"]
    with pytest.raises(Refused) as refusal:
        decide(world, "staff", claimed)
    assert codes(refusal) == ["move.role"]
    done = decide(world, "province", claimed)
    assert (done.state, done.decision, done.reason, done.decided_at) == ("decided", "accept", "已核实", AT)
    with pytest.raises(Refused) as refusal:
        decide(world, "province", claimed, "correct")
    assert codes(refusal) == ["move.state"]
    assert look(world, "double_claim").state == "decided"
    assert not TenancyFinding.objects.waiting().exists()
    assert Notice.objects.filter(sentence__contains="疑点已处理").count() == 2
    entry = AuditEntry.objects.get(action="finding.accept")
    assert (entry.reason, entry.detail["kind"]) == ("已核实", "double_claim")


def test_other_facts_ask_again_in_spite_of_the_decision(world: World, claimed: TenancyFinding) -> None:
    decide(world, "province", claimed)
    Stay.objects.filter(pk=claimed.stay_b_id).update(entered=date(2025, 3, 1))
    tenancy.refresh(at=AT, root=world.regions["province"])
    assert TenancyFinding.objects.waiting().count() == 1
    claimed.refresh_from_db()
    assert (claimed.state, claimed.standing) == ("decided", "gone")
    with pytest.raises(Refused) as refusal:
        decide(world, "province", claimed, "reopen")
    assert codes(refusal) == ["finding.gone"]


def test_an_office_of_one_side_ends_the_stay_on_its_own_side(world: World, claimed: TenancyFinding) -> None:
    other = {"stay_id": claimed.stay_b_id, "ended": TODAY}
    with pytest.raises(Refused) as refusal:
        decide(world, "county", claimed, "end", **other)
    assert codes(refusal) == ["finding.other_side"]
    with pytest.raises(Refused) as refusal:
        decide(world, "county", claimed, "end")
    assert codes(refusal) == ["finding.stay"]
    for ended, code in (
        (None, "finding.ended"), (date(2024, 5, 31), "stay.order"), (date(2027, 1, 1), "date.future"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            decide(world, "county", claimed, "end", stay_id=claimed.stay_a_id, ended=ended)
        assert codes(refusal) == [code]
    done = decide(world, "county", claimed, "end", stay_id=claimed.stay_a_id, ended=TODAY)
    assert done.ended_stay is not None and done.ended_stay.pk == claimed.stay_a_id
    assert Stay.objects.get(pk=claimed.stay_a_id).ended == TODAY
    assert AuditEntry.objects.filter(action__in=("stay.end", "finding.end")).count() == 2
    tenancy.refresh(at=AT, root=world.regions["province"])
    claimed.refresh_from_db()
    assert claimed.standing == "gone"


def test_a_stay_that_is_none_of_the_finding_is_not_ended(world: World, claimed: TenancyFinding) -> None:
    strange = Stay.objects.get(tenant__name="甲科技公司")
    with pytest.raises(Refused) as refusal:
        decide(world, "province", claimed, "end", stay_id=strange.pk, ended=TODAY)
    assert codes(refusal) == ["finding.stay"]
    strange.refresh_from_db()
    assert strange.ended is None


def test_a_finding_of_one_carrier_is_decided_by_its_county(world: World) -> None:
    stay(world.carriers["mine"], tenant(700), date(2010, 1, 1))
    found = look(world, "over_stay")
    assert decide(world, "county", found, "correct").decision == "correct"
    with pytest.raises(Refused) as refusal:
        decide(world, "county", found, "burn")
    assert codes(refusal) == ["finding.action"]


def test_a_decision_is_taken_back_by_its_level_or_one_above(world: World) -> None:
    stay(world.carriers["mine"], tenant(700), date(2010, 1, 1))
    found = look(world, "over_stay")
    decide(world, "city", found)
    with pytest.raises(Refused) as refusal:
        decide(world, "county", found, "reopen", "再核")
    assert codes(refusal) == ["finding.both_sides"]
    again = decide(world, "province", found, "reopen", "再核")
    assert (again.state, again.decision, again.decided_by) == ("open", "", None)
    assert [one.action for one in found.statements.all()] == ["accept", "reopen"]


def test_what_waits_is_counted_by_who_it_waits_for(world: World, claimed: TenancyFinding) -> None:
    def waiting(who: str) -> int:
        return queries.waiting_for(world.people[who], most=100)

    assert [waiting(who) for who in ("staff", "other_staff", "city", "province")] == [1, 1, 1, 1]
    say(world, "staff", claimed)
    assert [waiting(who) for who in ("staff", "other_staff", "city", "province")] == [0, 1, 1, 1]
    decide(world, "province", claimed)
    assert [waiting(who) for who in ("staff", "other_staff", "city", "province")] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "decided"},
        {"decision": "accept"},
        {"reason": "不写处理"},
        {"stay_b": None},
        {"kind": "over_stay"},
        {"first_seen_at": AT.replace(year=2027)},
    ],
)
def test_the_database_keeps_states_and_stamps_together(
    claimed: TenancyFinding, wrong: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        TenancyFinding.objects.filter(pk=claimed.pk).update(**wrong)


def test_one_operators_two_carriers_in_one_county(world: World) -> None:
    twin = carrier("SL-990500-0900", "青禾二期", world.regions["near"], world.carriers["mine"].operator)
    who = tenant(700)
    for where in (world.carriers["mine"], twin):
        stay(where, who)
    found = look(world, "double_claim")
    assert found.rests_on["operator"] == "same"
    assert decide(world, "county", found, "correct").state == "decided"
