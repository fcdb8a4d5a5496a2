"""Two acts that lock crosswise are both done."""

from __future__ import annotations

import threading
from datetime import datetime

import pytest
from django.db import OperationalError, connection, transaction

from core import clock
from core.locks import locked
from office.models import PeriodRun
from office.services.retrying import retried

pytestmark = pytest.mark.django_db


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_acts_that_lock_crosswise_are_both_done() -> None:
    for period in ("a", "b"):
        PeriodRun.objects.create(task="t", period=period, started_at=clock.now())
    met, done, tries = threading.Barrier(2), [], []

    @retried
    def act(first: str, second: str) -> None:
        tries.append(first)
        with transaction.atomic():
            locked(PeriodRun.objects.all(), period=first)
            if len(tries) <= 2:
                met.wait()
            locked(PeriodRun.objects.all(), period=second)
            done.append(first)

    def run(first: str, second: str) -> None:
        try:
            act(first, second)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == ["a", "b"]
    assert len(tries) == 3


def test_any_other_fault_and_a_callers_transaction_are_not_tried_again(now: datetime) -> None:
    tries = []

    @retried
    def act() -> None:
        tries.append(1)
        raise OperationalError("disk full")

    with pytest.raises(OperationalError):
        act()
    assert tries == [1]
