"""`manage.py allocate`: from a policy and a table of results to amounts of money, without a database."""

from __future__ import annotations

import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from core.problems import Problem, Refused
from core.text import T
from funding.rules.offline import allocate_files
from funding.rules.report import as_json, as_table


class Command(BaseCommand):
    """Every fault goes to the error stream, one a line, and then there is no output file and exit 1."""

    help = "按奖补政策文件离线分配资金"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command line of the policy contract; `--year` only for a policy that uses `year_end`."""
        parser.add_argument("policy", type=Path, help="奖补政策 YAML 文件")
        parser.add_argument("results", type=Path, help="评价结果 CSV 文件，第一列为 carrier")
        parser.add_argument("--year", type=int, help="评价年度，政策用到 year_end 时须写")
        parser.add_argument("--json", type=Path, dest="out", help="结果写入此文件；不写则打印表格")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads, allocates, writes."""
        try:
            self._allocate(options["policy"], options["results"], options["year"], options["out"])
        except Refused as refused:
            for problem in refused.problems:
                self.stderr.write(_line(problem))
            sys.exit(1)

    def _allocate(self, policy: Path, results: Path, year: int | None, out: Path | None) -> None:
        problems: list[Problem] = []
        if year is not None and not 1900 <= year <= 9998:
            problems.append(Problem("allocate.year", T("年度须在 1900 至 9998 之间"), place="--year"))
        contents = [_read(path, problems) for path in (policy, results)]
        if problems:
            raise Refused(problems)
        loaded, allocation = allocate_files(*contents, results_name=results.name, year=year)
        if out is None:
            self.stdout.write(as_table(loaded, allocation), ending="")
        else:
            _write(out, as_json(loaded, allocation))


def _line(problem: Problem) -> str:
    place = f"{problem.place}：" if problem.place else ""
    message = str(problem.message)
    found = f"（现为 {problem.found}）" if problem.found and problem.found not in message else ""
    return f"{place}{message}{found}"


def _read(path: Path, problems: list[Problem]) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        message = T("文件读不出来：{reason}", reason=error.strerror or str(error))
        problems.append(Problem("allocate.file", message, place=str(path)))
        return b""


def _write(path: Path, content: bytes) -> None:
    """All of the file or none of it."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError as error:
        message = T("结果写不进去：{reason}", reason=error.strerror or str(error))
        raise Refused(Problem("allocate.file", message, place=str(path))) from error
