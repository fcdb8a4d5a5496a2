"""`manage.py score`, as a person at a terminal runs it: files in, a file or a table out, no database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SCHEME = """
scheme: small
version: 3
title: 小
full: 10
indicators:
  - {code: L, title: 指标, full: 10, value: VALUE, rule: {type: per, every: 1, add: 1}}
grading: {grades: [{grade: A, label: 优, score_at_least: 5}, {grade: D, label: 差}]}
""".replace("VALUE", '"x + coalesce(prev.x, 0) + coalesce(prev2.x, 0)"')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "scheme.yaml": SCHEME,
        "data.csv": "\ufeffcarrier,x\nA,1\nB,4\n",
        "last.csv": "carrier,x\nA,2\n",
        "before.csv": "carrier,x\nB,2\n",
        "bad.yaml": SCHEME.replace("full: 10\n", "full: 11\n").replace("every: 1", "every: 0"),
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def score(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), "score", *arguments]
    settings = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "SECRET_KEY": "k" * 50}
    settings |= {"DATA_DIR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, env={**os.environ, **settings}, check=False
    )


FILES = ("scheme.yaml", "data.csv", "--previous", "last.csv", "--previous", "before.csv")


def test_the_result_is_a_file_and_the_same_input_gives_the_same_bytes(folder: Path) -> None:
    done = score(folder, *FILES, "--year", "2025", "--json", "out.json")
    assert (done.returncode, done.stderr) == (0, "")
    first = (folder / "out.json").read_bytes()
    score(folder, *FILES, "--year", "2025", "--json", "out.json")
    assert (folder / "out.json").read_bytes() == first
    found = json.loads(first)
    assert list(found) == ["scheme", "carriers", "left_out"]
    assert found["scheme"] | {"digest": ""} == {"code": "small", "version": 3, "digest": ""}
    assert found["scheme"]["digest"].startswith("sha256:")
    assert found["carriers"][0] == {
        "carrier": "B",
        "total": "6.00",
        "rank": 1,
        "grade": "A",
        "reason": "总分 6.00，第 1 名，达到 5 分，评为 A（优）",
        "base": "6.00",
        "bonus": "0.00",
        "deductions": "0.00",
        "indicators": [
            {
                "code": "L",
                "value": "6",
                "points": "6.00",
                "full": "10",
                "because": "6，每 1 得 1 分，计 6 个：1 × 6 = 6",
            }
        ],
    }


def test_without_a_file_to_write_it_prints_a_table(folder: Path) -> None:
    done = score(folder, *FILES)
    assert done.returncode == 0
    assert done.stdout.splitlines()[2].split()[:4] == ["1", "B", "6.00", "A"]


def test_every_fault_goes_to_the_error_stream_and_no_file_is_made(folder: Path) -> None:
    done = score(folder, "bad.yaml", "data.csv", "--json", "out.json")
    assert (done.returncode, done.stdout) == (1, "")
    paths = [line.partition("：")[0] for line in done.stderr.splitlines()]
    assert paths == ["indicators[0].rule.every", "full", "indicators[0].value", "indicators[0].value"]
    assert not (folder / "out.json").exists()


def test_files_that_are_not_there_are_named_all_at_once(folder: Path) -> None:
    done = score(folder, "no.yaml", "no.csv", "--marks", "none.csv", "--previous", "last.csv")
    assert done.returncode == 1
    assert [line.partition("：")[0] for line in done.stderr.splitlines()] == ["no.yaml", "no.csv", "none.csv"]


def test_a_file_that_was_there_stays_when_a_later_run_is_refused(folder: Path) -> None:
    (folder / "out.json").write_text("old")
    assert score(folder, "bad.yaml", "data.csv", "--json", "out.json").returncode == 1
    assert (folder / "out.json").read_text() == "old"
