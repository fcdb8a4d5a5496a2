"""What an application to register a carrier says, and everything that can be wrong with it.

Facts are kept as they were typed, exact strings by item; nothing blocks saving, every error blocks
submitting. The two tables are data of this portal; a region's own list of documents goes in here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core import identifiers
from core.amounts import plain_number
from core.problems import Problem, Severity
from core.text import T, Text
from registry.rules.vocabulary import CLASSES, FIELDS, KINDS, CarrierClass

Facts = Mapping[str, str]
LONGEST = 500
_NONE = Text("")
_YES_NO = {"no": T("否"), "yes": T("是")}
_TENURE = {"owned": T("自有"), "leased": T("租赁"), "free": T("无偿使用")}
_MOST_AREA = Decimal(10_000_000)


@dataclass(frozen=True, slots=True)
class Item:
    """One fact that is asked for. `kind` says how it is read; `most` is its longest text."""

    code: str
    section: str
    title: Text
    kind: str = "text"
    required: bool = True
    most: int = 100
    unit: Text | str = ""
    help: Text = _NONE
    choices: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One kind of document that goes with an application."""

    code: str
    title: Text
    help: Text
    required: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """The region of an application as the rules see it; `levels` are those of its chain, from below."""

    name: str
    level: str
    levels: tuple[str, ...]
    ended_on: date | None = None


SECTIONS: dict[str, Text] = {
    "operator": T("运营机构"),
    "carrier": T("载体情况"),
    "people": T("负责人与联系方式"),
    "evidence": T("证明材料"),
}


def _choices(words: Mapping[Any, Text]) -> dict[str, Text]:
    return {str(code): text for code, text in words.items()}


ITEMS: tuple[Item, ...] = (
    Item("credit_code", "operator", T("统一社会信用代码"), "credit_code", most=40,
         help=T("与营业执照一致的 18 位代码；末位是校验位。")),
    Item("operator_name", "operator", T("运营机构名称"), help=T("与营业执照一致的全称。")),
    Item("operator_address", "operator", T("注册地址"), most=200),
    Item("legal_person", "operator", T("法定代表人"), most=40),
    Item("name", "carrier", T("载体名称"), help=T("对外使用的全称，登记后公开。")),
    Item("renamed", "carrier", T("是否更过名"), "choice", choices=_YES_NO),
    Item("former_name", "carrier", T("曾用名"), required=False, help=T("更过名的必填，填上一个名称。")),
    Item("name_en", "carrier", T("英文名称"), required=False, most=150),
    Item("kind", "carrier", T("类型"), "choice", choices=_choices(KINDS)),
    Item("carrier_class", "carrier", T("类别"), "choice", choices=_choices(CLASSES),
         help=T("专业载体须有七成半以上的在孵企业属于同一技术领域。")),
    Item("field", "carrier", T("技术领域"), "choice", required=False, choices=FIELDS,
         help=T("专业载体必填。")),
    Item("region", "carrier", T("所在区县"), "region",
         help=T("场地所在的县（市、区）或开发区；申请由该地逐级审核。")),
    Item("address", "carrier", T("场地地址"), most=200),
    Item("area_total", "carrier", T("场地总面积"), "area", unit="m²", most=20),
    Item("area_tenants", "carrier", T("在孵企业使用面积"), "area", unit="m²", most=20, required=False,
         help=T("不大于场地总面积。")),
    Item("opened_on", "carrier", T("投入运营日期"), "date", most=10),
    Item("tenure", "carrier", T("场地性质"), "choice", choices=_TENURE),
    Item("lease_until", "carrier", T("租期届满日"), "date", required=False, most=10,
         help=T("租赁场地必填；届满日应在今天之后。")),
    Item("manager", "people", T("载体负责人"), most=40),
    Item("staff_total", "people", T("专职人员数"), "count", unit=T("人"), most=8),
    Item("contact", "people", T("联系人"), most=40),
    Item("phone", "people", T("联系电话"), "phone", most=30, help=T("手机，或区号加座机。")),
    Item("email", "people", T("电子邮箱"), "email", required=False, most=100),
)  # fmt: skip
EVIDENCE: tuple[Evidence, ...] = (
    Evidence("licence", T("营业执照"), T("运营机构营业执照副本，须清晰可辨代码和名称。")),
    Evidence("premises", T("场地证明"), T("产权证，或在租期内的租赁合同、无偿使用协议。")),
    Evidence("rules", T("管理制度"), T("入驻、毕业与退出、创业服务等制度，加盖公章。")),
    Evidence("team", T("服务团队名单"), T("专职人员名单，附劳动合同或近三个月社保记录。")),
    Evidence("tenants", T("在孵企业名单"), T("已有企业入驻的，列名称、信用代码、入驻日期。"), required=False),
    Evidence("former", T("更名文件"), T("更过名的，附批复或登记机关的变更通知。"), required=False),
)
BY_CODE: Mapping[str, Item] = {item.code: item for item in ITEMS}
KINDS_OF_EVIDENCE: Mapping[str, Evidence] = {one.code: one for one in EVIDENCE}


