"""Two real connections at one time: one file written by two officers registers nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from registry.excel import register
from registry.models import Carrier, CarrierVersion, Stay
from registry.services import bulk
from tests.registry.books import book
from tests.registry.services.test_races import at_once
from tests.registry.world import AT, World, credit_code, make_world

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
TOLD = {"file": "登记.xlsx", "sha256": "0" * 64}
BASIS = {"valid_from": date(2025, 3, 1), "basis": "示科孵〔2025〕3 号"}


def written_at_once(world: World, sheet: str, rows: list[dict[str, Any]]) -> list[dict[str, int]]:
    lines, counts = register.read(book(sheet, rows), sheet), list[dict[str, int]]()

    def write(who: str) -> Callable[[], Any]:
        def act() -> None:
            done = bulk.import_now(
                actor=world.people[who], sheet=sheet, lines=lines, told=TOLD, at=AT, dry_run=False
            )
            counts.append(done["counts"])

        return act

    at_once(write("county"), write("city"), write("province"))
    return counts


def test_new_and_changed_carriers_are_written_once(at: Callable[..., Any]) -> None:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    new = {
        "name": "同时孵化器", "kind": "科技企业孵化器", "carrier_class": "综合", "region": "河湾区",
        "operator": "同时运营有限公司", "credit_code": credit_code(9), "listed_year": "2025", **BASIS,
    }  # fmt: skip
    changed = {"code": "SL-990500-0001", "name": "青禾孵化器", "field": "生物医药", **BASIS}
    counts = written_at_once(world, "carriers", [new, changed])
    assert sorted(one["new"] for one in counts) == [0, 0, 1]
    assert sorted(one["same"] for one in counts) == [0, 2, 2]
    assert Carrier.objects.filter(name="同时孵化器").count() == 1
    assert CarrierVersion.objects.filter(carrier__code="SL-990500-0001").count() == 1


def test_stays_are_written_once(at: Callable[..., Any]) -> None:
    at(2026, 3, 18, 14, 32)
    world = make_world()
    rows = [
        {
            "code": "SL-990500-0001",
            "credit_code": credit_code(300 + number),
            "name": f"企业{number}",
            "entered": date(2025, 2, 1),
        }
        for number in range(30)
    ]
    counts = written_at_once(world, "stays", rows)
    assert sorted(one["new"] for one in counts) == [0, 0, 30]
    assert Stay.objects.filter(tenant__name__startswith="企业").count() == 30
