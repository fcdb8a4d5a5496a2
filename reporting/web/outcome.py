"""What an upload came to, in words and counts for its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.text import T, Text
from office.models import ImportState
from reporting.models import WorkbookImport
from reporting.rules.form import Form

COUNTS = ("new", "changed", "same", "left", "bad")


@dataclass(frozen=True, slots=True)
class Headline:
    title: Text
    text: Text
    tone: str
    problems: Mapping[str, tuple[int, int]]  # severity: places, groups


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the preview: a section's fields or a table's rows."""

    code: str
    title: str
    new: int = 0
    changed: int = 0
    same: int = 0
    left: int = 0
    bad: int = 0
    details: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """The rows of a table that are no longer in the file, and what becomes of them: `leave` or `keep`."""

    code: str
    title: str
    rows: Sequence[Mapping[str, str]]
    count: int
    fate: str


def _by_severity(report: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    counts = {"error": (0, 0), "explain": (0, 0), "note": (0, 0)}
    for problem in report.get("problems", []):
        places, groups = counts[problem["severity"]]
        counts[problem["severity"]] = places + problem["count"], groups + 1
    return counts


def headline(found: WorkbookImport) -> Headline | None:
    """The outcome as a sentence; none while the file is still being looked at."""
    report = found.report
    if not report:
        return None
    counts = _by_severity(report)
    bad = sum(int(table.get("bad", 0)) for table in report["tables"].values())
    titles: dict[str, tuple[Text, str]] = {
        "accepted": (T("全部可以导入，没有发现问题"), "ok"),
        "accepted_with_questions": (T("全部可以导入，有 {n} 处待说明", n=counts["explain"][0]), "ok"),
        "partly": (T("部分可以导入：{n} 处有误，其余都可以导入", n=counts["error"][0]), "warn"),
        "rejected": (T("不能导入：整个文件没有采用"), "bad"),
    }
    title, tone = titles[report["outcome"]]
    return Headline(title, _written(found, bad), tone, counts)


def _written(found: WorkbookImport, bad: int) -> Text:
    if found.state == ImportState.APPLIED:
        return T("已写入报表。有误的 {bad} 行没有写入，原值保留。", bad=bad) if bad else T("已写入报表。")
    if found.report["outcome"] == "rejected":
        return T("报表没有任何改动。")
    if found.state == ImportState.DROPPED:
        return T("这份文件没有使用，报表没有任何改动。")
    if bad:
        return T("有误的 {bad} 行暂不导入，原值保留。尚未写入任何数据。", bad=bad)
    return T("尚未写入任何数据。")


def steps_of(found: WorkbookImport) -> list[tuple[Text, str, Text | str]]:
    """Upload, check, preview, write: where this file is."""
    at = {ImportState.WAITING: 1, ImportState.CHECKED: 2, ImportState.APPLIED: 4}.get(
        ImportState(found.state), 2
    )
    names = (T("上传"), T("检查"), T("预览与确认"), T("写入"))
    state = ("done", "current", "todo")
    return [
        (name, state[0 if place < at else 1 if place == at else 2], "") for place, name in enumerate(names)
    ]


def parts_of(
    form: Form, report: Mapping[str, Any], changes: Mapping[str, Any]
) -> tuple[list[Part], list[Part]]:
    """The preview by section and by table, only those that the file has."""
    if not changes:
        return [], []
    by_code = {change["code"]: change for change in changes.get("fields", [])}
    missing = {problem["field"] for problem in report["problems"] if problem["code"] == "cell.required"}
    bad = {
        problem["field"] for problem in report["problems"] if problem["code"].startswith("cell.")
    } - missing
    sections = []
    for section in form.sections:
        entered = [one.code for one in section.fields if one.computed is None]
        mine = [by_code[code] for code in entered if code in by_code]
        new = sum(1 for change in mine if not change["old"])
        wrong = sum(1 for code in entered if code in bad)
        same = max(len(entered) - len(mine) - wrong, 0)
        sections.append(
            Part(section.code, section.title, new, len(mine) - new, same, 0, wrong, {"fields": mine})
        )
    tables = [
        Part(code, form.table(code).title, **{name: int(counts.get(name, 0)) for name in COUNTS},
             details=changes.get("tables", {}).get(code))
        for code, counts in report["tables"].items()
    ]  # fmt: skip
    return sections, tables


def changes_in(sections: Sequence[Part], tables: Sequence[Part]) -> int:
    """How many values and rows a confirmation writes; rows that leave are counted apart."""
    return sum(part.new + part.changed for part in [*sections, *tables])


def sums_of(parts: Sequence[Part]) -> list[int]:
    """The last line of the preview, in the order of its columns."""
    return [sum(getattr(part, name) for part in parts) for name in COUNTS]


def leavings(found: WorkbookImport, chosen: Mapping[str, str]) -> list[Leaving]:
    """Tables with rows that are no longer in the file, with what was chosen for them."""
    counts = found.report.get("tables", {})
    answer = []
    for code, table in found.changes.get("tables", {}).items():
        left = int(counts.get(code, {}).get("left", 0))
        if left:
            fate = chosen.get(f"leaving-{code}", "")
            answer.append(Leaving(code, table["title"], table["left"], left, fate))
    return answer
