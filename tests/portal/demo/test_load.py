"""The demo loaded into an empty database: what it publishes is what was planned, and nothing in it is odd."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client, override_settings

from accounts.actors import VISITOR
from accounts.models import User
from core import clock
from core.identifiers import credit_code_fault
from figures import queries as figures
from funding.models import Award
from news.models import Article, Bulletin
from portal.demo.articles import ARTICLES
from portal.demo.people import APPLICANT, PRINTED, printed
from portal.demo.sizes import YEAR, sizes
from registry.models import Carrier, CarrierLink, ChangeRequest, Operator, Stay, Team, Tenant
from registry.queries.lineage import line_of
from reporting.models import Campaign, Return
from reporting.rules.lifecycle import State

COUNT = 60
SIZES = sizes(COUNT)


@pytest.fixture(scope="module")
def province(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The small province, loaded once for this file and taken back at its end."""
    folder = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),  # type: ignore[attr-defined]
        override_settings(DEMO=True, DATA_DIR=folder),
        transaction.atomic(),
    ):
        call_command("demo", carriers=COUNT, stdout=StringIO())
        yield
        transaction.set_rollback(True)


def published(code: str, year: int) -> list[int]:
    rows = figures.latest(code, VISITOR)
    return [int(row.value) for row in rows if row.year == year and not row.part]


def test_published_figures_equal_the_plan(province: None) -> None:
    assert published("carriers", YEAR) == [SIZES.carriers]
    assert published("carriers", YEAR - 1) == [SIZES.before]
    assert published("carriers", YEAR - 2) == [SIZES.two_before]
    assert published("tenants", YEAR) == [SIZES.tenants]
    assert published("employed", YEAR) == [SIZES.employed]


def test_kinds_and_cities_add_up_to_the_province(province: None) -> None:
    for code in ("carriers", "tenants", "employed"):
        rows = [row for row in figures.latest(code, VISITOR) if row.year == YEAR]
        assert sum(row.value for row in rows if row.part) == sum(row.value for row in rows if not row.part)
        cities = sum(row.value for row in figures.by_city(code, YEAR, VISITOR))
        assert int(cities) == published(code, YEAR)[0]


def test_the_register_holds_who_is_there(province: None) -> None:
    open_now = Carrier.objects.exclude(state="closed")
    assert open_now.filter(kind__in=("incubator", "makerspace")).count() == COUNT
    here = Stay.objects.filter(ended=None)
    held = here.order_by().values("tenant_id", "team_id").distinct().count()
    assert held == SIZES.tenants
    # A few are claimed by two carriers at once, for officers to settle.
    assert here.count() == held + max(1, COUNT // 90)
    assert Team.objects.count() == SIZES.teams


def test_the_open_campaign_has_returns_in_every_state(province: None) -> None:
    rows = Return.objects.filter(campaign__year=YEAR + 1)
    states = {State(state) for state in rows.order_by().values_list("state", flat=True).distinct()}
    # Shares of a hundred over sixty carriers: the rarest state may stay empty.
    assert len(states & set(State)) >= len(State) - 1
    assert State.FILLING in states
    assert set(Campaign.objects.filter(year=YEAR + 1).values_list("state", flat=True)) == {"open"}


def test_every_return_of_the_finished_years_is_accepted(province: None) -> None:
    rows = Return.objects.filter(campaign__year__lte=YEAR)
    assert rows.count() == SIZES.carriers + SIZES.before + SIZES.two_before
    assert set(rows.order_by().values_list("state", flat=True)) == {State.ACCEPTED}


def test_all_codes_are_valid_and_all_names_say_that_they_are_examples(province: None) -> None:
    for model in (Tenant, Operator):
        pairs = list(model.objects.values_list("credit_code", "name"))  # type: ignore[attr-defined]
        assert pairs
        assert [code for code, _ in pairs if credit_code_fault(code) is not None] == []
        assert [name for _, name in pairs if "示例" not in name] == []


def test_no_invariant_is_broken(province: None) -> None:
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue().strip() == "0 faults."


def test_printed_accounts_alone_can_sign_in(province: None) -> None:
    names = [*(name for name, _ in PRINTED), APPLICANT]
    assert [name for _, name, _ in printed()] == names
    usable = {user.username for user in User.objects.all() if user.has_usable_password()}
    assert usable == set(names)
    _, name, password = printed()[0]
    assert User.objects.get(username=name).check_password(password)


def test_articles_and_awards_are_there_and_some_articles_wait(province: None) -> None:
    out = Article.objects.public(clock.now() + timedelta(seconds=1))
    assert out.count() == len(ARTICLES)
    assert Bulletin.objects.public(clock.now()).count() == 2
    assert set(Article.objects.exclude(pk__in=out).values_list("state", flat=True)) == {"draft", "in_review"}
    assert Award.objects.exists()


@pytest.mark.parametrize("address", ["/", "/registry/", "/figures/", "/figures/tenants/", "/news/"])
def test_public_pages_open(province: None, address: str) -> None:
    assert Client().get(address).status_code == 200


@pytest.mark.django_db
def test_a_database_with_people_is_left_alone() -> None:
    User.objects.create(username="甲", name="甲")
    with override_settings(DEMO=True), pytest.raises(CommandError, match="not empty"):
        call_command("demo", carriers=COUNT, stdout=StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize("count", [0, 59, 2146])
def test_a_size_outside_the_province_is_refused(count: int) -> None:
    with override_settings(DEMO=True), pytest.raises(CommandError, match="from 60 to 2145"):
        call_command("demo", carriers=count, stdout=StringIO())


@pytest.mark.django_db
def test_a_portal_at_work_takes_no_demo() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="DEMO=1"):
        call_command("demo", carriers=COUNT, stdout=StringIO())


def test_requests_wait_in_every_state_and_one_carrier_carries_on_another(province: None) -> None:
    states = set(ChangeRequest.objects.values_list("state", flat=True))
    assert {"returned", "at_county", "at_province", "approved"} <= states
    assert ChangeRequest.objects.filter(is_late=True).exists()
    line = line_of(CarrierLink.objects.get().successor)
    assert [one.state for one in line.ancestors] == ["closed"]
