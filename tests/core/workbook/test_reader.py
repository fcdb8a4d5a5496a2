"""What stands in a workbook comes out exactly, with its place; what cannot be told apart is named."""

import datetime as dt
import io
import random
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook
from python_calamine import CalamineWorkbook

from core.problems import Refused
from core.workbook import process, reader
from core.workbook.book import Kind, find_name, letters, split
from core.workbook.gate import MB, Limits, examine
from core.workbook.reader import open_rows, read_book, sheet_names
from core.workbook.values import date_text, format_kind, number_text
from tests.core.workbook.packages import (
    HEAD,
    MAIN,
    packed,
    sheet_xml,
    small,
    styles,
    workbook,
    workbook_parts,
)


def one(cell_xml, **options):
    """The first cell of a workbook with this one cell."""
    book = read_book(workbook({"名单": f'<row r="17">{cell_xml}</row>'}, **options))
    rows = book.sheets[0].rows
    return rows[0][4] if rows else None


def refusal(data, limits=None):
    with pytest.raises(Refused) as caught:
        read_book(data, limits=limits)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    ("cell", "kind", "text"),
    [
        ('<c r="D17"><v>0.1</v></c>', Kind.NUMBER, "0.1"),
        ('<c r="D17"><v>35.200000000000003</v></c>', Kind.NUMBER, "35.2"),
        ('<c r="D17"><v>0.30000000000000004</v></c>', Kind.NUMBER, "0.3"),
        ('<c r="D17"><v>1.5E+3</v></c>', Kind.NUMBER, "1500"),
        ('<c r="D17"><v>-0</v></c>', Kind.NUMBER, "0"),
        ('<c r="D17" t="n"><v>007.50</v></c>', Kind.NUMBER, "7.5"),
        ('<c r="D17"><v>1.23456789012345E+17</v></c>', Kind.NUMBER, "123456789012345000"),
        ('<c r="D17" t="s"><v>1</v></c>', Kind.TEXT, "富文本"),
        ('<c r="D17" t="s"><v>2</v></c>', Kind.TEXT, "一\r行_x000D_"),
        ('<c r="D17" t="inlineStr"><is><t> 空 格 </t></is></c>', Kind.TEXT, " 空 格 "),
        (
            '<c r="D17" t="inlineStr"><is><r><t>甲</t></r><rPh sb="0" eb="1"><t>jia</t></rPh>'
            "<r><t>乙&amp;</t></r></is></c>",
            Kind.TEXT,
            "甲乙&",
        ),
        ('<c r="D17" t="str"><f>A1</f><v>结果</v></c>', Kind.TEXT, "结果"),
        ('<c r="D17"><f>1+1</f><v>2</v></c>', Kind.NUMBER, "2"),
        ('<c r="D17"><f>1+1</f></c>', Kind.FORMULA, ""),
        ('<c r="D17"><f>1+1</f><v></v></c>', Kind.FORMULA, ""),
        ('<c r="D17" t="e"><f>1/0</f><v>#DIV/0!</v></c>', Kind.ERROR, "#DIV/0!"),
        ('<c r="D17"><v>NaN</v></c>', Kind.ERROR, "NaN"),
        ('<c r="D17" t="b"><v>1</v></c>', Kind.BOOL, "1"),
        ('<c r="D17" t="d"><v>2023-05-06T00:00:00</v></c>', Kind.DATE, "2023-05-06"),
        ('<c r="D17" s="1"><v>0.35</v></c>', Kind.PERCENT, "35"),
        ('<c r="D17" s="1"><v>0.35499999999999998</v></c>', Kind.PERCENT, "35.5"),
        ('<c r="D17" s="2"><v>45052</v></c>', Kind.DATE, "2023-05-06"),
        ('<c r="D17" s="2"><v>45052.4375</v></c>', Kind.DATETIME, "2023-05-06T10:30:00"),
        ('<c r="D17" s="3"><v>45052</v></c>', Kind.DATE, "2023-05-06"),
        ('<c r="D17" s="3"><v>0.5</v></c>', Kind.TIME, "12:00:00"),
        ('<c r="D17" s="3"><v>-1</v></c>', Kind.ERROR, "-1"),
        ('<c r="D17"><v>35</v>\n  </c>', Kind.NUMBER, "35"),
    ],
)
def test_cell_keeps_type_and_exact_text(cell, kind, text):
    strings = (
        "<si><t>甲</t></si><si><r><t>富</t></r><r><t>文本</t></r></si>"
        "<si><t>一_x000D_行_x005F_x000D_</t></si>"
    )
    found = one(cell, strings=strings, formats=styles(0, 10, 14, "yyyy&quot;年&quot;m月d日"))
    assert (found.kind, found.text, found.place) == (kind, text, "名单!D17")


