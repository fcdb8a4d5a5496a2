"""Rows of a table, on line: one at a time, compare-and-set by cell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accounts.actors import Actor
from core.problems import Problem, Refused
from core.text import T, Text
from office.services import audit
from office.services.retrying import retried
from registry.models import Team
from reporting import queries
from reporting.models import RosterRow
from reporting.queries import Opened
from reporting.rules import form as form_rules
from reporting.rules.roster import provisional, stored, texts_of
from reporting.rules.values import kept
from reporting.services.drafts import draft_to_change, stamp
from reporting.services.filling import Saved, saved, stale

LEAVINGS: tuple[tuple[str, Text], ...] = (
    ("left", T("已离开，不再入驻")),
    ("twice", T("重复的行")),
    ("wrong", T("填错，不属于本单位")),
)


@retried
def add_row(
    *, actor: Actor, return_id: int, table: str, values: Mapping[str, str], at: datetime
) -> tuple[str, Saved]:
    """A new row at the end; its key and what the checks say. A row may miss its key for a while."""
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at)
        shape = _table(opened.form, table)
        texts = _kept(shape, values)
        rows = RosterRow.objects.filter(version=opened.version, table=table)
        position = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
        if position > shape.max_rows * 2 or rows.count() >= shape.max_rows:
            raise Refused(
                Problem("table.rows", T("“{table}”最多 {n} 行。", table=shape.title, n=shape.max_rows))
            )
        if shape.key_is_given:
            texts[shape.key] = next(iter(given_keys(opened, shape, 1)))
        key = _free_key(opened, table, texts.get(shape.key, ""), position)
        RosterRow.objects.create(
            version=opened.version, table=table, key=key, position=position, **stored(shape, texts)
        )
        return key, _answer(actor, opened, table, key, at)


@retried
def save_row(
    *,
    actor: Actor,
    return_id: int,
    table: str,
    key: str,
    values: Mapping[str, str],
    seen: Mapping[str, str],
    at: datetime,
) -> tuple[str, Saved]:
    """Sets the named columns of a row; `seen` is what the person saw in each. The row's key (it changes
    with its key column) and what the checks say. Raises `Refused` as `save_field` does."""
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at)
        shape = _table(opened.form, table)
        row = _row(opened, table, key)
        texts = texts_of(shape, row)
        wanted = _kept(shape, values)
        problems = [
            stale(code, shape.column(code).title, stored=texts.get(code, ""), mine=text)
            for code, text in wanted.items()
            if texts.get(code, "") not in (seen.get(code, ""), text)
        ]
        if shape.key_is_given and wanted.get(shape.key, key) != key:
            problems.append(Problem("row.key", T("编号由系统给出，不能修改。"), field=shape.key))
        if problems:
            raise Refused(problems)
        texts = {code: text for code, text in {**texts, **wanted}.items() if text}
        new_key = texts.get(shape.key, "")
        if new_key != row.key:
            row.key = _free_key(opened, table, new_key, row.position)
        RosterRow.objects.filter(pk=row.pk).update(key=row.key, **stored(shape, texts))
        return row.key, _answer(actor, opened, table, row.key, at)


@retried
def remove_row(*, actor: Actor, return_id: int, table: str, key: str, at: datetime, why: str = "") -> Saved:
    """Takes a row out of the table: who has left is in no list of those who are there. `why` is a code of
    `LEAVINGS`, by default the first; it stands in the audit with the row's name."""
    if why and why not in dict(LEAVINGS):
        raise Refused(Problem("row.why", T("请选择去掉这一行的原因。"), field="why"))
    with transaction.atomic():
        opened = draft_to_change(actor=actor, return_id=return_id, at=at)
        shape, row = _table(opened.form, table), _row(opened, table, key)
        name = texts_of(shape, row).get(shape.naming, "")
        RosterRow.objects.filter(pk=row.pk).delete()
        detail = {"table": table, "key": key, "name": name, "why": why or LEAVINGS[0][0]}
        audit.record(actor=actor, action="return.row_left", on=opened.of, at=at, detail=detail)
        return _answer(actor, opened, table, key, at)


def given_keys(opened: Opened, table: form_rules.Table, count: int) -> list[str]:
    """The next numbers that the portal gives in this carrier: none was ever used before."""
    start = f"{opened.of.carrier.code}-T"
    used = [
        *Team.objects.filter(team_no__startswith=start).values_list("team_no", flat=True),
        *RosterRow.objects.filter(
            version__return_of__carrier=opened.of.carrier_id, table=table.code, key__startswith=start
        ).values_list("key", flat=True),
    ]
    tails = [name.removeprefix(start) for name in used]
    last = max((int(tail) for tail in tails if tail.isdecimal()), default=0)
    return [f"{start}{number:04d}" for number in range(last + 1, last + count + 1)]


def _table(form: form_rules.Form, code: str) -> form_rules.Table:
    try:
        return form.table(code)
    except KeyError:
        raise Refused(Problem("table.unknown", T("没有这张表。"), field=code)) from None


def _kept(table: form_rules.Table, values: Mapping[str, str]) -> dict[str, str]:
    """The texts to store; `Refused` for columns that there are none of."""
    columns = {column.code: column for column in table.columns}
    strange = [code for code in values if code not in columns]
    if strange:
        raise Refused(Problem("column.unknown", T("没有这一列。"), field=code) for code in strange)
    return {code: kept(text, columns[code]) for code, text in values.items()}


def _row(opened: Opened, table: str, key: str) -> RosterRow:
    if all(row.key != key for row in opened.rows[table]):
        raise Refused(Problem("row.gone", T("这一行已不存在，可能已被他人删除。"), field=table))
    found: RosterRow = RosterRow.objects.get(version=opened.version, table=table, key=key)
    return found


def _free_key(opened: Opened, table: str, wanted: str, position: int) -> str:
    """The key if no other row has it; else a provisional one, and the checks name the double."""
    known = {row.key for row in opened.rows[table]}
    if wanted and wanted not in known and len(wanted) <= 60:
        return wanted
    return provisional(position)


def _answer(actor: Actor, opened: Opened, table: str, key: str, at: datetime) -> Saved:
    stamp(actor=actor, opened=opened, at=at, fields=())
    now = queries.opened(opened.of, at=at, version=opened.version)
    checked = now.checked()
    mine = [f for f in checked.findings if f.table == table and f.row == key]
    return saved(now, checked, mine, value=key, at=at)
