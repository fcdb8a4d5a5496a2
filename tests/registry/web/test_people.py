"""The pages about a carrier's people: who knows of them, what they show and do."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Appointment, User
from accounts.rules.duties import Duty
from accounts.rules.roles import Role
from registry.slots import tasks_for
from tests.registry.world import TODAY, World, carrier, person, signed_in

MINE = "/registry/manage/SL-990500-0001/people/"
GIVEN = {
    "name": "林清源", "username": "lin", "email": "lin@example.org", "duty": "handler",
    "valid_from": "2026-03-18",
}  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("staff", 200), ("county", 200), ("city", 200), ("province", 200), ("auditor", 200),
        ("other_staff", 404), ("finance", 404), ("editor", 404), ("expert", 404), ("administrator", 404),
    ],
)  # fmt: skip
def test_who_knows_of_a_carriers_people(world: World, who: str, status: int) -> None:
    assert signed_in(world.people[who]).get(MINE).status_code == status


@pytest.mark.parametrize("who", ["staff", "auditor"])
def test_who_only_reads_has_no_form(world: World, who: str) -> None:
    client = signed_in(world.people[who])
    assert client.get(MINE).context["form"] is None
    assert client.post(MINE, GIVEN).status_code == 404
    held = world.people["staff"].appointment
    assert held
    assert client.get(f"{MINE}{held.pk}/hand-over/").status_code == 404
    client.post(f"{MINE}{held.pk}/end/", {"reason": "x"})
    assert Appointment.objects.get(pk=held.pk).revoked_at is None


def test_inviting_twice_by_a_double_click_does_no_harm(world: World) -> None:
    client = signed_in(world.people["county"])
    assert client.post(MINE, GIVEN).status_code == 302
    again = client.post(MINE, GIVEN)
    assert again.status_code == 422
    assert "任期内已有相同的任职" in again.content.decode()
    assert User.objects.filter(username="lin").count() == 1


def test_a_hand_over_by_page(world: World) -> None:
    client = signed_in(world.people["county"])
    held = world.people["staff"].appointment
    assert held
    path = f"{MINE}{held.pk}/hand-over/"
    assert client.get(path).status_code == 200
    refused = client.post(path, {"reason": "离职"})
    assert refused.status_code == 422
    assert "请选择接任的人，或填写新人。" in refused.content.decode()
    new = {"reason": "离职", "name": "林清源", "username": "lin", "email": "lin@example.org"}
    assert client.post(path, new).status_code == 302
    shown = client.get(MINE).content.decode()
    assert "以前的人员" in shown and "林清源" in shown
    assert client.post(path, new).status_code == 404


def test_what_lacks_is_a_task_for_staff_and_county(world: World) -> None:
    assert [task.title.msgid for task in tasks_for(world.people["staff"])] == ["补齐本载体的人员"]
    county = tasks_for(world.people["county"])
    assert [str(task.title) for task in county] == ["1 家载体人员不齐"]
    assert tasks_for(world.people["city"]) == []
    assert signed_in(world.people["county"]).get("/registry/manage/people/").status_code == 200
    assert signed_in(world.people["staff"]).get("/registry/manage/people/").status_code == 404
    Appointment.objects.filter(carrier_code="SL-990500-0001").update(duty=Duty.RESPONSIBLE)
    for name in ("乙", "丙"):
        person(name, Role.CARRIER_STAFF, carrier_code="SL-990500-0001", duty=Duty.HANDLER)
    assert tasks_for(world.people["staff"]) == tasks_for(world.people["county"]) == []


def test_long_lists_ask_no_more(world: World) -> None:
    client = signed_in(world.people["county"])
    path = "/registry/manage/people/"

    def queries(at: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(at).status_code == 200
        return len(asked)

    queries(path)  # a new session notes that it is in use
    few, few_people = queries(path), queries(MINE)
    mine = world.carrier("mine")
    for number in range(30):
        carrier(f"SL-990500-1{number:03d}", f"某{number}", mine.region, mine.operator)
        person(f"人{number}", Role.CARRIER_STAFF, carrier_code="SL-990500-0001", valid_to=TODAY)
    assert (queries(path), queries(MINE)) == (few, few_people)
