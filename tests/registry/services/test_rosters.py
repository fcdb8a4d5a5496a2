"""An accepted list is taken over: tenants and teams, and their stays."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from office.models import AuditEntry
from registry.models import Carrier, Stay, Team, Tenant
from registry.services.rosters import Synced, sync_roster
from tests.registry.world import AT, World, credit_code

TENANT = {"name": "甲科技公司", "credit_code": credit_code(101), "founded": "2023-01-10",
          "entered": "2024-06-01", "field": "ict", "revenue": "12.50"}  # fmt: skip


def sync(world: World, rows: list[dict[str, str]], key: str = "credit_code", **more: Any) -> Synced:
    given: dict[str, Any] = {"carrier": world.carriers["mine"], "year": 2025, **more}
    actor = world.people[given.pop("who", "province")]
    return sync_roster(table_key=key, rows=rows, actor=actor, at=AT, **given)


def test_who_is_listed_is_brought_up_to_date(world: World) -> None:
    assert sync(world, [TENANT]) == Synced(new=0, changed=1, opened=0, ended=0, moved=0, same=1)
    one = Tenant.objects.get(credit_code=credit_code(101))
    assert (one.name, one.founded, one.field) == ("甲科技公司", date(2023, 1, 10), "ict")


def test_doing_it_again_changes_nothing(world: World) -> None:
    rows = [TENANT, {**TENANT, "credit_code": credit_code(150), "graduated": "2025-06-01"}]
    assert sync(world, rows) == Synced(new=1, changed=1, opened=1, ended=0, moved=0, same=1)
    before = list(Stay.objects.order_by("pk").values())
    assert sync(world, rows) == Synced(new=0, changed=0, opened=0, ended=0, moved=0, same=2)
    assert list(Stay.objects.order_by("pk").values()) == before


def test_a_graduate_left_on_the_day_it_graduated(world: World) -> None:
    sync(world, [{**TENANT, "graduated": "2025-06-01"}])
    assert Stay.objects.get(tenant__credit_code=credit_code(101)).ended == date(2025, 6, 1)


def test_an_empty_list_ends_all_stays_of_the_carrier_and_no_others(world: World) -> None:
    assert sync(world, []).ended == 1
    assert Stay.objects.get(carrier=world.carriers["mine"]).ended == date(2025, 12, 31)
    assert Stay.objects.get(carrier=world.carriers["away"]).ended is None


def test_a_tenant_of_another_carrier_is_one_tenant_with_two_stays(world: World) -> None:
    sync(world, [TENANT, {**TENANT, "credit_code": credit_code(102), "name": "乙生物公司"}])
    assert Stay.objects.filter(tenant__credit_code=credit_code(102)).count() == 2
    assert Tenant.objects.filter(credit_code=credit_code(102)).count() == 1


def test_teams_have_lists_of_their_own(world: World) -> None:
    row = {"team_no": "SL-990500-0001-T0001", "name": "甲团队", "founded": "2025-01-01",
           "entered": "2025-02-01", "people": "5"}  # fmt: skip
    assert sync(world, [row], "team_no") == Synced(new=1, changed=0, opened=1, ended=0, moved=0, same=0)
    team = Team.objects.get()
    assert (team.name, team.formed, team.stays.get().entered) == (
        "甲团队", date(2025, 1, 1), date(2025, 2, 1),
    )  # fmt: skip
    assert Stay.objects.current().filter(tenant__credit_code=credit_code(101)).exists()
    assert sync(world, [], "team_no", year=2026).ended == 1


def test_a_long_list_costs_as_many_queries_as_a_short_one(world: World) -> None:
    def rows(start: int, count: int) -> list[dict[str, str]]:
        return [
            {**TENANT, "credit_code": credit_code(number), "name": f"企业{number}"}
            for number in range(start, start + count)
        ]

    with CaptureQueriesContext(connection) as one:
        sync(world, rows(1000, 1))
    with CaptureQueriesContext(connection) as many:
        sync(world, rows(2000, 200))
    assert len(many) <= len(one) + 6  # wider tables go to the database in parts
    assert Stay.objects.current().filter(carrier=world.carriers["mine"]).count() == 200


def test_the_act_is_written_down(world: World) -> None:
    sync(world, [TENANT])
    entry = AuditEntry.objects.get(action="roster.sync")
    assert entry.detail["list"] == "credit_code" and entry.detail["changed"] == 1


def test_a_carrier_outside_the_scope_is_not_touched(world: World) -> None:
    with pytest.raises(Carrier.DoesNotExist):
        sync(world, [], who="other_staff")
    with pytest.raises(ValueError, match="team_number"):
        sync(world, [], "team_number")
