"""Carriers come into the register and change there, each time with a date and a basis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from office.models import StoredFile
from office.services import audit
from registry.models import Carrier, CarrierState, CarrierVersion, Operator
from registry.models.levels import designation_terms, level_terms
from registry.models.versions import DATED, facts_of
from registry.permissions import levels_of, may_change, may_record_level, may_register
from registry.rules import checks, designations
from registry.rules.levels import NONE, Terms, chosen
from registry.rules.spelling import initials
from registry.services.dating import PLAIN, REGIONS, Basis, apply, places, region_faults
from registry.services.numbering import codes_for

BATCH = 500
DECIDED = frozenset({"level", "designation", "home_region_id", "host_place"})
_SAME = (
    "name_en", "kind", "carrier_class", "field", "level", "designation", "operator", "region", "home_region",
    "host_place", "address", "area_total", "area_tenants", "area_public", "state", "opened_on", "listed_year",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCarrier:
    """What is known of a carrier when it is registered, from `valid_from` on. `basis` names the document;
    areas in m²; `home_region` is that of an enclave, `host_place` where it lies beyond the tree."""

    name: str
    kind: str
    carrier_class: str
    operator: Operator
    region: Region
    listed_year: int
    valid_from: date
    basis: str
    field: str = ""
    level: str = NONE
    designation: str = ""
    home_region: Region | None = None
    host_place: str = ""
    name_en: str = ""
    address: str = ""
    area_total: Decimal | None = None
    area_tenants: Decimal | None = None
    area_public: Decimal | None = None
    state: str = CarrierState.ACTIVE.value
    opened_on: date | None = None
    former_names: tuple[str, ...] = ()
    document_number: str = ""
    batch: str = ""
    basis_file: StoredFile | None = None


def register_carrier(*, actor: Actor, new: NewCarrier, at: datetime) -> Carrier:
    """One carrier, with its permanent code."""
    return register_carriers(actor=actor, new=[new], at=at)[0]


@transaction.atomic
def register_carriers(*, actor: Actor, new: Sequence[NewCarrier], at: datetime) -> list[Carrier]:
    """Carriers with their codes and first dated facts, in the order given: a few queries however many."""
    known = places(
        [pk for one in new for pk in (one.region.pk, one.home_region and one.home_region.pk) if pk]
    )
    terms = level_terms(fresh=True)
    problems = [problem for one in new for problem in _faults_of_new(actor, one, at, known, terms)]
    if problems:
        raise Refused(problems)
    codes = codes_for([one.region for one in new])
    rows = [_row(one, code, at) for one, code in zip(new, codes, strict=True)]
    Carrier.objects.bulk_create(rows, batch_size=BATCH)
    CarrierVersion.objects.bulk_create(
        [
            CarrierVersion(
                carrier=row,
                valid_from=one.valid_from,
                recorded_at=at,
                named=sorted(DATED),
                initials=row.initials,
                **Basis(one.basis, one.document_number, one.batch, one.basis_file).columns(),
                **facts_of(row),
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


def _faults_of_new(
    actor: Actor, new: NewCarrier, at: datetime, known: Mapping[int, checks.Place], terms: Terms
) -> list[Problem]:
    facts = facts_of(_row(new, "", at))
    found = list(checks.faults(carrier_class=new.carrier_class, field=new.field, basis=new.basis))
    found += checks.date_faults(new.valid_from, clock.day_of(at))
    found += checks.basis_faults("-", new.document_number, new.batch)
    found += checks.word_faults(facts)
    found += checks.area_faults(facts, DATED)
    found += checks.enclave_faults(facts, DATED)
    found += region_faults(facts, new.valid_from, known)
    found += _faults_of_designation(new)
    code, fault = chosen(terms, new.level, new.valid_from)
    if fault:
        found.append(fault)
    elif code not in levels_of(actor) and code != NONE:
        found.append(Problem("carrier.level_role", T("您的身份不能登记这一级别。"), field="level"))
    if not may_register(actor, new.region):
        found.append(Problem("carrier.role", T("您的身份不能登记此区域的载体。"), field="region"))
    return found


def _faults_of_designation(new: NewCarrier) -> Iterator[Problem]:
    _code, fault = designations.chosen(designation_terms(), new.designation, new.valid_from)
    if fault:
        yield fault
    yield from designations.place_faults(new.host_place)
    yield from designations.enclave_faults(
        {"designation": new.designation, "host_place": new.host_place},
        home_path=new.home_region.path if new.home_region else "",
        host_path=new.region.path,
    )


def _row(new: NewCarrier, code: str, at: datetime) -> Carrier:
    same = {name: getattr(new, name) for name in _SAME}
    return Carrier(
        code=code,
        name=new.name.strip(),
        initials=initials(new.name),
        updated_at=at,
        former_names=list(new.former_names),
        **same,
    )


@transaction.atomic
def change_carrier(
    *,
    actor: Actor,
    code: str,
    changes: Mapping[str, Any],
    valid_from: date,
    basis: str,
    at: datetime,
    document_number: str = "",
    batch: str = "",
    basis_file: StoredFile | None = None,
) -> Carrier:
    """Changes facts of a carrier from a day on: any of `DATED` but what is decided (`DECIDED`: the level by
    `record_level`, a designation by `record_designation`), and of `PLAIN`. Areas in m².

    `Carrier.DoesNotExist` for one outside the actor's scope; `Refused` with every reason.
    """
    carrier = locked(Carrier.objects.managed_by(actor).select_related("region"), code=code)
    strange = sorted(set(changes) - set(DATED) - set(PLAIN) | DECIDED & set(changes))
    if strange:
        raise ValueError(f"no such facts to change here: {strange}")
    changes = {**changes, **({"name": changes["name"].strip()} if "name" in changes else {})}
    document = Basis(basis, document_number, batch, basis_file)
    found = [
        *checks.basis_faults(basis, document_number, batch),
        *checks.date_faults(valid_from, clock.day_of(at)),
    ]
    found += checks.word_faults(changes)
    found += region_faults(changes, valid_from, places([v for k, v in changes.items() if k in REGIONS and v]))
    if not may_change(actor, carrier):
        found.append(Problem("carrier.role", T("您的身份不能变更此载体。")))
    apply(actor, carrier, "carrier.change", changes, valid_from, document, at, found)
    return carrier


@transaction.atomic
def record_level(
    *,
    actor: Actor,
    code: str,
    level: str,
    decided_on: date,
    basis: str,
    at: datetime,
    document_number: str = "",
    batch: str = "",
    basis_file: StoredFile | None = None,
) -> Carrier:
    """The one door for a decided level: from the day of the decision, with its document. `level` is a code,
    or the word that held on that day; another word is refused with the one that held."""
    carrier = locked(Carrier.objects.managed_by(actor).select_related("region"), code=code)
    found = list(checks.basis_faults(basis, document_number, batch)) + checks.date_faults(
        decided_on, clock.day_of(at)
    )
    known, fault = chosen(level_terms(fresh=True), level, decided_on)
    if fault:
        found.append(fault)
    if known and not may_record_level(actor, carrier, known):
        found.append(Problem("carrier.level_role", T("您的身份不能登记这一级别。"), field="level"))
    document = Basis(basis, document_number, batch, basis_file)
    apply(actor, carrier, "carrier.level", {"level": known}, decided_on, document, at, found)
    return carrier
