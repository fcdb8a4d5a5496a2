"""Versions of a return: the draft that follows a submitted one, and the figures of one that is submitted."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from reporting.models import ReturnFigure, ReturnVersion, RosterRow
from reporting.rules.checking import Checked
from reporting.rules.form import Form

BATCH = 500
_PLACES = Decimal("0.000001")


def next_draft(version: ReturnVersion, *, at: datetime, number: int | None = None) -> ReturnVersion:
    """A draft with all that the submitted version has, its explanations and its answer too; rows are copied
    set-wise. `number`: when others came after it."""
    draft = ReturnVersion.objects.create(
        return_of=version.return_of,
        number=number or version.number + 1,
        answer=version.answer,
        answer_reason=version.answer_reason,
        closed_on=version.closed_on,
        evidence=version.evidence,
        values=dict(version.values),
        sources=dict(version.sources),
        explanations=dict(version.explanations),
        saved_at=at,
        saved_by=version.submitted_by,
    )
    rows = []
    for row in RosterRow.objects.filter(version=version).iterator(chunk_size=2000):
        row.pk, row.version = None, draft
        rows.append(row)
    RosterRow.objects.bulk_create(rows, batch_size=BATCH)
    return draft


def write_figures(version: ReturnVersion, form: Form, checked: Checked) -> None:
    """Every number of the return: fields, computed values (to six places) and totals."""
    codes = [*(one.code for one in form.fields), *(total.code for total in form.totals)]
    figures = []
    for code in codes:
        number = checked.values.get(code)
        if isinstance(number, Decimal) and number.adjusted() < 18:
            figures.append(ReturnFigure(version=version, code=code, number=number.quantize(_PLACES)))
    ReturnFigure.objects.filter(version=version).delete()
    ReturnFigure.objects.bulk_create(figures, batch_size=BATCH)
