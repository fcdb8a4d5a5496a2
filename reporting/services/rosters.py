"""A province's file into the drafts of many carriers: the same checks, one transaction, set-wise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import connection, transaction

from accounts.actors import Actor
from core.http import shown_all
from core.problems import Problem, Severity, grouped
from core.text import T
from office.services import audit
from office.services.retrying import retried
from reporting import queries
from reporting.models import Return, ReturnVersion, RosterRow
from reporting.permissions import may_import_rosters, refuse
from reporting.rules.assess import Draft, assess_table, outcome_of
from reporting.rules.form import Form
from reporting.rules.merge import Merged
from reporting.rules.places import CellPlaces
from reporting.rules.reading import ReadTable
from reporting.rules.roster import table_rows
from reporting.services.writing import RowChanges, collect, numbered, write_rows

NO_TEXTS: Mapping[str, str] = {}


class Sheet(Protocol):
    """The rows of one sheet for one form's table, by carrier."""

    form: str
    table: str
    carriers: dict[str, ReadTable]


@dataclass(slots=True)
class _Import:
    """What is found and what is to be written, carrier by carrier."""

    year: int
    at: datetime
    leaving: bool
    problems: list[Problem]
    changes: RowChanges = field(default_factory=RowChanges)
    tables: dict[str, dict[str, int]] = field(default_factory=dict)
    carriers: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    touched: list[Return] = field(default_factory=list)


def asked(*, actor: Actor, year: int) -> tuple[list[Form], dict[str, set[str]]]:
    """The forms of a year, and for each the codes of the carriers in the actor's scope that fill it."""
    refuse(may_import_rosters(actor))
    rows = Return.objects.visible_to(actor).filter(campaign__year=year)
    owners: dict[str, set[str]] = {}
    for form, code in rows.values_list("campaign__form_code", "carrier__code"):
        owners.setdefault(form, set()).add(code)
    return [form for form in queries.forms_of(year) if form.code in owners], owners


@retried
def import_rosters(
    *,
    actor: Actor,
    year: int,
    sheets: list[Any],
    problems: list[Problem],
    sha256: str,
    at: datetime,
    dry_run: bool = False,
    leaving: bool = False,
) -> dict[str, Any]:
    """Checks every carrier's rows and writes what is sound; the report, by table and by carrier.

    A dry run writes nothing. A carrier whose return is not open is named, and stays as it is.
    """
    refuse(may_import_rosters(actor))
    work = _Import(year, at, leaving, list(problems))
    with transaction.atomic():
        for sheet in sheets:
            _take_sheet(actor, work, sheet)
        if not dry_run:
            _write(actor, work, sha256)
    return report_of(work, applied=not dry_run)


def _take_sheet(actor: Actor, work: _Import, sheet: Sheet) -> None:
    returns = queries.with_all(
        Return.objects.visible_to(actor).filter(
            campaign__year=work.year, campaign__form_code=sheet.form, carrier__code__in=list(sheet.carriers)
        )
    ).order_by("pk")
    if connection.features.has_select_for_update:
        returns = returns.select_for_update(of=("self",))
    found = list(returns)
    rows: dict[int, list[RosterRow]] = {}
    versions = [one.current_id for one in found if one.current_id is not None]
    for start in range(0, len(versions), 500):
        # Read after the lock: what the locking query joined may be older.
        fresh = ReturnVersion.objects.in_bulk(versions[start : start + 500])
        for one in found[start : start + 500]:
            one.current = fresh.get(one.current_id or 0, one.current)
        part = RosterRow.objects.filter(version__in=versions[start : start + 500], table=sheet.table)
        for row in part:
            rows.setdefault(row.version_id, []).append(row)
    for one in found:
        _take_carrier(work, sheet, one, rows.get(one.current_id or 0, []))


def _take_carrier(work: _Import, sheet: Sheet, found: Return, rows: list[RosterRow]) -> None:
    form = queries.definition(found.campaign.form)
    table = form.table(sheet.table)
    read = sheet.carriers[found.carrier.code]
    lock = queries.lock(found, at=work.at)
    if not lock.open or found.current is None:
        place = f"{read.sheet}!A{read.rows[0].number}" if read.rows else read.sheet
        message = T("“{carrier}”的报表不能写入：{why}", carrier=found.carrier.name, why=lock.why)
        work.problems.append(Problem("return.locked", message, place=place, found=found.carrier.code))
        return
    version = found.current
    stored = table_rows((table,), rows)
    draft = Draft(
        version.values,
        stored,
        version.explanations,
        NO_TEXTS,
        queries.registry_values(found.carrier),
        work.year,
    )
    places = CellPlaces(form, sheets={table.code: read.sheet}, columns={table.code: read.columns})
    merged, findings = assess_table(form, table, read, draft, version.values, places)
    work.problems += [finding.problem for finding in findings]
    _count(work, found.carrier.code, table.title, merged)
    before = len(work.changes.new), len(work.changes.changed), len(work.changes.gone)
    opened = queries.Opened(found, version, form, version.values, stored, NO_TEXTS, NO_TEXTS, lock)
    named = numbered(opened, table, merged.new)
    collect(work.changes, version, table, merged, named, rows, leaving=work.leaving)
    if before != (len(work.changes.new), len(work.changes.changed), len(work.changes.gone)):
        work.touched.append(found)


def _count(work: _Import, carrier: str, title: str, merged: Merged) -> None:
    total = work.tables.setdefault(title, Merged().counts)
    for kind, number in merged.counts.items():
        total[kind] += number
    work.carriers.setdefault(carrier, {})[title] = merged.counts


def _write(actor: Actor, work: _Import, sha256: str) -> None:
    if not work.changes:
        return
    write_rows(work.changes)
    versions = [one.current_id for one in work.touched if one.current_id is not None]
    ReturnVersion.objects.filter(pk__in=versions).update(saved_at=work.at, saved_by=actor.user)
    begun = Return.objects.filter(pk__in=[one.pk for one in work.touched], started_at=None)
    begun.update(started_at=work.at, updated_at=work.at)
    detail = {"year": work.year, "sha256": sha256, "tables": work.tables, "carriers": len(work.carriers)}
    audit.record(actor=actor, action="roster.import", on="reporting.return", key=str(work.year), at=work.at,
                 detail=detail)  # fmt: skip


def report_of(work: _Import, *, applied: bool) -> dict[str, Any]:
    """As for a carrier's workbook, with the counts of each carrier besides."""
    problems = grouped(work.problems)
    errors = any(problem.severity is Severity.ERROR for problem in problems)
    rejected = errors and not work.carriers
    return {
        "year": work.year,
        "outcome": "rejected" if rejected else outcome_of(problems),
        "applied": applied and not rejected,
        "tables": work.tables,
        "carriers": work.carriers,
        "problems": shown_all(problems),
    }
