"""What the facts of the register must look like, whoever records them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from core.problems import Problem
from core.text import T
from registry.rules.vocabulary import GRADUATION, CarrierClass


def faults(*, carrier_class: str, field: str, basis: str) -> Iterator[Problem]:
    """A specialised carrier names its field; every change names its document."""
    if carrier_class == CarrierClass.SPECIALISED and not field:
        yield Problem("carrier.field", T("专业载体须填写技术领域。"), field="field")
    yield from basis_faults(basis)


def basis_faults(basis: str) -> Iterator[Problem]:
    if not basis.strip():
        yield Problem("carrier.basis", T("请填写依据（文件名称、文号）。"), field="basis")


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
