"""What seals a result, and how long a province takes."""

from __future__ import annotations

from core.canonical import canonical
from evaluation.services import scoring
from tests.evaluation.world import World


def test_the_quick_bytes_are_those_of_the_canonical_form(world: World) -> None:
    run = world.run("frozen")
    scored = scoring.compute(run, scoring.frozen_rows(run), scoring.marks_of(run))
    assert scoring._canonical(scored.data) == canonical(scored.data)
    odd = {"b": ["“引号”", 'a"\\\n\u2028', None, 3], "a": {"2": "x", "10": "0.10"}}
    assert scoring._canonical(odd) == canonical(odd)


def test_a_changed_figure_mark_or_freeze_changes_the_seal(world: World) -> None:
    run = world.run("frozen")
    rows, marks = scoring.frozen_rows(run), scoring.marks_of(run)
    before = scoring.compute(run, rows, marks).digest
    changed = [(pk, code, {**texts, "this": {**texts["this"], "area": "1"}}) for pk, code, texts in rows]
    assert scoring.compute(run, changed, marks).digest != before
    given = [scoring.GivenMark("FH-1", "x", "E1", None)]
    assert scoring.compute(run, rows, given).digest != before
    run.frozen_digest = "sha256:other"
    assert scoring.compute(run, rows, marks).digest != before
