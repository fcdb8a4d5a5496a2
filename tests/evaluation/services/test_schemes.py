"""Schemes are loaded whole or not at all, and what is loaded never changes. Facts rest on documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from core.problems import Problem, Refused
from evaluation.models import CarrierFact, Scheme
from evaluation.queries import definition
from evaluation.rules.scheme import leaves_of
from evaluation.rules.scheme_load import load_scheme
from evaluation.services.facts import record_fact, revoke_fact
from evaluation.services.schemes import import_scheme
from registry.models import Carrier
from tests.evaluation.world import AT, SCHEME, YEAR, World, form

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((ROOT / "evaluation" / "schemes").glob("*.yaml"))


def load(world: World, source: str | bytes, **more: Any) -> Scheme:
    return import_scheme(**{"actor": world.officer, "source": source, "region": world.root, "at": AT, **more})


def problems_of(act: Callable[[], Any]) -> tuple[Problem, ...]:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.problems


def test_the_same_file_again_changes_nothing(world: World) -> None:
    assert load(world, SCHEME).pk == world.scheme.pk
    assert load(world, SCHEME + "\n# 注\n").pk == world.scheme.pk


def test_a_loaded_version_is_never_edited(world: World) -> None:
    (problem,) = problems_of(lambda: load(world, SCHEME.replace("label: 优秀", "label: 卓越")))
    assert (problem.code, problem.place) == ("scheme.version", "version")
    assert Scheme.objects.get().source == SCHEME


def test_every_fault_is_told_with_its_path_and_nothing_is_loaded(world: World) -> None:
    bad = (
        SCHEME.replace("version: 1", "version: 2")
        .replace("value: density", "value: densty")
        .replace("growth(area, prev.area)", "growth(area, prev.aera)")
        .replace("when: accident", "when: accidents")
        .replace("tie_break: [A1]", "tie_break: [A9]")
    )
    assert [problem.place for problem in problems_of(lambda: load(world, bad))] == [
        "grading.tie_break[0]",
        "indicators[0].items[1].value",
        "indicators[0].items[2].value",
        "grading.ceilings[0].when",
    ]
    assert Scheme.objects.count() == 1


def test_operands_of_the_wrong_type_are_faults(world: World) -> None:
    bad = SCHEME.replace("version: 1", "version: 2").replace("value: area", "value: kind + 1")
    assert problems_of(lambda: load(world, bad))[0].place == "indicators[0].items[0].value"


def test_a_scheme_names_a_form_that_is_there(world: World) -> None:
    without = SCHEME.replace("form: small-annual\n", "").replace("tie_break: [A1]", "tie_break: [A9]")
    assert [p.place for p in problems_of(lambda: load(world, without))] == ["form", "grading.tie_break[0]"]
    unknown = SCHEME.replace("form: small-annual", "form: other-annual")
    assert [p.place for p in problems_of(lambda: load(world, unknown))] == ["form"]
    assert problems_of(lambda: load(world, b"\xff\xfe"))
    assert problems_of(lambda: load(world, "- 1"))


def test_a_scheme_may_name_facts_of_its_own(world: World) -> None:
    own = SCHEME.replace("version: 1", "version: 2").replace("[accident]", "[accident, flood]")
    scheme = load(world, own.replace("when: accident", "when: accident or flood"))
    assert definition(scheme).facts == ("accident", "flood")
    fact = record(world, name="flood", value="否")
    assert fact.value == "false"


def test_only_the_province_loads_schemes(world: World) -> None:
    for name, actor in world.everyone():
        if name not in ("officer", "second"):
            assert problems_of(lambda actor=actor: load(world, SCHEME, actor=actor))[0].code == (
                "permission_denied"
            )


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_the_schemes_that_come_with_the_portal_load_against_their_forms(world: World, path: Path) -> None:
    scheme = load_scheme(path.read_bytes())
    form((ROOT / "reporting" / "forms" / f"{scheme.form}.yaml").read_text())
    assert load(world, path.read_bytes()).title.endswith("示范）")


@pytest.mark.parametrize("name", ["incubator-comprehensive", "incubator-specialised"])
def test_the_incubators_schemes_weigh_as_they_say(name: str) -> None:
    scheme = load_scheme((ROOT / "evaluation" / "schemes" / f"{name}.yaml").read_bytes())
    parts = {node.code: sum(leaf.full for leaf in leaves_of((node,))) for node in scheme.indicators}
    assert parts == {"S": 30, "P": 55, "D": 15}
    assert scheme.bonus.cap == 5
    assert sum(leaf.rule.type == "expert" for leaf in scheme.leaves) == 2


def test_the_command_loads_a_file_or_tells_its_faults(world: World, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(SCHEME.replace("version: 1", "version: 7"))
    bad.write_text(SCHEME.replace("version: 1", "version: 8").replace("full: 100", "full: 99"))
    out, err = StringIO(), StringIO()
    call_command("import_scheme", good, "--region", "990000", stdout=out)
    assert "small v7 sha256:" in out.getvalue()
    for file, more in ((bad, []), (tmp_path / "none.yaml", []), (good, ["--region", "1"])):
        with pytest.raises(SystemExit) as left:
            call_command("import_scheme", file, *more, stderr=err)
        assert left.value.code == 1
    assert "full：" in err.getvalue()
    assert Scheme.objects.count() == 2


# Facts.


def record(world: World, **more: Any) -> CarrierFact:
    fields = {
        "actor": world.county, "carrier_code": "FH-1", "year": YEAR, "name": "accident", "value": "是",
        "document": "事故通报〔2025〕1号", "document_date": AT.date(), "at": AT,
    }  # fmt: skip
    return record_fact(**{**fields, **more})


@pytest.mark.parametrize(
    ("name", "value", "kept"),
    [
        ("accident", "是", "true"),
        ("accident", "false", "false"),
        ("upstream", " A ", "A"),
        ("awards", "3", "3"),
    ],
)
def test_a_fact_is_kept_exactly(world: World, name: str, value: str, kept: str) -> None:
    assert record(world, name=name, value=value).value == kept


def test_everything_wrong_with_a_fact_is_told_at_once(world: World) -> None:
    found = problems_of(
        lambda: record(
            world, name="weather", value="", year=1999, document="", document_date=AT.date() + timedelta(1)
        )
    )
    assert [problem.code for problem in found] == [
        "fact.value", "fact.name", "fact.year", "fact.document", "fact.document_date",
    ]  # fmt: skip
    assert [p.code for p in problems_of(lambda: record(world, value="也许"))] == ["fact.value"]
    assert [p.code for p in problems_of(lambda: record(world, name="awards", value="三"))] == ["fact.value"]


def test_a_fact_in_force_is_revoked_before_it_is_recorded_anew(world: World) -> None:
    first = record(world)
    assert [p.code for p in problems_of(lambda: record(world, value="否"))] == ["fact.twice"]
    assert [
        p.code
        for p in problems_of(lambda: revoke_fact(actor=world.county, fact_id=first.pk, because="", at=AT))
    ] == ["fact.reason"]
    revoke_fact(actor=world.county, fact_id=first.pk, because="认定有误", at=AT)
    assert [
        p.code
        for p in problems_of(
            lambda: revoke_fact(actor=world.county, fact_id=first.pk, because="认定有误", at=AT)
        )
    ] == ["fact.revoked"]
    assert record(world, value="否").value == "false"


def test_facts_are_recorded_within_the_scope_alone(world: World) -> None:
    with pytest.raises(Carrier.DoesNotExist):
        record(world, actor=world.other_county)
    for name in ("staff", "expert", "finance", "editor", "auditor"):
        found = problems_of(lambda name=name: record(world, actor=getattr(world, name)))
        assert found[0].code == "permission_denied"
    assert not CarrierFact.objects.exists()
    fact = record(world)
    with pytest.raises(CarrierFact.DoesNotExist):
        revoke_fact(actor=world.other_county, fact_id=fact.pk, because="不是我的", at=AT)
    seen = {name for name, actor in world.everyone() if CarrierFact.objects.visible_to(actor).exists()}
    assert seen == {"officer", "second", "auditor", "city", "county", "staff"}
