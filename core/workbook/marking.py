"""The owner's own file back, with every finding in it; made in the limited child."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence

from core.columns import Column, ColumnType
from core.problems import Problem, Refused, Sentence, Severity
from core.text import T, Text, Translate
from core.workbook import process
from core.workbook.child import FRAME
from core.workbook.exports import write_table
from core.workbook.gate import MB, Limits, damaged, examine

PROBLEM_SHEET = T("填报问题")
_HEADS = (
    T("序号"),
    T("位置"),
    T("项目"),
    T("轻重"),
    T("问题"),
    T("发现"),
    T("允许"),
    T("修改办法"),
)
_LABELS = {
    "rule": T("规则："),
    "found": T("发现："),
    "allowed": T("允许："),
    "fix": T("办法："),
}
_LEVELS = {
    Severity.ERROR: T("错误"),
    Severity.EXPLAIN: T("须说明"),
    Severity.NOTE: T("提示"),
}


def mark(
    content: bytes,
    problems: Sequence[Problem],
    *,
    say: Translate | None = None,
    limits: Limits | None = None,
) -> bytes:
    """The workbook with each problem's cell filled and commented, and a first sheet that lists all.

    Earlier marks are taken away; no formula and no macro is in the answer. `say` translates the
    sentences. `Refused` when the file is not let through or cannot be rewritten within the limits.
    """
    limits = limits or Limits()
    refused = examine(content, limits)
    if refused:
        raise Refused(refused)
    task = {
        # One name in every language: that is how an earlier list is found again.
        "sheet": str(PROBLEM_SHEET),
        "heads": [_said(head, say) for head in _HEADS],
        "labels": {key: _said(label, say) for key, label in _LABELS.items()},
        "findings": [_finding(problem, say) for problem in problems],
    }
    head = json.dumps(task, ensure_ascii=True).encode("ascii")
    with tempfile.TemporaryFile() as file:
        file.write(FRAME.pack(len(head)) + head + content)
        file.flush()
        file.seek(0)
        options = {"writes": max(limits.unpacked, 512 * MB)}
        try:
            answers = list(process.frames(file, "mark", options, limits))
        except process.ChildDied as error:
            raise Refused(damaged()) from error
    if len(answers) != 1:
        raise Refused(damaged())
    return answers[0]


def listed(problems: Sequence[Problem], *, say: Translate | None = None) -> bytes:
    """The list alone, for a file that cannot be rewritten."""
    keys = ("place", "title", "level", "message", "found", "allowed", "fix")
    columns = [
        Column(code=key, title=_said(head, say), type=ColumnType.TEXT, width=width)
        for key, head, width in zip(keys, _HEADS[1:], (28, 20, 10, 40, 24, 32, 40), strict=True)
    ]
    stream = io.BytesIO()
    rows = [_finding(problem, say) for problem in problems]
    write_table(stream, columns, rows, title=str(PROBLEM_SHEET))
    return stream.getvalue()


def _finding(problem: Problem, say: Translate | None) -> dict[str, str]:
    return {
        "place": problem.place,
        "severity": problem.severity.value,
        "title": problem.title or problem.field,
        "rule": problem.code,
        "level": _said(_LEVELS[problem.severity], say),
        "message": _said(problem.message, say),
        "found": problem.found,
        "allowed": _said(problem.allowed, say),
        "fix": _said(problem.fix, say),
    }


def _said(sentence: Sentence, say: Translate | None) -> str:
    if isinstance(sentence, Text) and say is not None:
        return sentence.said(say)
    return str(sentence)
