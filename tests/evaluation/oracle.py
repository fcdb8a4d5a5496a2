"""A second, naive scorer that shares no line with the first: loops, and the words of the contract.

It takes a scheme as plain Python data whose expressions are callables of a row (a dict of strings; an
absent or empty text is missing), and gives totals, ranks, grades and points.
"""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from typing import Any

Row = dict[str, str]


def number(row: Row, name: str) -> Decimal | None:
    text = row.get(name, "")
    return Decimal(text) if text else None


def half_up(x: Decimal, decimals: int) -> Decimal:
    steps = math.floor(Fraction(x) * 10**decimals + Fraction(1, 2))
    return Decimal(steps) / 10**decimals


def frac(text: str) -> Decimal:
    return Decimal(text)


def peers_of(leaf: dict[str, Any], rows: list[Row], row: Row) -> list[Decimal]:
    group = leaf["rule"].get("group", [])
    same = [other for other in rows if all(other.get(g, "") == row.get(g, "") for g in group)]
    return [v for other in same if (v := number(other, leaf["value"])) is not None]


def benchmark_of(against: str, values: list[Decimal]) -> Decimal:
    values = sorted(values)
    n = len(values)
    if against == "mean":
        return sum(values) / n
    share = {"median": 50, "max": 100, "min": 0}.get(against)
    share = int(against[1:]) if share is None else share
    position = Fraction((n - 1) * share, 100)
    low = math.floor(position)
    if low == n - 1:
        return values[low]
    gap = Fraction(values[low + 1]) - Fraction(values[low])
    exact = Fraction(values[low]) + gap * (position - low)
    with localcontext(prec=200):
        return Decimal(exact.numerator) / exact.denominator


def of_peers(leaf: dict[str, Any], v: Decimal, peers: list[Decimal]) -> Decimal | None:
    rule, full = leaf["rule"], frac(leaf["full"])
    low_is_good = rule.get("order", "high") == "low"
    if rule["type"] == "benchmark":
        mark = benchmark_of(rule["against"], peers)
        return None if mark <= 0 else full * min(Decimal(1), v / mark)
    if rule["type"] == "rank":
        better = sum(1 for p in peers if (p < v if low_is_good else p > v))
        share = Fraction(better + 1, len(peers))
        for bound, points in rule["tiers"]:
            if share <= frac(bound):
                return frac(points)
        return frac(rule.get("else", "0"))
    least, most = min(peers), max(peers)
    if least == most:
        return full
    return full * ((most - v) if low_is_good else (v - least)) / (most - least)


def linear(points: list[list[str]], v: Decimal) -> Decimal:
    knots = [(frac(x), frac(y)) for x, y in points]
    if v <= knots[0][0]:
        return knots[0][1]
    for (x0, y0), (x1, y1) in pairwise(knots):
        if v <= x1:
            return y0 + (y1 - y0) * (v - x0) / (x1 - x0)
    return knots[-1][1]


def of_value(leaf: dict[str, Any], v: Decimal, row: Row) -> Decimal | None:
    rule, full = leaf["rule"], frac(leaf["full"])
    match rule["type"]:
        case "step" | "per":
            start = frac(rule.get("base_at", "0"))
            n = (v - start) / frac(rule["every"])
            if rule["type"] == "step" and v < start:
                return Decimal(0)
            n = (
                n
                if rule.get("whole") == "false"
                else Decimal(math.floor(Fraction(v - start) / Fraction(rule["every"])))
            )
            return frac(rule.get("base", "0")) + frac(rule["add"]) * n
        case "linear":
            return linear(rule["points"], v)
        case "target":
            target = number(row, rule["target"])
            return None if target is None or target <= 0 else full * min(Decimal(1), v / target)
        case "tiers":
            for bound, points in rule["tiers"]:
                reached = v <= frac(bound) if rule.get("order") == "low" else v >= frac(bound)
                if reached:
                    return frac(points)
            return frac(rule.get("else", "0"))
    raise AssertionError(rule["type"])


def of_marks(leaf: dict[str, Any], marks: list[str]) -> Decimal | None:
    rule = leaf["rule"]
    given = sorted(Decimal(mark) for mark in marks if mark)
    if not given:
        return None
    trim = int(rule.get("trim", "1"))
    if rule["combine"] == "median":
        combined = benchmark_of("median", given)
    elif rule["combine"] == "trimmed" and len(given) >= int(rule.get("trim_from", "5")):
        for _ in range(trim):
            given = given[1:-1]
        combined = sum(given) / len(given)
    else:
        combined = sum(given) / len(given)
    return frac(leaf["full"]) * combined / frac(rule.get("out_of", "100"))


def leaf_points(leaf: dict[str, Any], row: Row, rows: list[Row], marks: list[str]) -> Decimal | None:
    """Raw points; None is missing."""
    rule = leaf["rule"]
    match rule["type"]:
        case "choice":
            text = row.get(rule["field"], "")
            return frac(rule["choices"][text]) if text else None
        case "pass":
            v = number(row, rule["when"])
            return frac(leaf["full"]) if v is not None and v != 0 else Decimal(0)
        case "coefficients":
            there = {f: v for f in rule["of"] if (v := number(row, f)) is not None}
            return sum(v * frac(rule["of"][f]) for f, v in there.items()) if there else None
        case "expert":
            return of_marks(leaf, marks)
    v = number(row, leaf["value"])
    if rule["type"] == "formula":  # v * 0.5 + full / 4
        return None if v is None else v / 2 + frac(leaf["full"]) / 4
    if v is None:
        return None
    if rule["type"] in ("benchmark", "rank", "range"):
        return of_peers(leaf, v, peers_of(leaf, rows, row))
    return of_value(leaf, v, row)


