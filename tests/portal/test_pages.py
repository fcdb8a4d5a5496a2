"""Pages of the portal, for a visitor and for those who are signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Region, User
from accounts.rules.roles import Role
from core.slots import HomePart, Task
from core.text import T
from office.models import Notice
from portal import navigation, queries
from registry.models import Carrier

PUBLIC = ("/", "/search/", "/help/", "/privacy/")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", PUBLIC)
def test_a_visitor_reads_public_pages_in_the_public_shell(client: Client, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200
    words = answer.content.decode()
    assert 'class="public"' in words
    assert "主办单位" in words
    assert "<style" not in words and " style=" not in words and "onclick" not in words


def test_the_shell_asks_the_database_nothing_for_a_visitor(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get("/help/")
    assert len(asked) == 0


def test_the_front_page_asks_a_bounded_number_of_queries(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        client.get("/")
    assert len(asked) <= 12


@pytest.mark.parametrize("measure", ["tenants", "'; drop", "x" * 3000])
def test_a_measure_nobody_offers_shows_the_first(client: Client, measure: str) -> None:
    assert client.get("/", {"measure": measure}).status_code == 200


def test_home_asks_for_signing_in(client: Client) -> None:
    answer = client.get("/home/")
    assert answer.status_code == 302


def test_the_desk_shows_name_role_scope_and_the_other_appointments(
    signed_in: Callable[..., Client],
) -> None:
    words = signed_in(Role.COUNTY_OFFICER, more=(Role.EDITOR,)).get("/home/").content.decode()
    assert "周敏" in words and "县区审核 · 示例省" in words
    assert "信息编辑" in words
    assert "没有要您办理的事项" in words


def test_a_person_without_appointment_is_told_so(db: None, client: Client) -> None:
    client.force_login(User.objects.create(username="nobody", name="某人"))
    assert "没有有效任职" in client.get("/home/").content.decode()


def _tasks(count: int) -> list[Task]:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    name = "示例高新技术产业开发区生物医药与高端医疗器械专业科技企业孵化器（国际创新港二期园区）"
    return [
        Task(
            T("退回修改：{name} {n}", name=name, n=n),
            T("为什么"),
            T("去修改"),
            "/",
            due=start + timedelta(days=n),
        )
        for n in reversed(range(count))
    ]


@pytest.mark.parametrize("count", [0, 1, 50, 60])
def test_home_shows_up_to_fifty_tasks_by_urgency_and_names_the_rest(
    count: int, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Room:
        @staticmethod
        def tasks_for(_actor: object) -> list[Task]:
            return _tasks(count)

        @staticmethod
        def home_for(_actor: object) -> list[HomePart]:
            return []

    monkeypatch.setattr(queries, "ROOMS", (Room,))
    client = signed_in(Role.COUNTY_OFFICER)
    words = client.get("/home/").content.decode()
    assert words.count('<li class="ui-task') == min(count, 50)
    assert ("另有 10 件" in words) == (count == 60)
    if count > 1:
        assert words.index("二期园区） 0") < words.index("二期园区） 1")


def test_home_asks_as_much_with_many_notices_as_with_one(
    signed_in: Callable[..., Client], at: Callable[..., datetime]
) -> None:
    now = at(2026, 3, 18, 14, 32)
    client = signed_in(Role.EDITOR)
    user = int(client.session["_auth_user_id"])
    client.get("/home/")
    asked = []
    for count in (1, 30):
        for _ in range(count):
            Notice.objects.create(recipient_id=user, sentence="已通过", created_at=now)
        with CaptureQueriesContext(connection) as found:
            client.get("/home/")
        asked.append(len(found))
    assert asked[0] == asked[1]


def test_the_carrier_page_shows_public_facts_to_everybody(client: Client, carrier: Carrier) -> None:
    words = client.get(f"/carriers/{carrier.code}/").content.decode()
    assert carrier.name in words and carrier.operator.name in words
    assert client.get("/carriers/NO-SUCH/").status_code == 404


@pytest.mark.parametrize("query", ["", "孵化器", "%", "\x00", "a" * 5000, "'\"<script>"])
def test_search_takes_whatever_is_typed(client: Client, query: str) -> None:
    answer = client.get("/search/", {"q": query})
    assert answer.status_code == 200
    assert b"<script>" not in answer.content


def test_the_style_guide_is_for_officials_and_shows_every_part(signed_in: Callable[..., Client]) -> None:
    assert signed_in(Role.PROVINCE_OFFICER).get("/styleguide/").status_code == 200


def test_the_style_guide_is_refused_to_experts(signed_in: Callable[..., Client]) -> None:
    answer = signed_in(Role.EXPERT).get("/styleguide/")
    assert answer.status_code == 403
    assert "您的身份不能办理此事" in answer.content.decode()


def test_language_and_large_type_are_kept_and_lead_back(client: Client) -> None:
    answer = client.post("/settings/large-type/", {"on": "1", "next": "/help/"})
    assert answer.headers["Location"] == "/help/"
    assert 'class="large-type"' in client.get("/help/").content.decode()
    client.post("/settings/language/", {"language": "en", "next": "/help/"})
    assert client.cookies["django_language"].value == "en"
    assert 'lang="en"' in client.get("/help/").content.decode()


@pytest.mark.parametrize(
    "evil", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "\\\\evil"]
)
def test_nobody_is_led_to_another_site(client: Client, evil: str) -> None:
    assert client.post("/settings/language/", {"language": "en", "next": evil}).headers["Location"] == "/"


def test_settings_are_changed_by_post_only(client: Client) -> None:
    assert client.get("/settings/language/").status_code == 405


def test_robots_are_kept_from_what_is_not_public(client: Client) -> None:
    assert b"Disallow: /returns/" in client.get("/robots.txt").content


@pytest.mark.parametrize("role", list(Role))
def test_every_entry_of_a_menu_opens_for_the_role_that_sees_it(
    role: Role, signed_in: Callable[..., Client], carrier: Carrier
) -> None:
    client = signed_in(role, carrier_code=carrier.code if role is Role.CARRIER_STAFF else "")
    mine = [place for place in navigation.DESK if not place.roles or role in place.roles]
    assert {place.page: client.get(place.url).status_code for place in mine} == {
        place.page: 200 for place in mine
    }


def test_every_entry_of_the_public_menu_opens_for_a_visitor(client: Client, root: Region) -> None:
    assert {place.page: client.get(place.url).status_code for place in navigation.PUBLIC} == {
        place.page: 200 for place in navigation.PUBLIC
    }
