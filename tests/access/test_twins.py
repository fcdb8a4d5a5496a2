"""What a person does on a page, a program does by API, or `twins.txt` says why not."""

from __future__ import annotations

from pathlib import Path

from tests.access.test_matrix import rows

TABLE = Path(__file__).with_name("twins.txt")


def twins() -> dict[str, tuple[str, str]]:
    """By page: `=` and the operation, or `-` and the reason."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    found = {}
    for line in lines:
        page, sign, rest = line.split(" ", 2)
        assert page not in found and sign in ("=", "-") and rest.strip(), line
        found[page] = (sign, rest)
    return found


def acts() -> set[str]:
    """Every `POST /address` of the matrix, without the labels of its acts."""
    return {" ".join(key.split(" ")[:2]) for key in rows() if not key.startswith("GET ")}


def test_each_page_that_changes_something_has_its_operation_or_a_reason() -> None:
    pages = {act.removeprefix("POST ") for act in acts() if " /api/" not in act}
    assert set(twins()) == pages


def test_each_operation_is_there() -> None:
    named = {rest for sign, rest in twins().values() if sign == "="}
    assert named - acts() == set()


def test_no_act_of_the_register_waits_for_a_page() -> None:
    """But for who registers without an account: that person has no token yet."""
    lacking = [
        page for page, (sign, _why) in twins().items() if page.startswith("/registry/") and sign == "-"
    ]
    assert lacking == ["/registry/join/"]
