"""CSV from outside: typed by column, every fault with its line and column."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from core.csvfile import read_sheet, read_table, readable_part
from core.expressions import Kind, compile_expression
from core.problems import Refused


def faults(text: str | bytes) -> list[tuple[str, str]]:
    data = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(Refused) as refused:
        read_table(data, name="d.csv")
    return [(problem.code.removeprefix("csv."), problem.place) for problem in refused.value.problems]


def test_a_column_has_the_type_of_all_its_cells() -> None:
    text = (
        "\ufeffcarrier,n,f,d,t,mixed,code,empty,class\r\n"
        " C1 , 1.50 ,是,2025-01-31,a,1,02,,专业\r\n"
        "C2,-3,false,,,x,2, ,\r\n"
    )
    table = read_table(text.encode(), name="d.csv")
    assert table.kinds == {
        "carrier": Kind.TEXT,
        "n": Kind.NUMBER,
        "f": Kind.BOOL,
        "d": Kind.DATE,
        "t": Kind.TEXT,
        "mixed": Kind.TEXT,
        "code": Kind.TEXT,
        "empty": None,
        "class": Kind.TEXT,
    }
    first, second = table.rows
    assert (first.carrier, first.line, second.line) == ("C1", 2, 3)
    assert first.values == {
        "carrier": "C1",
        "n": Decimal("1.50"),
        "f": True,
        "d": datetime.date(2025, 1, 31),
        "t": "a",
        "mixed": "1",
        "code": "02",
        "empty": None,
        "class": "专业",
    }
    assert (first.written("f"), first.written("empty"), first.written("nosuch")) == ("是", None, None)
    assert second.value("f") is False
    assert compile_expression("f == '是' and code == '02'").holds(first, year=2025)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("0", Kind.NUMBER),
        ("-0.5", Kind.NUMBER),
        ("0100", Kind.TEXT),
        ("1e5", Kind.TEXT),
        ("1_000", Kind.TEXT),
        (".5", Kind.TEXT),
        ("+5", Kind.TEXT),
        ("12%", Kind.TEXT),
        ("１", Kind.TEXT),
        ("true", Kind.BOOL),
        ("否", Kind.BOOL),
        ("True", Kind.TEXT),
        ("2025-02-29", Kind.TEXT),
        ("2024-02-29", Kind.DATE),
        ("2024-2-9", Kind.TEXT),
    ],
)
def test_what_a_cell_is(cell: str, kind: Kind) -> None:
    assert read_table(f"carrier,x\nC1,{cell}\n".encode()).kinds["x"] is kind


def test_every_fault_with_its_place() -> None:
    assert faults("carrier,a,a,\nC1,1,2,3\nC1,1\nC1,1,2,3\n,1,2,3\n") == [
        ("column", "d.csv 第 1 行 a 列"),
        ("column", "d.csv 第 1 行"),
        ("ragged", "d.csv 第 3 行"),
        ("carrier", "d.csv 第 4 行 carrier 列"),
        ("carrier", "d.csv 第 5 行 carrier 列"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("name,x\nC1,1\n", "carrier"),
        ('carrier,x\n"C1,1\n', "syntax"),
        ('carrier,x\n"C1"z,1\n', "syntax"),
        ("carrier,x\nC1,\0\n", "character"),
        ("carrier,名\nC1,1\n".encode("gbk"), "encoding"),
    ],
)
def test_refused(text: str | bytes, code: str) -> None:
    assert [found for found, _ in faults(text)] == [code]


def test_empty_lines_are_passed_over_and_lines_keep_their_number() -> None:
    table = read_table(b'carrier,x\n\n"C\n1",1\n\nC2,2\n\n')
    assert [(row.carrier, row.line) for row in table.rows] == [("C\n1", 3), ("C2", 6)]


def test_a_sheet_of_fixed_columns() -> None:
    sheet = read_sheet(b"carrier,mark\nC1,\nC1,5\n", columns=("carrier", "mark"))
    assert [line.cells for line in sheet.lines] == [("C1", ""), ("C1", "5")]
    with pytest.raises(Refused):
        read_sheet(b"mark,carrier\n", columns=("carrier", "mark"))


def test_the_readable_part_of_a_faulty_file() -> None:
    sheet = readable_part(b"carrier,x\nC1\nC2,5\n")
    assert sheet is not None
    assert (sheet.columns, [line.cells for line in sheet.lines]) == (("carrier", "x"), [("C2", "5")])
    assert readable_part(b"\xff") is None
