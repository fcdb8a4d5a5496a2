"""The table of the year's progress as a workbook."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from portal.progress import scope_of
from portal.progress.counting import counted
from tests.portal.progress.world import NOW, World, signed_in

URL = "/progress/workbook/"


@pytest.mark.parametrize("year", [2026, 2025])
def test_the_workbook_has_the_numbers_of_the_table(world: World, year: int) -> None:
    allocation = world.confirmed()
    answer = signed_in(world.officer).get(URL, {"year": year})
    rows = list(openpyxl.load_workbook(BytesIO(b"".join(answer))).active.values)  # type: ignore[arg-type]
    scope = scope_of(world.officer, NOW, year=year)
    assert scope is not None
    found = counted(scope)
    head = [str(one) for one in rows[0]]
    last = dict(zip(head, rows[-1], strict=True))
    assert last["区域"] == "示例省合计" and last["年度"] == year
    assert last["应报（份）"] == found.total["due"] and last["已受理（份）"] == found.total["accepted"]
    assert last["2025 年度奖补已核定（元）"] == allocation.allocated
    assert [row[head.index("区域")] for row in rows[1:]] == ["东市", "西市", "示例省合计"]
    assert ("已定级（家）" in head) == (year == 2025)


def test_it_is_for_those_who_have_the_page_and_of_their_region(world: World) -> None:
    for name, actor in world.everyone():
        seeing = name in ("officer", "second", "auditor", "city", "county", "other_county")
        assert signed_in(actor).get(URL).status_code == (200 if seeing else 404), name
    assert signed_in(world.city).get(URL, {"region": "990200"}).status_code == 404
