"""Loading forms: once, by version, never a change of one that is in use."""

from __future__ import annotations

import pytest

from core.problems import Refused
from reporting.models import Form
from reporting.services import forms
from tests.reporting.conftest import DAY, FORM, World

CHANGED = FORM.replace("title: 使用率", "title: 利用率")


def test_the_same_file_twice_is_one_form(world: World) -> None:
    assert forms.import_form(actor=world.officer, source=FORM.encode(), at=DAY) == world.form
    assert Form.objects.count() == 1


def test_a_used_version_is_not_changed_a_new_version_is_added(world: World) -> None:
    with pytest.raises(Refused) as refused:
        forms.import_form(actor=world.officer, source=CHANGED, at=DAY)
    assert refused.value.problems[0].code == "form.used"
    newer = forms.import_form(actor=world.officer, source=CHANGED.replace("version: 1", "version: 2"), at=DAY)
    assert newer.version == 2 and Form.objects.count() == 2


def test_a_version_that_nothing_uses_may_be_replaced(world: World) -> None:
    second = FORM.replace("version: 1", "version: 2")
    first = forms.import_form(actor=world.officer, source=second, at=DAY)
    again = forms.import_form(actor=world.officer, source=CHANGED.replace("version: 1", "version: 2"), at=DAY)
    assert again.pk == first.pk and again.digest != first.digest


def test_a_kind_that_does_not_exist_is_named(world: World) -> None:
    text = FORM.replace("version: 1", "version: 3").replace("kinds: [incubator]", "kinds: [incubator, farm]")
    with pytest.raises(Refused) as refused:
        forms.import_form(actor=world.officer, source=text, at=DAY)
    assert [(p.place, p.found) for p in refused.value.problems] == [("kinds[1]", "farm")]


def test_a_form_whose_own_case_comes_out_otherwise_is_not_loaded(world: World) -> None:
    tests = "tests: {year: 2025, values: {area_total: 100}, cases: [{name: 空, expect: [K1]}, {name: 好}]}\n"
    with pytest.raises(Refused) as refused:
        forms.import_form(
            actor=world.officer, source=FORM.replace("version: 1", "version: 3") + tests, at=DAY
        )
    assert [(p.code, p.place, p.found, p.allowed) for p in refused.value.problems] == [
        ("form.test", "tests.cases[0]", "没有问题", "K1")
    ]
    assert not Form.objects.filter(version=3).exists()
