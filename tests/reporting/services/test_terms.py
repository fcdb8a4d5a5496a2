"""Dates of parts of a campaign and longer time: who may set them, what they do to returns, what stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.actors import Actor
from core import clock
from core.problems import Refused
from office.models import AuditEntry
from registry.models import Carrier
from reporting import queries
from reporting.models import CampaignTerm, Extension, Return, ReturnVersion
from reporting.queries.dates import CORRECT_BY, DUE
from reporting.services import campaigns, filling, returns, terms
from reporting.services.terms import Effect, Wanted
from tests.reporting.conftest import DAY, World, carrier, fill


def on(month: int, day: int, hour: int = 0) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=clock.SHANGHAI)


def wanted(world: World, *days: datetime, **other: Any) -> Wanted:
    first, second, third = days or (on(3, 22), on(3, 28, 17), on(4, 20, 17))
    about = {"region": world.city, "level": "", "reason": "市里提前汇总", **other}
    return Wanted(last_start_at=first, due_at=second, correct_by=third, **about)


def set_term(world: World, actor: Actor, *days: datetime, dry_run: bool = False, **other: Any) -> Effect:
    return terms.set_term(
        actor=actor,
        campaign_id=world.campaign.pk,
        wanted=wanted(world, *days, **other),
        at=DAY,
        dry_run=dry_run,
    )


def extend(world: World, actor: Actor, until: datetime, **target: str) -> Extension:
    target = target or {"carrier": world.carrier.code}
    found, _effect = terms.extend(
        actor=actor, campaign_id=world.campaign.pk, until=until, clause="第九条 不可抗力", at=DAY, **target
    )
    return found


def save(world: World, at: datetime, value: str = "5000") -> None:
    seen = world.mine.current.values.get("area_total", "")
    filling.save_field(
        actor=world.staff, return_id=world.mine.pk, code="area_total", value=value, seen=seen, at=at
    )


def codes(refused: Any) -> list[str]:
    return [one.code for one in refused.value.problems]


def test_a_city_sets_an_earlier_date_for_its_own(world: World) -> None:
    assert set_term(world, world.city_officer) == Effect(2, 2, 2)
    assert world.mine.dates.due_at == on(3, 28, 17)
    save(world, on(3, 20))
    with pytest.raises(Refused) as refused:
        save(world, on(3, 28, 17), "6000")
    assert codes(refused) == ["return.locked"]
    assert str(refused.value.problems[0].message) == "已过填报截止时间（2026-03-28 17:00）。"
    assert "示例省" in str(refused.value.problems[0].allowed)
    entry = AuditEntry.objects.get(action="term.set")
    assert entry.reason == "市里提前汇总" and entry.detail["returns"] == 2


def test_none_below_the_owner_sets_a_later_date(world: World) -> None:
    with pytest.raises(Refused) as refused:
        set_term(world, world.city_officer, on(3, 26), on(4, 1), on(5, 1))
    assert codes(refused) == ["term.late", "term.late", "term.late"]
    assert set_term(world, world.officer, on(3, 26), on(4, 1), on(5, 1)).changed == 2
    # now the owner's own term is the bound
    assert set_term(world, world.city_officer, on(3, 26), on(4, 1), on(4, 30)).changed == 2
    assert world.mine.dates.correct_by == on(4, 30)


def test_all_faults_are_told_at_once_and_nothing_is_written(world: World) -> None:
    with pytest.raises(Refused) as refused:
        set_term(world, world.city_officer, on(3, 1), on(2, 1), on(5, 1), reason=" ", level="none such")
    assert set(codes(refused)) == {"campaign.dates", "term.past", "term.late", "term.level", "term.reason"}
    assert not CampaignTerm.objects.exists() and world.mine.due_at is None


@pytest.mark.parametrize("who", ["staff", "auditor"])
def test_others_set_no_dates(world: World, who: str) -> None:
    actor = getattr(world, who)
    for act in (lambda: set_term(world, actor), lambda: extend(world, actor, on(4, 10))):
        with pytest.raises((Refused, world.campaign.DoesNotExist)):
            act()
    assert not CampaignTerm.objects.exists() and not Extension.objects.exists()


def test_a_county_does_not_set_the_citys_dates(world: World) -> None:
    with pytest.raises(Refused) as refused:
        set_term(world, world.county_officer)
    assert codes(refused) == ["permission_denied"]
    assert set_term(world, world.county_officer, region=world.county).changed == 2


def test_a_level_has_its_own_dates(world: World) -> None:
    Carrier.objects.filter(pk=world.carrier.pk).update(level="national")
    days = (on(3, 28), on(4, 5), on(5, 5))
    assert set_term(world, world.officer, *days, region=world.province, level="national").changed == 1
    assert (world.mine.dates.due_at, world.theirs.dates.due_at) == (on(4, 5), world.campaign.due_at)


def test_no_office_below_takes_away_what_one_above_set(world: World) -> None:
    set_term(world, world.city_officer, region=world.county)
    found = extend(world, world.officer, on(4, 10))
    one = CampaignTerm.objects.get()
    with pytest.raises(Refused):
        terms.remove_term(actor=world.county_officer, term_id=one.pk, reason="不同意", at=DAY)
    with pytest.raises(Refused):
        terms.revoke(actor=world.city_officer, extension_id=found.pk, reason="不同意", at=DAY)
    # its own date stands beside the city's, and the earlier of both holds
    days = (on(3, 24), on(3, 30), on(4, 28))
    set_term(world, world.county_officer, *days, region=world.county)
    assert world.mine.due_at == on(3, 28, 17) and CampaignTerm.objects.count() == 2
    assert terms.remove_term(actor=world.officer, term_id=one.pk, reason="统一", at=DAY).changed == 2


def test_removing_gives_back_what_lies_around(world: World) -> None:
    set_term(world, world.city_officer)
    one = CampaignTerm.objects.get()
    with pytest.raises(Refused):
        terms.remove_term(actor=world.city_officer, term_id=one.pk, reason="", at=DAY)
    assert terms.remove_term(actor=world.city_officer, term_id=one.pk, reason="改按省里", at=DAY).changed == 2
    assert world.mine.due_at is None and world.mine.dates.due_at == world.campaign.due_at


def test_what_is_added_later_has_the_dates_of_its_part(world: World) -> None:
    set_term(world, world.city_officer)
    made = carrier(7, "后来孵化器", world.county)
    campaigns.add_returns(campaign=world.campaign, carriers=[made], at=DAY)
    assert Return.objects.get(carrier=made).dates.due_at == on(3, 28, 17)


def test_a_dry_run_says_what_would_change_and_writes_nothing(world: World) -> None:
    assert set_term(world, world.city_officer, dry_run=True) == Effect(2, 2, 2)
    _made, effect = terms.extend(
        actor=world.officer,
        campaign_id=world.campaign.pk,
        until=on(4, 10),
        clause="第九条",
        at=DAY,
        region=world.county.code,
        dry_run=True,
    )
    assert effect == Effect(2, 2, 2)
    assert not CampaignTerm.objects.exists() and not Extension.objects.exists()
    assert world.mine.due_at is None and not AuditEntry.objects.filter(action__startswith="term").exists()


def test_longer_time_opens_for_whom_it_was_granted_alone(world: World) -> None:
    fill(world)
    found = extend(world, world.officer, on(4, 10, 17))
    save(world, on(4, 10, 16), "5200")
    found.refresh_from_db()
    assert found.used_at == on(4, 10, 16)
    assert not queries.lock(world.mine, at=on(4, 10, 17)).open
    assert not queries.lock(world.theirs, at=on(4, 1)).open


def test_it_is_taken_back_while_nobody_has_used_it(world: World) -> None:
    fill(world)
    found = extend(world, world.officer, on(4, 10, 17))
    save(world, on(3, 30), "5100")  # in time anyhow: no use of it
    terms.revoke(actor=world.officer, extension_id=found.pk, reason="误批", at=on(3, 30))
    assert not queries.lock(world.mine, at=on(4, 1)).open
    again = extend(world, world.officer, on(4, 12))
    save(world, on(4, 1), "5300")
    with pytest.raises(Refused) as refused:
        terms.revoke(actor=world.officer, extension_id=again.pk, reason="误批", at=on(4, 2))
    assert codes(refused) == ["extension.used"]
    assert AuditEntry.objects.filter(action__startswith="extension").count() == 3


def test_handing_in_after_the_date_is_use_too(world: World) -> None:
    fill(world)
    found = extend(world, world.officer, on(4, 10, 17))
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺", at=on(4, 2))
    found.refresh_from_db()
    assert found.used_at == on(4, 2)


def test_a_city_grants_within_the_owners_date_only(world: World) -> None:
    set_term(world, world.city_officer)
    with pytest.raises(Refused) as refused:
        extend(world, world.city_officer, on(4, 10))
    assert codes(refused) == ["extension.late"]
    extend(world, world.city_officer, on(3, 31, 17))
    assert queries.lock(world.mine, at=on(3, 30)).open and not queries.lock(world.theirs, at=on(3, 30)).open


def test_a_target_is_one_that_the_campaign_asks(world: World) -> None:
    for target in (
        {"carrier": "SL-0"},
        {"region": "110000"},
        {"carrier": world.carrier.code, "region": world.city.code},
    ):
        with pytest.raises(Refused) as refused:
            extend(world, world.officer, on(4, 10), **target)
        assert codes(refused) == ["extension.target"]


def test_nothing_is_set_in_a_closed_campaign(world: World) -> None:
    campaigns.close_campaign(actor=world.officer, campaign_id=world.campaign.pk, at=DAY)
    with pytest.raises(Refused) as refused:
        set_term(world, world.officer)
    assert codes(refused) == ["campaign.closed"]


def test_the_database_refuses_dates_out_of_order_and_half_records(world: World) -> None:
    extend(world, world.officer, on(4, 10))
    set_term(world, world.city_officer)
    tries: list[tuple[Any, dict[str, Any]]] = [
        (CampaignTerm.objects.all(), {"due_at": on(5, 1)}),
        (CampaignTerm.objects.all(), {"reason": ""}),
        (Return.objects.all(), {"due_at": None}),
        (Return.objects.all(), {"correct_by": on(3, 1)}),
        (Extension.objects.all(), {"region": world.city}),
        (Extension.objects.all(), {"revoked_at": DAY}),
        (Extension.objects.all(), {"revoked_at": DAY, "revoked_why": "误批", "used_at": DAY}),
        (Extension.objects.all(), {"until": DAY - timedelta(days=30)}),
    ]
    for rows, change in tries:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_setting_takes_the_same_queries_for_two_carriers_as_for_forty(world: World) -> None:
    def count(hour: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            set_term(world, world.city_officer, on(3, 22, hour), on(3, 28, hour), on(4, 20, hour))
        return len(captured)

    set_term(world, world.city_officer)
    few = count(1)
    made = [carrier(number, f"孵化器{number}", world.county) for number in range(10, 50)]
    campaigns.add_returns(campaign=world.campaign, carriers=made, at=DAY)
    assert count(2) == few


def test_an_office_that_was_late_owes_time_for_correcting(world: World) -> None:
    fill(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺", at=on(3, 30, 9))
    late = on(4, 29, 9)
    returns.send_back(
        actor=world.county_officer, return_id=world.mine.pk, expected=1, comment="请核对", at=late
    )
    # five working days after 29 April: 1 to 5 May do not count, their make-up day of 9 May does
    assert world.mine.grace_until == on(5, 10)
    assert world.mine.dates.held.correct_by == on(5, 10)
    save(world, on(5, 9, 23), "5400")
    with pytest.raises(Refused):
        save(world, on(5, 10), "5500")


def test_an_office_in_time_owes_nothing(world: World) -> None:
    fill(world)
    returns.submit(actor=world.staff, return_id=world.mine.pk, expected=0, commitment="承诺", at=on(3, 30, 9))
    returns.send_back(
        actor=world.county_officer, return_id=world.mine.pk, expected=1, comment="请核对", at=on(3, 31)
    )
    assert world.mine.grace_until is None
    assert ReturnVersion.objects.filter(return_of=world.mine).count() == 2


def test_lists_are_ordered_by_the_date_that_holds(world: World) -> None:
    extend(world, world.officer, on(5, 30))
    (found,) = Return.objects.filter(pk=world.mine.pk).annotate(due=DUE, last=CORRECT_BY)
    assert (found.due, found.last) == (on(5, 30), on(5, 30))
    (other,) = Return.objects.filter(pk=world.theirs.pk).annotate(due=DUE, last=CORRECT_BY)
    assert (other.due, other.last) == (world.campaign.due_at, world.campaign.correct_by)


def test_who_sees_what(world: World) -> None:
    extend(world, world.officer, on(4, 10))
    set_term(world, world.city_officer)
    assert Extension.objects.visible_to(world.staff).count() == 1
    assert Extension.objects.visible_to(world.other_staff).count() == 0
    for who in (world.county_officer, world.city_officer, world.officer, world.auditor):
        assert Extension.objects.visible_to(who).count() == CampaignTerm.objects.visible_to(who).count() == 1
    assert CampaignTerm.objects.visible_to(world.staff).count() == 0
