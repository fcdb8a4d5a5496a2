"""Pages for what did not work, and what machines ask."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client, RequestFactory

from portal import readiness
from portal.web import errors


@pytest.mark.django_db
def test_an_address_nobody_knows_is_answered_in_the_public_shell(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert "没有找到，或者您无权查看" in answer.content.decode()


def test_the_page_for_faults_needs_no_database_and_no_context() -> None:
    # No database mark: a query here would raise.
    answer = errors.server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "系统出错了" in answer.content.decode()


def test_the_page_for_faults_stands_even_without_its_template(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(errors, "get_template", gone)
    assert "系统出错了" in errors.server_error(RequestFactory().get("/")).content.decode()


@pytest.mark.django_db
def test_alive_asks_nothing(client: Client) -> None:
    assert client.get("/healthz").json() == {"alive": True}


@pytest.mark.django_db
def test_ready_needs_a_worker_that_was_heard_of(client: Client) -> None:
    cache.delete(readiness.HEARTBEAT)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["worker"] == "missing"
    assert answer.json()["parts"]["database"] == "ok"
    cache.set(readiness.HEARTBEAT, "2026-03-18T06:32:00+00:00", 60)
    assert client.get("/readyz").json()["parts"]["worker"] == "ok"
    cache.delete(readiness.HEARTBEAT)


@pytest.mark.django_db
def test_ready_names_what_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> bool:
        raise OSError("no route")

    monkeypatch.setattr(readiness, "_broker", away)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["broker"] == "missing"
