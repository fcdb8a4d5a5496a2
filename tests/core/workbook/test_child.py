"""The child is limited and alone: whatever a file does to it, the parent answers with a sentence."""

import random
import subprocess
import sys
import threading
import time
from decimal import Decimal
from pathlib import Path

import pytest

from core.problems import Refused
from core.workbook import process
from core.workbook.gate import MB, Limits
from core.workbook.reader import open_rows, read_book
from tests.core.workbook.packages import (
    packed,
    refusal,
    sheet_xml,
    small,
    styles,
    workbook,
    workbook_parts,
)


def test_stopping_early_leaves_no_process():
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 20_000))
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
        "open('never', 'w').write('x' * 10)",
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
