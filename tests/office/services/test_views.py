"""Views over lists: one's own, with a limit, shared with the office, never another's to change."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.actors import VISITOR, Actor, actor_of
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from core.problems import Refused
from office.models import AuditEntry, SavedView
from office.queries import views_of
from office.rules.views import LIMIT, Kept
from office.services import views

AT = datetime(2026, 3, 18, 9, 0, tzinfo=clock.SHANGHAI)
TODAY = date(2026, 3, 18)
Cast = Callable[..., Actor]


def keep(actor: Actor, name: str = "国家级", **more: Any) -> SavedView:
    given: dict[str, Any] = {
        "of": "carriers", "kept": Kept({"level": "national"}, ("name", "level")), "is_start": False,
        "shared": False, "at": AT, **more,
    }  # fmt: skip
    return views.keep_view(actor=actor, name=name, **given)


def change(actor: Actor, view: SavedView, **more: Any) -> SavedView:
    given: dict[str, Any] = {
        "name": view.name,
        "is_start": view.is_start,
        "shared": view.office_id is not None,
    }
    return views.change_view(actor=actor, view_id=view.pk, at=AT, **{**given, **more})


def codes(act: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as refusal:
        act()
    return {problem.code for problem in refusal.value.problems}


def officer(name: str, region: Region, role: Role = Role.COUNTY_OFFICER) -> Actor:
    user = User.objects.create_user(name, "long-and-odd-9", name=name)
    return actor_of(
        Appointment.objects.create(user=user, role=role, region=region, valid_from=date(2020, 1, 1))
    )


@pytest.fixture
def county(db: None) -> Region:
    top = Region.objects.create(code="990000", name="示例省", level="province", path="/990000/")
    return Region.objects.create(
        code="990502", name="河湾区", level="county", parent=top, path="/990000/990502/"
    )


def test_a_view_says_what_was_asked_for(cast: Cast) -> None:
    mine = cast("柳青", Role.CARRIER_STAFF)
    view = keep(mine, "  国家级   载体 ")
    assert (view.name, view.kept) == ("国家级 载体", Kept({"level": "national"}, ("name", "level")))
    assert views_of(mine, "carriers", TODAY) == [view] and views_of(mine, "tenants", TODAY) == []


def test_every_reason_is_told_at_once(cast: Cast) -> None:
    mine = cast("柳青", Role.CARRIER_STAFF)
    keep(mine)
    long = Kept({"q": "长" * 101})
    assert codes(lambda: keep(mine, kept=long, shared=True)) == {"view.name_taken", "view.kept", "view.share"}
    assert codes(lambda: keep(mine, of="people")) == {"view.list"}
    assert codes(lambda: keep(VISITOR)) == {"view.list"}
    assert keep(mine, of="tenants").pk  # another list, the same name


def test_there_are_at_most_twenty_over_a_list(cast: Cast) -> None:
    mine, other = cast("柳青", Role.CARRIER_STAFF), cast("柳绿", Role.CARRIER_STAFF)
    held = [keep(mine, f"视图{number}") for number in range(LIMIT)]
    assert codes(lambda: keep(mine, "又一个")) == {"view.limit"}
    keep(other, "又一个")
    views.drop_view(actor=mine, view_id=held[7].pk, at=AT)
    assert keep(mine, "又一个").place == held[7].place


def test_one_view_is_the_first(cast: Cast) -> None:
    mine = cast("柳青", Role.CARRIER_STAFF)
    first, second = keep(mine, "一", is_start=True), keep(mine, "二", is_start=True)
    assert [SavedView.objects.get(pk=one.pk).is_start for one in (first, second)] == [False, True]
    change(mine, SavedView.objects.get(pk=first.pk), is_start=True)
    assert [SavedView.objects.get(pk=one.pk).is_start for one in (first, second)] == [True, False]


def test_a_view_is_renamed_and_takes_what_is_asked_for_now(cast: Cast) -> None:
    mine = cast("柳青", Role.CARRIER_STAFF)
    view, other = keep(mine), keep(mine, "另一个")
    assert codes(lambda: change(mine, view, name=other.name)) == {"view.name_taken"}
    change(mine, view, name="省级", kept=Kept({"level": "provincial"}))
    again = SavedView.objects.get(pk=view.pk)
    assert (again.name, again.query, again.columns) == ("省级", {"level": "provincial"}, [])


def test_an_office_reads_what_a_colleague_shares_and_changes_nothing(county: Region) -> None:
    mine, colleague = officer("甲", county), officer("乙", county)
    view = keep(mine, shared=True)
    above = officer("丙", county.parent, Role.PROVINCE_OFFICER)  # type: ignore[arg-type]
    paying = officer("丁", county, Role.FINANCE_OFFICER)
    assert views_of(colleague, "carriers", TODAY) == [view]
    assert views_of(above, "carriers", TODAY) == [] == views_of(paying, "carriers", TODAY)
    for stranger in (colleague, above, paying, VISITOR):
        with pytest.raises(SavedView.DoesNotExist):
            change(stranger, view, name="改名")
        with pytest.raises(SavedView.DoesNotExist):
            views.drop_view(actor=stranger, view_id=view.pk, at=AT)
    change(mine, view, shared=False)
    assert views_of(colleague, "carriers", TODAY) == [] and views_of(mine, "carriers", TODAY) == [view]
    told = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert told == ["view.share", "view.unshare"]


def test_what_a_colleague_shared_goes_with_them(county: Region) -> None:
    mine, colleague = officer("甲", county), officer("乙", county)
    view = keep(mine, shared=True)
    Appointment.objects.filter(pk=mine.appointment.pk).update(valid_to=date(2026, 3, 17))  # type: ignore[union-attr]
    assert views_of(colleague, "carriers", TODAY) == [] and views_of(mine, "carriers", TODAY) == [view]


def test_only_officers_share(county: Region) -> None:
    paying = officer("丁", county, Role.FINANCE_OFFICER)
    assert codes(lambda: keep(paying, shared=True)) == {"view.share"}
    view = keep(paying)
    assert codes(lambda: change(paying, view, shared=True)) == {"view.share"}


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"of": "people"}, "view_of_a_list"),
        ({"name": ""}, "view_has_a_name"),
        ({"place": 0}, "view_limit"),
        ({"place": LIMIT + 1}, "view_limit"),
    ],
)
def test_the_database_holds_the_rules_too(cast: Cast, changes: dict[str, Any], constraint: str) -> None:
    view = keep(cast("柳青", Role.CARRIER_STAFF))
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        SavedView.objects.filter(pk=view.pk).update(**changes)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_browsers_at_once_keep_no_name_twice_and_no_place() -> None:
    user = User.objects.create_user("甲", "long-and-odd-9", name="甲")
    made = Appointment.objects.create(
        user=user, role=Role.CARRIER_STAFF, carrier_code="SL-1", valid_from=date(2020, 1, 1)
    )
    mine, start, ends = actor_of(made), threading.Barrier(4), list[str]()

    def run(name: str) -> None:
        try:
            start.wait()
            keep(mine, name, is_start=True)
            ends.append("kept")
        except Refused as refusal:
            ends.append(refusal.problems[0].code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(name,)) for name in ("一", "一", "二", "三")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(ends) == ["kept", "kept", "kept", "view.name_taken"]
    assert sorted(SavedView.objects.values_list("place", flat=True)) == [1, 2, 3]
    assert SavedView.objects.filter(is_start=True).count() == 1
