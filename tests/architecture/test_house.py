"""The house keeps its own rules (docs/architecture.md). Exceptions stand here, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import checks

ROOT = Path(__file__).resolve().parents[2]

EXCUSED: dict[str, dict[str, str]] = {
    "unknown_kinds": {
        "accounts/middleware.py": "asked by the settings, before any page",
        "accounts/passwords.py": "asked by the settings, as Django's validators are",
        "office/gateways.py": "the doors to mail and messages, named by the settings",
        "office/storage.py": "where files lie, named by the settings",
        "reporting/links.py": "addresses promised to users, known to all kinds",
    },
    "shortcuts": {
        "core/clock.py": "the one clock itself",
        "core/templatetags/ui.py a clock of its own": "only to leave this year out of a date",
        "core/templatetags/ui.py text marked safe": "a chart that the portal drew itself",
        "evaluation/management/commands/score.py": "off line there is no database clock to ask",
    },
}


@pytest.mark.parametrize(
    "check",
    [
        checks.upward_imports,
        checks.upward_foreign_keys,
        checks.upward_template_tags,
        checks.layer_faults,
        checks.unknown_kinds,
        checks.impure_rules,
        checks.models_without_visible_to,
        checks.oversized,
        checks.unused_templates,
        checks.kit_outside_ui,
        checks.shortcuts,
    ],
    ids=lambda check: check.__name__,
)
def test_the_house_keeps_its_rules(check: Callable[[Path], list[str]]) -> None:
    assert checks.without_excuse(check(ROOT), EXCUSED.get(check.__name__, {})) == []
