"""Experts' marks: the CSV file of them, and the checks that hold for marks from anywhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.csvfile import Line, Sheet, read_sheet
from core.problems import Problem, Refused
from core.shapes import PLAIN_NUMBER
from core.text import T, Text
from evaluation.rules import scheme_shape as shape
from evaluation.rules.exact import plain
from evaluation.rules.scheme import Scheme
from evaluation.rules.scoring import Marks

HEADER = ("carrier", "expert", "indicator", "mark")


@dataclass(frozen=True, slots=True)
class Mark:
    """One expert's mark of one carrier in one leaf; None is an abstention. `place` is where it stands."""

    carrier: str
    expert: str
    indicator: str
    mark: Decimal | None
    place: str = ""


def read_marks(data: bytes, *, name: str = "") -> list[Mark]:
    """The marks of a CSV file (`carrier,expert,indicator,mark`); an empty mark is an abstention.

    `name` is the file's name for people. Raises `Refused` with every fault.
    """
    sheet = read_sheet(data, name=name, columns=HEADER)
    problems: list[Problem] = []
    marks: list[Mark] = []
    for line in sheet.lines:
        found = list(_cell_faults(sheet, line))
        problems += found
        if not found:
            carrier, expert, indicator, mark = line.cells
            number = Decimal(mark) if mark else None
            marks.append(Mark(carrier, expert, indicator, number, sheet.place(line.number)))
    if problems:
        raise Refused(problems)
    return marks


def _cell_faults(sheet: Sheet, line: Line) -> Iterator[Problem]:
    for column, cell in zip(HEADER[:3], line.cells, strict=False):
        if not cell:
            yield Problem("marks.empty", T("没有填写"), place=sheet.place(line.number, column))
    mark = line.cells[3]
    if mark and not PLAIN_NUMBER.fullmatch(mark):
        place = sheet.place(line.number, HEADER[3])
        message = T("评分须是普通的十进制数字，弃权则留空")
        yield Problem("marks.number", message, place=place, found=mark)


def check_marks(
    scheme: Scheme, carriers: Collection[str], marks: Iterable[Mark]
) -> tuple[Marks, list[Problem]]:
    """The marks by carrier and leaf, and every mark that cannot be one."""
    out_of = {leaf.code: leaf.rule.out_of for leaf in scheme.leaves if isinstance(leaf.rule, shape.Expert)}
    problems: list[Problem] = []
    seen: set[tuple[str, str, str]] = set()
    answer: dict[tuple[str, str], list[Decimal | None]] = {}
    for mark in marks:
        found = list(_faults(mark, carriers, out_of, seen))
        problems += found
        if not found:
            answer.setdefault((mark.carrier, mark.indicator), []).append(mark.mark)
        seen.add((mark.carrier, mark.expert, mark.indicator))
    return {key: _in_order(values) for key, values in answer.items()}, problems


def _faults(
    mark: Mark,
    carriers: Collection[str],
    out_of: dict[str, Decimal],
    seen: set[tuple[str, str, str]],
) -> Iterator[Problem]:
    if mark.carrier not in carriers:
        yield _fault("carrier", T("没有代码为 {carrier} 的载体。", carrier=mark.carrier), mark)
    most = out_of.get(mark.indicator)
    if most is None:
        message = T("{code} 不是由专家评分的指标。", code=mark.indicator)
        yield _fault("indicator", message, mark)
    elif mark.mark is not None and not 0 <= mark.mark <= most:
        message = T("评分 {mark} 不在 0 至 {most} 之间。", mark=plain(mark.mark), most=plain(most))
        yield _fault("range", message, mark)
    if (mark.carrier, mark.expert, mark.indicator) in seen:
        message = T(
            "专家 {expert} 已给 {carrier} 的 {code} 评过分。",
            expert=mark.expert,
            carrier=mark.carrier,
            code=mark.indicator,
        )
        yield _fault("twice", message, mark)


def _fault(code: str, message: Text, mark: Mark) -> Problem:
    return Problem(f"marks.{code}", message, place=mark.place, field="mark")


def _in_order(values: Sequence[Decimal | None]) -> tuple[Decimal | None, ...]:
    """Sorted, abstentions last: the order of the file cannot touch the result."""
    there = sorted(value for value in values if value is not None)
    return (*there, *(value for value in values if value is None))
