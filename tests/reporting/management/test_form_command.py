"""`test_form`: every case told, every check that no case shows named, nothing loaded."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.reporting.conftest import FORM
from tests.reporting.rules.test_form_tests import FORMS, TESTS


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_the_shipped_forms_pass(path: Path) -> None:
    out = StringIO()
    call_command("test_form", str(path), stdout=out)
    assert out.getvalue().rstrip().endswith("cases hold; every check is shown both ways.")


def test_failed_cases_and_checks_without_one_are_told(tmp_path: Path) -> None:
    path, out = tmp_path / "form.yaml", StringIO()
    path.write_text(FORM + TESTS, encoding="utf-8")
    with pytest.raises(CommandError, match="1 of 3 cases failed, 3 checks are not shown"):
        call_command("test_form", str(path), stdout=out)
    told = out.getvalue().splitlines()
    assert told[:3] == ["ok   恰好", "ok   超出", "FAIL 写错  missing K2  surplus K1@area_tenants"]
    assert "OPEN R1: no case raises and keeps it" in told and "OPEN K2: no case raises it" in told


def test_a_form_without_tests_or_with_faults_is_told(tmp_path: Path) -> None:
    path, errors = tmp_path / "form.yaml", StringIO()
    path.write_text(FORM, encoding="utf-8")
    with pytest.raises(CommandError, match="has no tests"):
        call_command("test_form", str(path))
    path.write_text(FORM.replace("type: integer", "type: number"), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("test_form", str(path), stderr=errors)
    assert errors.getvalue().startswith("sections[0].fields[4].type：")
    with pytest.raises(CommandError):
        call_command("test_form", str(tmp_path / "none.yaml"))
