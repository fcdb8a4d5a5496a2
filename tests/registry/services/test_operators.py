"""One row a legal person."""

from __future__ import annotations

import pytest

from core.problems import Refused
from registry.models import Operator
from registry.services.operators import register_operator
from tests.registry.world import AT, World, credit_code


def test_an_operator_is_kept_once_by_its_credit_code(world: World) -> None:
    code = credit_code(50)
    actor = world.people["county"]
    made = register_operator(
        actor=actor, credit_code=f" {code[:8].lower()} {code[8:]} ", name="甲公司", at=AT
    )
    again = register_operator(actor=actor, credit_code=code, name="乙公司", at=AT)
    assert (made.pk, again.name, made.credit_code) == (again.pk, "甲公司", code)


def test_a_wrong_check_character_and_a_missing_name_are_both_told(world: World) -> None:
    code = credit_code(50)
    wrong = code[:-1] + ("1" if code[-1] != "1" else "2")
    before = Operator.objects.count()
    with pytest.raises(Refused) as refusal:
        register_operator(actor=world.people["county"], credit_code=wrong, name=" ", at=AT)
    assert [problem.field for problem in refusal.value.problems] == ["credit_code", "name"]
    assert Operator.objects.count() == before
