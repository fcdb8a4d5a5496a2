"""A workbook of the register as a county hands it in: one line to change, one that cannot be taken."""

from __future__ import annotations

from datetime import date
from typing import Any

from office.services import jobs
from registry.models import RegisterImport
from registry.services import bulk
from tests.journeys.cast import START, Cast
from tests.registry.books import book


def lines_of(cast: Cast) -> list[dict[str, Any]]:
    """The first carrier with a field from a day on; the third of the same county with a day to come."""
    first, third = cast.carriers[0], cast.carriers[2]
    said = {"field": "生物医药", "basis": "县科〔2026〕2 号"}
    return [
        {"code": first.code, "name": first.name, "valid_from": date(2026, 3, 1), **said},
        {"code": third.code, "name": third.name, "valid_from": date(2030, 3, 1), **said},
    ]


def register_book(cast: Cast) -> bytes:
    return book("carriers", lines_of(cast))


def register_import_of(cast: Cast) -> RegisterImport:
    """Handed in by the county and read by the worker: it waits to be confirmed."""
    made = bulk.upload(
        actor=cast.people["县区甲"], sheet="carriers", content=register_book(cast), name="登记.xlsx", at=START
    )
    jobs.run(job_id=str(made.job.pk))
    return RegisterImport.objects.get(pk=made.pk)
