"""Invented names and codes: companies say （示例）, codes lie in divisions that do not exist."""

from __future__ import annotations

import random
from collections.abc import Iterator

from stdnum.cn import uscc

_FIRST = (
    "云星澜沐青禾景曜映岚渡浔瀚朗屿沧霁晴棠榆澄砚麓岑溪汀芷桐楠梓皓晗昭旻煜炜铭钧锦瑞祺睿哲翊翎翼骁凌腾越"
)
_SECOND = (
    "川序和辰野森原澈远图为尚知衡合维启拓途迹源泽润泉石岩岳谷田圃光景曦煦晖暄音律言信诺恒序元极境域界环宇"
)
TRADES: dict[str, tuple[str, ...]] = {
    "ict": ("信息技术", "软件", "智能科技", "数据科技", "网络科技", "微电子", "光电科技", "物联科技"),
    "bio": ("生物科技", "医疗器械", "生物医药", "基因科技", "医药科技", "康复科技"),
    "material": ("新材料", "纳米科技", "复合材料", "膜科技", "材料科技"),
    "energy": ("新能源", "储能科技", "氢能科技", "光伏科技", "节能科技"),
    "manufacturing": ("智能装备", "精密机械", "自动化", "机器人", "传感技术"),
    "environment": ("环保科技", "环境工程", "水务科技", "生态科技"),
    "aerospace": ("航空科技", "航天科技", "无人机科技"),
    "agriculture": ("农业科技", "种业", "食品科技"),
    "services": ("检测技术", "设计", "技术服务", "文化创意"),
    "other": ("科技", "实业", "贸易科技"),
}
THEMES: dict[str, str] = {
    "ict": "数字经济",
    "bio": "生物医药",
    "material": "新材料",
    "energy": "新能源",
    "manufacturing": "智能制造",
    "environment": "绿色环保",
    "aerospace": "航空航天",
    "agriculture": "现代农业",
    "services": "科技服务",
    "other": "综合",
}
_PEOPLE_FIRST = "周许顾方韩马陈林沈陆秦温苏叶程傅姜薛邹纪"
_PEOPLE_SECOND = (
    "敏",
    "文博",
    "清源",
    "宁",
    "亦舟",
    "思远",
    "立言",
    "若溪",
    "知行",
    "景明",
    "书瑶",
    "以宁",
    "望舒",
    "嘉树",
)
# Digits and capitals without I, O, S, V, Z, as GB 32100 has them.
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def brands(rng: random.Random) -> Iterator[str]:
    """All two-character brands, each once, in the order of this seed."""
    every = [first + second for first in dict.fromkeys(_FIRST) for second in dict.fromkeys(_SECOND)]
    rng.shuffle(every)
    yield from every


def company_names(rng: random.Random, fields: list[str]) -> list[str]:
    """A name for each company of these fields of technology, all different."""
    pool = list(brands(rng))
    used: set[str] = set()
    names = []
    for field in fields:
        name = f"{rng.choice(pool)}{rng.choice(TRADES[field])}（示例）有限公司"
        while name in used:
            name = f"{rng.choice(pool)}{rng.choice(pool)}{rng.choice(TRADES[field])}（示例）有限公司"
        used.add(name)
        names.append(name)
    return names


def person_name(rng: random.Random) -> str:
    return rng.choice(_PEOPLE_FIRST) + rng.choice(_PEOPLE_SECOND)


def credit_code(division: str, number: int) -> str:
    """A code of a company in this division with a right check character: 91, division, number, check."""
    body = ""
    for _ in range(8):
        number, digit = divmod(number, len(_ALPHABET))
        body = _ALPHABET[digit] + body
    front = f"91{division}{body}{_organisation_check(body)}"
    return front + str(uscc.calc_check_digit(front))


def _organisation_check(body: str) -> str:
    """The check character of the organisation part (GB 11714), which a credit code carries inside."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    left = 11 - sum(weight * letters.index(sign) for weight, sign in zip(weights, body, strict=True)) % 11
    return {10: "X", 11: "0"}.get(left, str(left))
