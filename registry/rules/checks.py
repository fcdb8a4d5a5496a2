"""What the facts of the register must look like, whoever records them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.problems import Problem
from core.text import T, Text
from registry.rules.designations import ENCLAVE
from registry.rules.vocabulary import CLASSES, FIELDS, GRADUATION, KINDS, STATES, CarrierClass

WORDS: dict[str, frozenset[str]] = {
    "kind": frozenset(str(code) for code in KINDS),
    "carrier_class": frozenset(str(code) for code in CLASSES),
    "field": frozenset({"", *FIELDS}),
    "state": frozenset(STATES),
}
AREAS: dict[str, Text] = {
    "area_total": T("场地面积"),
    "area_tenants": T("在孵企业使用面积"),
    "area_public": T("公共服务面积"),
}
MOST_AREA = Decimal(10) ** 9  # m²


@dataclass(frozen=True, slots=True)
class Place:
    """What a region says of its days; `successor` is the name and code of the one that goes on for it."""

    name: str
    valid_from: date | None
    valid_to: date | None
    successor: str = ""


def faults(*, carrier_class: str, field: str, basis: str) -> Iterator[Problem]:
    """A specialised carrier names its field; every change names its document."""
    yield from class_faults(carrier_class, field)
    yield from basis_faults(basis)


def class_faults(carrier_class: str, field: str) -> Iterator[Problem]:
    if carrier_class == CarrierClass.SPECIALISED and not field:
        yield Problem("carrier.field", T("专业载体须填写技术领域。"), field="field")


def word_faults(facts: Mapping[str, Any]) -> Iterator[Problem]:
    """Coded facts that no vocabulary has."""
    for name, allowed in WORDS.items():
        if name in facts and facts[name] not in allowed:
            words = "、".join(sorted(one for one in allowed if one))
            yield Problem(
                f"carrier.{name}", T("没有这个选项。"), field=name, found=str(facts[name]), allowed=words
            )
    if "name" in facts and not str(facts["name"]).strip():
        yield Problem("carrier.name", T("请填写载体名称。"), field="name")


def area_faults(facts: Mapping[str, Any], named: Iterable[str]) -> Iterator[Problem]:
    """Areas in m²: none below zero, and the parts that tenants use and that are public within the total. Only
    what a change names is asked."""
    if not set(named) & set(AREAS):
        return
    known = {name: facts.get(name) for name in AREAS}
    wrong = [name for name, value in known.items() if value is not None and not _is_area(Decimal(value))]
    for name in wrong:
        yield Problem(
            "carrier.area",
            T("{what}应为 0 或以上的数，最多两位小数（m²）。", what=AREAS[name]),
            field=name,
            found=str(known[name]),
        )
    total, parts = known["area_total"], [known["area_tenants"] or 0, known["area_public"] or 0]
    if wrong or not any(parts):
        return
    if total is None:
        yield Problem("carrier.area_total", T("填写了使用面积，须同时填写场地面积。"), field="area_total")
    elif sum(parts) > total:
        yield Problem(
            "carrier.area_parts",
            T(
                "在孵企业使用面积与公共服务面积之和 {sum} m² 大于场地面积 {total} m²。",
                sum=sum(parts),
                total=total,
            ),
            field="area_total",
            fix=T("请核对三个面积。"),
        )  # fmt: skip


def _is_area(value: Decimal) -> bool:
    return value.is_finite() and 0 <= value < MOST_AREA and value == round(value, 2)


def enclave_faults(facts: Mapping[str, Any], named: Iterable[str]) -> Iterator[Problem]:
    """An enclave (科创飞地) names the region whose enclave it is, and nothing else does."""
    if not set(named) & {"designation", "home_region_id", "host_place"}:
        return
    is_enclave, home = facts.get("designation") == ENCLAVE, facts.get("home_region_id")
    if is_enclave and home is None:
        yield Problem("carrier.home_region", T("科创飞地须填写派出地。"), field="home_region")
    if not is_enclave and home is not None:
        yield Problem("carrier.home_region", T("只有科创飞地填写派出地。"), field="home_region")
    if not is_enclave and facts.get("host_place"):
        yield Problem("carrier.host_place", T("只有科创飞地填写省外所在地。"), field="host_place")


def region_faults(place: Place, day: date, field: str = "region") -> Iterator[Problem]:
    """A code that has ended, or has not begun, on the day names no place."""
    if place.valid_to and place.valid_to < day:
        known = {"name": place.name, "last": place.valid_to.isoformat(), "successor": place.successor}
        words = T("区域“{name}”已于 {last} 撤销。请选择现行区域。", **known)
        if place.successor:
            words = T("区域“{name}”已于 {last} 撤销，由“{successor}”接续。请选择“{successor}”。", **known)
        yield Problem("carrier.region_ended", words, field=field, found=place.name, allowed=place.successor)
    if place.valid_from and day < place.valid_from:
        yield Problem(
            "carrier.region_not_begun",
            T("区域“{name}”自 {first} 起设立，{day} 还没有。", name=place.name,
              first=place.valid_from.isoformat(), day=day.isoformat()),
            field=field,
            found=place.name,
        )  # fmt: skip


def basis_faults(basis: str, number: str = "", batch: str = "") -> Iterator[Problem]:
    """A document is named; its number and batch where it has them."""
    if not basis.strip():
        yield Problem("carrier.basis", T("请填写依据（文件名称、文号）。"), field="basis")
    for field, text, most in (("basis", basis, 200), ("document_number", number, 60), ("batch", batch, 60)):
        if len(text) > most:
            yield Problem("carrier.basis_long", T("最多 {most} 个字。", most=most), field=field)


def date_faults(day: date, today: date, field: str = "valid_from") -> list[Problem]:
    """What the register records has happened."""
    if day > today:
        return [
            Problem(
                "date.future",
                T("日期不能晚于今天。"),
                field=field,
                found=day.isoformat(),
                allowed=T("{day} 或更早", day=today.isoformat()),
                fix=T("请核对日期。"),
            )
        ]
    return []


def stay_faults(*, founded: date | None, entered: date, today: date) -> list[Problem]:
    """Nobody enters before being founded, nor after today."""
    found = date_faults(entered, today, "entered")
    if founded and entered < founded:
        found.append(
            Problem(
                "stay.founded",
                T("入驻日期早于成立日期 {day}。", day=founded.isoformat()),
                field="entered",
                found=entered.isoformat(),
                fix=T("请核对两个日期。"),
            )
        )
    return found


def graduation_faults(
    graduated_by: str, ended: date, today: date, *, has_evidence: bool
) -> Iterator[Problem]:
    """One of the four conditions, or none for who only left. The evidence is at hand in the year of the
    graduation; of earlier years it may come later."""
    if not graduated_by:
        if has_evidence:
            yield Problem(
                "stay.evidence_of_what",
                T("上传了证明材料，没有选择毕业条件。"),
                field="graduated_by",
                fix=T("请选择毕业条件，或去掉文件。"),
            )
    elif graduated_by not in GRADUATION:
        yield Problem("stay.graduation", T("没有这个毕业条件。"), field="graduated_by")
    elif not has_evidence and ended.year >= today.year:
        yield Problem(
            "stay.evidence",
            T("本年度毕业的，请上传符合毕业条件的证明材料。"),
            field="evidence",
            allowed=T("PDF、PNG 或 JPEG 文件"),
        )
