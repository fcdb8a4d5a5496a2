"""Schemes and rows made at random, as plain data; how they are written as YAML and CSV."""

from __future__ import annotations

import json
import re
from typing import Any

from hypothesis import strategies as st

FIELDS = ("f0", "f1", "f2", "f3")
COLUMNS = ("carrier", "town", "fixed", "ceiling", "counted", "cls", *FIELDS)
_BARE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|true|false")


def as_yaml(data: Any) -> str:
    """Flow style: numbers and flags bare, all other text in quotes."""
    if isinstance(data, dict):
        return "{" + ", ".join(f"{json.dumps(k)}: {as_yaml(v)}" for k, v in data.items()) + "}"
    if isinstance(data, list):
        return "[" + ", ".join(map(as_yaml, data)) + "]"
    return data if _BARE.fullmatch(data) else json.dumps(data, ensure_ascii=False)


def as_csv(rows: list[dict[str, str]]) -> bytes:
    lines = [",".join(COLUMNS), *(",".join(row.get(c, "") for c in COLUMNS) for row in rows)]
    return "\n".join(lines).encode()


def decimals(low: int, high: int, places: int = 2) -> st.SearchStrategy[str]:
    scale = 10**places

    def written(n: int) -> str:
        sign, n = ("-", -n) if n < 0 else ("", n)
        whole, part = divmod(n, scale)
        text = f"{whole}.{part:0{places}}".rstrip("0").rstrip(".") if part else str(whole)
        return "0" if text == "0" else sign + text

    return st.integers(low * scale, high * scale).map(written)


points = decimals(-2, 12, 1)
field = st.sampled_from(FIELDS)
order = st.fixed_dictionaries({}, optional={"order": st.sampled_from(["high", "low"])})
group = st.fixed_dictionaries({}, optional={"group": st.sampled_from([["town"], ["town", "cls"]])})
whole = st.fixed_dictionaries({}, optional={"whole": st.sampled_from(["true", "false"])})
otherwise = st.fixed_dictionaries({}, optional={"else": points})


@st.composite
def pairs(draw: Any, low: int, high: int, places: int, least: int, falling: bool = False) -> Any:
    xs = draw(st.lists(decimals(low, high, places), min_size=least, max_size=4, unique_by=float))
    xs.sort(key=float, reverse=falling)
    return [[x, draw(points)] for x in xs]


@st.composite
def tiers(draw: Any) -> dict[str, Any]:
    keys = draw(order)
    falling = keys.get("order", "high") == "high"
    bounds = draw(pairs(-10, 60, 1, 1, falling))
    return {"type": "tiers", "tiers": bounds, **keys, **draw(otherwise)}


@st.composite
def expert(draw: Any) -> dict[str, Any]:
    rule = {"type": "expert", "combine": draw(st.sampled_from(["mean", "median", "trimmed"]))}
    if rule["combine"] == "trimmed" and draw(st.booleans()):
        trim = draw(st.integers(1, 2))
        rule |= {"trim": str(trim), "trim_from": str(2 * trim + draw(st.integers(1, 2)))}
    return rule


