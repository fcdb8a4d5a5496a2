"""Carriers come into the register and change there, each time with a date and a basis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.services import audit
from registry.models import Carrier, CarrierVersion, Operator
from registry.permissions import may_change, may_record_level, may_register
from registry.rules import checks
from registry.rules.history import Dated, as_of, recorded
from registry.rules.spelling import initials
from registry.rules.vocabulary import Level
from registry.services.numbering import codes_for

DATED = ("name", "kind", "carrier_class", "field", "level", "designation", "operator_id", "region_id")
PLAIN = ("name_en", "address", "area_total", "opened_on")
BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCarrier:
    """What is known of a carrier when it is registered. `basis` names the document, from `valid_from` on."""

    name: str
    kind: str
    carrier_class: str
    operator: Operator
    region: Region
    listed_year: int
    valid_from: date
    basis: str
    field: str = ""
    level: str = Level.NONE.value
    designation: str = ""
    name_en: str = ""
    address: str = ""
    area_total: Decimal | None = None
    opened_on: date | None = None
    former_names: tuple[str, ...] = ()


def register_carrier(*, actor: Actor, new: NewCarrier, at: datetime) -> Carrier:
    """One carrier, with its permanent code."""
    return register_carriers(actor=actor, new=[new], at=at)[0]


@transaction.atomic
def register_carriers(*, actor: Actor, new: Sequence[NewCarrier], at: datetime) -> list[Carrier]:
    """Carriers with their codes and first dated facts, in the order given: a few queries however many."""
    problems = [problem for one in new for problem in _faults_of_new(actor, one, clock.day_of(at))]
    if problems:
        raise Refused(problems)
    codes = codes_for([one.region for one in new])
    rows = [_row(one, code, at) for one, code in zip(new, codes, strict=True)]
    Carrier.objects.bulk_create(rows, batch_size=BATCH)
    CarrierVersion.objects.bulk_create(
        [
            CarrierVersion(
                carrier=row, valid_from=one.valid_from, recorded_at=at, basis=one.basis, **_facts(row)
            )
            for row, one in zip(rows, new, strict=True)
        ],
        batch_size=BATCH,
    )
    for row in rows[:1]:
        key = row.code if len(rows) == 1 else f"{row.code}…{rows[-1].code}"
        detail = {"count": len(rows), "name": row.name, "basis": new[0].basis}
        audit.record(
            actor=actor, action="carrier.register", on="registry.carrier", key=key, at=at, detail=detail
        )
    return rows


def _faults_of_new(actor: Actor, new: NewCarrier, today: date) -> list[Problem]:
    found = list(checks.faults(carrier_class=new.carrier_class, field=new.field, basis=new.basis))
    found += checks.date_faults(new.valid_from, today)
    if not new.name.strip():
        found.append(Problem("carrier.name", T("请填写载体名称。"), field="name"))
    if not may_register(actor, new.region):
        found.append(Problem("carrier.role", T("您的身份不能登记此区域的载体。"), field="region"))
    return found


def _row(new: NewCarrier, code: str, at: datetime) -> Carrier:
    return Carrier(
        code=code,
        name=new.name.strip(),
        name_en=new.name_en,
        former_names=list(new.former_names),
        initials=initials(new.name),
        kind=new.kind,
        carrier_class=new.carrier_class,
        field=new.field,
        level=new.level,
        designation=new.designation,
        operator=new.operator,
        region=new.region,
        address=new.address,
        area_total=new.area_total,
        opened_on=new.opened_on,
        listed_year=new.listed_year,
        updated_at=at,
    )


def _facts(row: Carrier | CarrierVersion) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DATED}


@transaction.atomic
def change_carrier(
    *,
    actor: Actor,
    code: str,
    changes: Mapping[str, Any],
    valid_from: date,
    basis: str,
    at: datetime,
) -> Carrier:
    """Changes facts of a carrier from a day on: any of `DATED` but the level, and of `PLAIN`.

    `Carrier.DoesNotExist` for one outside the actor's scope; `Refused` with every reason.
    """
    carrier = locked(Carrier.objects.managed_by(actor).select_related("region"), code=code)
    strange = sorted(set(changes) - set(DATED) - set(PLAIN) | {"level"} & set(changes))
    if strange:
        raise ValueError(f"no such facts to change here: {strange}")
    found = list(
        checks.faults(
            carrier_class=changes.get("carrier_class", carrier.carrier_class),
            field=changes.get("field", carrier.field),
            basis=basis,
        )
    )
    found += checks.date_faults(valid_from, clock.day_of(at))
    if not may_change(actor, carrier):
        found.append(Problem("carrier.role", T("您的身份不能变更此载体。")))
    if found:
        raise Refused(found)
    _apply(actor, carrier, "carrier.change", changes, valid_from, basis, at)
    return carrier


@transaction.atomic
def record_level(
    *, actor: Actor, code: str, level: str, decided_on: date, basis: str, at: datetime
) -> Carrier:
    """The one door for a decided level: from the day of the decision, with its document."""
    carrier = locked(Carrier.objects.managed_by(actor).select_related("region"), code=code)
    found = list(checks.basis_faults(basis)) + checks.date_faults(decided_on, clock.day_of(at))
    if level not in list(Level):
        found.append(Problem("carrier.level", T("没有这个级别。"), field="level", found=level))
    elif not may_record_level(actor, carrier, level):
        found.append(Problem("carrier.level_role", T("您的身份不能登记这一级别。"), field="level"))
    if found:
        raise Refused(found)
    _apply(actor, carrier, "carrier.level", {"level": level}, decided_on, basis, at)
    return carrier


def _apply(
    actor: Actor,
    carrier: Carrier,
    action: str,
    changes: Mapping[str, Any],
    valid_from: date,
    basis: str,
    at: datetime,
) -> None:
    """Adds the dated rows, brings the current row up to today, writes the act down."""
    before = {name: getattr(carrier, name) for name in (*DATED, *PLAIN)}
    dated = {name: value for name, value in changes.items() if name in DATED}
    if dated:
        rows = [Dated(row.valid_from, row.recorded_at, _facts(row)) for row in carrier.versions.all()]
        added = recorded(rows, valid_from=valid_from, changes=dated, at=at, otherwise=_facts(carrier))
        CarrierVersion.objects.bulk_create(
            CarrierVersion(
                carrier=carrier, valid_from=row.valid_from, recorded_at=at, basis=basis, **dict(row.facts)
            )
            for row in added
        )
        for name, value in (as_of([*rows, *added], clock.day_of(at)) or {}).items():
            setattr(carrier, name, value)
    for name in set(changes) & set(PLAIN):
        setattr(carrier, name, changes[name])
    if carrier.name != before["name"]:
        carrier.initials = initials(carrier.name)
        carrier.former_names = [n for n in carrier.former_names if n != carrier.name] + [before["name"]]
    carrier.updated_at = at
    carrier.save()
    detail = {
        "valid_from": valid_from.isoformat(),
        "basis": basis,
        "changes": {name: [_plain(before[name]), _plain(value)] for name, value in changes.items()},
    }
    audit.record(actor=actor, action=action, on=carrier, key=carrier.code, at=at, detail=detail)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int)) else str(value)