def test_empty_text_of_a_formula_is_an_empty_cell():
    assert one('<c r="D17" t="str"><f>IF(1,"")</f><v></v></c>') is None


def test_the_1904_calendar_is_kept():
    found = one('<c r="D17" s="1"><v>43590</v></c>', formats=styles(0, 14), date1904=True)
    assert found.date == dt.date(2023, 5, 6)


def test_long_numbers_say_that_they_lost_digits():
    assert one('<c r="D17"><v>9.1320100123456794E+17</v></c>').lost_digits
    assert not one('<c r="D17"><v>13812345678</v></c>').lost_digits
    assert not one('<c r="D17" t="inlineStr"><is><t>91320100MA1ABCDE12</t></is></c>').lost_digits


def test_dates_before_march_1900_follow_the_workbooks_own_calendar():
    assert date_text("1", False) == ("d", "1900-01-01")
    assert date_text("59", False) == ("d", "1900-02-28")
    assert date_text("60", False) is None
    assert date_text("61", False) == ("d", "1900-03-01")
    assert date_text("2958466", False) is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("0.00%", "p"),
        ("0.0\\%", "n"),
        ('0"%"', "n"),
        ("yyyy-mm-dd", "d"),
        ("[$-804]yyyy年m月d日", "d"),
        ("[h]:mm", "d"),
        ("mm:ss.0", "d"),
        ("#,##0.00", "n"),
        ("General", "n"),
        ('#,##0"m2"', "n"),
        ("[Red]-0.0", "n"),
        ("_ * #,##0.00_ ", "n"),
        ("@", "n"),
    ],
)
def test_formats_tell_dates_and_percentages(code, kind):
    assert format_kind(200, code) == kind


def test_number_text_takes_only_plain_numbers():
    for bad in ("1_000", "٣٤", "NaN", "inf", "0x10", "1e99999", "", "1 0", "1,0"):
        assert number_text(bad) is None
    assert "E" in (number_text("1e308") or "")
    assert number_text("1e-5") == "0.00001"


def test_sheets_are_found_with_other_case_and_spaces():
    rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
    book = read_book(workbook({"List A": rows, "名 单": rows}))
    assert book.names == ["List A", "名 单"]
    assert book.sheet("lista") is book.sheets[0]
    assert book.sheet("名单") is book.sheets[1]
    assert book.sheet("别的") is None
    assert find_name("a b", ["A B", "ab"]) is None


def test_hidden_and_merged_are_noted():
    xml = sheet_xml(
        '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>',
        before='<dimension ref="A1"/><cols><col min="2" max="3" hidden="1"/></cols>',
        after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>',
    )
    book = read_book(workbook({"a": xml, "_meta": ""}, states={"_meta": "veryHidden"}))
    sheet = book.sheets[0]
    assert [row.hidden for row in sheet.rows] == [True, False]
    assert (sheet.hidden_rows, list(sheet.hidden_columns), list(sheet.merged)) == (
        1,
        [2, 3],
        ["A1:B2"],
    )
    assert book.sheets[1].state == "veryHidden"


def test_the_files_own_dimension_is_not_believed():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 21))
    book = read_book(workbook({"a": sheet_xml(rows, before='<dimension ref="A1:A1"/>')}))
    assert [row[1].text for row in book.sheets[0].rows] == [str(n) for n in range(1, 21)]


def test_positions_may_be_left_out():
    book = read_book(workbook({"a": "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>"}))
    assert [c.place for r in book.sheets[0].rows for c in r] == ["a!A1", "a!B1", "a!A2"]


