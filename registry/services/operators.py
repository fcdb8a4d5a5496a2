"""Operators by credit code: one row a legal person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from core import identifiers
from core.problems import Problem, Refused
from core.text import T
from office.services import audit
from registry.models import Operator


@transaction.atomic
def register_operator(
    *,
    actor: Actor,
    credit_code: str,
    name: str,
    at: datetime,
    address: str = "",
    contact: str = "",
    phone: str = "",
) -> Operator:
    """A new operator, or the one that has this credit code already (its facts are not touched)."""
    code = identifiers.credit_code(credit_code)
    fault = identifiers.credit_code_fault(code)
    found = (
        [Problem(fault[0], fault[1], field="credit_code", found=credit_code, fix=fault[2])] if fault else []
    )
    if not name.strip():
        found.append(Problem("operator.name", T("请填写运营机构名称。"), field="name"))
    if found:
        raise Refused(found)
    operator, made = Operator.objects.get_or_create(
        credit_code=code,
        defaults={"name": name.strip(), "address": address, "contact": contact, "phone": phone},
    )
    if made:
        audit.record(actor=actor, action="operator.register", on=operator, key=code, at=at)
    return operator
