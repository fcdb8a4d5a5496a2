"""The register's workbook of carriers: the columns of its template, its import, its marked file and its
export, and what is known of the register when one is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.columns import Column, ColumnType
from registry.rules.checks import MOST_AREA, Place
from registry.rules.designations import LONGEST_PLACE
from registry.rules.history import Dated, Facts
from registry.rules.levels import Terms
from registry.rules.vocabulary import CLASSES, FIELDS, KINDS, STATES

SHEET = "载体"


def _column(code: str, title: str, most: int = 0, **more: object) -> Column:
    given = {"type": ColumnType.TEXT, "max_length": most or None, **more}
    return Column(code=code, title=title, **given)  # type: ignore[arg-type]


def _choice(code: str, title: str, words: Mapping[Any, object]) -> Column:
    names = {str(key): str(word) for key, word in words.items()}
    return Column(code=code, title=title, type=ColumnType.CHOICE, choices=names)


def _area(code: str, title: str) -> Column:
    return Column(
        code=code, title=title, type=ColumnType.DECIMAL, unit="m²", places=2, min=MOST_AREA * 0, max=MOST_AREA
    )


def _day(code: str, title: str, help: str = "") -> Column:
    return Column(code=code, title=title, type=ColumnType.DATE, help=help)


COLUMNS = (
    _column("code", "载体编号", 24, help="已登记的载体填编号；新登记的留空，导入后由系统编号。", width=18),
    _column("name", "名称", 100, required=True, width=30),
    _choice("kind", "类型", KINDS),
    _column("level", "级别", 20, help="级别名称，如 省级、标准级；以决定之日的用语为准。"),
    _choice("carrier_class", "类别", CLASSES),
    _choice("field", "技术领域", FIELDS),
    _column("designation", "称号", 24, help="称号名称，如 科创飞地；以决定之日的用语为准。"),
    _column("region", "区域", 60, help="区划代码或名称；重名的写上级，如 东江市河湾区。"),
    _column("home_region", "派出地", 60, help="只有科创飞地填写。"),
    _column("host_place", "省外所在地", LONGEST_PLACE, help="只有设在省外的科创飞地填写。"),
    _column("operator", "运营机构", 100, width=30),
    Column(code="credit_code", title="统一社会信用代码", type=ColumnType.CREDIT_CODE),
    _area("area_total", "场地面积"),
    _area("area_tenants", "在孵企业使用面积"),
    _area("area_public", "公共服务面积"),
    _column("listed_year", "列统年份", 4, help="四位年份；登记后不变。"),
    _day("opened_on", "成立日期"),
    _column("address", "地址", 200, width=36),
    _column("name_en", "英文名称", 150),
    _choice("state", "状态", STATES),
    _day("valid_from", "生效日期", "改动的事实自哪一天起；没有改动的行不必填。"),
    _column("basis", "依据", 200, help="文件名称；没有改动的行不必填。", width=30),
    _column("document_number", "文号", 60),
    _column("batch", "批次", 60),
)
HOW = (
    ("一行一家", "已登记的载体按“载体编号”认；编号留空的是新登记，导入后由系统编号。"),
    ("只填要改的", "空白单元格不改动任何事实。与登记相同的行不会写入。"),
    ("日期和依据", "有改动或新登记的行须填“生效日期”和“依据”；文号、批次有就填。"),
    ("更名、更换机构", "载体更名、更换运营机构可以在此办理；合并与分立、机构更名请在网上办理。"),
    ("先看后写", "上传后先列出全部问题和将要发生的改动，确认以后才写入；有误的行不写入。"),
)
BY_CODE = {column.code: column for column in COLUMNS}
# What a line about a new carrier has to say.
NEEDED = (
    "kind", "carrier_class", "region", "operator", "credit_code", "listed_year", "valid_from", "basis",
)  # fmt: skip
# Under which column a fact stands whose name is another.
UNDER = {"region_id": "region", "home_region_id": "home_region", "operator_id": "credit_code"}


@dataclass(frozen=True, slots=True)
class KnownCarrier:
    """A carrier of the register: `today` are its facts of today, plain ones too; `history` what was
    recorded."""

    code: str
    name: str
    former_names: Sequence[str]
    today: Facts
    history: Sequence[Dated] = ()


@dataclass(frozen=True, slots=True)
class KnownOperator:
    """`names` are its name and those before; `is_seen` says whether the reader may be told of it."""

    pk: int
    credit_code: str
    name: str
    names: frozenset[str]
    is_seen: bool


@dataclass(frozen=True, slots=True)
class KnownRegion:
    """`above` is the name of the region it lies in."""

    pk: int
    code: str
    name: str
    above: str
    path: str
    place: Place


@dataclass(frozen=True, slots=True)
class Named:
    """A carrier that bears a name, or bore it."""

    code: str
    name: str
    credit_code: str
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """What a file is compared with. `carriers` are those of the reader's scope by code; `named` every public
    one by each of its names; `operators` by credit code; `operator_keys` and `regions` by row; `inside` is
    the path of the scope (`None`: all); `terms` and `titles` are the words of levels and of designations,
    `levels` and `designations` those that the reader may decide."""

    at: datetime
    today: date
    carriers: Mapping[str, KnownCarrier] = field(default_factory=dict)
    named: Mapping[str, Sequence[Named]] = field(default_factory=dict)
    operators: Mapping[str, KnownOperator] = field(default_factory=dict)
    operator_keys: Mapping[object, KnownOperator] = field(default_factory=dict)
    regions: Mapping[object, KnownRegion] = field(default_factory=dict)
    terms: Terms = ()
    inside: str | None = None
    levels: frozenset[str] = frozenset()
    titles: Terms = ()
    designations: frozenset[str] = frozenset()
