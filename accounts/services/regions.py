"""Loads the tree of regions from a file: the demo province, or a real one's."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from accounts.models import Region, RegionLevel
from core.problems import Problem, Refused
from core.text import T, Text

DEMO = Path(__file__).resolve().parent.parent / "data" / "regions.csv"
COLUMNS = ("code", "name", "name_en", "level", "parent", "is_zone", "prefix", "tile_column", "tile_row")
DATES = ("valid_from", "valid_to")
_MUTABLE = (
    "name",
    "name_en",
    "level",
    "parent",
    "path",
    "is_zone",
    "prefix",
    "tile_column",
    "tile_row",
    "valid_from",
    "valid_to",
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many regions were new, changed, as before."""

    new: int
    changed: int
    same: int


@transaction.atomic
def load(*, path: Path = DEMO) -> Loaded:
    """Brings the tree to what the file says (CSV, UTF-8, columns as `COLUMNS`, dates optional).

    Loading again changes nothing; a region that the file does not name stays. `Refused` with every
    fault and its line, and then nothing is loaded.
    """
    rows = _rows(path)
    known = {region.code: region for region in Region.objects.all()}
    problems = list(_faults(rows, set(known)))
    if problems:
        raise Refused(problems)
    new = changed = same = 0
    for _number, row in sorted(rows, key=lambda entry: _depth(entry[1])):
        region = known.get(row["code"]) or Region(code=row["code"])
        before = {name: getattr(region, name) for name in _MUTABLE} if region.pk else None
        _fill(region, row, known)
        if before == {name: getattr(region, name) for name in _MUTABLE}:
            same += 1
            continue
        region.save()
        known[region.code] = region
        new, changed = new + (before is None), changed + (before is not None)
    return Loaded(new, changed, same)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            words = T("区域文件缺少列：{names}", names="、".join(missing))
            raise Refused(Problem("regions.columns", words, place=path.name))
        return [(reader.line_num, {k: (v or "").strip() for k, v in row.items() if k}) for row in reader]


def _faults(rows: Sequence[tuple[int, Mapping[str, str]]], known: set[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    named = known | {row["code"] for _number, row in rows}
    for number, row in rows:
        for code, message, found in _row_faults(row, seen, named):
            yield Problem(code, message, place=str(number), found=found)
        seen.add(row["code"])


def _row_faults(row: Mapping[str, str], seen: set[str], named: set[str]) -> Iterator[tuple[str, Text, str]]:
    code, parent, level = row["code"], row["parent"], row["level"]
    if not (code.isascii() and code.isdigit() and len(code) in (6, 9)):
        yield "regions.code", T("区域代码应为 6 位或 9 位数字。"), code
    if code in seen:
        yield "regions.twice", T("区域代码重复。"), code
    if not row["name"]:
        yield "regions.name", T("区域名称必须填写。"), code
    if level not in RegionLevel.values:
        yield "regions.level", T("级次应为 nation、province、city、county 之一。"), level
    if parent and (parent not in named or parent == code):
        yield "regions.parent", T("上级区域不存在。"), parent
    for name in ("tile_column", "tile_row"):
        if row[name] and not row[name].isdecimal():
            yield "regions.tile", T("图块位置应为整数。"), row[name]
    for name in DATES:
        if row.get(name) and _day(row[name]) is None:
            yield "regions.date", T("日期应如 2023-05-06。"), row[name]


def _depth(row: Mapping[str, str]) -> int:
    """Parents before children: levels follow one another in the tree."""
    return RegionLevel.values.index(row["level"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _fill(region: Region, row: Mapping[str, str], known: Mapping[str, Region]) -> None:
    region.name, region.name_en, region.level = row["name"], row["name_en"], row["level"]
    region.parent = known[row["parent"]] if row["parent"] else None
    region.path = f"{region.parent.path if region.parent else '/'}{region.code}/"
    region.is_zone, region.prefix = row["is_zone"] in {"1", "true"}, row["prefix"]
    region.tile_column = int(row["tile_column"]) if row["tile_column"] else None
    region.tile_row = int(row["tile_row"]) if row["tile_row"] else None
    region.valid_from = _day(row.get("valid_from", ""))
    region.valid_to = _day(row.get("valid_to", ""))
