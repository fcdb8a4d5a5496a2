"""Reminders: each rung once, one mail a person, what is missing and where; officers' words; late offices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from accounts.models import User
from accounts.rules.roles import Role
from core import clock
from core.problems import Refused
from office.models import AuditEntry, Notice, OutboxMessage
from reporting import tasks
from reporting.models import Reminder
from reporting.services import campaigns, reminding, returns
from reporting.services.escalating import escalate
from tests.reporting.conftest import DAY, World, carrier, fill, person
from tests.reporting.services.test_terms import extend


def on(month: int, day: int, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=clock.SHANGHAI)


def remind(at: datetime) -> int:
    with transaction.atomic():
        return reminding.remind(at=at)


def told(actor: Actor) -> list[str]:
    rows = Notice.objects.filter(recipient=actor.user, link__startswith="/returns/").order_by("pk")
    return [str(one.text) for one in rows]


def test_each_rung_is_told_once_with_what_is_missing(world: World) -> None:
    assert [remind(on(3, 18)) for _twice in range(2)] == [2, 0]
    begin = "“2025 年度孵化器年报”须在 2026-03-25 00:00 前开始填报（剩 7 天），您还没有开始。"
    assert told(world.staff) == [begin]
    fill(world)
    assert remind(on(3, 19)) == 1  # the date that is next is another one now
    assert told(world.staff)[1].endswith("（剩 12 天），必填项已齐，还没有提交。")
    assert remind(on(3, 20)) == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        one = Reminder.objects.all()[0]
        Reminder.objects.create(return_of=one.return_of, kind=one.kind, step=one.step, at=one.at)


def test_who_has_done_its_part_and_who_is_locked_hear_nothing(world: World) -> None:
    fill(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺", at=DAY)
    assert remind(on(3, 24)) == 1 and told(world.staff) == []
    assert remind(on(3, 30)) == 0  # the other one began too late and is locked
    campaigns.close_campaign(actor=world.officer, campaign_id=world.campaign.pk, at=DAY)
    assert remind(on(3, 24)) == 0


def test_longer_time_has_its_own_rungs(world: World) -> None:
    fill(world)
    assert remind(on(3, 30)) == 1
    extend(world, world.officer, on(4, 6, 17))
    assert remind(on(3, 31)) == 1
    assert told(world.staff)[1].startswith("“2025 年度孵化器年报”须在 2026-04-06 17:00 前提交（剩 6 天）")


def test_somebody_with_several_returns_gets_one_mail(world: World) -> None:
    user = world.staff.user
    assert user is not None
    User.objects.filter(pk=user.pk).update(email="a@example.org")
    second = person("填报丙", Role.CARRIER_STAFF, carrier_code=world.other.code)
    type(second.appointment).objects.filter(pk=second.appointment.pk).update(user=user)  # type: ignore[union-attr]
    OutboxMessage.objects.all().delete()
    remind(on(3, 18))
    (mail,) = OutboxMessage.objects.all()
    assert mail.subject == "2 件事等您处理" and mail.body.count("/returns/") == 2


def test_reminding_takes_the_same_queries_for_two_as_for_forty(world: World) -> None:
    def count(at: datetime) -> int:
        with CaptureQueriesContext(connection) as captured:
            remind(at)
        return len(captured)

    few = count(on(3, 18))
    made = [carrier(number, f"孵化器{number}", world.county) for number in range(10, 50)]
    campaigns.add_returns(campaign=world.campaign, carriers=made, at=DAY)
    assert count(on(3, 22)) == few
    assert Reminder.objects.count() == 44


def test_the_clock_starts_it_once_a_day_from_eight(world: World, at: Any) -> None:
    at(2026, 3, 18, 7, 5)
    tasks.remind()
    assert not Reminder.objects.exists()
    at(2026, 3, 18, 8, 5)
    tasks.remind()
    tasks.remind()
    assert Reminder.objects.count() == 2


def test_the_owner_says_on_which_days(world: World) -> None:
    reminding.set_ladder(actor=world.officer, campaign_id=world.campaign.pk, text="20，5", at=DAY)
    world.campaign.refresh_from_db()
    assert world.campaign.ladder == [20, 5]
    for actor in (world.city_officer, world.auditor):
        with pytest.raises(Refused):
            reminding.set_ladder(actor=actor, campaign_id=world.campaign.pk, text="5", at=DAY)
    with pytest.raises(Refused):
        reminding.set_ladder(actor=world.officer, campaign_id=world.campaign.pk, text="x", at=DAY)


# An officer's word.


def nudge(world: World, actor: Actor, at: datetime = DAY, **other: Any) -> reminding.Nudged:
    return reminding.nudge(actor=actor, campaign_id=world.campaign.pk, at=at, **other)


def look(world: World, actor: Actor, at: datetime = DAY, **other: Any) -> reminding.Nudged:
    return reminding.looked(actor=actor, campaign=world.campaign, at=at, **other)


def test_a_nudge_is_looked_at_reaches_those_who_owe_and_not_again_so_soon(world: World) -> None:
    fill(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺", at=DAY)
    carrier_without_staff = carrier(7, "无人孵化器", world.county)
    campaigns.add_returns(campaign=world.campaign, carriers=[carrier_without_staff], at=DAY)
    tried = look(world, world.county_officer)
    assert (tried.owing, tried.told, tried.nobody, tried.people) == (2, 1, 1, 1)
    assert tried.names == ("星河孵化器",) and told(world.other_staff) == []
    nudge(world, world.county_officer, text="请本周内开始")
    assert told(world.other_staff)[0].endswith("您还没有开始。 请本周内开始") and told(world.staff) == []
    again = look(world, world.city_officer, on(3, 20))
    assert (again.owing, again.told, again.too_soon) == (2, 0, 1)
    with pytest.raises(Refused) as refused:
        nudge(world, world.city_officer, on(3, 20))
    assert refused.value.problems[0].code == "nudge.nobody"
    assert nudge(world, world.city_officer, on(3, 22)).told == 1
    assert AuditEntry.objects.filter(action="campaign.nudge").count() == 2


def test_a_nudge_stays_in_the_officers_scope(world: World) -> None:
    for actor in (world.auditor, world.staff):
        with pytest.raises(Refused):
            nudge(world, actor)
    assert look(world, world.officer, region="110000").owing == 0
    assert look(world, world.officer, region=world.county.code).owing == 2


# Late offices.


def test_an_office_past_its_limit_is_told_and_the_one_above_once(world: World) -> None:
    fill(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺", at=on(3, 18))
    Notice.objects.all().delete()

    def run(at: datetime) -> int:
        with transaction.atomic():
            return escalate(at=at)

    assert run(on(3, 25)) == 0  # the fifth working day is the last one
    assert [run(on(3, 26)) for _twice in range(2)] == [1, 0]
    assert told(world.county_officer) == ["1 份报表在您处超过 5 个工作日未审核，请尽快办理。"]
    assert told(world.city_officer) == ["下级有 1 份报表超过 5 个工作日未审核，请督办。"]
    assert told(world.staff) == [] == told(world.officer)
    returns.pass_on(actor=world.county_officer, return_id=world.mine.pk, expected=1, at=on(3, 27))
    Notice.objects.all().delete()
    assert run(on(4, 10)) == 1
    assert (len(told(world.city_officer)), len(told(world.officer))) == (1, 1)
    returns.pass_on(actor=world.city_officer, return_id=world.mine.pk, expected=2, at=on(4, 10))
    Notice.objects.all().delete()
    assert run(on(4, 30)) == 1  # nobody stands above the owner
    assert (len(told(world.officer)), told(world.city_officer)) == (1, [])