def test_other_namespaces_and_prefixes_are_read():
    xml = (
        f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1">'
        '<x:c r="A1" t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert read_book(workbook({"a": xml})).sheets[0].cell("A1").text == "甲"


CELL = '<c r="A{0}"><v>1</v></c>'


@pytest.mark.parametrize(
    ("rows", "code", "place"),
    [
        ('<row r="5"></row><row r="3"></row>', "sheet.order", "a!A3"),
        ('<row r="5"></row><row r="5"></row>', "sheet.order", "a!A5"),
        ('<row r="1"><c r="B1"/><c r="A1"/></row>', "sheet.twice", "a!A1"),
        ('<row r="1"><c r="A1"/><c r="A1"/></row>', "sheet.twice", "a!A1"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "sheet.reference", "a!A1"),
        ('<row r="1"><c r="11"><v>1</v></c></row>', "sheet.reference", "a!A1"),
        ('<row r="1"><c r="XFE1"><v>1</v></c></row>', "sheet.reference", "a!A1"),
        ('<row r="1"><c r="ALN1"><v>1</v></c></row>', "sheet.columns", "a!ALN1"),
        ('<row r="1048577"><c><v>1</v></c></row>', "file.damaged", "a"),
        ('<row r="-1"><c><v>1</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1" t="s"><v>5</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1" s="9"><v>5</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1" t="zzz"><v>5</v></c></row>', "file.damaged", "a"),
        ('<row r="1"><c r="A1"><v>5</v></row>', "file.damaged", "a"),
    ],
)
def test_broken_geometry_is_refused_with_its_place(rows, code, place):
    problem = refusal(workbook({"a": rows}))
    assert (problem.code, problem.place) == (code, place)


def test_rows_and_cells_are_counted_while_reading():
    rows = "".join(f'<row r="{n}">{CELL.format(n)}</row>' for n in range(1, 12))
    assert refusal(workbook({"a": rows}), Limits(rows=10)).place == "a!A11"
    assert refusal(workbook({"a": rows}), Limits(cells=10)).code == "sheet.cells"
    assert len(read_book(workbook({"a": rows}), limits=Limits(rows=11)).sheets[0].rows) == 11


def test_missing_parts_are_damage():
    for gone in ("xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"):
        parts = small()
        del parts[gone]
        assert refusal(packed(parts)).code == "file.damaged"


def test_one_sheet_streams_and_a_missing_one_is_named(tmp_path):
    path = tmp_path / "表.xlsx"
    path.write_bytes(workbook({"a": "", "名单": '<row r="2"><c r="A2"><v>1</v></c></row>'}))
    assert [row.number for row in open_rows(path, "名 单")] == [2]
    assert sheet_names(path) == ["a", "名单"]
    with pytest.raises(Refused) as caught:
        list(open_rows(path, "没有"))
    assert caught.value.problems[0].code == "sheet.missing"
    (tmp_path / "empty.xlsx").write_bytes(b"")
    assert examine(b"")[0].code == "file.empty"
    with pytest.raises(Refused):
        sheet_names(tmp_path / "empty.xlsx")


def test_only_the_wanted_sheets_are_read():
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    book = read_book(workbook({"a": row, "b": row}), only=["b"])
    assert [len(sheet.rows) for sheet in book.sheets] == [0, 1]


def test_stopping_early_leaves_no_process():
    rows = "".join(f'<row r="{n}">{CELL.format(n)}</row>' for n in range(1, 20_000))
    stream = open_rows(workbook({"a": rows}), "a")
    next(stream)
    before = _children()
    stream.close()
    assert before and not _children()


def _children():
    own = f"/proc/self/task/{threading.get_native_id()}/children"
    return Path(own).read_text().split()


@pytest.mark.parametrize(
    "act",
    [
        "x = bytearray(1 << 30)",
        "import os; os.abort()",
        "import os; os.write(1, b'\\xff\\xff\\xff\\xff')",
        "import os; os.write(1, b'\\0\\0\\0\\x05nope')",
        "import os; os.write(1, b'\\0\\0\\0\\x04nope')",
        "import os; os.write(1, b'\\0\\0\\0\\x02[]')",
        "open('/tmp/never-written-by-the-child', 'w').write('x' * 10)",
        "raise SystemExit(3)",
        "pass",
    ],
)
def test_whatever_happens_to_the_child_the_parent_says_one_sentence(monkeypatch, act):
    confined = (
        "import sys, json; sys.path.append(sys.argv[1]); from core.workbook.child import confine; "
        f"confine(json.loads(sys.argv[3])); {act}"
    )
    monkeypatch.setattr(process, "_BOOT", confined)
    assert refusal(packed(small())).code == "file.damaged"


def test_the_limit_on_time_holds_for_a_busy_and_for_a_sleeping_child(monkeypatch):
    busy = (
        "import sys, json; sys.path.append(sys.argv[1]); from core.workbook.child import confine; "
        "confine(json.loads(sys.argv[3]))\nwhile True: pass"
    )
    monkeypatch.setattr(process, "_BOOT", busy)
    started = time.monotonic()
    assert refusal(packed(small()), Limits(cpu_seconds=1, wall_seconds=20)).code == "file.damaged"
    monkeypatch.setattr(process, "_BOOT", "import time; time.sleep(60)")
    assert refusal(packed(small()), Limits(wall_seconds=1)).code == "file.damaged"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("tag", ["a", "row", "c", "v", "is", "t", "si"])
def test_deep_nesting_is_damage_at_once(tag):
    nested = f"<{tag}>" * 300_000 + f"</{tag}>" * 300_000
    started = time.monotonic()
    for data in (
        workbook({"a": f'<row r="1"><c>{nested}</c></row>'}),
        workbook({"a": nested}),
        workbook({"a": '<row r="1"><c t="s"><v>0</v></c></row>'}, strings=nested),
    ):
        assert refusal(data, Limits(ratio=100_000)).code == "file.damaged"
    assert time.monotonic() - started < 5


def test_a_row_of_millions_of_empty_cells_takes_no_memory():
    wide = '<row r="1">' + "<c/>" * 16_000 + "</row>"
    many = wide + "".join(f'<row r="{n}">' + "<c/>" * 16_000 + "</row>" for n in range(2, 100))
    data = workbook({"a": many})
    assert read_book(data, limits=Limits(ratio=100_000, memory=64 * MB)).sheets[0].rows == []


def test_texts_that_do_not_fit_into_memory_kill_the_child_only():
    strings = "".join(f"<si><t>{n}{'x' * 900}</t></si>" for n in range(60_000))
    data = workbook({"a": '<row r="1"><c t="s"><v>0</v></c></row>'}, strings=strings)
    assert refusal(data, Limits(ratio=100_000, memory=64 * MB)).code == "file.damaged"
    assert len(read_book(data, limits=Limits(ratio=100_000)).sheets[0].rows) == 1


EATERS = {
    "rows without end": {"a": "".join(f'<row r="{n}"/>' for n in range(1, 300_000))},
    "columns hidden again and again": {
        "a": sheet_xml("", before="<cols>" + '<col min="1" max="16384" hidden="1"/>' * 60_000 + "</cols>")
    },
    "merged whole sheets": {"a": sheet_xml("", after='<mergeCell ref="A1:XFD1048576"/>' * 60_000)},
    "one endless text": {
        "a": '<row r="1"><c t="inlineStr"><is><t>' + "x" * 30_000_000 + "</t></is></c></row>"
    },
    "one endless number": {"a": '<row r="1"><c><v>' + "9" * 200_000 + "</v></c></row>"},
    "an exponent without end": {"a": '<row r="1"><c><v>1e999999999</v></c></row>'},
    "one endless reference": {"a": f'<row r="1"><c r="{"A" * 5_000_000}1"><v>1</v></c></row>'},
    "character references": {
        "a": '<row r="1"><c t="inlineStr"><is><t>' + "&#65;" * 30_000 + "</t></is></c></row>"
    },
}


@pytest.mark.parametrize("name", EATERS)
def test_small_files_that_eat_time_are_over_soon(name):
    limits = Limits(ratio=100_000)
    started = time.monotonic()
    try:
        read_book(workbook(EATERS[name]), limits=limits)
    except Refused as refused:
        assert refused.problems
    assert time.monotonic() - started < 5


def test_a_format_of_brackets_is_over_soon():
    started = time.monotonic()
    formats = styles(0, "[" * 3_000_000)
    found = read_book(
        workbook({"a": '<row r="1"><c s="1"><v>1</v></c></row>'}, formats=formats),
        limits=Limits(ratio=100_000),
    )
    assert found.sheets[0].cell("A1").text == "1"
    assert time.monotonic() - started < 5


def test_a_text_pointed_at_a_million_times_is_stopped():
    strings = f"<si><t>{'字' * 30_000}</t></si>"
    rows = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(1, 4000))
    problem = refusal(workbook({"a": rows}, strings=strings), Limits(unpacked=20 * MB))
    assert problem.code == "sheet.cells"


