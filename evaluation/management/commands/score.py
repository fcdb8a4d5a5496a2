"""`manage.py score`: scores and grades from files, without a database."""

from __future__ import annotations

import datetime
import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext

from core.clock import SHANGHAI
from core.http import said
from core.problems import Problem, Refused
from core.text import T
from evaluation.rules.offline import Source, score_files
from evaluation.rules.report import Result, as_json, as_table


class Command(BaseCommand):
    """Every fault goes to the error stream, one a line, and then there is no output file and exit 1."""

    help = "按指标体系文件离线计分、排名、定级"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command line of section 5 of the scheme contract."""
        parser.add_argument("scheme", type=Path, help=gettext("指标体系 YAML 文件"))
        parser.add_argument("data", type=Path, help=gettext("当年数据 CSV 文件"))
        parser.add_argument(
            "--previous",
            type=Path,
            action="append",
            default=[],
            help=gettext("上一年数据；再写一次是更早一年"),
        )
        parser.add_argument("--marks", type=Path, help=gettext("专家评分 CSV 文件"))
        parser.add_argument("--year", type=int, help=gettext("评价年度，默认为去年"))
        parser.add_argument("--json", type=Path, dest="out", help=gettext("结果写入此文件；不写则打印表格"))

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads, scores, writes."""
        try:
            result = _result(options)
            if options["out"] is None:
                self.stdout.write(as_table(result, gettext), ending="")
            else:
                _write(options["out"], as_json(result))
        except Refused as refused:
            for problem in refused.problems:
                self.stderr.write(_line(problem))
            sys.exit(1)


def _line(problem: Problem) -> str:
    """Place, sentence, what was found, what may stand there."""
    parts = [f"{problem.place}：" if problem.place else "", said(problem.message)]
    if problem.found:
        parts.append(said(T("（现为 {found}）", found=problem.found)))
    if problem.allowed:
        parts.append(said(T("（可用：{allowed}）", allowed=problem.allowed)))
    return "".join(parts)


def _result(options: dict[str, Any]) -> Result:
    previous: list[Path] = options["previous"]
    problems: list[Problem] = []
    if len(previous) > 2:
        problems.append(Problem("score.previous", T("--previous 最多写两次"), place="--previous"))
    year = options["year"]
    if year is None:
        year = datetime.datetime.now(SHANGHAI).year - 1
    if not 1900 <= year <= 9998:
        problems.append(Problem("score.year", T("年度须在 1900 至 9998 之间"), place="--year"))
    scheme = _read(options["scheme"], problems)
    data = _read(options["data"], problems)
    earlier = [source for path in previous if (source := _read(path, problems)) is not None]
    marks = None if options["marks"] is None else _read(options["marks"], problems)
    if problems or scheme is None or data is None:
        raise Refused(problems)
    return score_files(scheme, data, previous=earlier, marks=marks, year=year)


def _read(path: Path, problems: list[Problem]) -> Source | None:
    try:
        return Source(path.name, path.read_bytes())
    except OSError as error:
        message = T("文件读不出来：{reason}", reason=error.strerror or str(error))
        problems.append(Problem("score.file", message, place=str(path)))
        return None


def _write(path: Path, text: str) -> None:
    """All of the file or none of it."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        message = T("结果写不进去：{reason}", reason=error.strerror or str(error))
        raise Refused(Problem("score.file", message, place=str(path))) from error
    with os.fdopen(handle, "wb") as out:
        out.write(text.encode("utf-8"))
    Path(name).chmod(0o644)
    Path(name).replace(path)
