"""What an upload of the register came to, in words and counts for its page."""

from __future__ import annotations

from dataclasses import dataclass

from core.text import T, Text
from office.models import ImportState
from registry.models import RegisterImport


@dataclass(frozen=True, slots=True)
class Headline:
    title: Text
    text: Text
    tone: str


def headline(found: RegisterImport) -> Headline | None:
    """The outcome as a sentence; none while the file is still being looked at."""
    report = found.report
    if not report:
        return None
    counts = {"new": 0, "changed": 0, "same": 0, "bad": 0, **report["counts"]}
    if report["outcome"] == "refused":
        return Headline(T("整个文件没有采用"), T("登记没有任何改动。请按下面的说明改好再传。"), "bad")
    if found.state == ImportState.APPLIED:
        words = T("新增 {new}，变更 {changed}；有误的 {bad} 行没有写入。", **counts)
        return Headline(T("已写入登记"), words, "ok")
    if not counts["new"] and not counts["changed"]:
        return _nothing(counts)
    if found.state == ImportState.DROPPED:
        return Headline(T("这份文件没有使用"), T("登记没有任何改动。"), "info")
    if counts["bad"]:
        words = T("有误的 {bad} 行不会写入，其余可以写入。尚未写入任何数据。", **counts)
        return Headline(T("部分可以导入"), words, "warn")
    return Headline(T("全部可以导入"), T("尚未写入任何数据，请看过改动后确认。"), "ok")


def _nothing(counts: dict[str, int]) -> Headline:
    if counts["bad"]:
        return Headline(T("没有可以写入的行"), T("有误的 {bad} 行请改好再传。", **counts), "bad")
    return Headline(T("与登记相同"), T("{same} 行都与登记相同，不必写入。", **counts), "ok")


def counts_of(found: RegisterImport) -> list[tuple[Text, int, str]]:
    """Lines that are new, changed, as before, and kept out, each with its tone."""
    counts = found.report.get("counts") or {}
    if not counts:
        return []
    return [
        (T("新增"), counts["new"], ""),
        (T("变更"), counts["changed"], ""),
        (T("相同"), counts["same"], ""),
        (T("有误不入"), counts["bad"], "bad" if counts["bad"] else ""),
    ]


def steps_of(found: RegisterImport) -> list[tuple[Text, str, Text | str]]:
    """Upload, check, preview, write: where this file is."""
    places = {ImportState.WAITING: 1, ImportState.CHECKED: 2, ImportState.APPLIED: 4}
    at = places.get(ImportState(found.state), 2)
    names = (T("上传"), T("检查"), T("预览与确认"), T("写入"))
    state = ("done", "current", "todo")
    return [
        (name, state[0 if place < at else 1 if place == at else 2], "") for place, name in enumerate(names)
    ]
