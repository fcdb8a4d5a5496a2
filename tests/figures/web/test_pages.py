"""The data pages: what is published, and nothing else."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from figures.models import Figure
from figures.rules.definitions import DEFINITIONS
from figures.services.computing import publish_figures
from tests.evaluation.world import AT
from tests.figures.conftest import YEAR, Province

SECRET = "9876543"
CODES = [definition.code for definition in DEFINITIONS]


@pytest.fixture
def published(province: Province) -> Province:
    province.filed("a", tenants="10", tenant_people="120")
    province.filed("d", tenants="7", tenant_people="80")
    publish_figures(actor=province.officer, year=YEAR, at=AT)
    return province


@pytest.fixture
def unpublished(published: Province) -> Figure:
    """A newer value that is not out."""
    row = Figure.objects.get(definition="tenants", region=published.root, part="")
    row.pk, row.year, row.value, row.published_at = None, YEAR + 1, SECRET, None
    row.save()
    return row


def rows_of(client: Client, code: str) -> list[list[str]]:
    content = client.get(f"/figures/{code}/data.csv").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))


def test_the_index_shows_every_definition_with_its_newest_value(published: Province, client: Client) -> None:
    page = client.get("/figures/")
    assert page.status_code == 200
    for definition in DEFINITIONS:
        assert definition.title.msgid in page.content.decode()


@pytest.mark.parametrize("code", CODES)
def test_a_definition_has_its_page_and_its_file_even_without_values(
    province: Province, client: Client, code: str
) -> None:
    page = client.get(f"/figures/{code}/")
    assert page.status_code == 200
    assert client.get(f"/figures/{code}/data.csv").status_code == 200


def test_a_definition_shows_its_sentence_its_base_and_its_cities(published: Province, client: Client) -> None:
    text = client.get("/figures/tenants/").content.decode()
    for words in ("按各载体报表名单合计", f"已受理 {YEAR} 年度报表的 2 家载体", "东市", "西市", "17"):
        assert words in text


def test_the_file_holds_the_years_and_the_cities(published: Province, client: Client) -> None:
    head, *rows = rows_of(client, "tenants")
    assert head[0] == "区域"
    assert [(row[0], row[1], row[2].removesuffix(".00")) for row in rows] == [
        ("示例省", str(YEAR), "17"),
        ("东市", str(YEAR), "10"),
        ("西市", str(YEAR), "7"),
    ]
    assert {row[4] for row in rows} == {f"{YEAR}-12-31"}


def test_an_unknown_definition_is_not_there(province: Province, client: Client) -> None:
    assert client.get("/figures/nothing/").status_code == 404
    assert client.get("/figures/nothing/data.csv").status_code == 404


@pytest.mark.parametrize(
    "address", ["/figures/", "/figures/tenants/", "/figures/tenants/data.csv", "/api/v1/figures/"]
)
def test_what_is_not_published_is_not_seen(unpublished: Figure, client: Client, address: str) -> None:
    text = client.get(address).content.decode().replace(",", "").replace("\u202f", "")
    assert SECRET not in text
    assert str(YEAR + 1) not in text.replace(f"{YEAR + 1}-", "")


def test_each_table_is_a_file_that_no_spreadsheet_takes_for_formulas(
    published: Province, client: Client
) -> None:
    Figure.objects.update(source="=HYPERLINK(1)", base="+1")
    for table, number in (("years", 1), ("kinds", 1), ("cities", 2)):
        answer = client.get(f"/figures/tenants/{table}.csv")
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(rows) == number + 1, table
        assert all(cell[:1] not in "=+@-" for row in rows for cell in row if cell)


def test_pages_take_few_queries(published: Province, django_assert_max_num_queries: Any) -> None:
    for address, most in (("/figures/", 3), ("/figures/tenants/", 4)):
        with django_assert_max_num_queries(most):
            assert Client().get(address).status_code == 200
