"""What was recorded before facts had a day: each carrier gets its first record, each record what it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from registry.models.versions import DATED
from tests.registry.world import AT

BEFORE, AFTER = [("registry", "0002_applications")], [("registry", "0003_dated_facts")]


def moved(target: Any) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(target)
    return executor.loader.project_state(target).apps


@pytest.fixture
def before(transactional_db: None) -> Iterator[Any]:
    yield moved(BEFORE)
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_every_carrier_is_dated_and_every_record_knows_what_it_says(before: Any) -> None:
    region = before.get_model("accounts", "Region").objects.create(
        code="990502", name="河湾区", level="county", path="/990502/"
    )
    operator = before.get_model("registry", "Operator").objects.create(credit_code="1", name="青禾")
    facts = {
        "kind": "incubator", "carrier_class": "comprehensive", "operator_id": operator.pk,
        "region_id": region.pk,
    }  # fmt: skip
    carriers = before.get_model("registry", "Carrier").objects
    one, other = (
        carriers.create(
            code=code, name="青禾孵化器", level="national", listed_year=2016, area_total=1200, updated_at=AT,
            state="suspended", **facts,
        )
        for code in ("A-1", "A-2")
    )  # fmt: skip
    versions = before.get_model("registry", "CarrierVersion").objects
    for year, level in ((2016, "none"), (2019, "national")):
        versions.create(
            carrier_id=one.pk, valid_from=date(year, 1, 1), recorded_at=AT, basis="文件", name="青禾孵化器",
            level=level, **facts,
        )  # fmt: skip
    apps = moved(AFTER)
    rows = apps.get_model("registry", "CarrierVersion").objects.order_by("carrier_id", "valid_from")
    first, second, made = rows
    known = sorted({*DATED} - {"host_place"})  # dated since
    assert (first.named, second.named) == (known, ["level"])
    assert (second.area_total, second.state, second.initials) == (1200, "suspended", "qhfhq")
    assert (made.carrier_id, made.valid_from, made.level) == (other.pk, date(2016, 1, 1), "national")
    assert made.named == known
    terms = apps.get_model("registry", "LevelTerm").objects.order_by("rank", "valid_to")
    assert {(row.code, row.name) for row in terms} >= {("national", "国家级"), ("national", "标准级")}
