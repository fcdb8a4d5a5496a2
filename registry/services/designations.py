"""Designations are recorded: the one door for a title that was decided, given or taken away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Region
from core import clock
from core.locks import locked
from core.problems import Problem
from core.text import T
from office.models import StoredFile
from registry.models import Carrier
from registry.models.levels import designation_terms
from registry.permissions import may_record_designation
from registry.rules import checks, designations
from registry.rules.designations import ENCLAVE, chosen
from registry.services.dating import Basis, apply, places, region_faults


@transaction.atomic
def record_designation(
    *,
    actor: Actor,
    code: str,
    designation: str,
    decided_on: date,
    basis: str,
    at: datetime,
    home_region: Region | None = None,
    host_place: str = "",
    document_number: str = "",
    batch: str = "",
    basis_file: StoredFile | None = None,
) -> Carrier:
    """From the day of the decision, with its document. `designation` is a code or the word that held on that
    day; empty takes the one away that is held. An enclave names the region for which it is kept and, beyond
    the tree of regions, its place (`host_place`).

    `Carrier.DoesNotExist` for one outside the actor's scope; `Refused` with every reason.
    """
    carrier = locked(Carrier.objects.managed_by(actor).select_related("region"), code=code)
    known, fault = chosen(designation_terms(fresh=True), designation, decided_on)
    changes: Mapping[str, Any] = {
        "designation": known,
        "home_region_id": home_region.pk if home_region else None,
        "host_place": " ".join(host_place.split()),
    }
    found = [
        *checks.basis_faults(basis, document_number, batch),
        *checks.date_faults(decided_on, clock.day_of(at)),
        *([fault] if fault else []),
        *_faults(changes, carrier, home_region, decided_on),
    ]
    if not may_record_designation(actor, carrier, known):
        found.append(
            Problem("carrier.designation_role", T("您的身份不能登记这一称号。"), field="designation")
        )
    document = Basis(basis, document_number, batch, basis_file)
    apply(actor, carrier, "carrier.designation", changes, decided_on, document, at, found)
    return carrier


def _faults(changes: Mapping[str, Any], carrier: Carrier, home: Region | None, day: date) -> list[Problem]:
    found = list(designations.place_faults(changes["host_place"]))
    if home is not None and changes["designation"] == ENCLAVE:
        found += region_faults({"home_region_id": home.pk}, day, places([home.pk]))
        found += designations.enclave_faults(changes, home_path=home.path, host_path=carrier.region.path)
    return found
