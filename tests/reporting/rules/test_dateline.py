"""The dates of a campaign on a line: in their order, inside the picture, labels clear of each other."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from core.clock import SHANGHAI
from reporting.rules.dateline import LEFT, RIGHT, SLOT, WIDTH, drawn

START = datetime(2026, 3, 1, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def test_places_follow_the_time() -> None:
    line = drawn(START, [START + 10 * DAY, START + 20 * DAY, START + 40 * DAY], START + 20 * DAY)
    (first, _), (second, _), (last, _) = line.marks
    assert (first, second, last) == (LEFT + 82, LEFT + 164, RIGHT) and line.today == second


@pytest.mark.parametrize("days", [(1, 2, 3), (1, 1, 1), (1, 30, 31), (38, 39, 40), (1, 2, 40), (39, 40, 40)])
@pytest.mark.parametrize("today", [-5, 0, 2, 40, 400])
def test_labels_keep_clear_of_each_other_and_of_the_edges(days: tuple[int, ...], today: int) -> None:
    line = drawn(START, [START + n * DAY for n in days], START + today * DAY)
    labels = [label for _, label in line.marks]
    assert labels[0] >= SLOT // 2 and labels[-1] <= WIDTH - SLOT // 2
    assert all(after - before >= SLOT for before, after in pairwise(labels))
    assert LEFT <= line.today <= RIGHT and 0 < line.today_label < WIDTH
