"""Codes of a device: which are taken, how often, what is kept; recovery codes; the reset."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from accounts.actors import Actor
from accounts.models import RecoveryCode, SecondFactor, User
from accounts.rules.roles import Role
from core.problems import Refused
from office.models import AuditEntry, Notice
from office.services import factors

Cast = Callable[..., Actor]
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AT = datetime.fromisoformat("2026-03-18T14:32:10+08:00")


def codes(refusal: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refusal.value.problems]


@pytest.fixture
def person(cast: Cast) -> Actor:
    return cast("周远", Role.PROVINCE_OFFICER)


def enrolled(person: Actor, at: datetime = AT) -> tuple[pyotp.TOTP, list[str]]:
    factors.begin(actor=person)
    shown = factors.enrolment(person)
    assert shown and shown.picture.startswith("<svg")
    maker = pyotp.TOTP(shown.key.replace(" ", ""))
    return maker, factors.enrol(actor=person, code=maker.at(at), at=at)


def taken(person: Actor, code: str, at: datetime) -> bool:
    assert person.user
    try:
        factors.check(user=person.user, code=code, at=at)
    except Refused:
        return False
    return True


@given(st.integers(-90, 90))
def test_a_code_is_near_for_its_half_minute_and_one_on_each_side(seconds: int) -> None:
    made = AT + timedelta(seconds=seconds)
    near = abs(int(made.timestamp()) // 30 - int(AT.timestamp()) // 30) <= 1
    assert (factors._step_of(KEY, pyotp.TOTP(KEY).at(made), AT, 0) is not None) == near


@pytest.mark.django_db
def test_a_device_holds_after_its_first_code_and_its_key_is_not_stored_in_plain(person: Actor) -> None:
    factors.begin(actor=person)
    shown = factors.enrolment(person)
    assert shown and person.user
    assert factors.device_of(person.user) is None
    with pytest.raises(Refused) as refusal:
        factors.enrol(actor=person, code="000000", at=AT)
    assert codes(refusal) == ["factor.code"]
    key = shown.key.replace(" ", "")
    plain = factors.enrol(actor=person, code=pyotp.TOTP(key).at(AT), at=AT)
    row = factors.device_of(person.user)
    assert row and key not in row.sealed
    assert len(set(plain)) == 10
    stored = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code in stored or code.replace("-", "") in stored for code in plain)
    assert AuditEntry.objects.filter(action="factor.enrol").count() == 1
    assert not any(code in str(entry.detail) for entry in AuditEntry.objects.all() for code in [key, *plain])


@pytest.mark.django_db
def test_a_code_is_taken_once(person: Actor) -> None:
    maker, _codes = enrolled(person)
    assert not taken(person, maker.at(AT), AT)
    later = AT + timedelta(seconds=60)
    assert taken(person, maker.at(later), later)
    assert not taken(person, maker.at(later), later)
    assert not taken(person, maker.at(later - timedelta(seconds=30)), later)


@pytest.mark.django_db
def test_five_wrong_codes_shut_the_door_for_ten_minutes(person: Actor) -> None:
    maker, _codes = enrolled(person)
    at = AT + timedelta(minutes=5)
    assert [taken(person, "123", at) for _n in range(5)] == [False] * 5
    assert not taken(person, maker.at(at), at)
    open_again = at + timedelta(minutes=10)
    assert taken(person, maker.at(open_again), open_again)
    assert AuditEntry.objects.filter(action="session.refuse").count() == 5


@pytest.mark.django_db
def test_a_recovery_code_stands_once_however_it_is_typed(person: Actor) -> None:
    _maker, plain = enrolled(person)
    assert taken(person, f" {plain[0].lower()} ", AT)
    assert not taken(person, plain[0], AT)
    assert person.user and factors.codes_left(person.user) == 9
    assert Notice.objects.filter(recipient=person.user, sentence__contains="备用码").count() == 1
    factors.new_codes(actor=person, at=AT)
    assert not taken(person, plain[1], AT)
    assert factors.codes_left(person.user) == 10


@pytest.mark.django_db
def test_of_another_person_a_recovery_code_is_worth_nothing(person: Actor, cast: Cast) -> None:
    _maker, plain = enrolled(person)
    other = cast("秦越", Role.EXPERT)
    enrolled(other)
    assert not taken(other, plain[0], AT)


@pytest.mark.django_db
def test_a_new_device_takes_over_only_with_its_first_code(person: Actor) -> None:
    maker, _codes = enrolled(person)
    factors.begin(actor=person)
    later = AT + timedelta(minutes=1)
    assert taken(person, maker.at(later), later)


@pytest.mark.django_db
def test_after_the_keys_were_changed_a_device_still_opens(person: Actor) -> None:
    maker, _codes = enrolled(person)
    later = AT + timedelta(minutes=1)
    with override_settings(SIGNING_KEYS=["new" * 20, *settings.SIGNING_KEYS]):
        assert taken(person, maker.at(later), later)
    with override_settings(SIGNING_KEYS=["new" * 20]), pytest.raises(Refused) as refusal:
        factors.check(user=person.user, code="1", at=later)
    assert codes(refusal) == ["factor.key"]


@pytest.mark.django_db
def test_security_resets_with_a_reason_and_nobody_else(person: Actor, cast: Cast) -> None:
    keeper = cast("安全", Role.SECURITY_ADMINISTRATOR)
    enrolled(person)
    assert person.user_id and keeper.user_id
    with pytest.raises(Refused) as refusal:
        factors.reset(actor=person, user_id=person.user_id, reason="x", at=AT)
    assert codes(refusal) == ["people.role"]
    with pytest.raises(Refused) as refusal:
        factors.reset(actor=keeper, user_id=keeper.user_id, reason=" ", at=AT)
    assert codes(refusal) == ["person.reason", "person.self", "factor.none"]
    factors.reset(actor=keeper, user_id=person.user_id, reason="手机丢失", at=AT)
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert AuditEntry.objects.get(action="factor.reset").reason == "手机丢失"
    assert User.objects.get(pk=person.user_id).is_active


@pytest.mark.django_db
def test_by_command_when_no_other_can(person: Actor) -> None:
    enrolled(person)
    with pytest.raises(CommandError, match="no account"):
        call_command("reset_second_factor", "nobody", "手机丢失")
    with pytest.raises(CommandError, match="理由"):
        call_command("reset_second_factor", "周远", " ")
    call_command("reset_second_factor", "周远", "手机丢失")
    assert not SecondFactor.objects.exists()
    entry = AuditEntry.objects.get(action="factor.reset")
    assert (entry.role, entry.reason) == ("system", "手机丢失")
    with pytest.raises(CommandError, match="没有启用"):
        call_command("reset_second_factor", "周远", "手机丢失")