def merged(kind: str, keys: dict[str, Any], *more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.tuples(st.fixed_dictionaries(keys), *more).map(
        lambda parts: {"type": kind} | {k: v for part in parts for k, v in part.items()}
    )


every = decimals(0, 7, 1).filter(lambda text: float(text) > 0)
against = st.sampled_from(["mean", "median", "max", "min", "p0", "p7", "p33", "p50", "p90", "p100"])
RULES = [
    merged("step", {"base_at": decimals(-5, 30), "base": points, "every": every, "add": points}, whole),
    merged("per", {"every": every, "add": points}, whole),
    merged("linear", {"points": pairs(-10, 60, 1, 2)}),
    merged("target", {"target": field}),
    tiers(),
    merged("choice", {"field": st.just("cls"), "choices": st.just({"甲": "3.5", "02": "1", "2": "7"})}),
    merged("pass", {"when": field}),
    merged("coefficients", {"of": st.dictionaries(field, points, min_size=1)}),
    merged("benchmark", {"against": against}, group),
    merged("rank", {"tiers": pairs(0, 1, 2, 1)}, group, order, otherwise),
    merged("range", {}, group, order),
    expert(),
    merged("formula", {"points": st.just("v * 0.5 + full * 0.25")}),
]
NEEDS_VALUE = ("step", "per", "linear", "target", "tiers", "benchmark", "rank", "range", "formula")


@st.composite
def leaf(draw: Any, code: str, full: str, in_base: bool) -> dict[str, Any]:
    rule = draw(st.one_of(RULES))
    made = {"code": code, "title": code, "full": full, "rule": rule}
    if rule["type"] in NEEDS_VALUE:
        made["value"] = draw(field)
    if in_base and draw(st.booleans()):
        made["missing"] = draw(st.sampled_from(["zero", "exclude"]))
    return made


@st.composite
def part(draw: Any, prefix: str, fulls: list[str], in_base: bool) -> list[dict[str, Any]]:
    leaves = [draw(leaf(f"{prefix}{i}", full, in_base)) for i, full in enumerate(fulls)]
    cut = draw(st.integers(0, len(leaves)))
    if not leaves[:cut]:
        return leaves
    grouped = {"code": f"{prefix}g", "title": "g", "items": leaves[:cut]}
    if draw(st.booleans()):
        grouped["cap"] = draw(st.sampled_from(["3", "8", "15"]))
    outer = {"code": f"{prefix}o", "title": "o", "items": [grouped], "cap": "14"}
    return [draw(st.sampled_from([grouped, outer])), *leaves[cut:]]


@st.composite
def grading(draw: Any, codes: list[str]) -> dict[str, Any]:
    shares = sorted(draw(st.lists(decimals(0, 1), min_size=2, max_size=2)), key=float)
    rows = []
    for grade, share in zip(("A", "B"), shares, strict=True):
        for _ in range(draw(st.integers(1, 2))):
            optional = {
                "score_at_least": decimals(0, 25, 1),
                "top_share": st.just(share),
                "at_most": st.integers(0, 5).map(str),
                "min_places": st.integers(0, 3).map(str),
            }
            conditions = draw(st.fixed_dictionaries({}, optional=optional))
            rows.append({"grade": grade, "label": f"{grade}级", **conditions})
    rows += [{"grade": "C", "label": "合格", "score_at_least": "6"}, {"grade": "D", "label": "差"}]
    grades = ["A", "B", "C", "D"]
    optional = {
        "group": st.just(["town"]),
        "base": st.sampled_from(["scored", "counted == 1"]),
        "share_rounding": st.sampled_from(["down", "half_up", "up"]),
        "ties_at_cut": st.sampled_from(["exclude", "include"]),
        "tie_break": st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True),
    }
    return {
        **draw(st.fixed_dictionaries({}, optional=optional)),
        "grades": rows,
        "fixed": [{"when": f"fixed == '{g}'", "grade": g, "reason": "定"} for g in grades],
        "ceilings": [{"when": f"ceiling == '{g}'", "at_most": g, "reason": "限"} for g in grades],
    }


@st.composite
def schemes(draw: Any) -> dict[str, Any]:
    fulls = draw(st.lists(st.sampled_from(["1.5", "3", "5", "10"]), min_size=1, max_size=5))
    made: dict[str, Any] = {
        "scheme": "any",
        "version": "1",
        "title": "任意",
        "decimals": draw(st.sampled_from(["1", "2", "3"])),
        "full": f"{sum(int(float(f) * 10) for f in fulls) / 10:.1f}",
        "indicators": draw(part("b", fulls, True)),
    }
    for name in ("bonus", "deductions"):
        if draw(st.booleans()):
            items = draw(part(name[0] + "x", ["2", "4"], False))
            made[name] = {"items": items} | ({"cap": "3.5"} if draw(st.booleans()) else {})
    if draw(st.booleans()):
        made["total"] = {"max": made["full"]}
    codes = [f"b{i}" for i in range(len(fulls))]
    made["grading"] = draw(grading(codes))
    return made


@st.composite
def carriers(draw: Any) -> list[dict[str, str]]:
    few = st.sampled_from(["0", "1", "3", "10", "29.99", "30", "-4"])
    cell = st.one_of(st.just(""), few, decimals(-5, 60))
    row = st.fixed_dictionaries(
        {
            "town": st.sampled_from(["", "东", "西"]),
            "fixed": st.sampled_from(["", "", "", "", "A", "D"]),
            "ceiling": st.sampled_from(["", "", "", "B", "C", "D"]),
            "counted": st.sampled_from(["1", "0", ""]),
            "cls": st.sampled_from(["甲", "02", "2", ""]),
            **dict.fromkeys(FIELDS, cell),
        }
    )
    rows = draw(st.lists(row, min_size=1, max_size=12))
    if draw(st.booleans()):  # ties of whole rows
        rows += [dict(row) for row in rows[:3]]
    return [{"carrier": f"C{i:02}", **row} for i, row in enumerate(rows)]


@st.composite
def marks(draw: Any, codes: list[str], names: list[str]) -> dict[tuple[str, str], list[str]]:
    given = st.lists(st.one_of(st.just(""), decimals(0, 100, 1)), max_size=7)
    return {(name, code): draw(given) for name in names for code in codes}


def marks_csv(given: dict[tuple[str, str], list[str]]) -> bytes:
    lines = ["carrier,expert,indicator,mark"]
    for (carrier, code), values in given.items():
        lines += [f"{carrier},e{i},{code},{value}" for i, value in enumerate(values)]
    return "\n".join(lines).encode()