def test_mutants_are_read_or_refused_and_nothing_else():
    rows = "".join(
        f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" s="1"><v>{n}.5</v></c></row>'
        for n in range(1, 40)
    )
    original = workbook({"名单": rows}, strings="<si><t>甲</t></si>", formats=styles(0, "yyyy-mm-dd"))
    chance = random.Random(20260318)
    outcomes = set()
    for _ in range(200):
        mutant = bytearray(original)
        for _ in range(chance.choice((1, 2, 8))):
            at = chance.randrange(len(mutant))
            mutant[at : at + chance.choice((0, 1, 1, 4))] = chance.randbytes(chance.choice((0, 1, 4)))
        try:
            outcomes.add(len(read_book(bytes(mutant)).sheets))
        except Refused as refused:
            assert refused.problems
            outcomes.add(0)
    assert 0 in outcomes


def test_mutants_of_the_xml_are_read_or_refused():
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 30))
    parts = workbook_parts({"名单": rows}, strings="<si><t>甲</t></si>")
    chance = random.Random(7)
    for _ in range(80):
        name = chance.choice(list(parts))
        content = bytearray(parts[name])
        at = chance.randrange(len(content))
        content[at : at + chance.choice((0, 1, 3, 20))] = chance.choice(
            (b"<", b">", b"&", b"/", b'"', b"9", b"", b"\0", b"</row>", content[at : at + 30])
        )
        try:
            read_book(packed(parts | {name: bytes(content)}))
        except Refused as refused:
            assert refused.problems


