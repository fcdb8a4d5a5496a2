"""Schemes made at random are scored and graded as an independent program does it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.rules.offline import Source, score_files
from evaluation.rules.report import as_data, as_json
from tests.evaluation import oracle, schemes


def expert_codes(scheme: dict[str, Any]) -> list[str]:
    extras = [scheme.get(part, {}).get("items", []) for part in ("bonus", "deductions")]
    leaves = oracle.leaves([*scheme["indicators"], *extras[0], *extras[1]])
    return [leaf["code"] for leaf in leaves if leaf["rule"]["type"] == "expert"]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_every_rule_and_every_grade_equals_the_independent_program(data: st.DataObject) -> None:
    scheme, rows = data.draw(schemes.schemes()), data.draw(schemes.carriers())
    marks = data.draw(schemes.marks(expert_codes(scheme), [row["carrier"] for row in rows]))
    files = {"data": Source("data.csv", schemes.as_csv(rows)), "year": 2025}
    files["marks"] = Source("marks.csv", schemes.marks_csv(marks))
    result = score_files(Source("scheme.yaml", schemes.as_yaml(scheme).encode()), **files)
    scores = oracle.score(scheme, rows, marks)
    grades = oracle.grade(scheme, rows, scores)
    found = {carrier["carrier"]: carrier for carrier in as_data(result)["carriers"]}
    assert found.keys() == scores.keys()
    for name, carrier in found.items():
        points = {one["code"]: Decimal(one["points"]) for one in carrier["indicators"]}
        assert points == scores[name]["points"]
        for part in ("base", "bonus", "deductions", "total"):
            assert Decimal(carrier[part]) == scores[name][part]
        assert (carrier["rank"], carrier["grade"]) == grades[name]
    order = [(rank is None, rank or 0, name) for name, (rank, _) in grades.items()]
    assert list(found) == [name for *_, name in sorted(order)]
    again = score_files(Source("scheme.yaml", schemes.as_yaml(scheme).encode()), **files)
    assert as_json(again) == as_json(result)
