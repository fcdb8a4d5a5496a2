"""Who may ask what: each address, each method, each role, inside and outside their region.

`matrix.txt` is the decision, read by people; here the portal is asked. An address without a row fails, and
each row has somebody who may, so that a "no" is one for the person and not one for a wrong example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.access.acts import acts
from tests.access.addresses import Case, parts_of, path_of
from tests.access.asking import METHODS, asked, routes
from tests.access.world import READERS, World, make_world

MATRIX = Path(__file__).with_name("matrix.txt")


def rows() -> dict[str, str]:
    """The letters of those who may, by `METHOD /address [act]`."""
    lines = [line for line in MATRIX.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {key: letters for letters, _, key in (line.partition(" ") for line in lines)}


def test_each_address_of_the_portal_has_a_row_and_each_row_an_address() -> None:
    known = {key.split(" ")[1] for key in rows()}
    assert known == {f"/{route}" for route in routes()}


def test_each_row_has_somebody_who_may() -> None:
    assert [key for key, letters in rows().items() if not letters.strip(".")] == []


def test_the_api_has_the_methods_that_its_description_names() -> None:
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    described = {f"{method.upper()} {_plain(path)}" for path, methods in paths.items() for method in methods}
    asked_for = {
        " ".join((key.split(" ")[0], _plain(key.split(" ")[1]))) for key in rows() if " /api/" in key
    }
    own = {"GET /api/v1/docs/", "GET /api/v1/schema/"}
    assert asked_for - own == described - own


def _plain(path: str) -> str:
    """`/api/v1/runs/{id}/` and `/api/v1/runs/<int:pk>/` alike."""
    parts = path.split("/")
    return "/".join("*" if part[:1] in ("{", "<") else part for part in parts)


@pytest.fixture
def world(db: None, at: Callable[..., datetime]) -> World:
    at(2026, 3, 18, 9, 0)
    made = make_world()
    at(2026, 3, 19, 9, 0)
    return made


def _cases(world: World) -> Iterator[Case]:
    """What is to be asked: the acts with what they send, all else as it stands."""
    given = acts(world)
    own = {(case.method, case.route) for case in given}
    yield from given
    for route in routes():
        for method in METHODS if route.startswith("api/") else ("GET", "POST"):
            if (method, route) not in own:
                yield Case(method, route)


def test_each_reader_gets_what_the_matrix_says(world: World) -> None:
    decided, faults, parts = rows(), list[str](), parts_of(world)
    for case in _cases(world):
        said = decided.get(case.key)
        letters = READERS if said else ("P", "Y")  # what nobody may is asked by those who may most
        found = "".join(
            letter if _may(world, case, letter, path_of(case, parts)) else "." for letter in letters
        )
        if (found.strip(".") and said is None) or said not in (None, found):
            faults.append(f"{found} {case.key}")
    missing = set(decided) - {case.key for case in _cases(world)}
    assert not faults, "these differ:\n" + "\n".join(faults)
    assert not missing


def _may(world: World, case: Case, letter: str, path: str) -> bool:
    answer = asked(world.user(letter), case.method, path, case.body)
    return answer.acts if case.method != "GET" and case.writes else answer.reads
