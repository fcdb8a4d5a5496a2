"""The command shows a year's figures, and publishes them in an officer's name."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from figures.models import Figure
from office.models import AuditEntry
from tests.figures.conftest import YEAR, Province


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("compute_figures", str(YEAR), *arguments, stdout=out)
    return out.getvalue()


def test_showing_writes_nothing(province: Province) -> None:
    assert "carriers: 4" in said()
    assert "carriers incubator: 3" in said()
    assert not Figure.objects.exists()


def test_publishing_is_an_officers_act(province: Province) -> None:
    for arguments in ((), ("--by", "某人")):
        with pytest.raises(CommandError, match="--by"):
            said("--publish", *arguments)
    assert "新发布 8 个数" in said("--publish", "--by", "省甲")
    assert AuditEntry.objects.get(action="figures.publish").user_name == "省甲"


def test_a_strange_year_is_refused(province: Province) -> None:
    with pytest.raises(CommandError):
        call_command("compute_figures", "99999")
