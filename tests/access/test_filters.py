"""Filters and orderings come from a list of allowed ones: a path over relations changes nothing.

Whoever could filter by another's field, or sort by it, could read it one question at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from accounts.models import Region
from evaluation.models import CarrierFact, Objection, Run, RunEntry, Scheme
from figures.models import Figure
from funding.models import Allocation, Award, Policy
from news.models import Article, Bulletin
from office.models import Job
from registry.models import Application, Carrier, DesignationTerm, LevelTerm, Operator, TenancyFinding, Tenant
from reporting.models import Campaign, Form, Return
from tests.access.cities import live, make_two
from tests.access.crawling import VARIES, api_lists

LISTS: dict[str, type[Model]] = {
    "/api/v1/regions/": Region,
    "/api/v1/jobs/": Job,
    "/api/v1/applications/": Application,
    "/api/v1/carriers/": Carrier,
    "/api/v1/findings/": TenancyFinding,
    "/api/v1/chains/": Region,
    "/api/v1/designations/": DesignationTerm,
    "/api/v1/enclaves/": Carrier,
    "/api/v1/levels/": LevelTerm,
    "/api/v1/operators/": Operator,
    "/api/v1/tenants/": Tenant,
    "/api/v1/forms/": Form,
    "/api/v1/campaigns/": Campaign,
    "/api/v1/returns/": Return,
    "/api/v1/schemes/": Scheme,
    "/api/v1/runs/": Run,
    "/api/v1/results/": RunEntry,
    "/api/v1/objections/": Objection,
    "/api/v1/policies/": Policy,
    "/api/v1/allocations/": Allocation,
    "/api/v1/awards/": Award,
    "/api/v1/figures/": Figure,
    "/api/v1/articles/": Article,
    "/api/v1/articles/withdrawn/": Article,
    "/api/v1/bulletins/": Bulletin,
    "/registry/": Carrier,
    "/registry/list.csv": Carrier,
    "/registry/chains/": Region,
    "/registry/enclaves/": Carrier,
    "/registry/manage/": Carrier,
    "/registry/applications/": Application,
    "/registry/tenancy/": TenancyFinding,
    "/registry/tenants/": Tenant,
    "/returns/queue/": Return,
    "/evaluation/": Run,
    "/evaluation/objections/": Objection,
    "/evaluation/facts/": CarrierFact,
    "/funding/": Allocation,
    "/news/": Article,
    "/progress/": Return,
}
NO_LISTS = {"/api/v1/schema/", "/api/v1/docs/", "/api/v1/token/"}
LOOKUPS = ("", "__icontains", "__startswith", "__gt", "__isnull", "__in")
NEEDED = {"/api/v1/articles/withdrawn/": {"updated_since": "2026-01-01T00:00:00+08:00"}}
ROWS = re.compile(r"<tbody.*?</tbody>|<article.*?</article>", re.DOTALL)
SORTS = ("ordering", "order", "sort", "order_by", "o")


def test_each_list_of_the_api_is_asked() -> None:
    assert {path for path in LISTS if path.startswith("/api/")} == set(api_lists()) - NO_LISTS


def paths(model: type[Model], depth: int = 2) -> Iterator[str]:
    """Every field reached over a relation, forward and back: `operator__contact`, `versions__basis`."""
    for one in model._meta.get_fields():
        related: Any = one.related_model
        if not one.is_relation or related is None or depth == 0:
            continue
        for field in related._meta.get_fields():
            if field.is_relation:
                continue
            yield f"{one.name}__{field.name}"
        yield from (f"{one.name}__{rest}" for rest in paths(related, depth - 1) if depth > 1)


@pytest.fixture
def reader(db: None, at: Callable[..., datetime]) -> Client:
    """The county officer of one of two cities that both have private data."""
    at(2026, 3, 18, 9, 0)
    two = make_two()
    for city in two.cities:
        live(two, city, 1)
    at(2026, 3, 19, 9, 0)
    client = Client()
    client.force_login(two.cast.user("县区甲"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def shown(client: Client, path: str, asked: dict[str, str]) -> str | None:
    """The rows that are read there, in their order; None for a refusal. Links carry on what was asked."""
    answer = client.get(path, {**NEEDED.get(path, {}), **asked})
    assert answer.status_code in (200, 400, 422), f"{path} {asked} answered {answer.status_code}"
    if answer.status_code != 200:
        return None
    text = (b"".join(answer) if answer.streaming else answer.content).decode()
    if "html" in answer.headers["Content-Type"]:
        text = "\n".join(ROWS.findall(text))
    return VARIES.sub("*", re.sub(r"<[^>]*>", "", text))


def tries(model: type[Model]) -> Iterator[dict[str, str]]:
    """All paths as filters at once, by each lookup; then some orderings at once, up and down."""
    names = sorted(set(paths(model)))
    yield from ({f"{name}{lookup}": "1" for name in names} for lookup in LOOKUPS)
    near = sorted(set(paths(model, 1)))
    for first in range(0, len(near), len(SORTS)):
        for sign in ("", "-"):
            few = near[first : first + len(SORTS)]
            yield {sort: f"{sign}{name}" for sort, name in zip(SORTS, few, strict=False)}


def test_no_path_over_relations_filters_or_sorts_a_list(reader: Client) -> None:
    faults = []
    for path, model in LISTS.items():
        plain = shown(reader, path, {})
        assert plain is not None, path
        found = (plain, None)
        faults += [
            f"{path} {asked}"[:300] for asked in tries(model) if shown(reader, path, asked) not in found
        ]
    assert not faults, "\n".join(faults)


def test_a_filter_that_is_allowed_does_change_a_list(reader: Client) -> None:
    for path in ("/registry/", "/api/v1/carriers/"):
        assert shown(reader, path, {"q": "杜鹃"}) not in (shown(reader, path, {}), None)
