"""`manage.py allocate`: from two files to a third, or every fault and no file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.management import call_command

POLICY = """
policy: demo
version: 3
title: 示例市奖补
awards:
  - code: op
    title: 运营补贴
    payer: city
    when: grade in ["A", "B"]
    amount: {by: grade, A: 1000, B: 600}
  - {code: first, title: 首次认定, when: first, amount: {by: level, national: 1000, city: 300}, less: got}
  - {code: match, amount: {share: 0.5, of: granted}}
exclusive: [[op, first]]
budget: {total: 1500, when_short: prorate}
rounding: {to: 10}
"""
RESULTS = """carrier,rank,grade,level,first,got,granted
C2,2,B,city,是,100,333.3
C1,1,A,national,否,,500
C3,,D,city,是,,
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    policy, results = tmp_path / "policy.yaml", tmp_path / "results.csv"
    policy.write_text(POLICY, encoding="utf-8")
    results.write_text(RESULTS, encoding="utf-8")
    return policy, results, tmp_path / "out.json"


def test_writes_the_allocation(files: tuple[Path, Path, Path]) -> None:
    policy, results, out = files
    call_command("allocate", policy, results, json=out)
    first = out.read_bytes()
    found = json.loads(first)
    assert list(found) == ["policy", "claimed", "allocated", "payers", "awards"]
    assert (found["policy"]["code"], found["policy"]["version"]) == ("demo", 3)
    assert (found["claimed"], found["allocated"]) == ("2310.00", "1500.00")
    assert found["payers"] == [
        {"payer": None, "budget": "1500.00", "claimed": "2310.00", "allocated": "1500.00"}
    ]
    rows = [
        (one["carrier"], one["award"], one["payer"], one["claimed"], one["amount"]) for one in found["awards"]
    ]
    assert rows == [
        ("C1", "op", "city", "1000.00", "650.00"),
        ("C1", "match", "", "250.00", "160.00"),
        ("C2", "op", "city", "600.00", "390.00"),
        ("C2", "match", "", "160.00", "100.00"),
        ("C3", "first", "", "300.00", "200.00"),
    ]
    assert found["awards"][2]["because"][:3] == [
        '符合条件 grade in ["A", "B"]',
        "grade 为“B”：600.00 元",
        "就高不重复：不再发放“首次认定” 200.00 元",
    ]
    call_command("allocate", policy, results, json=out)
    assert out.read_bytes() == first


def test_prints_a_table(files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    policy, results, _ = files
    call_command("allocate", policy, results)
    printed = capsys.readouterr().out
    assert "运营补贴" in printed
    assert "合计：应发 2,310.00 元，实发 1,500.00 元" in printed


def test_every_fault_of_both_files_and_no_output(
    files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    policy, results, out = files
    policy.write_text(POLICY.replace("version: 3", "version: x").replace("of: granted", "of: nosuch"))
    results.write_text(RESULTS.replace("C2,2,B", "C2,2.5,B").replace("C3,,D", "C1,,D"))
    with pytest.raises(SystemExit) as stopped:
        call_command("allocate", policy, results, json=out)
    captured = capsys.readouterr()
    assert stopped.value.code == 1
    assert captured.out == ""
    assert [line.split("：")[0] for line in captured.err.splitlines()] == [
        "version",
        "awards[2].amount.of",
        "results.csv 第 4 行 carrier 列",
        "results.csv 第 2 行 rank 列",
    ]
    assert not out.exists()


@pytest.mark.parametrize("rank", ["1.5", "x", "-1", "01"])
def test_a_rank_is_a_whole_number(
    files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str], rank: str
) -> None:
    policy, results, out = files
    results.write_text(RESULTS.replace("C2,2", f"C2,{rank}"))
    with pytest.raises(SystemExit):
        call_command("allocate", policy, results, json=out)
    assert "results.csv 第 2 行 rank 列" in capsys.readouterr().err
    assert not out.exists()


def test_a_refused_short_budget_writes_nothing(
    files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    policy, results, out = files
    policy.write_text(POLICY.replace("prorate", "refuse"))
    with pytest.raises(SystemExit) as stopped:
        call_command("allocate", policy, results, json=out)
    assert stopped.value.code == 1
    assert "缺 810.00 元" in capsys.readouterr().err
    assert not out.exists()


def test_a_file_that_is_not_there(files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    policy, results, out = files
    with pytest.raises(SystemExit):
        call_command("allocate", policy.with_name("none.yaml"), results.with_name("none.csv"), json=out)
    assert len(capsys.readouterr().err.splitlines()) == 2
