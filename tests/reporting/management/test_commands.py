"""The commands by which scripts load forms and make workbooks."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from reporting.models import Form
from tests.reporting.conftest import FORM, World


@pytest.mark.django_db
def test_a_form_is_loaded_from_its_file(tmp_path: Path) -> None:
    path, out = tmp_path / "form.yaml", StringIO()
    path.write_text(FORM, encoding="utf-8")
    call_command("import_form", str(path), stdout=out)
    assert out.getvalue().startswith("incubator-annual v1 sha256:") and Form.objects.count() == 1


@pytest.mark.django_db
def test_every_fault_goes_to_the_error_stream_with_its_path_and_nothing_is_loaded(tmp_path: Path) -> None:
    path, errors = tmp_path / "form.yaml", StringIO()
    path.write_text(FORM.replace("type: integer", "type: number").replace("share: 0.5", "share: x"), "utf-8")
    with pytest.raises(CommandError):
        call_command("import_form", str(path), stderr=errors)
    told = errors.getvalue().splitlines()
    assert [line.partition("：")[0] for line in told] == ["variance.share", "sections[0].fields[4].type"]
    assert not Form.objects.exists()


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        call_command("import_form", str(tmp_path / "none.yaml"))


def test_a_carriers_workbook_is_written_where_it_is_asked(world: World, tmp_path: Path) -> None:
    path, out = tmp_path / "out.xlsx", StringIO()
    call_command("make_workbook", world.carrier.code, "2025", "--out", str(path), stdout=out)
    assert out.getvalue().strip() == str(path) and load_workbook(path).sheetnames[-1] == "_meta"


@pytest.mark.parametrize(("carrier", "year"), [("SL-990500-0001", "2024"), ("nobody", "2025")])
def test_a_carrier_that_was_not_asked_has_no_workbook(world: World, carrier: str, year: str) -> None:
    with pytest.raises(CommandError):
        call_command("make_workbook", carrier, year)