def title_of(code: str) -> Text:
    """The name of an item, a fact or a kind of document."""
    return BY_CODE[code].title if code in BY_CODE else KINDS_OF_EVIDENCE[code].title


def section_of(code: str) -> str:
    return BY_CODE[code].section if code in BY_CODE else "evidence"


def is_item(code: str) -> bool:
    return code in BY_CODE or code in KINDS_OF_EVIDENCE


def cleaned(given: Mapping[str, str]) -> dict[str, str]:
    """What is kept of what was typed: known items, without blanks at the ends, never too long to store."""
    return {
        item.code: given[item.code].replace("\x00", "").strip()[:LONGEST]
        for item in ITEMS
        if item.code in given
    }


def faults(facts: Facts, *, evidence: Collection[str], place: Place | None, today: date) -> list[Problem]:
    """Every problem, each with its item as `field`, in the order of the form."""
    found = [problem for item in ITEMS for problem in _of_item(item, facts.get(item.code, ""), today)]
    found += _of_pairs(facts, today)
    found += _of_place(facts.get("region", ""), place)
    found += [
        Problem(
            "evidence.missing",
            T("请上传“{name}”。", name=kind.title),
            field=kind.code,
            fix=kind.help,
        )
        for kind in EVIDENCE
        if kind.code not in evidence and (kind.required or _wants_former(kind, facts))
    ]
    order = [*BY_CODE, *KINDS_OF_EVIDENCE]
    return sorted(found, key=lambda problem: order.index(problem.field))


def _wants_former(kind: Evidence, facts: Facts) -> bool:
    return kind.code == "former" and facts.get("renamed") == "yes"


def _of_item(item: Item, text: str, today: date) -> Iterator[Problem]:
    if not text:
        if item.required:
            yield Problem("fact.missing", T("请填写“{name}”。", name=item.title), field=item.code)
        return
    if len(text) > item.most:
        words = T("“{name}”最多 {n} 个字，现有 {found} 个。", name=item.title, n=item.most, found=len(text))
        yield Problem("fact.long", words, field=item.code)
        return
    if item.choices and text not in item.choices:
        yield Problem(
            "fact.choice", T("“{name}”没有这个选项。", name=item.title), field=item.code, found=text
        )
    check = _CHECKS.get(item.kind)
    if check:
        yield from check(item, text, today)


def _credit_code(item: Item, text: str, today: date) -> Iterator[Problem]:
    code = identifiers.credit_code(text)
    fault = identifiers.credit_code_fault(code)
    if fault:
        yield Problem(fault[0], fault[1], field=item.code, found=text, fix=fault[2])
    elif code != text:
        words = T("信用代码里有全角、小写字母或空格，将按 {code} 登记。", code=code)
        yield Problem("credit_code.written", words, field=item.code, found=text, severity=Severity.NOTE)


def _area(item: Item, text: str, today: date) -> Iterator[Problem]:
    number = plain_number(text)
    if number is None:
        words = T("“{name}”应为数字，例如 3200 或 3200.50，不带单位。", name=item.title)
        yield Problem("fact.number", words, field=item.code, found=text)
    elif number <= 0:
        yield Problem("fact.positive", T("“{name}”应大于 0。", name=item.title), field=item.code, found=text)
    elif number > _MOST_AREA:
        words = T("“{name}”过大，请核对单位是否为平方米。", name=item.title)
        yield Problem("fact.large", words, field=item.code, found=text)
    elif _decimals(number) > 2:
        words = T("“{name}”最多两位小数。", name=item.title)
        yield Problem("fact.places", words, field=item.code, found=text)


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _count(item: Item, text: str, today: date) -> Iterator[Problem]:
    number = plain_number(text)
    if number is None or number != number.to_integral_value() or not 0 < number < 100_000:
        words = T("“{name}”应为大于 0 的整数。", name=item.title)
        yield Problem("fact.count", words, field=item.code, found=text)