def leaves(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [x for node in nodes for x in (leaves(node["items"]) if "items" in node else [node])]


def summed(nodes: list[dict[str, Any]], points: dict[str, Decimal]) -> Decimal:
    total = Decimal(0)
    for node in nodes:
        part = summed(node["items"], points) if "items" in node else points[node["code"]]
        total += min(part, frac(node["cap"])) if "items" in node and "cap" in node else part
    return total


def extra(part: dict[str, Any] | None, points: dict[str, Decimal]) -> Decimal:
    if part is None:
        return Decimal(0)
    total = summed(part["items"], points)
    return min(total, frac(part["cap"])) if "cap" in part else total


def score(
    scheme: dict[str, Any], rows: list[Row], marks: dict[tuple[str, str], list[str]]
) -> dict[str, dict[str, Any]]:
    decimals, answer = int(scheme["decimals"]), {}
    extras = [scheme.get(part, {}).get("items", []) for part in ("bonus", "deductions")]
    for row in rows:
        points, gone = {}, Decimal(0)
        for leaf in leaves([*scheme["indicators"], *extras[0], *extras[1]]):
            raw = leaf_points(leaf, row, rows, marks.get((row["carrier"], leaf["code"]), []))
            if raw is None and leaf.get("missing") == "exclude":
                gone += frac(leaf["full"])
            cut = max(Decimal(0), min(frac(leaf["full"]), raw or Decimal(0)))
            points[leaf["code"]] = half_up(cut, decimals)
        full, base = frac(scheme["full"]), summed(scheme["indicators"], points)
        base = half_up(base * full / (full - gone) if full > gone else Decimal(0), decimals)
        bonus, off = extra(scheme.get("bonus"), points), extra(scheme.get("deductions"), points)
        total = max(Decimal(0), base + bonus - off)
        if "total" in scheme:
            total = min(total, frac(scheme["total"]["max"]))
        sums = {"points": points, "base": base, "bonus": bonus, "deductions": off, "total": total}
        answer[row["carrier"]] = sums
    return answer


def rounded(x: Fraction, how: str) -> int:
    return {"down": math.floor(x), "up": math.ceil(x), "half_up": math.floor(x + Fraction(1, 2))}[how]


def open_places(condition: dict[str, Any], n: int, how: str) -> int | None:
    places = []
    if "top_share" in condition:
        share = rounded(Fraction(condition["top_share"]) * n, how)
        places.append(max(share, int(condition.get("min_places", "0"))))
    if "at_most" in condition:
        places.append(int(condition["at_most"]))
    return min(places) if places else None


def granted(
    grading: dict[str, Any], name: str, group: dict[str, tuple[Any, int]], total: Decimal, n: int
) -> str:
    """The grade of one carrier; `group` is everybody's key and the best grade they may have."""
    order = list(dict.fromkeys(row["grade"] for row in grading["grades"]))
    for condition in grading["grades"]:
        level = order.index(condition["grade"])
        keys = [key for key, best in group.values() if best <= level]
        mine, best = group[name]
        if best > level or total < Decimal(condition.get("score_at_least", "0")):
            continue
        ahead, tied = sum(key > mine for key in keys), sum(key == mine for key in keys)
        stands = ahead + (1 if grading.get("ties_at_cut") == "include" else tied)
        places = open_places(condition, n, grading.get("share_rounding", "down"))
        if places is None or stands <= places:
            return str(condition["grade"])
    raise AssertionError(name)


def grade(
    scheme: dict[str, Any], rows: list[Row], scores: dict[str, dict[str, Any]]
) -> dict[str, tuple[int | None, str]]:
    """Carrier → rank, grade. Fixed: column `fixed` names a grade; ceilings: `ceiling`; base: `counted`."""
    grading = scheme["grading"]
    order = list(dict.fromkeys(row["grade"] for row in grading["grades"]))
    known: dict[str, tuple[Any, int]] = {}
    for row in rows:
        one = scores[row["carrier"]]
        key = (one["total"], *(one["points"][code] for code in grading.get("tie_break", [])))
        known[row["carrier"]] = key, order.index(row["ceiling"]) if row.get("ceiling") else 0
    free = [row for row in rows if not row.get("fixed")]
    answer: dict[str, tuple[int | None, str]] = {}
    for row in rows:
        name = row["carrier"]
        if row.get("fixed"):
            answer[name] = (None, order[max(order.index(row["fixed"]), known[name][1])])
            continue
        rank = 1 + sum(known[other["carrier"]][0] > known[name][0] for other in free)
        fields = grading.get("group", [])
        near = [o for o in free if all(o.get(f, "") == row.get(f, "") for f in fields)]
        everybody = grading.get("base", "scored") == "scored"
        n = sum(1 for other in near if everybody or other.get("counted") == "1")
        group = {other["carrier"]: known[other["carrier"]] for other in near}
        answer[name] = (rank, granted(grading, name, group, scores[name]["total"], n))
    return answer
