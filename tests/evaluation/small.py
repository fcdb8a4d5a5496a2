"""The smallest scheme around one leaf or one grading, and what it gives."""

from __future__ import annotations

from typing import Any

from evaluation.rules.offline import Source, score_files
from evaluation.rules.report import as_data

GRADES = "grades: [{grade: D, label: 不合格}]"


def scheme_of(leaf: str, *, full: str = "10", decimals: int = 2, grading: str = GRADES) -> str:
    return (
        f"{{scheme: small, version: 1, title: 小, decimals: {decimals}, full: {full}, "
        f"indicators: [{{code: L, title: 指标, full: {full}, {leaf}}}], grading: {{{grading}}}}}"
    )


def run(scheme: str, csv: str, **files: Any) -> dict[str, Any]:
    data = Source("data.csv", csv.encode())
    return as_data(score_files(Source("scheme.yaml", scheme.encode()), data, year=2025, **files))


def leaves(scheme: str, csv: str, **files: Any) -> dict[str, dict[str, Any]]:
    """Carrier → its first leaf."""
    result = run(scheme, csv, **files)
    return {one["carrier"]: one["indicators"][0] for one in result["carriers"]}


def points_of(rule: str, *values: str, full: str = "10", decimals: int = 2) -> list[str]:
    """What each of these values of `x` earns, in one run."""
    csv = "carrier,x\n" + "".join(f"C{i},{value}\n" for i, value in enumerate(values))
    found = leaves(scheme_of(f"value: x, rule: {{{rule}}}", full=full, decimals=decimals), csv)
    return [found[f"C{i}"]["points"] for i in range(len(values))]


def marks_of(*marks: str) -> Source:
    """Marks of carrier A in leaf L, one expert each; an empty text is an abstention."""
    lines = [f"A,e{i},L,{mark}" for i, mark in enumerate(marks)]
    return Source("marks.csv", "\n".join(["carrier,expert,indicator,mark", *lines]).encode())


def graded(grading: str, totals: dict[str, str], more: str = "", cells: str = "") -> dict[str, Any]:
    """Carrier → (rank, grade) for these totals; `more` are further columns, `cells` theirs by carrier."""
    by = dict(line.split(":") for line in cells.split()) if cells else {}
    blank = "," * (more.count(",") + 1) if more else ""
    lines = [f"{name},{total}{',' + by[name] if name in by else blank}" for name, total in totals.items()]
    csv = "\n".join([f"carrier,x{',' + more if more else ''}", *lines])
    leaf = "value: x, rule: {type: per, every: 1, add: 1}"
    result = run(scheme_of(leaf, full="100", grading=grading), csv)
    return {one["carrier"]: (one["rank"], one["grade"]) for one in result["carriers"]}
