"""How urgent each return is, and what asks for a look, to those who check."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.rules.roles import Role
from core import clock
from office.rules.workdays import Workdays
from reporting import queries
from reporting.models import Return, ReturnVersion
from reporting.services import desk, returns, waiting
from tests.reporting.conftest import DAY, SOUND, World, fill, person, region
from tests.reporting.desks import more, placed


def moment(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=clock.SHANGHAI)


@pytest.mark.parametrize(
    ("arrived", "words", "tone"),
    [
        (moment(18), "剩 5 个工作日", ""),
        (moment(12), "剩 1 个工作日", ""),
        (moment(11), "今天到期", "warn"),
        (moment(10), "已超时限 1 个工作日", "bad"),
    ],
)
def test_the_limit_is_counted_in_working_days(arrived: datetime, words: str, tone: str) -> None:
    left, found = waiting.limit_of(arrived, DAY, Workdays())
    assert (str(left), found) == (words, tone)


def explained(found: Return, **reasons: str) -> None:
    keys = {
        key.replace("__", ":"): {"reason": "a", "text": text, "found": "1"} for key, text in reasons.items()
    }
    ReturnVersion.objects.filter(pk=found.current_id).update(explanations=keys)


def rows(world: World, role: Role = Role.COUNTY_OFFICER) -> list[waiting.Waiting]:
    found = waiting.by_urgency(queries.waiting_for(world.actor(role)))
    return waiting.rows_of(list(found), DAY)


def test_what_is_due_first_comes_first_and_of_one_day_what_has_more_to_read(world: World) -> None:
    late, quiet, asked = more(world, 3)
    placed(quiet, "at_county", submitted_at=moment(16, 9))
    placed(asked, "at_county", submitted_at=moment(16, 15))
    placed(late, "at_county", submitted_at=moment(9))
    explained(asked, variance__area_total="扩建")
    found = rows(world)
    assert [one.found.pk for one in found] == [late.pk, asked.pk, quiet.pk]
    assert [one.tone for one in found] == ["bad", "", ""]
    assert [one.explained for one in found] == [0, 1, 0]
    assert str(found[0].when) == "03-09 10:00 到 · 已 9 日"


def test_a_return_at_its_carrier_shows_the_day_of_the_campaign(world: World) -> None:
    placed(world.mine, "filling")
    placed(world.theirs, "returned")
    both = waiting.by_urgency(Return.objects.visible_to(world.county_officer))
    returned, filling = waiting.rows_of(list(both), DAY)
    assert (str(returned.when), str(filling.when)) == ("04-30 17:00 截止", "03-31 17:00 截止")
    assert str(filling.left) == "还有 13 天 2 小时" and filling.tone == ""


def again(world: World, **values: str) -> None:
    """Handed in, sent back by the county and handed in again with other values."""
    found = fill(world)
    returns.submit(actor=world.staff, return_id=found.pk, expected=0, commitment="承诺", at=DAY)
    returns.send_back(actor=world.county_officer, return_id=found.pk, expected=1, comment="请核对", at=DAY)
    if values:
        ReturnVersion.objects.filter(return_of=found, submitted_at=None).update(values={**SOUND, **values})


def test_what_came_again_says_how_many_figures_differ(world: World) -> None:
    again(world, area_total="6000", area_service="900")
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=2, commitment="承诺", at=DAY)
    (row,) = rows(world)
    assert row.changed is not None and str(row.changed.word) == "改动 2 处"


def test_what_came_again_unchanged_says_so(world: World) -> None:
    again(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=2, commitment="承诺", at=DAY)
    (row,) = rows(world)
    assert row.changed is not None and str(row.changed.word) == "退回后再交"


def test_a_draft_is_not_compared_and_its_reasons_are_not_counted(world: World) -> None:
    again(world, area_total="6000")
    explained(world.mine, variance__area_total="扩建")
    (row,) = waiting.rows_of(list(waiting.by_urgency(Return.objects.filter(pk=world.mine.pk))), DAY)
    assert (row.changed, row.explained) == (None, 0)


def test_reasons_are_counted_by_kind(world: World) -> None:
    first, second = more(world, 2)
    for one in (first, second):
        placed(one, "at_county")
    explained(first, variance__area_total="扩建", K2__tenants_reported="口径", R4__roster__9__entered="迁入")
    explained(second, variance__area_service="扩建")
    explained(world.mine, variance__area_total="还没有交")
    mine = queries.waiting_for(world.county_officer)
    assert [(str(kind), number) for kind, number in waiting.questions_by_kind(mine)] == [
        ("与上年相差过大", 2),
        ("指标之间对不上", 1),
        ("名单中的行不合要求", 1),
    ]
    assert waiting.questions_by_kind(queries.waiting_for(world.city_officer)) == []


def test_what_an_office_above_sent_back_is_shown_to_those_below_it(world: World) -> None:
    found = fill(world)
    returns.submit(actor=world.staff, return_id=found.pk, expected=0, commitment="承诺", at=DAY)
    returns.pass_on(actor=world.county_officer, return_id=found.pk, expected=1, at=DAY)
    returns.send_back(actor=world.city_officer, return_id=found.pk, expected=2, comment="缺协议", at=DAY)

    def seen(actor: Any) -> list[tuple[str, str]]:
        scope = desk.in_scope(actor)
        return [(str(one.who), one.comment) for one in waiting.sent_back_from_above(actor, scope)]

    assert seen(world.county_officer) == [("市级审核", "缺协议")]
    assert seen(world.city_officer) == [] == seen(world.officer)
    beside = person("县区乙", Role.COUNTY_OFFICER, region=region("990503", "湖滨区", "county", world.city))
    assert seen(beside) == []
    returns.submit(actor=world.staff, return_id=found.pk, expected=3, commitment="承诺", at=DAY)
    assert seen(world.county_officer) == []


def test_who_has_not_begun_stands_in_the_order_of_how_far_they_are(world: World) -> None:
    (nobody,) = more(world, 1)
    User.objects.filter(pk=world.staff.user_id).update(last_login=DAY - timedelta(days=3))
    found = list(waiting.not_begun(desk.in_scope(world.county_officer), DAY))
    assert [one.pk for one in found] == [nobody.pk, world.theirs.pk, world.mine.pk]
    assert [one.staffed for one in found] == [False, True, True]
    assert found[1].last_seen is None and found[2].last_seen == DAY - timedelta(days=3)
    appointment = world.staff.appointment
    assert appointment is not None
    appointment.valid_to = date(2026, 3, 17)
    appointment.save()
    (gone,) = [
        one for one in waiting.not_begun(desk.in_scope(world.county_officer), DAY) if one == world.mine
    ]
    assert not gone.staffed and gone.last_seen is None


def test_rows_take_the_same_queries_with_5_and_with_50(world: World) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            [(one.found.carrier.region.name, one.found.campaign.title) for one in rows(world)]
        return len(captured)

    for one in more(world, 5):
        placed(one, "at_county")
    before = count()
    for one in more(world, 45, first=20):
        placed(one, "at_county")
    assert len(rows(world)) == 50 and count() == before <= 3
