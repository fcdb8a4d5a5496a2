"""The registration sheet of a carrier, and whether what it says still holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from accounts.actors import PORTAL
from core import clock
from core.formats import day
from core.http import said
from core.text import T, Text
from office.services import documents
from registry.models import Application, Carrier, CarrierState
from registry.rules.registering import ITEMS, SECTIONS, Item, shown
from registry.rules.vocabulary import KINDS, Kind


@dataclass(frozen=True, slots=True)
class Check:
    """What a sheet says, and what of it is otherwise today: pairs of what and how it is now."""

    number: str
    code: str
    name: str
    operator: str
    kind: Text
    region: str
    registered_on: date
    state: str
    now: Sequence[tuple[Text, str]]

    @property
    def holds(self) -> bool:
        """Whether the carrier is in the register and running."""
        return self.state == CarrierState.ACTIVE


def address_of(found: Application) -> str:
    """Where the sheet is checked, in full."""
    return f"{settings.PUBLIC_URL}{reverse('registry:check', args=[found.check_token])}"


def sheet_of(found: Application) -> bytes:
    """The sheet of a registered application as a PDF: what was handed in, number, code, QR code."""
    carrier = _carrier_of(found)
    address = address_of(found)
    on = clock.day_of(found.ended_at) if found.ended_at else None
    return documents.render(
        "registry/sheet",
        {
            "site": settings.SITE_NAME,
            "title": said(T("创业载体登记表")),
            "name": found.name,
            "code_title": said(T("载体编号")),
            "code": carrier.code,
            "number_title": said(T("申请编号")),
            "number": found.number,
            "sections": [
                {"title": said(title), "rows": _rows(code, found)}
                for code, title in SECTIONS.items()
                if code != "evidence"
            ],
            "by": settings.SITE_SPONSOR,
            "day": said(T("登记日期 {day}", day=day(on))),
            "scan": said(T("扫码核验")),
            "note": said(T("本表为登记当日的内容。载体现在的状态以核验页为准：")),
            "address": address,
            "qr": documents.qr(address),
        },
    )


def _carrier_of(found: Application) -> Carrier:
    if found.carrier is None:
        raise ValueError(f"application {found.pk} is not registered")
    return found.carrier


def _rows(section: str, found: Application) -> list[tuple[str, str]]:
    return [
        (said(item.title), _words(item, found))
        for item in ITEMS
        if item.section == section and found.submitted.get(item.code)
    ]


def _words(item: Item, found: Application) -> str:
    text = found.submitted[item.code]
    if item.kind == "region":
        return f"{found.region.parent or ''} {found.region}".strip() if found.region else text
    if item.kind == "credit_code":
        return found.credit_code
    return f"{said(shown(item.code, text))} {said(item.unit)}".strip()


def check(token: str) -> Check | None:
    """What the sheet with this token says; None when there is none. For everybody who holds a sheet."""
    rows = Application.objects.visible_to(PORTAL).select_related("carrier__operator", "region__parent")
    found = rows.filter(check_token=token[:32]).first() if token else None
    if found is None or found.carrier is None or found.ended_at is None:
        return None
    carrier = found.carrier
    return Check(
        number=found.number,
        code=carrier.code,
        name=found.name,
        operator=found.submitted["operator_name"],
        kind=KINDS[Kind(found.submitted["kind"])],
        region=f"{found.region.parent or ''} {found.region}".strip() if found.region else "",
        registered_on=clock.day_of(found.ended_at),
        state=carrier.state,
        now=_otherwise(found, carrier),
    )


def _otherwise(found: Application, carrier: Carrier) -> list[tuple[Text, str]]:
    facts = found.submitted
    pairs = [
        (T("名称"), facts["name"], carrier.name),
        (T("运营机构"), facts["operator_name"], carrier.operator.name),
        (T("类型"), said(KINDS[Kind(facts["kind"])]), said(KINDS[Kind(carrier.kind)])),
        (T("区域"), str(found.region_id), str(carrier.region_id)),
    ]
    answer = [(title, now) for title, then, now in pairs if then != now]
    return [(title, str(carrier.region) if title.msgid == "区域" else now) for title, now in answer]
