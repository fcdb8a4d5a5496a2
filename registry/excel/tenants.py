"""Tenants as a list: one line a body, with what its stays in one's scope say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from accounts.actors import Actor
from core import clock
from core.columns import ColumnType, Value
from core.http import said
from core.text import T
from registry.permissions import may_export_tenants
from registry.queries import tenants as queries
from registry.queries.listed import Listed, Reader, Shown, filter_words, one
from registry.queries.tenant_lines import StayLine, TenantLine, reader, values_of
from registry.rules.desk_lists import TenantsAsked

LABELS = {"q": T("企业名称或信用代码"), "carrier": T("载体编号"), "standing": T("入驻状态")}
_DATE, _INTEGER = ColumnType.DATE, ColumnType.INTEGER


def _of_carrier(name: str) -> Callable[[TenantLine], Value | None]:
    """What the carrier of the latest stay is."""
    return attrgetter(f"latest.carrier.{name}")


def _told(stay: StayLine) -> str:
    return f"{stay.carrier.name} {stay.entered} – {stay.ended or stay.standing}"


def _evidence(line: TenantLine) -> str:
    if not line.latest.graduated_by:
        return ""
    return said(T("有")) if line.latest.evidence else said(T("缺"))


COLUMNS: tuple[Shown, ...] = (
    one("name", T("名称"), attrgetter("name"), kind="long", sort=("name",), fixed=True),
    one("credit_code", T("信用代码"), attrgetter("credit_code"), kind="code", sort=("credit_code",)),
    one("field", T("技术领域"), attrgetter("field"), sort=("field",)),
    one("founded", T("成立日期"), attrgetter("founded"), _DATE, sort=("founded",)),
    one(
        "high_tech_since", T("认定高企日期"), attrgetter("high_tech_since"), _DATE,
        sort=("high_tech_since",), hidden=True,
    ),
    one("stays", T("入驻载体"), lambda line: "；".join(map(_told, line.stays)), kind="stays"),
    one("findings", T("疑点"), lambda line: "、".join(kind for _, kind in line.findings), kind="findings"),
    one("standing", T("入驻状态"), attrgetter("standing"), hidden=True),
    one("carrier", T("最近入驻的载体"), _of_carrier("name"), kind="long", hidden=True),
    one("carrier_code", T("载体编号"), _of_carrier("code"), kind="code", hidden=True),
    one("kind", T("载体类型"), _of_carrier("kind"), hidden=True),
    one("carrier_class", T("载体类别"), _of_carrier("carrier_class"), hidden=True),
    one("carrier_field", T("载体技术领域"), _of_carrier("field"), hidden=True),
    one("level", T("载体级别"), _of_carrier("level"), hidden=True),
    one("state", T("载体状态"), _of_carrier("state"), hidden=True),
    one("city", T("设区市"), _of_carrier("city"), hidden=True),
    one("region", T("区域"), _of_carrier("region"), hidden=True),
    one("operator", T("运营机构"), _of_carrier("operator"), kind="long", hidden=True),
    one("entered", T("入驻日期"), attrgetter("latest.entered"), _DATE, hidden=True),
    one("ended", T("离开日期"), attrgetter("latest.ended"), _DATE, hidden=True),
    one("months", T("入驻月数"), attrgetter("months"), _INTEGER, kind="num", hidden=True),
    one("graduated_by", T("毕业条件"), attrgetter("latest.graduated_by"), kind="long", hidden=True),
    one("evidence", T("毕业证明材料"), _evidence, hidden=True),
    one(
        "first_entered", T("首次入驻日期"), lambda line: line.stays[0].entered if line.stays else None,
        _DATE, hidden=True,
    ),
    one("count", T("入驻次数"), lambda line: len(line.stays), _INTEGER, kind="num", hidden=True),
)  # fmt: skip


def _rows(actor: Actor, asked: TenantsAsked, _at: datetime) -> QuerySet[Any]:
    found = queries.tenants(actor, q=asked.q, carrier=asked.carrier, standing=asked.standing)
    return values_of(found)


def _reader(actor: Actor, _asked: TenantsAsked, at: datetime) -> Reader:
    return reader(actor, clock.day_of(at))


def _columns(_asked: TenantsAsked) -> Sequence[Shown]:
    return COLUMNS


TENANTS = Listed(
    name="tenants",
    title=T("在孵企业"),
    action="tenant",
    may=lambda actor, _asked: may_export_tenants(actor),
    read=lambda params, _at: TenantsAsked.read(params),
    columns=_columns,
    rows=_rows,
    reader=_reader,
    words=lambda asked: filter_words(asked, LABELS, TenantsAsked.CHOICES),
)
