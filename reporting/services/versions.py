"""Versions of a return: the draft that follows a submitted one, and the figures of one that is submitted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from reporting import queries
from reporting.models import ReturnFigure, ReturnVersion, RosterRow
from reporting.rules.checking import Checked
from reporting.rules.form import Form
from reporting.rules.form_change import Changeover, carried_texts
from reporting.rules.roster import stored, texts_of

BATCH = 500
_PLACES = Decimal("0.000001")


def next_draft(version: ReturnVersion, *, at: datetime, number: int | None = None) -> ReturnVersion:
    """A draft with all that the submitted version has, its explanations and its answer too; under a newer
    version of the form what goes over to it. Rows are copied set-wise. `number`: when others came after
    it."""
    campaign = version.return_of.campaign
    under = queries.form_under(version, campaign)
    change = None
    if under.pk != campaign.form_id:
        change = Changeover(queries.definition(under), queries.definition(campaign.form))
    numbers = [version.number + 1 if number is None else number]
    return _drafts([version], numbers, change, at)[0]


def next_drafts(
    versions: Sequence[ReturnVersion], change: Changeover | None, *, at: datetime
) -> list[ReturnVersion]:
    """As `next_draft`, of many newest versions that all stand under the form before `change`."""
    return _drafts(versions, [version.number + 1 for version in versions], change, at)


def _drafts(
    versions: Sequence[ReturnVersion], numbers: Sequence[int], change: Changeover | None, at: datetime
) -> list[ReturnVersion]:
    drafts = ReturnVersion.objects.bulk_create(
        [_draft(one, number, change, at) for one, number in zip(versions, numbers, strict=True)],
        batch_size=BATCH,
    )
    by_version = {version.pk: draft for version, draft in zip(versions, drafts, strict=True)}
    pks = list(by_version)
    for start in range(0, len(pks), BATCH):
        rows = []
        found = RosterRow.objects.filter(version__in=pks[start : start + BATCH])
        for row in found.iterator(chunk_size=2000):
            if change is not None and not went_over(row, change):
                continue
            row.pk, row.version = None, by_version[row.version_id]
            rows.append(row)
        RosterRow.objects.bulk_create(rows, batch_size=BATCH)
    return drafts


def _draft(version: ReturnVersion, number: int, change: Changeover | None, at: datetime) -> ReturnVersion:
    return ReturnVersion(
        return_of=version.return_of,
        number=number,
        answer=version.answer,
        answer_reason=version.answer_reason,
        closed_on=version.closed_on,
        evidence_id=version.evidence_id,
        values=change.carried(version.values) if change else dict(version.values),
        sources=change.carried(version.sources) if change else dict(version.sources),
        explanations=dict(version.explanations),
        saved_at=at,
        saved_by=version.submitted_by,
    )


def went_over(row: RosterRow, change: Changeover) -> bool:
    """Brings a row to the newer version of the form, unsaved; whether its table is still asked for."""
    if row.table not in change.tables:
        return True
    before, after = change.tables[row.table]
    if after is None:
        return False
    for name, value in stored(after, carried_texts(before, after, texts_of(before, row))).items():
        setattr(row, name, value)
    return True


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
