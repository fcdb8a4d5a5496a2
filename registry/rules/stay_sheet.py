"""The register's workbook of tenants and teams in carriers: its columns, and what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from core.columns import Column, ColumnType
from registry.rules.vocabulary import FIELDS, GRADUATED

SHEET = "在孵企业和团队"


def _day(code: str, title: str, **more: bool) -> Column:
    return Column(code=code, title=title, type=ColumnType.DATE, **more)  # type: ignore[arg-type]


def _choice(code: str, title: str, words: Mapping[str, object], help: str = "") -> Column:
    names = {key: str(word) for key, word in words.items()}
    return Column(code=code, title=title, type=ColumnType.CHOICE, choices=names, help=help)


COLUMNS = (
    Column(code="code", title="载体编号", type=ColumnType.TEXT, required=True, max_length=24, width=18),
    Column(code="credit_code", title="统一社会信用代码", type=ColumnType.CREDIT_CODE, help="企业填写。"),
    Column(code="team_no", title="团队编号", type=ColumnType.TEXT, max_length=24, help="团队填写。"),
    Column(
        code="name", title="企业名称", type=ColumnType.TEXT, max_length=100, width=30, help="或团队名称。"
    ),
    _day("founded", "成立日期"),
    _choice("field", "技术领域", FIELDS),
    _day("high_tech_since", "认定高企日期"),
    _day("entered", "入驻日期", required=True),
    _day("ended", "离开日期"),
    _choice("graduated_by", "毕业条件", GRADUATED, "毕业的填写，同时填离开日期；材料在网上补传。"),
)
BY_CODE = {column.code: column for column in COLUMNS}
HOW = (
    ("一行一次入驻", "载体编号、信用代码（或团队编号）和入驻日期认出一次入驻；再次入驻另起一行。"),
    ("只填要改的", "空白单元格不改动任何事实。与登记相同的行不会写入；文件里没有的入驻不受影响。"),
    ("改入驻日期", "尚未离开的，写新的入驻日期即改正原来的日期。"),
    ("毕业", "填离开日期和毕业条件；本年度毕业的先选“已毕业，条件待补”，再在网上补传材料。"),
    ("先看后写", "上传后先列出全部问题和将要发生的改动，确认以后才写入；有误的行不写入。"),
)
FACTS = ("name", "founded", "field", "high_tech_since")


@dataclass(frozen=True, slots=True)
class KnownBody:
    """A company or a team of the register by what a line may say of it; `is_seen` says whether the reader may
    be told."""

    facts: Mapping[str, object]
    is_seen: bool


@dataclass(frozen=True, slots=True)
class KnownStay:
    pk: int
    entered: date
    ended: date | None
    graduated_by: str


# A stay's carrier and whose it is: the key's column and the key.
Whose = tuple[str, str]
Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """What a file is compared with: carriers of the scope, bodies by column and key, who bears a name, the
    stays of each body in each carrier."""

    today: date
    carriers: frozenset[str] = frozenset()
    bodies: Mapping[Whose, KnownBody] = field(default_factory=dict)
    bearers: Mapping[str, str] = field(default_factory=dict)
    stays: Mapping[Place, Sequence[KnownStay]] = field(default_factory=dict)