def _date(item: Item, text: str, today: date) -> Iterator[Problem]:
    day = day_in(text)
    if day is None:
        words = T("“{name}”应为日期，例如 2023-05-06。", name=item.title)
        yield Problem("fact.date", words, field=item.code, found=text)
    elif item.code == "opened_on" and day > today:
        yield Problem(
            "date.future",
            T("“{name}”不能晚于今天。", name=item.title),
            field=item.code,
            found=text,
            allowed=T("{day} 或更早", day=today.isoformat()),
        )


def _phone(item: Item, text: str, today: date) -> Iterator[Problem]:
    if identifiers.phone(text) is None:
        words = T("电话应如 13812345678 或 0990-5550001。")
        yield Problem("fact.phone", words, field=item.code, found=text)


def _email(item: Item, text: str, today: date) -> Iterator[Problem]:
    if identifiers.email(text) is None:
        yield Problem("fact.email", T("邮箱应如 name@example.com。"), field=item.code, found=text)


_CHECKS = {
    "credit_code": _credit_code,
    "area": _area,
    "count": _count,
    "date": _date,
    "phone": _phone,
    "email": _email,
}


def _of_pairs(facts: Facts, today: date) -> Iterator[Problem]:
    """What one item asks of another."""
    if facts.get("carrier_class") == CarrierClass.SPECIALISED and not facts.get("field"):
        yield Problem("carrier.field", T("专业载体须填写技术领域。"), field="field")
    if facts.get("renamed") == "yes" and not facts.get("former_name"):
        words = T("更过名的载体，现名称和曾用名都要填写。")
        yield Problem("carrier.former_name", words, field="former_name")
    if facts.get("former_name") and facts.get("former_name") == facts.get("name"):
        yield Problem("carrier.same_name", T("曾用名与现名称相同，请核对。"), field="former_name")
    total, used = plain_number(facts.get("area_total", "")), plain_number(facts.get("area_tenants", ""))
    if total is not None and used is not None and used > total:
        words = T("在孵企业使用面积大于场地总面积。")
        yield Problem("carrier.area", words, field="area_tenants", found=facts["area_tenants"],
                      allowed=T("不大于 {n}", n=facts["area_total"]))  # fmt: skip
    if facts.get("tenure") == "leased":
        yield from _of_lease(facts.get("lease_until", ""), today)


def _of_lease(text: str, today: date) -> Iterator[Problem]:
    until = day_in(text)
    if not text:
        yield Problem("carrier.lease", T("租赁场地须填写租期届满日。"), field="lease_until")
    elif until and until <= today:
        words = T("租期已经届满，请先续租再申请。")
        yield Problem("carrier.lease_over", words, field="lease_until", found=text)


def _of_place(text: str, place: Place | None) -> Iterator[Problem]:
    if not text:
        return
    if place is None or place.level in ("nation", "province") or not place.levels:
        words = T("请选择场地所在的县（市、区）或开发区。")
        yield Problem("region.unknown", words, field="region", found=text[:20])
    elif place.ended_on:
        words = T(
            "“{name}”已于 {day} 撤销，请选择现在的区划。", name=place.name, day=place.ended_on.isoformat()
        )
        yield Problem("region.ended", words, field="region", found=place.name)


def day_in(text: str) -> date | None:
    """A date as it is typed, `2023-05-06`; None for everything else."""
    plain = text.replace("/", "-").strip()
    try:
        return date.fromisoformat(plain) if len(plain) == 10 else None
    except ValueError:
        return None


def shown(code: str, text: str) -> Text | str:
    """A fact as people read it: the words of a choice, else as typed."""
    return BY_CODE[code].choices.get(text, text) if code in BY_CODE else text
