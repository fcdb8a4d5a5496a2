"""Each fault that the architecture checks are to catch, planted in a small house and caught."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture import checks
from tests.architecture.tree import ROOMS

ROOT = Path(__file__).resolve().parents[2]


def house(root: Path, files: dict[str, str]) -> Path:
    """An empty house with these files in it."""
    (root / "templates").mkdir()
    for room in ROOMS:
        (root / room).mkdir()
        (root / room / "__init__.py").touch()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        for folder in path.relative_to(root).parents:
            if path.suffix == ".py" and folder != Path():
                (root / folder / "__init__.py").touch()
        path.write_text(text)
    return root


LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 41
LONG_VIEW = "@page('GET')\ndef show(request):\n" + "    x = 1\n" * 26

PLANTED: list[tuple[Callable[[Path], list[str]], dict[str, str], str]] = [
    (
        checks.upward_imports,
        {"registry/services/a.py": "def f():\n    from reporting.models import Return\n"},
        "registry/services/a.py:2 imports reporting.models from a room above",
    ),
    (
        checks.upward_foreign_keys,
        {"registry/models/a.py": "from django.db import models\nx = models.ForeignKey('evaluation.Run')\n"},
        "registry/models/a.py:2 relates to evaluation.Run above",
    ),
    (
        checks.upward_template_tags,
        {"templates/registry/a.html": "{% load i18n marks %}\n", "evaluation/templatetags/marks.py": ""},
        "templates/registry/a.html uses marks of evaluation above",
    ),
    (
        checks.upward_template_tags,
        {"templates/registry/a.html": '{% include "funding/b.html" %}\n', "templates/funding/b.html": ""},
        "templates/registry/a.html uses funding/b.html of funding above",
    ),
    (
        checks.layer_faults,
        {"registry/models/a.py": "from registry.services import carriers\n"},
        "registry/models/a.py:1 (models) imports registry.services (services)",
    ),
    (
        checks.layer_faults,
        {"registry/services/a.py": "from registry.web.views import carriers\n"},
        "registry/services/a.py:1 (services) imports registry.web.views (web)",
    ),
    (
        checks.layer_faults,
        {"registry/web/a.py": "from registry.api import urls\n"},
        "registry/web/a.py:1 (web) imports registry.api (api)",
    ),
    (
        checks.layer_faults,
        {"registry/rules/a.py": "from registry.models import Carrier\n"},
        "registry/rules/a.py:1 (rules) imports registry.models (models)",
    ),
    (
        checks.unknown_kinds,
        {"registry/helpers.py": ""},
        "registry/helpers.py is of no known kind",
    ),
    (
        checks.impure_rules,
        {"evaluation/rules/a.py": "from django.db import models\n"},
        "evaluation/rules/a.py:1 imports django.db",
    ),
    (
        checks.models_without_visible_to,
        {"registry/models/a.py": "class Secret(models.Model):\n    pass\n"},
        "registry/models/a.py:1 Secret has no visible_to",
    ),
    (checks.oversized, {"core/a.py": "x = 1\n" * 401}, "core/a.py is 401 lines, at most 400"),
    (checks.oversized, {"core/a.py": LONG_FUNCTION}, "core/a.py:f is 42 lines, at most 40"),
    (checks.oversized, {"news/web/a.py": LONG_VIEW}, "news/web/a.py:show is 27 lines, at most 25"),
    (
        checks.oversized,
        {"templates/news/a.html": "<p>\n" * 201},
        "templates/news/a.html is 201 lines, at most 200",
    ),
    (
        checks.unused_templates,
        {"templates/news/old.html": "<p>"},
        "templates/news/old.html is used by nothing",
    ),
    (
        checks.kit_outside_ui,
        {"templates/news/a.html": '<a class="btn btn-primary">'},
        "templates/news/a.html: kit class btn",
    ),
    (
        checks.shortcuts,
        {"news/models/a.py": "class A:\n    def save(self):\n        pass\n"},
        "news/models/a.py:2 work in save()",
    ),
    (
        checks.shortcuts,
        {"news/services/a.py": "rows.filter(**request.GET)\n"},
        "news/services/a.py:1 ORM arguments out of a request",
    ),
]


@pytest.mark.parametrize(
    ("check", "files", "fault"), PLANTED, ids=[f"{p[0].__name__}-{n}" for n, p in enumerate(PLANTED)]
)
def test_a_planted_fault_is_caught(
    tmp_path: Path, check: Callable[[Path], list[str]], files: dict[str, str], fault: str
) -> None:
    assert fault in check(house(tmp_path, files))


def test_a_house_without_faults_has_none(tmp_path: Path) -> None:
    root = house(
        tmp_path,
        {
            "registry/models/a.py": "class Rows:\n    def visible_to(self, actor): ...\n"
            "class A(models.Model):\n    objects = Rows.as_manager()\n",
            "reporting/services/a.py": "from registry.models import Carrier\n",
            "reporting/web/a.py": "from reporting.excel import book\nNAME = 'reporting/a.html'\n",
            "templates/reporting/a.html": "{% load i18n %}\n",
        },
    )
    for check, _files, _fault in PLANTED:
        assert check(root) == []


def test_an_exception_that_covers_nothing_is_a_fault() -> None:
    assert checks.without_excuse(["a.py:1 x"], {"a.py": "why", "b.py": "why"}) == [
        "the exception 'b.py' covers nothing any more"
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("registry/services/a.py", "import reporting\n"),
        ("core/text.py", "import django\n"),
    ],
)
def test_the_import_linter_catches_a_planted_import(tmp_path: Path, name: str, text: str) -> None:
    """The contracts of pyproject.toml, over a small house."""
    root = house(tmp_path, {})
    plain = ("text", "problems", "moves", "shapes", "yamlfile", "csvfile", "canonical", "cells", "columns")
    for module in plain:
        (root / "core" / f"{module}.py").touch()
    for folder in (
        "core/expressions",
        "core/workbook",
        *(f"{room}/rules" for room in ROOMS if room not in ("core", "portal")),
    ):
        (root / folder).mkdir()
        (root / folder / "__init__.py").touch()
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    clean = subprocess.run(command, cwd=root, capture_output=True, text=True)
    assert clean.returncode == 0, clean.stdout + clean.stderr
    path = root / name
    path.parent.mkdir(exist_ok=True)
    (path.parent / "__init__.py").touch()
    path.write_text(text)
    assert subprocess.run(command, cwd=root, capture_output=True).returncode == 1
