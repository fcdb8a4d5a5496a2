"""The chain of approval: every state × action × role of the table, and what each move leaves behind."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.rules.roles import Role
from core.problems import Refused
from office.models import AuditEntry, Notice
from reporting import queries
from reporting.models import Return, ReturnFigure, ReturnMove, ReturnVersion, RosterRow
from reporting.rules.lifecycle import Action, State
from reporting.services import filling, returns
from tests.reporting.conftest import DAY, World, fill, make_world

ROLES = (
    Role.CARRIER_STAFF,
    Role.COUNTY_OFFICER,
    Role.CITY_OFFICER,
    Role.PROVINCE_OFFICER,
    Role.AUDITOR,
)
# From the regulation, by hand: who may do what where.
ALLOWED = {
    (State.FILLING, Action.SUBMIT, Role.CARRIER_STAFF): State.AT_COUNTY,
    (State.RETURNED, Action.SUBMIT, Role.CARRIER_STAFF): State.AT_COUNTY,
    (State.AT_COUNTY, Action.WITHDRAW, Role.CARRIER_STAFF): State.FILLING,
    (State.AT_COUNTY, Action.PASS, Role.COUNTY_OFFICER): State.AT_CITY,
    (State.AT_COUNTY, Action.SEND_BACK, Role.COUNTY_OFFICER): State.RETURNED,
    (State.AT_CITY, Action.PASS, Role.CITY_OFFICER): State.AT_PROVINCE,
    (State.AT_CITY, Action.SEND_BACK, Role.CITY_OFFICER): State.RETURNED,
    (State.AT_PROVINCE, Action.ACCEPT, Role.PROVINCE_OFFICER): State.ACCEPTED,
    (State.AT_PROVINCE, Action.SEND_BACK, Role.PROVINCE_OFFICER): State.RETURNED,
}


def do(world: World, action: Action, actor: Any, **more: Any) -> Return:
    found = world.mine
    call: dict[Action, Callable[..., Return]] = {
        Action.SUBMIT: returns.submit,
        Action.WITHDRAW: returns.withdraw,
        Action.PASS: returns.pass_on,
        Action.SEND_BACK: returns.send_back,
        Action.ACCEPT: returns.accept,
    }
    given: dict[str, Any] = {"actor": actor, "return_id": found.pk, "expected": found.version, "at": DAY}
    if action is Action.SUBMIT:
        given["commitment"] = "承诺属实"
    if action is Action.SEND_BACK:
        given["comment"] = "请核对面积"
    return call[action](**{**given, **more})


WAY: dict[State, list[tuple[Action, Role]]] = {
    State.FILLING: [],
    State.AT_COUNTY: [(Action.SUBMIT, Role.CARRIER_STAFF)],
    State.AT_CITY: [(Action.SUBMIT, Role.CARRIER_STAFF), (Action.PASS, Role.COUNTY_OFFICER)],
    State.AT_PROVINCE: [
        (Action.SUBMIT, Role.CARRIER_STAFF),
        (Action.PASS, Role.COUNTY_OFFICER),
        (Action.PASS, Role.CITY_OFFICER),
    ],
    State.ACCEPTED: [
        (Action.SUBMIT, Role.CARRIER_STAFF),
        (Action.PASS, Role.COUNTY_OFFICER),
        (Action.PASS, Role.CITY_OFFICER),
        (Action.ACCEPT, Role.PROVINCE_OFFICER),
    ],
    State.RETURNED: [(Action.SUBMIT, Role.CARRIER_STAFF), (Action.SEND_BACK, Role.COUNTY_OFFICER)],
}


def bring(world: World, state: State) -> Return:
    fill(world)
    for action, role in WAY[state]:
        do(world, action, world.actor(role))
    return world.mine


@pytest.mark.parametrize("state", State)
def test_every_action_by_every_role_is_as_the_table_says(world: World, state: State) -> None:
    bring(world, state)
    for action in Action:
        for role in ROLES:
            wanted = ALLOWED.get((state, action, role))
            sid = transaction.savepoint()
            before = world.mine.version
            if wanted is None:
                with pytest.raises(Refused):
                    do(world, action, world.actor(role))
                assert (world.mine.state, world.mine.version) == (state, before)
            else:
                assert do(world, action, world.actor(role)).state == wanted
                assert world.mine.version == before + 1
            transaction.savepoint_rollback(sid)


def test_each_move_is_logged_recorded_and_told(world: World) -> None:
    bring(world, State.ACCEPTED)
    moves = list(ReturnMove.objects.values_list("action", "source", "target", "role"))
    assert moves == [
        ("submit", "filling", "at_county", "carrier_staff"),
        ("pass", "at_county", "at_city", "county_officer"),
        ("pass", "at_city", "at_province", "city_officer"),
        ("accept", "at_province", "accepted", "province_officer"),
    ]
    acts = AuditEntry.objects.filter(action__startswith="return.").order_by("pk")
    assert [one.action for one in acts] == ["return.submit", "return.pass", "return.pass", "return.accept"]
    told = list(Notice.objects.order_by("pk").values_list("recipient__username", flat=True))
    assert told == ["县区甲", "市级甲", "省级甲", "填报甲"]
    found = world.mine
    assert found.submitted_by == world.staff.user and found.county_passed_by == world.county_officer.user
    assert found.city_passed_by == world.city_officer.user and found.accepted_by == world.officer.user


def test_submitting_freezes_values_digest_and_figures(world: World) -> None:
    bring(world, State.AT_COUNTY)
    version = world.mine.current
    assert version.submitted_at == DAY and version.digest.startswith("sha256:")
    figures = {f.code: f.number for f in ReturnFigure.objects.filter(version=version)}
    assert {code: str(number.normalize()) for code, number in figures.items()} == {
        "area_total": "5E+3",
        "area_tenants": "3E+3",
        "area_service": "1E+3",
        "use_rate": "6E+1",
        "tenants_reported": "2",
        "tenants": "2",
        "high_tech_tenants": "1",
        "tenant_revenue": "200.5",
    }


def test_errors_and_open_questions_block_submitting_all_at_once(world: World) -> None:
    fill(world)
    for code, value, seen in (("area_tenants", "6000", "3000"), ("tenants_reported", "9", "2")):
        filling.save_field(
            actor=world.staff, return_id=world.mine.pk, code=code, value=value, seen=seen, at=DAY
        )
    with pytest.raises(Refused) as refused:
        do(world, Action.SUBMIT, world.staff, commitment=" ")
    assert [problem.code for problem in refused.value.problems] == ["of", "K1", "K2", "commitment"]
    assert world.mine.state == State.FILLING and not ReturnFigure.objects.exists()


def test_an_explained_question_no_longer_blocks(world: World) -> None:
    fill(world)
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="tenants_reported", value="9", seen="2", at=DAY
    )
    filling.explain(
        actor=world.staff,
        return_id=world.mine.pk,
        key="K2:tenants_reported",
        reason="scope",
        text="口径",
        at=DAY,
    )
    do(world, Action.SUBMIT, world.staff)
    assert set(world.mine.current.explanations) == {"K2:tenants_reported"}


def test_returning_needs_a_word_and_keeps_reasons_by_field(world: World) -> None:
    bring(world, State.AT_COUNTY)
    with pytest.raises(Refused):
        do(world, Action.SEND_BACK, world.county_officer, comment=" ")
    with pytest.raises(Refused):
        do(world, Action.SEND_BACK, world.county_officer, reasons={"nonsense": "x"})
    found = do(world, Action.SEND_BACK, world.county_officer, reasons={"area_total": "与上年不符"})
    move = ReturnMove.objects.get(action="return")
    assert move.reasons == {"area_total": "与上年不符"} and move.comment == "请核对面积"
    assert found.submitted_at is None and found.returned_by == world.county_officer.user
    assert found.current.number == 2 and found.current.values == move.version.values
    assert RosterRow.objects.filter(version=found.current).count() == 2


def test_a_returned_one_is_mended_until_the_last_correction(world: World) -> None:
    bring(world, State.RETURNED)
    late = world.campaign.correct_by - timedelta(minutes=1)

    def save(seen: str, value: str, at: Any) -> None:
        filling.save_field(
            actor=world.staff, return_id=world.mine.pk, code="area_total", value=value, seen=seen, at=at
        )

    save("5000", "5100", late)
    with pytest.raises(Refused):
        save("5100", "5200", world.campaign.correct_by)
    do(world, Action.SUBMIT, world.staff, at=late)
    assert world.mine.state == State.AT_COUNTY and world.mine.current.number == 2


def test_withdrawing_ends_when_an_officer_has_opened_it(world: World) -> None:
    bring(world, State.AT_COUNTY)
    returns.open_for_review(actor=world.city_officer, return_id=world.mine.pk, at=DAY)
    assert world.mine.opened_by_officer_at is None  # it does not lie with the city yet
    assert [move.action for move in returns.moves_for(world.mine, world.staff)] == ["withdraw"]
    returns.open_for_review(actor=world.county_officer, return_id=world.mine.pk, at=DAY)
    assert returns.moves_for(world.mine, world.staff) == []
    with pytest.raises(Refused) as refused:
        do(world, Action.WITHDRAW, world.staff)
    assert refused.value.problems[0].code == "return.opened"


def test_a_stale_page_moves_nothing(world: World) -> None:
    bring(world, State.AT_COUNTY)
    with pytest.raises(Refused) as refused:
        do(world, Action.PASS, world.county_officer, expected=0)
    assert refused.value.problems[0].code == "return.moved"


def test_a_second_click_is_told_and_leaves_one_effect(world: World) -> None:
    bring(world, State.AT_COUNTY)
    seen = world.mine.version
    do(world, Action.PASS, world.county_officer)
    with pytest.raises(Refused):
        do(world, Action.PASS, world.county_officer, expected=seen)
    assert ReturnMove.objects.filter(action="pass").count() == 1


def test_others_carriers_and_other_regions_officers_find_nothing(world: World) -> None:
    bring(world, State.AT_COUNTY)
    with pytest.raises(Return.DoesNotExist):
        do(world, Action.WITHDRAW, world.other_staff)


def test_officers_see_values_once_submitted(world: World) -> None:
    bring(world, State.RETURNED)
    seen = queries.seen_version(world.mine, world.county_officer)
    assert seen is not None and seen.number == 1  # the submitted one, not the new draft
    assert queries.seen_version(world.mine, world.staff) == world.mine.current


@pytest.mark.parametrize(
    "change",
    [
        lambda v: ReturnVersion.objects.filter(pk=v.pk).update(values={}),
        lambda v: ReturnVersion.objects.filter(pk=v.pk).update(submitted_at=None, digest=""),
        lambda v: RosterRow.objects.filter(version=v).update(people=9),
        lambda v: RosterRow.objects.filter(version=v)._raw_delete(using="default"),
        lambda v: RosterRow.objects.create(version=v, table="roster", key="x", position=9),
        lambda v: ReturnFigure.objects.filter(version=v).update(number=0),
        lambda v: ReturnFigure.objects.filter(version=v)._raw_delete(using="default"),
        lambda v: ReturnFigure.objects.create(version=v, code="x", number=0),
        lambda v: ReturnMove.objects.filter(version=v).update(comment="x"),
        lambda v: ReturnMove.objects.filter(version=v)._raw_delete(using="default"),
        lambda v: ReturnVersion.objects.filter(pk=v.pk)._raw_delete(using="default"),
    ],
)
def test_the_database_itself_refuses_to_change_what_was_submitted(
    world: World, change: Callable[[ReturnVersion], Any]
) -> None:
    bring(world, State.AT_COUNTY)
    version = world.mine.current
    with pytest.raises(IntegrityError), transaction.atomic():
        change(version)


def test_a_form_that_a_campaign_uses_never_changes(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        type(world.form).objects.filter(pk=world.form.pk).update(source="x")


def test_a_state_cannot_stand_without_its_stamps(world: World) -> None:
    bring(world, State.AT_COUNTY)
    for change in (
        {"state": State.ACCEPTED.value},
        {"state": State.AT_CITY.value},
        {"submitted_at": None},
        {"state": State.FILLING.value},
        {"state": State.RETURNED.value},
        {"accepted_at": DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Return.objects.filter(pk=world.mine.pk).update(**change)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_connections_that_race_one_move_one_wins_and_the_other_is_told(
    at: Callable[..., Any],
) -> None:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    bring(world, State.AT_COUNTY)
    start, answers = threading.Barrier(2), []

    def race() -> None:
        found = Return.objects.get(pk=world.mine.pk)
        start.wait(10)
        try:
            returns.pass_on(actor=world.county_officer, return_id=found.pk, expected=found.version, at=DAY)
            answers.append("won")
        except Refused as refused:
            answers.append(refused.problems[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=race) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == ["return.moved", "won"]
    assert ReturnMove.objects.filter(action="pass").count() == 1
    assert world.mine.state == State.AT_CITY


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "a\ud800b", "长" * 2001])
def test_words_that_no_database_could_keep_are_refused(world: World, text: str) -> None:
    bring(world, State.AT_COUNTY)
    for more in ({"comment": text}, {"reasons": {"area_total": text}}):
        with pytest.raises(Refused):
            do(world, Action.SEND_BACK, world.county_officer, **more)
    assert world.mine.state == State.AT_COUNTY


def test_a_commitment_with_control_characters_is_refused(world: World) -> None:
    fill(world)
    with pytest.raises(Refused):
        do(world, Action.SUBMIT, world.staff, commitment="承诺\x00")


def test_nobody_withdraws_into_a_return_that_is_closed_by_now(world: World) -> None:
    bring(world, State.AT_COUNTY)
    with pytest.raises(Refused) as refused:
        do(world, Action.WITHDRAW, world.staff, at=world.campaign.due_at)
    assert refused.value.problems[0].code == "return.locked"
    assert do(world, Action.WITHDRAW, world.staff).state == State.FILLING
