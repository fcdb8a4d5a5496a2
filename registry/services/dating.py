"""Writes dated facts: the rows that a change adds, the current row, and the act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from core.problems import Problem, Refused
from core.text import T
from office.models import StoredFile
from office.services import audit
from registry.models import Carrier, CarrierVersion, Operator
from registry.models.versions import DATED, dated, facts_of
from registry.rules import checks
from registry.rules.history import Dated, as_of, effective, recorded
from registry.rules.spelling import initials

REGIONS = ("region_id", "home_region_id")
PLAIN = ("name_en", "address", "opened_on")


@dataclass(frozen=True, slots=True)
class Basis:
    """The document that says a fact: its words, its number, the batch of a list, the file itself."""

    words: str
    document_number: str = ""
    batch: str = ""
    file: StoredFile | None = None

    def columns(self) -> dict[str, Any]:
        return {
            "basis": self.words,
            "document_number": self.document_number,
            "batch": self.batch,
            "basis_file": self.file,
        }

    def told(self) -> dict[str, str]:
        """For the audit; what is not given is left out."""
        known = {"document_number": self.document_number, "batch": self.batch}
        known["file"] = str(self.file.pk) if self.file else ""
        return {"basis": self.words, **{name: value for name, value in known.items() if value}}


def places(keys: Sequence[int]) -> dict[int, checks.Place]:
    """What the rules ask of regions: one query, none where none is named."""
    if not keys:
        return {}
    return {
        row.pk: checks.Place(
            row.name,
            row.valid_from,
            row.valid_to,
            f"{row.replaced_by.name}（{row.replaced_by.code}）" if row.replaced_by else "",
        )
        for row in Region.objects.filter(pk__in=set(keys)).select_related("replaced_by")
    }


def region_faults(
    facts: Mapping[str, Any], day: date, known: Mapping[int, checks.Place]
) -> Iterator[Problem]:
    """Of the regions that the facts name: those that are none, and those that are not there on the day."""
    for name in REGIONS:
        key, field = facts.get(name), name.removesuffix("_id")
        if key is not None and key in known:
            yield from checks.region_faults(known[key], day, field)
        elif key is not None or (name == "region_id" and name in facts):
            yield Problem("carrier.region", T("没有这个区域。"), field=field, found=str(key))


def apply(
    actor: Actor,
    carrier: Carrier,
    action: str,
    changes: Mapping[str, Any],
    valid_from: date,
    basis: Basis,
    at: datetime,
    found: list[Problem],
) -> None:
    """Adds the dated rows, brings the current row up to today, writes the act down; `Refused` with what was
    `found` before and what the rows would break, and then nothing is written. The carrier is locked."""
    before = {name: getattr(carrier, name) for name in (*DATED, *PLAIN)}
    versions = list(carrier.versions.order_by("recorded_at", "pk"))
    rows = dated(versions)
    # Whoever comes later under the lock holds, also within one instant and after a clock that was ahead.
    stamp = max([at, *(row.recorded_at + timedelta(microseconds=1) for row in versions)])
    said = {name: value for name, value in changes.items() if name in DATED}
    added: list[Dated] = []
    if said:
        added = recorded(rows, valid_from=valid_from, changes=said, at=stamp, otherwise=facts_of(carrier))
    found += _faults_of_rows(added, said)
    if found:
        raise Refused(found)
    CarrierVersion.objects.bulk_create(_versions(carrier, added, basis))
    current = as_of([*rows, *added], clock.day_of(at)) if added else None
    for name, value in changes.items():  # a fact of an earlier day may have been said anew since
        setattr(carrier, name, current[name] if current and name in DATED else value)
    carrier.initials = initials(carrier.name)
    carrier.former_names = _former_names(carrier, before["name"], [*rows, *added])
    carrier.updated_at = at
    carrier.save()
    told = {name: [_plain(before[name]), _plain(value)] for name, value in changes.items()}
    detail = {"valid_from": valid_from.isoformat(), **basis.told(), "changes": told}
    audit.record(actor=actor, action=action, on=carrier, key=carrier.code, at=at, detail=detail)


def _versions(carrier: Carrier, added: Sequence[Dated], basis: Basis) -> Iterator[CarrierVersion]:
    for row in added:
        facts: dict[str, Any] = dict(row.facts)
        yield CarrierVersion(
            carrier=carrier,
            valid_from=row.valid_from,
            recorded_at=row.recorded_at,
            named=sorted(row.named),
            initials=initials(facts["name"]),
            **basis.columns(),
            **facts,
        )


def _faults_of_rows(added: Sequence[Dated], said: Mapping[str, Any]) -> list[Problem]:
    """What the facts together must keep, on the day of the change and on each later day into which it goes
    on; each fault once, with the first day that breaks it."""
    found: dict[tuple[str, str], Problem] = {}
    for row in added:
        facts = row.facts
        problems = [*checks.area_faults(facts, said), *checks.enclave_faults(facts, said)]
        if {"carrier_class", "field"} & set(said):
            problems += checks.class_faults(str(facts["carrier_class"]), str(facts["field"]))
        for problem in problems:
            place = "" if row is added[0] else row.valid_from.isoformat()
            found.setdefault((problem.code, problem.field), replace(problem, place=place))
    if (key := said.get("operator_id", 0)) and not Operator.objects.filter(pk=key).exists():
        found["operator", ""] = Problem(
            "carrier.operator", T("没有这个运营机构。"), field="operator", found=str(key)
        )
    return list(found.values())


def _former_names(carrier: Carrier, before: str, rows: Sequence[Dated]) -> list[str]:
    """Names known without a day first, then those that held before, in their order; what a correction
    replaced was never a name."""
    recorded_once = {str(row.facts["name"]) for row in rows}
    held = [str(row.facts["name"]) for row in effective(rows)]
    undated = [name for name in [*carrier.former_names, before] if name not in recorded_once]
    return [name for name in dict.fromkeys([*undated, *held]) if name != carrier.name]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int)) else str(value)
