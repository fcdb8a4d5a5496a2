"""Who acts for a carrier: who may invite, end and hand over, what is refused, what goes along."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from accounts.actors import Actor, actor_of
from accounts.models import Appointment, User
from accounts.queries import actor_for
from accounts.rules.duties import Duty
from accounts.rules.roles import Role
from core.problems import Refused
from office.models import AuditEntry, Job, JobState, Notice, OutboxMessage
from registry.models import Carrier
from registry.queries import people as queries
from registry.services import people
from registry.services.people import NewPerson, Term
from tests.registry.world import AT, TODAY, World

MINE = "SL-990500-0001"
NEW = NewPerson(username="lin.qingyuan", name="林清源", email="lin@example.org")
HANDLER = Term(duty=Duty.HANDLER, valid_from=TODAY)
RESPONSIBLE = Term(duty=Duty.RESPONSIBLE, valid_from=TODAY)


def codes(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {problem.code for problem in refusal.value.problems}


def invited(
    world: World, who: str = "county", *, term: Term = RESPONSIBLE, new: NewPerson = NEW
) -> Appointment:
    return people.invite(actor=world.people[who], code=MINE, new=new, term=term, at=AT)


def named(number: int) -> NewPerson:
    return NewPerson(username=f"p{number}", name=f"某{number}", email=f"p{number}@example.org")


def test_an_officer_names_who_answers_for_a_carrier_and_the_link_goes_by_mail(world: World) -> None:
    made = invited(world)
    assert (made.role, made.carrier_code, made.duty) == (Role.CARRIER_STAFF, MINE, Duty.RESPONSIBLE)
    mails = OutboxMessage.objects.filter(address=NEW.email)
    assert any("/accounts/set-password/" in mail.body for mail in mails)
    assert Notice.objects.filter(recipient=made.user).count() == 1
    entry = AuditEntry.objects.get(action="appointment.invite")
    assert entry.user_id == world.people["county"].user_id
    assert entry.detail["carrier"] == MINE


def test_who_answers_for_it_invites_handlers_and_nothing_more(world: World) -> None:
    answers = actor_of(invited(world))
    made = people.invite(actor=answers, code=MINE, new=named(2), term=HANDLER, at=AT)
    assert made.duty == Duty.HANDLER
    with pytest.raises(Refused) as refusal:
        people.invite(actor=answers, code=MINE, new=named(3), term=RESPONSIBLE, at=AT)
    assert codes(refusal) == {"staff.role", "staff.responsible"}
    assert not User.objects.filter(username="p3").exists()


@pytest.mark.parametrize("who", ["staff", "finance", "auditor", "city", "province"])
def test_who_may_invite(world: World, who: str) -> None:
    """A handler, finance and auditors may not; every office above the carrier may."""
    if who in ("city", "province"):
        assert invited(world, who).pk
        return
    with pytest.raises(Refused) as refusal:
        invited(world, who, term=HANDLER)
    assert codes(refusal) == {"staff.role"}


@pytest.mark.parametrize("who", ["editor", "expert", "administrator", "other_staff", "visitor"])
def test_a_carrier_of_others_does_not_exist(world: World, who: str) -> None:
    with pytest.raises(Carrier.DoesNotExist):
        invited(world, who)


def test_everything_wrong_at_once(world: World) -> None:
    taken = User.objects.create_user("taken", name="别人", email="other@example.org")
    new = NewPerson(username=taken.username, name="林清源", email="")
    term = Term(duty=Duty.HANDLER, valid_from=TODAY, valid_to=TODAY - timedelta(days=3))
    with pytest.raises(Refused) as refusal:
        invited(world, new=new, term=term)
    assert {"appointment.past", "person.email", "person.username", "appointment.dates"} <= codes(refusal)
    assert all(problem.field for problem in refusal.value.problems)


def test_a_known_person_is_taken_when_name_and_mail_agree(world: World) -> None:
    known = User.objects.create_user(NEW.username, name=NEW.name, email="LIN@example.org")
    assert invited(world).user == known
    with pytest.raises(Refused) as refusal:
        invited(world, term=HANDLER)
    assert codes(refusal) == {"appointment.twice"}


def test_an_officer_of_the_chain_cannot_act_for_a_carrier(world: World) -> None:
    officer = world.people["city"].user
    assert officer
    User.objects.filter(pk=officer.pk).update(email="c@example.org")
    new = NewPerson(username=officer.username, name=officer.name, email="c@example.org")
    with pytest.raises(Refused) as refusal:
        invited(world, new=new)
    assert codes(refusal) == {"appointment.conflict"}


def test_one_alone_answers_for_a_carrier(world: World) -> None:
    first = invited(world)
    with pytest.raises(Refused) as refusal:
        invited(world, new=named(2))
    assert codes(refusal) == {"staff.responsible"}
    with pytest.raises(IntegrityError):
        Appointment.objects.create(
            user=first.user, role=Role.CARRIER_STAFF, carrier_code=MINE, duty="responsible", valid_from=TODAY
        )


def test_after_a_term_ran_out_another_follows(world: World) -> None:
    term = replace(RESPONSIBLE, valid_to=TODAY + timedelta(days=5))
    first = invited(world, term=term)
    later = replace(RESPONSIBLE, valid_from=TODAY + timedelta(days=6))
    second = invited(world, new=named(2), term=later)
    first.refresh_from_db()
    assert first.succeeded_by == second
    assert second.duty == Duty.RESPONSIBLE


def test_a_hand_over_to_a_new_person(world: World) -> None:
    leaving = world.people["staff"]
    assert leaving.appointment and leaving.user
    job = Job.objects.create(
        handler="x", title="导入", owner=leaving.user, appointment=leaving.appointment, created_at=AT,
        state=JobState.DONE, ended_at=AT, awaits_owner=True,
    )  # fmt: skip
    made = people.hand_over(
        actor=world.people["county"], code=MINE, appointment_id=leaving.appointment.pk, reason="离职",
        at=AT, new=NEW,
    )  # fmt: skip
    gone = Appointment.objects.get(pk=leaving.appointment.pk)
    assert (gone.revoked_at, gone.succeeded_by) == (AT, made)
    assert actor_for(leaving.user, gone.pk).appointment is None
    job.refresh_from_db()
    assert (job.owner, job.appointment) == (made.user, made)
    assert AuditEntry.objects.get(action="appointment.hand_over").reason == "离职"
    with pytest.raises(Appointment.DoesNotExist):
        people.hand_over(
            actor=world.people["county"], code=MINE, appointment_id=gone.pk, reason="x", at=AT, new=named(4)
        )


def test_a_handler_takes_over_from_who_answered(world: World) -> None:
    first = invited(world)
    handler = invited(world, new=named(2), term=HANDLER)
    made = people.hand_over(
        actor=world.people["county"], code=MINE, appointment_id=first.pk, reason="调离", at=AT, to=handler.pk
    )
    assert (made.user, made.duty) == (handler.user, Duty.RESPONSIBLE)
    handler.refresh_from_db()
    assert handler.succeeded_by == made
    held = Appointment.objects.filter(user=handler.user).valid_on(TODAY)
    assert list(held) == [made]


def test_a_hand_over_wants_a_reason_an_heir_and_an_officer(world: World) -> None:
    answers = invited(world)
    staff = world.people["staff"].appointment
    assert staff
    with pytest.raises(Refused) as refusal:
        people.hand_over(actor=actor_of(answers), code=MINE, appointment_id=staff.pk, reason=" ", at=AT)
    assert codes(refusal) == {"staff.role", "appointment.reason", "staff.heir"}
    with pytest.raises(Refused) as refusal:
        people.hand_over(
            actor=world.people["county"], code=MINE, appointment_id=staff.pk, reason="x", at=AT, to=answers.pk
        )
    assert codes(refusal) == {"staff.same"}
    assert Appointment.objects.get(pk=staff.pk).revoked_at is None


def test_a_refused_hand_over_changes_nothing(world: World) -> None:
    staff = world.people["staff"].appointment
    assert staff
    with pytest.raises(Refused):
        people.hand_over(
            actor=world.people["county"], code=MINE, appointment_id=staff.pk, reason="离职", at=AT,
            new=replace(NEW, email=""),
        )  # fmt: skip
    staff.refresh_from_db()
    assert staff.revoked_at is None


def test_ending_a_handler_passes_what_waits_to_who_answers(world: World) -> None:
    answers = invited(world)
    staff = world.people["staff"].appointment
    assert staff
    job = Job.objects.create(handler="x", title="导入", owner=staff.user, appointment=staff, created_at=AT)
    people.end(actor=actor_of(answers), code=MINE, appointment_id=staff.pk, reason="轮岗", at=AT)
    job.refresh_from_db()
    assert job.owner == answers.user
    with pytest.raises(Refused) as refusal:
        people.end(actor=actor_of(answers), code=MINE, appointment_id=answers.pk, reason="x", at=AT)
    assert codes(refusal) == {"staff.role"}


def test_which_carriers_lack_somebody(world: World) -> None:
    county: Actor = world.people["county"]
    assert [one.code for one in queries.understaffed(county, TODAY)] == [MINE]
    invited(world)
    invited(world, new=named(2), term=HANDLER)
    assert not queries.understaffed(county, TODAY).exists()
    late = date(2020, 1, 1)
    assert queries.understaffed(county, late).get().handlers == 1
