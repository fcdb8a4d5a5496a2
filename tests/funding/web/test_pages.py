"""What the pages show to whom: a draft to those who pay or audit, to all what was decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from funding.models import Allocation, Policy
from funding.services import allocations
from office.models import Job
from tests.evaluation.world import accepted, carrier
from tests.funding.world import AT, POLICY, World

SIGN_IN = "/sign-in/"
OVERSEEING = {"officer", "second", "auditor", "finance", "second_payer"}
KNOWING = {"staff", "county", "city"}


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime], settings: Any) -> None:
    at(2026, 7, 1, 9, 0)
    settings.LOGIN_URL = SIGN_IN


def signed_in(actor: Actor | None) -> Client:
    client = Client()
    if actor is not None and actor.user is not None:
        client.force_login(actor.user)
    return client


def everyone(world: World) -> list[tuple[str, Client]]:
    return [("visitor", Client()), *((name, signed_in(actor)) for name, actor in world.everyone())]


def is_refused(answer: Any) -> bool:
    """404; a visitor who is asked to sign in learns as little."""
    return answer.status_code == 404 or (answer.status_code == 302 and answer["Location"].startswith(SIGN_IN))


def page_of(made: Allocation) -> str:
    return reverse("funding:allocation", args=[made.pk])


@pytest.mark.parametrize("state", ["draft", "dropped"])
def test_nothing_of_an_undecided_allocation_leaks(world: World, state: str) -> None:
    made = world.draft()
    if state == "dropped":
        allocations.drop(actor=world.payer, allocation_id=made.pk, expected=0, at=AT, comment="有误")
    for name, client in everyone(world):
        sees = name in OVERSEEING
        assert client.get(page_of(made)).status_code == (200 if sees else 404), name
        home = client.get(reverse("funding:home")).content.decode()
        assert (page_of(made) in home) == sees, name
        if not sees:
            act = reverse("funding:allocation_act", args=[made.pk])
            assert is_refused(client.post(act, {"action": "confirm", "version": 0})), name
            assert is_refused(client.post(reverse("funding:allocation_export", args=[made.pk]))), name
    made.refresh_from_db()
    assert made.state == state


def test_what_was_decided_is_public_and_its_grounds_are_for_those_concerned(world: World) -> None:
    made = world.confirmed()
    for name, client in everyone(world):
        text = client.get(page_of(made), {"q": "FH-1"}).content.decode()
        assert "FH-1孵化器" in text, name
        assert ("每项 100.00 元 × 1000" in text) == (name in OVERSEEING | KNOWING), name
        assert (made.result_digest in text) == (name in OVERSEEING), name
        assert page_of(made) in client.get(reverse("funding:home")).content.decode(), name
    other = signed_in(world.other_staff).get(page_of(made)).content.decode()
    assert "每项 100.00 元 × 1000" not in other


def test_a_carriers_staff_sees_its_own_awards_with_their_grounds(world: World) -> None:
    url = reverse("funding:home")
    world.draft()
    assert "本单位的奖补" not in signed_in(world.staff).get(url).content.decode()
    made = Allocation.objects.get()
    allocations.confirm(actor=world.second_payer, allocation_id=made.pk, expected=0, at=AT)
    for name, client in everyone(world):
        text = client.get(url).content.decode()
        assert ("本单位的奖补" in text) == (name in {"staff", "other_staff"}), name
        assert ("每项 100.00 元 × 1000" in text) == (name == "staff"), name


def test_a_policy_is_public_once_money_was_decided_under_it(world: World) -> None:
    url = reverse("funding:policy", args=[world.policy.pk])
    officials = OVERSEEING | {"city", "county", "other_county", "city_payer"}
    for name, client in everyone(world):
        assert client.get(url).status_code == (200 if name in officials else 404), name
    world.confirmed()
    text = Client().get(url).content.decode()
    assert "评价等级为“A”：800,000 元" in text
    assert "省级预算 1,100,000 元，不足时同比例安排" in text
    assert "级别为“省级”：100,000 元" in text
    assert "载体类型 = " in text
    assert "每项 100 元 × area" in text


def test_sums_and_what_confirming_would_do_are_shown(world: World) -> None:
    made = world.draft()
    answer = signed_in(world.second_payer).get(page_of(made))
    preview = answer.context["preview"]
    assert preview.carriers == 5
    assert sum(share.amount for share in answer.context["cities"]) == made.allocated
    assert [share.name for share in answer.context["awards"]] == ["运营补贴", "场地补贴", "级别奖励"]
    text = answer.content.decode()
    assert 'value="confirm"' in text
    assert preview.largest[0][0] in text
    own = signed_in(world.payer).get(page_of(made)).content.decode()
    assert 'value="confirm"' not in own
    assert "须由另一名财务人员核定" in own


def test_money_is_worked_out_and_confirmed_on_pages(world: World) -> None:
    client = signed_in(world.payer)
    asked = {"policy": world.policy.pk, "run": world.published.pk}
    url = reverse("funding:allocation_new")
    assert client.get(url, {"run": world.published.pk}).status_code == 200
    made_at = client.post(url, asked)["Location"]
    made = Allocation.objects.get()
    assert made_at == page_of(made)
    again = client.post(url, asked)
    assert again.status_code == 422
    assert "已有测算或核定" in again.content.decode()
    act = reverse("funding:allocation_act", args=[made.pk])
    told = client.post(act, {"action": "confirm", "version": 0}, follow=True)
    assert "须由第二人办理" in told.content.decode()
    second = signed_in(world.second_payer)
    assert "已核定" in second.post(act, {"action": "confirm", "version": 0}, follow=True).content.decode()
    stale = second.post(act, {"action": "confirm", "version": 0}, follow=True)
    assert "请刷新后再办理" in stale.content.decode()
    assert second.post(act, {"action": "confirm"}, follow=True).status_code == 200


def test_forms_are_there_for_those_who_may(world: World) -> None:
    for name, client in everyone(world):
        paying = name in {"officer", "second", "finance", "second_payer", "city_payer"}
        answer = client.get(reverse("funding:allocation_new"))
        assert (answer.status_code == 200) == paying and (paying or is_refused(answer)), name
        writing = name in {"officer", "second"}
        answer = client.get(reverse("funding:policy_import"))
        assert (answer.status_code == 200) == writing and (writing or is_refused(answer)), name


def test_a_policy_is_imported_with_every_fault_told(world: World) -> None:
    client = signed_in(world.officer)
    url = reverse("funding:policy_import")
    bad = SimpleUploadedFile(
        "p.yaml", POLICY.replace("small-money", "other").replace("[operating", "[no").encode()
    )
    answer = client.post(url, {"file": bad})
    assert answer.status_code == 422
    assert "caps[0].awards[0]" in answer.content.decode()
    binary = client.post(url, {"file": SimpleUploadedFile("p.yaml", b"\xff\xfe\x00")})
    assert binary.status_code == 422
    good = SimpleUploadedFile("p.yaml", POLICY.replace("small-money", "other").encode())
    answer = client.post(url, {"file": good})
    row = Policy.objects.get(code="other")
    assert answer["Location"] == reverse("funding:policy", args=[row.pk])
    assert row.region == world.root


def test_awards_are_narrowed(world: World) -> None:
    made = world.confirmed()

    def found(**asked: str) -> set[str]:
        return {award.carrier.code for award, _ in Client().get(page_of(made), asked).context["rows"]}

    assert found(award="level") == {"FH-5"}
    assert found(city="990200") == {"FH-4", "FH-5"}
    assert found(q="FH-2") == {"FH-2"}
    assert found(q="没有") == set()
    assert len(found(award="'; drop", city="x")) == 5


def test_unknown_addresses_are_404(world: World) -> None:
    client = signed_in(world.payer)
    for name in ("allocation", "policy"):
        assert client.get(reverse(f"funding:{name}", args=[10**12])).status_code == 404
    act = reverse("funding:allocation_act", args=[999])
    assert client.post(act, {"action": "confirm", "version": 0}).status_code == 404


def test_the_export_starts_a_job(world: World) -> None:
    made = world.confirmed()
    url = reverse("funding:allocation_export", args=[made.pk])
    answer = signed_in(world.staff).post(url)
    job = Job.objects.get()
    assert answer["Location"] == reverse("office:job", args=[job.pk])
    assert (job.handler, job.arguments) == ("funding.tasks.export_awards", {"allocation": made.pk})
    assert is_refused(Client().post(url))


COUNTS: dict[str, int] = {}


@pytest.mark.parametrize("more", [0, 100])
@pytest.mark.parametrize("name", ["allocation", "home"])
def test_pages_take_the_same_queries_at_every_length(
    world: World, more: int, name: str, django_assert_max_num_queries: Any
) -> None:
    for n in range(more):
        accepted(world.campaign, carrier(f"GH-{n}", world.regions["990101"]), {"area": "500"})
    run = world.run("published", at=AT) if more else world.published
    made = world.draft(run=run)
    for n in range(more // 10):
        world.load(POLICY.replace("small-money", f"other-{n}"))
    client = signed_in(world.second_payer)
    url = page_of(made) if name == "allocation" else reverse("funding:home")
    client.get(url)
    with django_assert_max_num_queries(20) as counted:
        client.get(url)
    assert len(counted) == COUNTS.setdefault(name, len(counted))
