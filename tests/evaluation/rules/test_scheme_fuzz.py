"""Whatever stands in a scheme file, the answer is a scheme or its faults, never an accident."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from core.problems import Refused
from core.shapes import Plain
from core.yamlfile import load_yaml
from evaluation.rules.scheme_load import read_scheme
from evaluation.rules.scheme_uses import check_uses
from tests.evaluation.rules.test_scheme_load import GOOD, KINDS
from tests.evaluation.schemes import RULES, as_yaml

JUNK = st.recursive(
    st.one_of(
        st.sampled_from(["", "x", "true", "v", "points.A", "x >", "D", "scored", "exclude", "p50"]),
        st.sampled_from(["0", "-1", "1.555", "9" * 90, "0." + "1" * 90, "true"]).map(Plain),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["type", "items", "code", "when", "grade", "x"]), inner, max_size=3),
    ),
    max_leaves=4,
)


def places_in(tree: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here] if here else []
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, child in children:
        found += places_in(child, (*here, key))
    return found


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_scheme_with_anything_in_it_is_read_or_refused(data: st.DataObject) -> None:
    rule = data.draw(st.one_of(RULES))
    tree: Any = copy.deepcopy(load_yaml(GOOD.replace("RULE", as_yaml(rule))))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, key = data.draw(st.sampled_from(places_in(tree)))
        target = tree
        for step in way:
            target = target[step]
        if data.draw(st.booleans()):
            target[key] = data.draw(JUNK)
        else:
            del target[key]
    try:
        scheme = read_scheme(tree)
    except Refused as refused:
        assert refused.problems
        assert all(str(problem.message) for problem in refused.problems)
    else:
        check_uses(scheme.uses, KINDS)
