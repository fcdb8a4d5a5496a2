"""Who may take the list away."""

from __future__ import annotations

import pytest

from registry.permissions import may_export, may_work_with_lists
from tests.registry.world import World

EXPORTERS = {"county", "city", "province", "finance", "auditor"}


@pytest.mark.parametrize(
    "who",
    ["visitor", "portal", "staff", "county", "city", "province", "finance", "editor", "auditor", "expert",
     "administrator"],
)  # fmt: skip
def test_officers_finance_and_auditors_take_lists_away(world: World, who: str) -> None:
    assert may_export(world.people[who]) == (who in EXPORTERS)
    assert may_work_with_lists(world.people[who]) == (who in EXPORTERS | {"staff"})
