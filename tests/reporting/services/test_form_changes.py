"""A newer version of its form in an open year: what goes over, what is asked anew, what never changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.problems import Refused
from office.models import AuditEntry, Notice
from reporting import queries
from reporting.models import Form, FormChange, Return, ReturnMove, ReturnVersion
from reporting.rules.form_change import Rule
from reporting.services import filling, form_changes, forms, returns
from tests.reporting.conftest import DAY, FORM, World, fill
from tests.reporting.desks import more, placed

REQUIRED = "{code: pilot_area, title: 中试面积, type: decimal, unit: m², required: true}"
LATER = DAY + timedelta(hours=1)
AFTER = DAY + timedelta(hours=2)


def newer_form(world: World, *changes: tuple[str, str], version: int = 2) -> Form:
    """The newer version: one required field more, and whatever else is replaced."""
    text = FORM.replace("version: 1", f"version: {version}")
    text = text.replace("      - {code: operator_note", f"      - {REQUIRED}\n      - {{code: operator_note")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return forms.import_form(actor=world.officer, source=text, at=DAY)


def change(world: World, after: Form, rule: Rule = Rule.KEEP, **more: Any) -> FormChange:
    about: dict[str, Any] = {"expected": world.form.pk, "reason": "增加中试面积", "at": LATER, **more}
    return form_changes.change_form(
        actor=world.officer, campaign_id=world.campaign.pk, after=after, rule=rule, **about
    )


def handed_in(world: World) -> Return:
    found = fill(world)
    return returns.submit(
        actor=world.staff, return_id=found.pk, expected=found.version, commitment="属实", at=DAY
    )


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_the_preview_says_what_is_asked_anew_of_whom_and_writes_nothing(world: World) -> None:
    found = handed_in(world)
    filling.save_field(
        actor=world.other_staff, return_id=world.theirs.pk, code="area_service", value="10", seen="", at=DAY
    )
    after = newer_form(
        world,
        (
            "unit: m², of: area_total}\n      - {code: use_rate",
            "unit: 亩, of: area_total}\n      - {code: use_rate",
        ),
    )
    seen = form_changes.preview(actor=world.officer, campaign=world.campaign, after=after)
    assert [one.code for one in seen.change.new] == ["pilot_area"]
    assert [one.code for one in seen.change.changed] == ["area_service"]
    assert [(one.code, held) for one, held in seen.lost] == [("area_service", 1)]
    assert (seen.begun, seen.untouched, seen.accepted) == (1, 0, 0)
    assert [(one.found.pk, [f.code for f in one.fields]) for one in seen.handed_in] == [
        (found.pk, ["pilot_area"])
    ]
    world.campaign.refresh_from_db()
    assert world.campaign.form == world.form and not FormChange.objects.exists()


def test_begun_returns_keep_what_means_the_same_and_lose_what_does_not(world: World) -> None:
    fill(world)
    after = newer_form(
        world,
        ("title: 在孵企业使用面积", "title: 企业使用面积"),
        (
            "code: tenants_reported, title: 在孵企业数, type: integer",
            "code: tenants_reported, title: 在孵企业数, type: decimal",
        ),
        (
            "{code: revenue, title: 营业收入, type: money, unit: 千元}",
            "{code: revenue, title: 营业收入, type: money, unit: 万元}",
        ),
        ("      - {code: high_tech, title: 高新技术企业, type: bool}\n", ""),
        ("tenants: count, high_tech_tenants: count(high_tech),", "tenants: count,"),
    )
    made = change(world, after)
    opened = queries.opened(queries.with_all(Return.objects.all()).get(pk=world.mine.pk), at=AFTER)
    assert opened.form.version == 2 and made.moved == 2
    assert opened.values == {"area_total": "5000", "area_tenants": "3000", "area_service": "1000"}
    assert "tenants_reported" not in opened.version.sources
    assert opened.rows["roster"][0].values.keys() == {
        "name", "credit_code", "founded", "entered", "field",
    }  # fmt: skip
    assert {p.field for p in opened.checked().problems if p.code == "cell.required"} == {"pilot_area"}


def test_what_is_handed_in_stays_under_its_version_and_can_be_accepted(world: World) -> None:
    found = handed_in(world)
    made = change(world, newer_form(world))
    assert (made.moved, made.stayed, made.asked) == (1, 1, 0)
    about: dict[str, Any] = {"return_id": found.pk, "at": AFTER}
    found = returns.pass_on(actor=world.county_officer, expected=found.version, **about)
    found = returns.pass_on(actor=world.city_officer, expected=found.version, **about)
    found = returns.accept(actor=world.officer, expected=found.version, **about)
    found = queries.with_all(Return.objects.all()).get(pk=found.pk)
    assert found.state == "accepted" and queries.opened(found, at=AFTER).form.version == 1


def test_what_is_sent_back_later_goes_over_then(world: World) -> None:
    found = handed_in(world)
    change(world, newer_form(world))
    found = returns.send_back(
        actor=world.county_officer, return_id=found.pk, expected=found.version, comment="请核对", at=AFTER,
        reasons={"area_total": "核对"},
    )  # fmt: skip
    opened = queries.opened(queries.with_all(Return.objects.all()).get(pk=found.pk), at=AFTER)
    assert opened.form.version == 2 and opened.values["area_total"] == "5000"
    first = ReturnVersion.objects.get(return_of=found, number=1)
    assert queries.opened(found, at=AFTER, version=first).form.version == 1


@pytest.mark.parametrize(("required", "asked"), [("required: true", 1), ("required: false", 0)])
def test_by_the_rule_only_those_who_owe_something_are_asked_again(
    world: World, required: str, asked: int
) -> None:
    found = handed_in(world)
    after = newer_form(world, (REQUIRED, REQUIRED.replace("required: true", required)))
    made = change(world, after, Rule.OWING)
    assert (made.asked, made.stayed) == (asked, 1 - asked)
    found = queries.with_all(Return.objects.all()).get(pk=found.pk)
    if not asked:
        assert found.state == "at_county"
        return
    move = ReturnMove.objects.get(return_of=found, action="return")
    assert found.current is not None
    assert (found.state, found.submitted_at, found.current.number) == ("returned", None, 2)
    assert (move.reasons, move.comment, move.source) == (
        {"pilot_area": "新版本的必填项"},
        "增加中试面积",
        "at_county",
    )
    opened = queries.opened(found, at=AFTER)
    assert opened.values["area_total"] == "5000" and len(opened.rows["roster"]) == 2
    filling.save_field(
        actor=world.staff, return_id=found.pk, code="pilot_area", value="20", seen="", at=AFTER
    )
    again = returns.submit(
        actor=world.staff, return_id=found.pk, expected=found.version, commitment="属实", at=AFTER
    )
    assert again.state == "at_county" and again.current is not None and again.current.digest


def test_all_may_be_asked_again_but_never_what_was_accepted(world: World) -> None:
    found = handed_in(world)
    about: dict[str, Any] = {"return_id": found.pk, "at": DAY}
    for actor in (world.county_officer, world.city_officer):
        found = returns.pass_on(actor=actor, expected=found.version, **about)
    returns.accept(actor=world.officer, expected=found.version, **about)
    other = fill(world, world.theirs, world.other_staff)
    returns.submit(
        actor=world.other_staff, return_id=other.pk, expected=other.version, commitment="属实", at=DAY
    )
    made = change(world, newer_form(world), Rule.ALL)
    assert (made.asked, made.stayed, made.moved) == (1, 0, 0)
    assert world.mine.state == "accepted" and world.theirs.state == "returned"


def test_it_is_recorded_and_those_whom_it_concerns_are_told(world: World) -> None:
    handed_in(world)
    filling.save_field(
        actor=world.other_staff, return_id=world.theirs.pk, code="area_total", value="10", seen="", at=DAY
    )
    Notice.objects.all().delete()
    made = change(world, newer_form(world), Rule.OWING)
    entry = AuditEntry.objects.get(action="campaign.form")
    assert entry.reason == "增加中试面积" and entry.detail["asked"] == [world.carrier.code]
    told = {notice.recipient_id: notice for notice in Notice.objects.all()}
    assert world.staff.user_id is not None and world.other_staff.user_id is not None
    assert "退回补填" in told[world.staff.user_id].sentence
    assert "照旧" in told[world.other_staff.user_id].sentence
    assert told[world.staff.user_id].values["new"] == "中试面积" and made.by == world.officer.user


def test_a_change_is_written_for_good_and_so_is_the_form_that_was_left(world: World) -> None:
    made = change(world, newer_form(world))
    with pytest.raises(DatabaseError), transaction.atomic():
        FormChange.objects.filter(pk=made.pk).update(reason="别的")
    with pytest.raises(DatabaseError), transaction.atomic():
        Form.objects.filter(pk=world.form.pk).update(title="别的")
    changed = FORM.replace("title: 使用率", "title: 利用率")
    with pytest.raises(Refused) as refused:
        forms.import_form(actor=world.officer, source=changed, at=AFTER)
    assert codes(refused) == ["form.used"]


def test_a_change_that_cannot_be_is_refused_with_every_reason(world: World) -> None:
    keyed = newer_form(
        world, ("key: credit_code", "key: name"), ("kinds: [incubator]", "kinds: [accelerator]")
    )
    with pytest.raises(Refused) as refused:
        change(world, keyed)
    assert codes(refused) == ["form.kinds", "form.key"]
    with pytest.raises(Refused) as refused:
        change(world, keyed, reason="  ")
    assert codes(refused) == ["form.reason"]
    with pytest.raises(Refused) as refused:
        change(world, newer_form(world, version=3), expected=0)
    assert codes(refused) == ["campaign.moved"]
    with pytest.raises(Refused) as refused:
        change(world, world.form)
    assert codes(refused) == ["form.newer"]
    world.campaign.refresh_from_db()
    assert world.campaign.form == world.form and not FormChange.objects.exists()


def test_nobody_below_the_owner_changes_it(world: World) -> None:
    after = newer_form(world)
    for actor in (world.county_officer, world.city_officer):
        with pytest.raises(Refused) as refused:
            form_changes.change_form(
                actor=actor, campaign_id=world.campaign.pk, after=after, rule=Rule.KEEP,
                expected=world.form.pk, reason="改", at=LATER,
            )  # fmt: skip
        assert codes(refused) == ["permission_denied"]


def test_many_returns_go_over_with_as_many_queries_as_few(world: World) -> None:
    def queries_of(after: Form, expected: int) -> int:
        with CaptureQueriesContext(connection) as made:
            change(world, after, Rule.ALL, expected=expected)
        return len(made)

    second, third = newer_form(world), newer_form(world, version=3)
    few = queries_of(second, world.form.pk)
    for one in more(world, 6):
        version = ReturnVersion.objects.get(return_of=one)
        ReturnVersion.objects.filter(pk=version.pk).update(
            submitted_at=DAY, digest="sha256:0", commitment="属实", values={"area_total": "5"}
        )
        placed(one, "at_county")
    assert queries_of(third, second.pk) <= few + 12
    assert FormChange.objects.get(after=third).asked == 6
