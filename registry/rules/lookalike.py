"""Names that look like one another: what is left of a name without place, trade, kind and legal form,
compared by pairs of characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from registry.rules.vocabulary import FIELDS

# What says only of what kind a body is, and in which trade: hundreds share it. Longer ones first, so that a
# part never hides the whole.
_KINDS = (
    "科技创业服务中心", "创业服务中心", "科技企业孵化器", "科技企业加速器", "企业孵化器", "科技孵化器",
    "有限责任公司", "股份有限公司", "国家大学科技园", "大学科技园", "科技园区", "产业园区", "创业孵化基地",
    "孵化基地", "众创空间", "有限公司", "创业园", "科技园", "产业园", "加速器", "孵化器", "创客空间",
    "运营管理", "企业管理", "服务中心", "创业中心", "集团", "公司", "基地", "平台", "专业", "一期", "二期",
    "三期", "分园", "科技",
)  # fmt: skip
_TRADES = (
    "数字经济", "智能制造", "人工智能", "集成电路", "高端装备", "信息技术", "软件", "文化创意", "跨境电商",
    "电子商务", "绿色低碳", "节能环保", "大健康", "医疗器械", "生物技术", "物联网", "大数据", "互联网",
    "新能源汽车", "新能源",
)  # fmt: skip
COMMON = tuple(
    sorted({*_KINDS, *_TRADES, *(str(title) for title in FIELDS.values())}, key=lambda one: (-len(one), one))
)
THRESHOLD = 0.6
MOST_PAIRS = 12
_STRANGE = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_PLACE_ENDS = "省市县区州盟旗"


def plain(name: str) -> str:
    """The name in one width and case, without blanks and signs."""
    return _STRANGE.sub("", unicodedata.normalize("NFKC", name).lower())


def places_of(names: Iterable[str]) -> tuple[str, ...]:
    """Names of regions as they may begin a name: with 省, 市, 县, 区 and without, the longest first."""
    known = {plain(name) for name in names}
    known |= {name[:-1] for name in known if len(name) > 2 and name[-1] in _PLACE_ENDS}
    return tuple(sorted((name for name in known if len(name) > 1), key=lambda name: (-len(name), name)))


def core_of(name: str, places: Iterable[str] = ()) -> str:
    """What tells a name from others: `云州市青禾科技企业孵化器有限公司` → `青禾`.

    `places` as `places_of` answers them. A name that is a place's keeps it: nothing is left of no name.
    """
    left, before = plain(name), None
    known = tuple(places)
    while left != before:
        before = left
        left = next((left[: -len(one)] for one in COMMON if left.endswith(one)), left) or left
        left = next((left[len(one) :] for one in known if left.startswith(one)), left) or left
    return left


def pairs(text: str) -> frozenset[str]:
    """Neighbouring characters, two and two; of a single one itself."""
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset({text} - {""})


def likeness(one: str, other: str) -> float:
    """0 to 1 between two cores: the share of pairs that both have (Dice). 1 for the same."""
    if one == other:
        return 1.0 if one else 0.0
    first, second = pairs(one), pairs(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def look_alike(one: str, other: str) -> bool:
    """Whether an officer should look at both. The shorter core within the longer counts too."""
    short, long = sorted((one, other), key=len)
    if len(short) >= 2 and short in long and len(long) <= 2 * len(short):
        return True
    return likeness(one, other) >= THRESHOLD


def searched(core: str) -> tuple[str, ...]:
    """The pairs by which candidates are found in the register: at most twelve."""
    return tuple(sorted(pairs(core)))[:MOST_PAIRS]