def test_the_child_starts_without_site_packages_and_from_anywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_book(packed(small())).sheets[0].cell("B1").number == Decimal(35)
    listed = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            f"import sys; sys.path.append({process._ROOT!r}); import core.workbook.child; "
            "print([m for m in sys.modules if m.split('.')[0] in ('django', 'openpyxl', 'lxml')])",
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    assert listed.stdout.strip() == "[]"


def test_reading_a_carriers_sheet_takes_little_memory_and_time():
    text = '<c r="{0}{1}" t="inlineStr"><is><t>文字{1}</t></is></c>'
    rows = "".join(
        f'<row r="{n}">{"".join(text.format(letters(c), n) for c in range(1, 26))}</row>'
        for n in range(1, 5001)
    )
    data = workbook({"名单": rows})
    started = time.monotonic()
    count = sum(len(row.cells) for row in open_rows(data, "名单", limits=Limits(memory=96 * MB)))
    assert count == 125_000
    assert time.monotonic() - started < 10


def test_references_are_split_and_made():
    assert [letters(n) for n in (1, 26, 27, 16384)] == ["A", "Z", "AA", "XFD"]
    assert split("$D$17") == (4, 17)
    for bad in ("", "D", "17", "XFE1", "A0", "A1048577", "A1:B2"):
        with pytest.raises(ValueError):
            split(bad)


def test_no_sheet_of_the_parent_parses_xml():
    assert "xml" not in {name.split(".")[0] for name in vars(reader)}


def test_an_independent_reader_sees_the_same_values():
    made = Workbook()
    sheet = made.active
    sheet.append(["名称", "日期", "数", "是"])
    for number in range(1, 50):
        day = dt.date(2020, 1, 1) + dt.timedelta(days=number * 17)
        sheet.append([f"企业 {number}&<>", day, number * 1.1, number % 2 == 0])
    stream = io.BytesIO()
    made.save(stream)
    ours = [
        [cell.date or cell.number or cell.text for cell in row]
        for row in read_book(stream.getvalue()).sheets[0].rows
    ]
    stream.seek(0)
    theirs = CalamineWorkbook.from_filelike(stream).get_sheet_by_index(0).to_python()
    for our, their in zip(ours, theirs, strict=True):
        assert our[:2] == their[:2]
        assert our[3] == their[3] or our[3] == str(int(their[3]))
        assert our[2] == "数" or abs(our[2] - Decimal(str(their[2]))) < Decimal("1e-9")
