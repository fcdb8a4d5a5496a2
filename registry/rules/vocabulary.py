"""The field's words for carriers, as codes; what people read stands beside each."""

from __future__ import annotations

from enum import StrEnum

from core.text import T, Text


class Kind(StrEnum):
    MAKERSPACE = "makerspace"
    INCUBATOR = "incubator"
    ACCELERATOR = "accelerator"
    UNIVERSITY_PARK = "university_park"
    INDUSTRIAL_PARK = "industrial_park"


class CarrierClass(StrEnum):
    COMPREHENSIVE = "comprehensive"
    SPECIALISED = "specialised"


KINDS: dict[Kind, Text] = {
    Kind.MAKERSPACE: T("众创空间"),
    Kind.INCUBATOR: T("科技企业孵化器"),
    Kind.ACCELERATOR: T("加速器"),
    Kind.UNIVERSITY_PARK: T("大学科技园"),
    Kind.INDUSTRIAL_PARK: T("产业园"),
}
CLASSES: dict[CarrierClass, Text] = {
    CarrierClass.COMPREHENSIVE: T("综合"),
    CarrierClass.SPECIALISED: T("专业"),
}
FIELDS: dict[str, Text] = {
    "ict": T("电子信息"),
    "bio": T("生物医药"),
    "material": T("新材料"),
    "energy": T("新能源与节能"),
    "manufacturing": T("先进制造"),
    "environment": T("资源与环境"),
    "aerospace": T("航空航天"),
    "agriculture": T("现代农业"),
    "services": T("高技术服务"),
    "other": T("其他"),
}
DESIGNATIONS: dict[str, Text] = {
    "": T("无"),
    "benchmark_leading": T("标杆（引领类）"),
    "benchmark_nurturing": T("标杆（培育类）"),
    "future_park": T("未来产业科技园"),
    "enclave": T("科创飞地"),
    "offshore": T("离岸孵化器"),
}
STATES: dict[str, Text] = {"active": T("运行中"), "suspended": T("暂停"), "closed": T("已注销")}
# The statutory base of "创业载体" in the yearly figures; parks and accelerators stand outside it.
COUNTED_KINDS = frozenset({Kind.INCUBATOR, Kind.MAKERSPACE})
# The stages of the chain, in its order; a university park stands beside it.
CHAIN = (Kind.MAKERSPACE, Kind.INCUBATOR, Kind.ACCELERATOR, Kind.INDUSTRIAL_PARK)
# Where graduates go on to: grown companies are at home there, as long as they like.
AFTER_GRADUATION = frozenset({Kind.ACCELERATOR, Kind.INDUSTRIAL_PARK})
# How old a tenant may be when it enters, in months.
ENTRY_MONTHS = 24
# How long a tenant may stay in an incubator, in months; longer in fields that take long.
STAY_MONTHS, LONG_STAY_MONTHS = 48, 60
LONG_FIELDS = ("bio", "agriculture")
GRADUATION: dict[str, Text] = {
    "high_tech": T("认定为高新技术企业"),
    "venture": T("累计获得天使或风险投资超过500万元"),
    "revenue": T("连续2年营业收入累计超过1000万元"),
    "listed": T("被兼并、收购或在国内外资本市场挂牌、上市"),
}
# A list said that it graduated and not by what: to be stated later, with the evidence.
UNSTATED = "unstated"
GRADUATED: dict[str, Text] = {**GRADUATION, UNSTATED: T("已毕业，条件待补")}
