"""Brings the tree of regions to what a file says: the demo province, or a real one's."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.db import transaction

from accounts.models import Region, RegionLevel
from core.problems import Problem, Refused
from core.text import T, Text

DEMO = Path(__file__).resolve().parent.parent / "data" / "regions.csv"
COLUMNS = ("code", "name", "name_en", "level", "parent", "is_zone", "prefix", "tile_column", "tile_row")
DATES = ("valid_from", "valid_to")
OPTIONAL = (*DATES, "replaced_by")
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
    *OPTIONAL,
)
Row = tuple[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many regions were new, changed, as before."""

    new: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a file makes of one region. `before` is empty for a new one; `ends` when it gets its last day."""

    region: Region
    line: int
    is_new: bool
    ends: bool
    before: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_same(self) -> bool:
        return not self.is_new and not self.changed

    @property
    def changed(self) -> list[tuple[str, object, object]]:
        """Column, old and new value; the path is no column."""
        now = {name: getattr(self.region, name) for name in self.before}
        return [(name, old, now[name]) for name, old in self.before.items() if old != now[name]]


@transaction.atomic
def load(*, path: Path = DEMO) -> Loaded:
    """Brings the tree to what the file says (CSV, UTF-8, columns as `COLUMNS`; those of `OPTIONAL`
    may be missing, `replaced_by` is the code of the region that goes on for one that has ended).

    Loading again changes nothing; a region that the file does not name stays. `Refused` with every
    fault and its line, and then nothing is loaded.
    """
    return apply(content=path.read_bytes(), name=path.name)


@transaction.atomic
def apply(*, content: bytes, name: str) -> Loaded:
    """`load` of a file that is in hand."""
    changes = compare(content=content, name=name)
    new = changed = same = 0
    later: list[tuple[Region, Region]] = []
    for change in changes:
        if change.is_same:
            same += 1
            continue
        parent = change.region.parent
        change.region.parent_id = parent.pk if parent else None  # it may just have been saved
        successor, change.region.replaced_by = change.region.replaced_by, None
        change.region.save()
        later += [(change.region, successor)] if successor else []
        new, changed = new + change.is_new, changed + (not change.is_new)
    for region, successor in later:  # now each has its row
        region.replaced_by = successor
        region.save(update_fields=["replaced_by"])
    return Loaded(new, changed, same)


def compare(*, content: bytes, name: str) -> list[Change]:
    """What the file would change, parents before children; nothing is written. `Refused` as in `load`."""
    rows = _rows(content, name)
    known = {region.code: region for region in Region.objects.select_related("parent", "replaced_by")}
    problems = list(_faults(rows, {code: region.level for code, region in known.items()}))
    if problems:
        raise Refused(problems)
    ordered = sorted(rows, key=lambda entry: _depth(entry[1]))
    changes = [_change(number, row, known) for number, row in ordered]
    for change, (_number, row) in zip(changes, ordered, strict=True):
        change.region.replaced_by = known[successor] if (successor := row.get("replaced_by")) else None
    return changes


def _change(number: int, row: Mapping[str, str], known: dict[str, Region]) -> Change:
    found = known.get(row["code"])
    region = found or Region(code=row["code"])
    before = {name: getattr(region, name) for name in _MUTABLE} if found else {}
    _fill(region, row, known)
    known[region.code] = region
    ends = region.valid_to is not None and before.get("valid_to") is None
    return Change(region, number, found is None, ends, before)


def _rows(content: bytes, name: str) -> list[Row]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
        if missing:
            words = T("区域文件缺少列：{names}", names="、".join(missing))
            raise Refused(Problem("regions.columns", words, place=name))
        rows = [(reader.line_num, _cells(row)) for row in reader]
    except UnicodeDecodeError as error:
        raise Refused(Problem("regions.encoding", T("文件须是 UTF-8 编码"), place=name)) from error
    except csv.Error as error:
        raise Refused(Problem("regions.syntax", T("不是可读的 CSV 文件。"), place=name)) from error
    if not rows:
        raise Refused(Problem("regions.empty", T("文件里没有区域。"), place=name))
    return rows


def _cells(row: Mapping[str | None, object]) -> dict[str, str]:
    return {name: (value if isinstance(value, str) else "").strip() for name, value in row.items() if name}


def _faults(rows: Sequence[Row], known: Mapping[str, str]) -> Iterator[Problem]:
    seen: set[str] = set()
    levels = {**known, **{row["code"]: row["level"] for _number, row in rows}}
    for number, row in rows:
        for code, column, message in _row_faults(row, seen, levels):
            found = row.get(column, "")
            yield Problem(f"regions.{code}", message, str(number), column, title=column, found=found)
        seen.add(row["code"])


def _row_faults(
    row: Mapping[str, str], seen: set[str], levels: Mapping[str, str]
) -> Iterator[tuple[str, str, Text]]:
    code, parent, level = row["code"], row["parent"], row["level"]
    if not (code.isascii() and code.isdigit() and len(code) in (6, 9)):
        yield "code", "code", T("区域代码应为 6 位或 9 位数字。")
    if code in seen:
        yield "twice", "code", T("区域代码重复。")
    if not row["name"]:
        yield "name", "name", T("区域名称必须填写。")
    if level not in RegionLevel.values:
        yield "level", "level", T("级次应为 nation、province、city、county 之一。")
    if parent and (parent not in levels or parent == code):
        yield "parent", "parent", T("上级区域不存在。")
    elif parent and not _is_above(levels[parent], level):
        yield "parent_level", "parent", T("上级区域的级次应高于本区域。")
    successor = row.get("replaced_by", "")
    if successor and (successor not in levels or successor == code):
        yield "successor", "replaced_by", T("接续的区域不存在。")
    if successor and not row.get("valid_to"):
        yield "successor_date", "valid_to", T("有接续区域的，须填写止日。")
    yield from _cell_faults(row)


def _cell_faults(row: Mapping[str, str]) -> Iterator[tuple[str, str, Text]]:
    for name in ("tile_column", "tile_row"):
        if row[name] and not (row[name].isdecimal() and len(row[name]) <= 3):
            yield "tile", name, T("图块位置应为整数。")
    if bool(row["tile_column"]) != bool(row["tile_row"]):
        yield "tile", "tile_row" if row["tile_column"] else "tile_column", T("图块位置应两列都填或都不填。")
    for name in DATES:
        if row.get(name) and _day(row[name]) is None:
            yield "date", name, T("日期应如 2023-05-06。")
    first, last = (_day(row.get(name, "")) for name in DATES)
    if first and last and last < first:
        yield "dates", "valid_to", T("止日不能早于起日。")
    for name, most in (("name", 60), ("name_en", 100), ("prefix", 4)):
        if len(row[name]) > most:
            yield "long", name, T("最多 {most} 个字。", most=most)


def _is_above(parent: str, level: str) -> bool:
    """Whether the levels are in order; a wrong one has its own fault."""
    order = RegionLevel.values
    return parent not in order or level not in order or order.index(parent) < order.index(level)


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
