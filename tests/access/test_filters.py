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

from accounts.models import Appointment, Region, SignIn, TokenGrant, User
from evaluation.models import Assignment, CarrierFact, Objection, Run, RunEntry, Scheme
from figures.models import Figure
from funding.models import Allocation, Award, Policy
from news.models import Article, Bulletin
from office.models import AuditEntry, Job, Notice, OutboxMessage
from registry.models import (
    Application,
    Carrier,
    ChangeRequest,
    DesignationTerm,
    LevelTerm,
    Operator,
    RegisterImport,
    TenancyFinding,
    Tenant,
)  # fmt: skip
from reporting.models import Campaign, Form, Return
from tests.access.cities import live, make_two
from tests.access.crawling import VARIES
from tests.access.test_matrix import rows

LISTS: dict[str, type[Model]] = {
    "/api/v1/regions/": Region,
    "/api/v1/jobs/": Job,
    "/api/v1/applications/": Application,
    "/api/v1/carriers/": Carrier,
    "/api/v1/findings/": TenancyFinding,
    "/api/v1/chains/": Region,
    "/api/v1/designations/": DesignationTerm,
    "/api/v1/enclaves/": Carrier,
    "/api/v1/imports/": RegisterImport,
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
    "/registry/chains.csv": Region,
    "/registry/enclaves/": Carrier,
    "/registry/imports/": RegisterImport,
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
    "/api/v1/changes/": ChangeRequest,
    "/api/v1/delegations/": Appointment,
    "/accounts/delegations/": Appointment,
    "/accounts/people/": User,
    "/accounts/sessions/": SignIn,
    "/accounts/tokens/all/": TokenGrant,
    "/office/audit/": AuditEntry,
    "/office/jobs/": Job,
    "/office/notices/": Notice,
    "/office/outbox/": OutboxMessage,
    "/office/regions/": Region,
    "/registry/changes/": ChangeRequest,
    "/registry/manage/people/": Carrier,
    "/registry/tenants/suggest/": Tenant,
    "/returns/": Return,
    "/returns/campaigns/": Campaign,
    "/returns/forms/": Form,
    "/evaluation/marking/": Assignment,
    "/evaluation/schemes/": Scheme,
    "/figures/": Figure,
    "/news/bulletins/": Bulletin,
    "/news/desk/": Article,
    "/news/feed/": Article,
    "/news/notices/": Article,
    "/news/policies/": Article,
    "/publicity/": Run,
    "/search/": Carrier,
}
# Who reads what the county's officer has no page for.
READERS = {
    "/accounts/people/": "安全甲",
    "/accounts/sessions/": "安全甲",
    "/accounts/tokens/all/": "安全甲",
    "/office/outbox/": "系统甲",
    "/office/regions/": "系统甲",
    "/office/audit/": "审计甲",
    "/returns/": "填报0",
    "/evaluation/marking/": "专家甲",
    "/news/desk/": "编辑甲",
}
# These list no rows of a table: forms, texts, one thing each, what is the reader's alone.
NO_LISTS = {
    "/", "/accessibility/", "/accounts/confirm/", "/accounts/device/", "/accounts/me/",
    "/accounts/password/", "/accounts/people/new/", "/accounts/sign-in/", "/accounts/sign-in/code/",
    "/api/v1/docs/", "/api/v1/schema/", "/evaluation/runs/new/", "/evaluation/schemes/import/",
    "/figures/desk/", "/funding/allocations/new/", "/funding/policies/import/", "/healthz", "/help/",
    "/home/", "/news/desk/import/", "/news/desk/new/", "/office/notices/ways/", "/office/workdays/",
    "/privacy/",
    "/progress/workbook/", "/registry/applications/new/", "/registry/join/", "/registry/join/sent/",
    "/registry/lineage/new/", "/registry/lineage/operator/", "/returns/campaigns/new/", "/robots.txt",
    "/sitemap.xml", "/sitemap/", "/styleguide/",
}  # fmt: skip
PARTS = 4  # so that several workers share them
LOOKUPS = ("", "__icontains", "__startswith", "__gt", "__isnull", "__in")
NEEDED = {
    "/api/v1/articles/withdrawn/": {"updated_since": "2026-01-01T00:00:00+08:00"},
    "/registry/tenants/suggest/": {"q": "企业"},
    "/search/": {"q": "孵化"},
}
ROWS = re.compile(r"<tbody.*?</tbody>|<article.*?</article>|<option.*?>|<item>.*?</item>", re.DOTALL)
SORTS = ("ordering", "order", "sort", "order_by", "o")


def test_each_address_that_shows_rows_is_asked() -> None:
    """By the list of addresses: a new one is a list, or is named as none."""
    shown_by = {key.removeprefix("GET ") for key in rows() if key.startswith("GET ") and "<" not in key}
    assert set(LISTS) | NO_LISTS == shown_by and not set(LISTS) & NO_LISTS


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
def readers(db: None, at: Callable[..., datetime]) -> Callable[[str], Client]:
    """By address who reads it: the officer of a county in one of two cities that both have private data, or
    whoever has that page."""
    at(2026, 3, 18, 9, 0)
    two = make_two()
    for city in two.cities:
        live(two, city, 1)
    at(2026, 3, 19, 9, 0)

    def client_of(path: str) -> Client:
        client = Client()
        user = two.cast.user(READERS.get(path, "县区甲"))
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return client_of


def shown(client: Client, path: str, asked: dict[str, str]) -> str | None:
    """The rows that are read there, in their order; None for a refusal. Links carry on what was asked."""
    answer = client.get(path, {**NEEDED.get(path, {}), **asked})
    assert answer.status_code in (200, 400, 422), f"{path} {asked} answered {answer.status_code}"
    if answer.status_code != 200:
        return None
    text = (b"".join(answer) if answer.streaming else answer.content).decode()
    if "html" in answer.headers["Content-Type"] or "xml" in answer.headers["Content-Type"]:
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


@pytest.mark.parametrize("part", range(PARTS))
def test_no_path_over_relations_filters_or_sorts_a_list(readers: Callable[[str], Client], part: int) -> None:
    faults = []
    for path in sorted(LISTS)[part::PARTS]:
        reader = readers(path)
        plain = shown(reader, path, {})
        assert plain is not None, path
        found = (plain, None)
        faults += [
            f"{path} {asked}"[:300] for asked in tries(LISTS[path]) if shown(reader, path, asked) not in found
        ]
    assert not faults, "\n".join(faults)


def test_a_filter_that_is_allowed_does_change_a_list(readers: Callable[[str], Client]) -> None:
    for path in ("/registry/", "/api/v1/carriers/"):
        reader = readers(path)
        assert shown(reader, path, {"q": "杜鹃"}) not in (shown(reader, path, {}), None)
