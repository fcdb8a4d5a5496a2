"""A pasted table is read as the sheet of a workbook is."""

from __future__ import annotations

from reporting.excel.reading import read_row
from reporting.rules.form import Form
from reporting.rules.pasting import Paste, sheet_of
from reporting.rules.reading import Reading, ReadTable


def read_pasted(text: str, paste: Paste, form: Form) -> Reading:
    """The rows of one table. A column that was not pasted keeps what is stored; a new row without a required
    one is named by the checks."""
    table, sheet = form.table(paste.table), sheet_of(text)
    columns = {code: at for at, code in enumerate(paste.columns, start=1) if code}
    read = ReadTable(sheet.name, columns, whole=paste.whole)
    reading = Reading(tables={table.code: read}, whole=False)
    for row in sheet.rows[1 if paste.has_heading else 0 :]:
        if not row.blank:
            read_row(row, table, read, reading.problems)
    return reading
