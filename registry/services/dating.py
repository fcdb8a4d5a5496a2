"""Writes dated facts: the rows that a change adds, the current row, and the act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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
from registry.rules.dated_rows import added_by, row_faults
from registry.rules.history import Dated, as_of, effective
from registry.rules.spelling import initials

REGIONS = ("region_id", "home_region_id")
PLAIN = ("name_en", "address", "opened_on")
BATCH = 200
_ALWAYS = ("initials", "former_names", "updated_at")


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


@dataclass(frozen=True, slots=True)
class Step:
    """One change of one locked carrier: `rows` are what was recorded of it before, `added` what the change
    adds, `changes` any of `DATED` and `PLAIN`."""

    carrier: Carrier
    action: str
    changes: Mapping[str, Any]
    valid_from: date
    basis: Basis
    rows: Sequence[Dated]
    added: Sequence[Dated]


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
    rows = dated(carrier.versions.order_by("recorded_at", "pk"))
    said = {name: value for name, value in changes.items() if name in DATED}
    added = added_by(rows, said, valid_from, facts_of(carrier), at)
    found += row_faults(added, said)
    if (key := said.get("operator_id", 0)) and not Operator.objects.filter(pk=key).exists():
        words = T("没有这个运营机构。")
        found.append(Problem("carrier.operator", words, field="operator", found=str(key)))
    if found:
        raise Refused(found)
    write_all(actor, [Step(carrier, action, changes, valid_from, basis, rows, added)], at)


def write_all(
    actor: Actor, steps: Sequence[Step], at: datetime, told: Mapping[str, Any] | None = None
) -> None:
    """Writes steps that are sound, one a carrier: a few queries however many. `told` is added to the audit
    of each."""
    CarrierVersion.objects.bulk_create(
        [row for step in steps for row in _versions(step.carrier, step.added, step.basis)], batch_size=BATCH
    )
    entries = []
    for step in steps:
        carrier = step.carrier
        before = {name: getattr(carrier, name) for name in step.changes}
        _bring_up_to_date(step, at)
        changed = {name: [_plain(before[name]), _plain(value)] for name, value in step.changes.items()}
        detail = {"valid_from": step.valid_from.isoformat(), **step.basis.told(), "changes": changed}
        entries.append(audit.Act(step.action, carrier, carrier.code, {**detail, **(told or {})}))
    named = {name.removesuffix("_id") for step in steps for name in step.changes}
    Carrier.objects.bulk_update([step.carrier for step in steps], [*_ALWAYS, *named], batch_size=BATCH)
    audit.record_all(actor=actor, acts=entries, at=at)


def _bring_up_to_date(step: Step, at: datetime) -> None:
    """The current row by what holds today: a fact of an earlier day may have been said anew since."""
    carrier, name_before = step.carrier, step.carrier.name
    everything = [*step.rows, *step.added]
    current = as_of(everything, clock.day_of(at)) if step.added else None
    for name, value in step.changes.items():
        setattr(carrier, name, current[name] if current and name in DATED else value)
    carrier.initials = initials(carrier.name)
    carrier.former_names = _former_names(carrier, name_before, everything)
    carrier.updated_at = at


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


def _former_names(carrier: Carrier, before: str, rows: Sequence[Dated]) -> list[str]:
    """Names known without a day first, then those that held before, in their order; what a correction
    replaced was never a name."""
    recorded_once = {str(row.facts["name"]) for row in rows}
    held = [str(row.facts["name"]) for row in effective(rows)]
    undated = [name for name in [*carrier.former_names, before] if name not in recorded_once]
    return [name for name in dict.fromkeys([*undated, *held]) if name != carrier.name]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, int)) else str(value)
