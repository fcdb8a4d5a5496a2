"""Reads 77,000 rows x 25 columns in the limited child and with a plain fast reader, in one run."""

from __future__ import annotations

from pathlib import Path

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from bench.measure import Measured, timed
from core.workbook.gate import Limits
from core.workbook.reader import open_rows

ROWS, COLUMNS = 77_000, 25
SHEET = "名单"
RATIO = 8


def write(path: Path) -> None:
    """Words, codes and numbers, as rosters mix them."""
    book = Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet(SHEET)
    sheet.write_row(0, 0, [f"第{column}列" for column in range(COLUMNS)])
    for row in range(1, ROWS + 1):
        sheet.write_row(
            row,
            0,
            [
                f"示例科技{row}有限公司"
                if column % 5 == 0
                else f"T{row:07d}"
                if column % 5 == 1
                else row + column
                for column in range(COLUMNS)
            ],
        )
    book.close()


def measured(folder: Path) -> Measured:
    """The ratio of the times; both read every row."""
    path = folder / "roster.xlsx"
    write(path)
    limited, rows = timed(lambda: sum(1 for _ in open_rows(path, SHEET, limits=Limits.raised())))
    plain, others = timed(lambda: len(CalamineWorkbook.from_path(path).get_sheet_by_name(SHEET).to_python()))
    if rows != others or rows != ROWS + 1:
        raise RuntimeError(f"read {rows} and {others} of {ROWS + 1} rows")
    what = f"77,000 x 25 roster, {limited:.1f} s in the limited child, calamine {plain:.1f} s"
    return Measured(what, limited / plain, RATIO, "times")
