"""Policies are loaded whole or not at all, and never edited."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from core.problems import Refused
from funding.models import Policy
from funding.services.policies import import_policy
from office.models import AuditEntry
from tests.funding.world import AT, POLICY, World

SHIPPED = Path(__file__).resolve().parents[3] / "funding" / "policies" / "province-operating.yaml"


def places(world: World, source: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        world.load(source)
    return [problem.place for problem in refused.value.problems]


def test_the_same_file_again_changes_nothing(world: World) -> None:
    again = world.load(POLICY)
    assert again == world.policy
    assert Policy.objects.count() == 1
    assert AuditEntry.objects.filter(action="policy.import").count() == 1


def test_a_loaded_version_is_never_replaced(world: World) -> None:
    assert places(world, POLICY.replace("400000", "500000")) == ["version"]
    newer = world.load(POLICY.replace("400000", "500000").replace("version: 1", "version: 2"))
    assert newer.version == 2
    assert Policy.objects.get(version=1).digest == world.policy.digest != newer.digest


def test_every_fault_is_told_with_its_path_and_nothing_is_loaded(world: World) -> None:
    source = POLICY.replace("small-money", "other").replace("[space, level]", "[space, nothing]")
    source = source.replace("each: 100,", "each: -1,").replace('kind == "incubator"', "kind ==")
    found = places(world, source)
    assert {"awards[0].when", "exclusive[0][1]"} <= set(found)
    assert any(place.startswith("awards[1].amount") for place in found)
    assert Policy.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [("version: 1", "version: 99999999999", "version"), ("小奖补", '"小\\0奖补"', "title")],
)
def test_what_cannot_be_stored_is_refused(world: World, old: str, new: str, place: str) -> None:
    assert place in places(world, POLICY.replace(old, new).replace("small-money", "other"))


def test_the_province_alone_writes_policies(world: World) -> None:
    source = POLICY.replace("small-money", "other")
    for name, actor in world.everyone():
        if name in ("officer", "second"):
            continue
        with pytest.raises(Refused, match="身份"):
            import_policy(actor=actor, source=source, region=world.root, at=AT)


def test_the_shipped_policy_loads_by_command(world: World) -> None:
    out = StringIO()
    call_command("import_policy", str(SHIPPED), "--region", "990000", stdout=out)
    row = Policy.objects.get(code="province-operating")
    assert row.digest in out.getvalue()
    assert row.loaded_by is None


def test_the_command_names_every_fault_and_ends_with_an_error(world: World, tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("policy: X\nversion: 0\n")
    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("import_policy", str(path), stderr=err)
    assert {"policy", "version", "awards"} <= {line.split("：")[0] for line in err.getvalue().splitlines()}
    for arguments in ([str(tmp_path / "nothing.yaml")], [str(SHIPPED), "--region", "1"]):
        with pytest.raises(SystemExit):
            call_command("import_policy", *arguments, stderr=err)
