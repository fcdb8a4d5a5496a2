"""What the pages show to whom: nothing of a result before publicity, all of it to those concerned after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.actors import Actor
from evaluation.models import Assignment, CarrierFact, Mark, Objection, Run, RunEntry
from evaluation.models import Scheme as SchemeRow
from evaluation.services import marking, objections
from evaluation.services.facts import record_fact
from evaluation.services.schemes import import_scheme
from office.models import Job, StoredFile
from tests.evaluation.world import AT, SCHEME, YEAR, World, accepted, carrier

LATER = (2026, 5, 21, 9, 0)
SIGN_IN = "/sign-in/"
Answer = Any


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime], settings: Any) -> None:
    at(*LATER)
    settings.LOGIN_URL = SIGN_IN


def signed_in(actor: Actor | None) -> Client:
    client = Client()
    if actor is not None and actor.user is not None:
        client.force_login(actor.user)
    return client


def everyone(world: World) -> list[tuple[str, Client]]:
    return [("visitor", Client()), *((name, signed_in(actor)) for name, actor in world.everyone())]


def statuses(world: World, url: str) -> dict[str, int]:
    return {name: status(client, url) for name, client in everyone(world)}


def status(client: Client, url: str) -> int:
    """The status; a visitor who is asked to sign in learns as little as from a 404 and counts as one."""
    answer = client.get(url)
    if answer.streaming:
        answer.getvalue()  # read to its end, which closes the file
    return 404 if asks_to_sign_in(answer) else answer.status_code


def asks_to_sign_in(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(SIGN_IN)


OVERSEEING = {"officer", "second", "auditor"}


@pytest.mark.parametrize("state", ["draft", "frozen", "scored", "publicised", "published"])
def test_the_console_is_there_for_the_province_and_its_auditor_alone(world: World, state: str) -> None:
    run = world.run(state)
    found = statuses(world, reverse("evaluation:run", args=[run.pk]))
    assert found == {name: 200 if name in OVERSEEING else 404 for name in found}


@pytest.mark.parametrize("state", ["draft", "frozen", "scored", "dropped"])
def test_nothing_of_an_unpublished_run_leaks(world: World, state: str) -> None:
    run = world.run("scored" if state == "dropped" else state)
    if state == "dropped":
        run = world.move(run, "drop", comment="作废")
    for name, client in everyone(world):
        if name in OVERSEEING:
            continue
        for url in (
            reverse("evaluation:results", args=[run.pk]),
            reverse("evaluation:explanation", args=[run.pk, "FH-1"]),
            reverse("evaluation:objection_new", args=[run.pk]),
            reverse("api-run", args=[run.pk]),
        ):
            assert status(client, url) in (401, 404), (name, url)
        listed = client.get(reverse("evaluation:runs"))
        assert run.title not in listed.content.decode(), name
        exported = client.post(reverse("evaluation:results_export", args=[run.pk]))
        assert exported.status_code == 404 or asks_to_sign_in(exported), name
        assert client.get(reverse("api-runs")).json()["results"] == [], name
        assert client.get(reverse("api-results")).json()["results"] == [], name


def test_an_expert_knows_of_a_run_that_they_mark_but_of_no_result(world: World) -> None:
    run = world.run("scored")
    assigned(world, run, ["FH-1"])
    client = signed_in(world.expert)
    assert client.get(reverse("evaluation:results", args=[run.pk])).status_code == 404
    assert client.get(reverse("evaluation:explanation", args=[run.pk, "FH-1"])).status_code == 404


@pytest.mark.parametrize("state", ["publicised", "published"])
def test_the_list_of_results_is_public_from_publicity_on(world: World, state: str) -> None:
    run = world.run(state)
    for name, client in everyone(world):
        answer = client.get(reverse("evaluation:results", args=[run.pk]))
        assert answer.status_code == 200, name
        assert "FH-4孵化器" in answer.content.decode()


def test_during_publicity_the_explanation_is_for_those_concerned(world: World) -> None:
    run = world.run("publicised")
    found = statuses(world, reverse("evaluation:explanation", args=[run.pk, "FH-1"]))
    open_to = OVERSEEING | {"staff", "county", "city"}
    assert found == {name: 200 if name in open_to else 404 for name in found}


def test_after_publication_others_see_grade_and_total_alone(world: World) -> None:
    run = world.run("published")
    url = reverse("evaluation:explanation", args=[run.pk, "FH-1"])
    open_to = OVERSEEING | {"staff", "county", "city"}
    for name, client in everyone(world):
        answer = client.get(url)
        assert answer.status_code == 200, name
        text = answer.content.decode()
        assert "22.50" in text
        assert ("工作簿 全部!C2" in text) == (name in open_to), name
        assert ("每 100 得 1 分" in text) == (name in open_to), name


def test_a_carrier_that_is_not_in_the_run_has_no_page(world: World) -> None:
    run = world.run("published")
    for code in ("FH-6", "FH-99", "'"):
        url = reverse("evaluation:explanation", args=[run.pk, code])
        assert signed_in(world.officer).get(url).status_code == 404


def test_results_are_narrowed_by_grade_city_and_name(world: World) -> None:
    run = world.run("published")
    url = reverse("evaluation:results", args=[run.pk])

    def names(**asked: str) -> list[str]:
        return [entry.carrier.code for entry, _, _ in Client().get(url, asked).context["rows"]]

    assert names() == ["FH-4", "FH-3", "FH-2", "FH-1", "FH-5"]
    assert names(grade="B") == ["FH-4", "FH-3", "FH-2"]
    assert names(city="990200") == ["FH-4", "FH-5"]
    assert names(q="FH-2") == ["FH-2"]
    assert names(grade="'; drop") == ["FH-4", "FH-3", "FH-2", "FH-1", "FH-5"]


@pytest.mark.parametrize("more", [0, 20])
def test_a_list_of_results_takes_the_same_queries_at_every_length(
    world: World, more: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(more):
        accepted(world.campaign, carrier(f"GH-{n}", world.regions["990101"]), {"area": "500"})
    run = world.run("publicised")
    url = reverse("evaluation:results", args=[run.pk])
    client = signed_in(world.staff)
    client.get(url)
    with django_assert_max_num_queries(12) as counted:
        client.get(url)
    assert len(counted) == COUNTS.setdefault("results", len(counted))


@pytest.mark.parametrize("more", [0, 20])
def test_the_console_takes_the_same_queries_at_every_size(
    world: World, more: int, django_assert_max_num_queries: Any
) -> None:
    for n in range(more):
        accepted(world.campaign, carrier(f"GH-{n}", world.regions["990101"]), {"area": "500"})
    run = world.run("scored")
    client = signed_in(world.officer)
    url = reverse("evaluation:run", args=[run.pk])
    client.get(url)
    with django_assert_max_num_queries(30) as counted:
        client.get(url)
    assert len(counted) == COUNTS.setdefault("console", len(counted))


COUNTS: dict[str, int] = {}


# The province's desk.


def test_a_run_is_made_and_moved_on_its_console(world: World) -> None:
    client = signed_in(world.officer)
    made = client.post(
        reverse("evaluation:run_new"),
        {"scheme": world.scheme.pk, "year": YEAR, "title": "第一次评价", "region": world.root.pk},
    )
    run = Run.objects.get()
    assert made["Location"] == reverse("evaluation:run", args=[run.pk])
    act = reverse("evaluation:run_act", args=[run.pk])
    client.post(act, {"action": "freeze", "version": 0, "facts_as_of": "2026-05-01"})
    client.post(act, {"action": "score", "version": 1})
    client.post(act, {"action": "score", "version": 1})  # a second click
    client.post(act, {"action": "publicise", "version": 2, "period": "calendar_7", "comment": "经会议审议"})
    run.refresh_from_db()
    assert (run.state, run.version, str(run.facts_as_of)) == ("publicised", 3, "2026-05-01")
    shown = client.get(reverse("evaluation:run", args=[run.pk])).content.decode()
    assert run.frozen_digest in shown
    assert "经会议审议" in shown


def test_a_move_that_makes_no_sense_is_answered_with_a_sentence(world: World) -> None:
    run = world.run("draft")
    client = signed_in(world.officer)
    act = reverse("evaluation:run_act", args=[run.pk])
    known, unknown = {"action": "publish", "version": 0}, {"action": "explode", "version": 0}
    for sent in ({}, known, unknown, {"version": "x"}):
        assert client.post(act, sent, follow=True).status_code == 200
    assert signed_in(world.staff).post(act, {"action": "freeze", "version": 0}).status_code == 404
    assert Run.objects.get().state == "draft"


def test_only_the_province_makes_runs(world: World) -> None:
    found = statuses(world, reverse("evaluation:run_new"))
    assert found == {name: 200 if name in {"officer", "second"} else 404 for name in found}


def test_the_results_leave_as_a_job(world: World, django_capture_on_commit_callbacks: Any) -> None:
    run = world.run("publicised")
    answer = signed_in(world.staff).post(reverse("evaluation:results_export", args=[run.pk]))
    job = Job.objects.get()
    assert answer["Location"] == reverse("office:job", args=[job.pk])
    assert (job.handler, job.arguments) == ("evaluation.tasks.export_results", {"run": run.pk})
    assert asks_to_sign_in(Client().post(reverse("evaluation:results_export", args=[run.pk])))
    assert Job.objects.count() == 1


# Schemes and facts.


def test_a_scheme_is_shown_as_a_tree(world: World) -> None:
    shown = signed_in(world.officer).get(reverse("evaluation:scheme", args=[world.scheme.pk]))
    text = shown.content.decode()
    assert "每 100 得 1 分，至多 40 分" in text
    assert "growth(area, prev.area)" in text
    assert Client().get(reverse("evaluation:scheme", args=[world.scheme.pk])).status_code == 404
    world.run("published")
    assert Client().get(reverse("evaluation:scheme", args=[world.scheme.pk])).status_code == 200


def test_a_scheme_with_faults_is_not_loaded_and_each_is_told(world: World) -> None:
    bad = SCHEME.replace("version: 1", "version: 3").replace("full: 100", "full: 90")
    bad = bad.replace("value: area", "value: aera")
    client = signed_in(world.officer)
    answer = client.post(
        reverse("evaluation:scheme_import"), {"file": SimpleUploadedFile("s.yaml", bad.encode())}
    )
    assert answer.status_code == 422
    places = {problem.place for problem in answer.context["problems"]}
    assert places == {"full", "indicators[0].items[0].value"}
    assert SchemeRow.objects.count() == 1
    good = SCHEME.replace("version: 1", "version: 3")
    client.post(reverse("evaluation:scheme_import"), {"file": SimpleUploadedFile("s.yaml", good.encode())})
    assert SchemeRow.objects.count() == 2
    found = statuses(world, reverse("evaluation:scheme_import"))
    assert found == {name: 200 if name in {"officer", "second"} else 404 for name in found}


def test_a_fact_is_recorded_and_revoked_within_the_scope(world: World, settings: Any, tmp_path: Any) -> None:
    sent = {
        "carrier_code": "FH-1", "year": YEAR, "name": "accident", "value": "是",
        "document": "事故通报〔2025〕1号", "document_date": "2026-02-01",
    }  # fmt: skip
    url = reverse("evaluation:facts")
    assert signed_in(world.other_county).post(url, sent).status_code == 422
    assert signed_in(world.staff).post(url, sent).status_code == 404
    assert not CarrierFact.objects.exists()
    client = signed_in(world.county)
    client.post(url, {**sent, "file": SimpleUploadedFile("通报.pdf", b"%PDF-1.7 x")})
    fact = CarrierFact.objects.get()
    document = reverse("evaluation:fact_document", args=[fact.pk])
    found = statuses(world, document)
    concerned = {"officer", "second", "auditor", "city", "county", "staff"}
    assert found == {name: 200 if name in concerned else 404 for name in found}
    revoke = reverse("evaluation:fact_revoke", args=[fact.pk])
    assert signed_in(world.other_county).post(revoke, {"because": "认定有误"}).status_code == 404
    client.post(revoke, {"because": "认定有误"})
    fact.refresh_from_db()
    assert fact.revoked_because == "认定有误"
    assert "认定有误" in client.get(url).content.decode()


# Experts.


def assigned(world: World, run: Run, codes: list[str], expert: Actor | None = None) -> list[Assignment]:
    person = expert or world.expert
    assert person.user_id is not None
    return marking.assign(
        actor=world.officer, run_id=run.pk, expert_id=person.user_id, carrier_codes=codes, at=AT,
        due_at=AT + timedelta(days=10),
    )  # fmt: skip


def test_an_expert_marks_without_script_and_without_a_name(world: World) -> None:
    run = world.run("frozen")
    one, _ = assigned(world, run, ["FH-1", "FH-2"])
    client = signed_in(world.expert)
    queue = client.get(reverse("evaluation:queue")).content.decode()
    sheet = client.get(reverse("evaluation:sheet", args=[one.code])).content.decode()
    assert one.code in queue
    for text in (queue, sheet):
        assert "孵化器" not in text.replace("科技企业孵化器", "")
        assert "FH-" not in text
        assert "990101" not in text
    assert "场地面积" in sheet
    save = reverse("evaluation:mark_save", args=[one.code])
    wrong = client.post(save, {"leaf": "E1", "expected": 0, "mark": "800", "comment": "写了很久的评语"})
    assert wrong.status_code == 422
    assert "写了很久的评语" in wrong.content.decode()
    assert "须在 0 至 100 之间" in wrong.content.decode()
    client.post(save, {"leaf": "E1", "expected": 0, "mark": "80", "comment": ""})
    client.post(save, {"leaf": "E2", "expected": 0, "abstained": "on"})
    assert (
        "我的合计 16.00 / 40 分，已评 2 / 2 项"
        in client.get(reverse("evaluation:sheet", args=[one.code])).content.decode()
    )
    client.post(reverse("evaluation:marks_submit", args=[one.code]))
    one.refresh_from_db()
    assert one.submitted_at is not None


def test_autosave_answers_with_the_leaf_alone(world: World) -> None:
    run = world.run("frozen")
    (one,) = assigned(world, run, ["FH-1"])
    client = signed_in(world.expert)
    save = reverse("evaluation:mark_save", args=[one.code])
    headers = {"HX-Request": "true"}
    answer = client.post(save, {"leaf": "E1", "expected": 0, "mark": "70"}, headers=headers).content.decode()
    assert "<html" not in answer
    assert "折合 14.00 / 20 分" in answer
    assert 'hx-swap-oob="true"' in answer
    assert 'name="expected" value="1"' in answer
    assert "<textarea" not in answer  # what is being typed meanwhile stays
    stale = client.post(save, {"leaf": "E1", "expected": 0, "mark": "10"}, headers=headers).content.decode()
    assert "已在另一处保存过" in stale
    assert 'name="expected" value="0"' in stale
    wrong = client.post(save, {"leaf": "E1", "expected": 1, "mark": "101"}, headers=headers).content.decode()
    assert "须在 0 至 100 之间" in wrong
    assert list(Mark.objects.values_list("leaf", "mark", "version")) == [("E1", 70, 1)]


def test_an_expert_sees_nobody_elses_sheet(world: World) -> None:
    run = world.run("frozen")
    (mine,) = assigned(world, run, ["FH-1"])
    (other,) = assigned(world, run, ["FH-1"], world.other_expert)
    client = signed_in(world.expert)
    for name in ("sheet", "mark_save", "marks_submit", "marks_recuse"):
        url = reverse(f"evaluation:{name}", args=[other.code])
        answer = client.get(url) if name == "sheet" else client.post(url, {"leaf": "E1", "expected": 0})
        assert answer.status_code == 404, name
    found = statuses(world, reverse("evaluation:sheet", args=[mine.code]))
    assert found == {name: 200 if name == "expert" else 404 for name in found}


def test_the_province_assigns_on_the_console(world: World) -> None:
    run = world.run("frozen")
    url = reverse("evaluation:run_assign", args=[run.pk])
    sent = {"expert": world.expert.user_id, "carriers": "FH-1，FH-2\nFH-3"}
    assert signed_in(world.city).post(url, sent).status_code == 404
    signed_in(world.officer).post(url, sent)
    assert Assignment.objects.filter(expert=world.expert.user).count() == 3
    signed_in(world.officer).post(url, {"expert": "x"})
    signed_in(world.officer).post(url, {**sent, "carriers": "FH-6"})
    assert Assignment.objects.count() == 3


# Objections.


def test_a_carrier_objects_with_evidence_and_the_province_decides(world: World) -> None:
    run = world.run("publicised")
    client = signed_in(world.staff)
    url = reverse("evaluation:objection_new", args=[run.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": "太短"}).status_code == 200
    sent = {"text": "场地面积应为一千二百平方米，请复核。"}
    bad = client.post(url, {**sent, "evidence": SimpleUploadedFile("x.pdf", b"MZ...")})
    assert bad.status_code == 422
    assert not Objection.objects.exists()
    client.post(url, {**sent, "evidence": SimpleUploadedFile("证明.pdf", b"%PDF-1.4 ...")})
    found = Objection.objects.get()
    assert StoredFile.objects.count() == 1
    for name in ("objection", "objection_evidence"):
        seen = statuses(world, reverse(f"evaluation:{name}", args=[found.pk]))
        concerned = {"officer", "second", "auditor", "city", "county", "staff"}
        assert seen == {who: 200 if who in concerned else 404 for who in seen}
    decide = reverse("evaluation:objection_decide", args=[found.pk])
    assert signed_in(world.other_staff).post(decide, {"action": "reject"}).status_code == 404
    for actor in (world.city, world.staff):
        signed_in(actor).post(decide, {"action": "reject", "comment": "不成立"})
    signed_in(world.officer).post(decide, {"action": "reject", "comment": ""})
    found.refresh_from_db()
    assert found.state == "filed"
    signed_in(world.officer).post(decide, {"action": "sustain", "comment": "数据确有出入"})
    found.refresh_from_db()
    assert (found.state, found.decision) == ("sustained", "数据确有出入")
    assert "数据确有出入" in client.get(reverse("evaluation:objection", args=[found.pk])).content.decode()


def test_objecting_is_for_the_staff_of_a_graded_carrier(world: World) -> None:
    run = world.run("publicised")
    found = statuses(world, reverse("evaluation:objection_new", args=[run.pk]))
    assert found == {name: 200 if name in {"staff", "other_staff"} else 404 for name in found}


def test_the_list_of_objections_is_for_those_concerned(world: World) -> None:
    run = world.run("publicised")
    objections.file(actor=world.staff, run_id=run.pk, text="请复核本单位的场地面积数据。", at=AT)
    for name, client in everyone(world):
        answer = client.get(reverse("evaluation:objections"))
        if name in {"visitor", "expert", "finance", "editor"}:
            assert answer.status_code == 404 or asks_to_sign_in(answer), name
            continue
        shown = "FH-1孵化器" in answer.content.decode()
        assert shown == (name not in {"other_county", "other_staff"}), name


def test_every_page_of_the_room_answers_in_english_too(world: World) -> None:
    run = world.run("published")
    client = signed_in(world.officer)
    for url in (
        reverse("evaluation:runs"),
        reverse("evaluation:run", args=[run.pk]),
        reverse("evaluation:results", args=[run.pk]),
        reverse("evaluation:explanation", args=[run.pk, "FH-1"]),
        reverse("evaluation:schemes"),
        reverse("evaluation:scheme", args=[world.scheme.pk]),
        reverse("evaluation:facts"),
        reverse("evaluation:objections"),
    ):
        assert client.get(url, headers={"Accept-Language": "en"}).status_code == 200, url
    assert RunEntry.objects.filter(run=run).count() == 6


@pytest.mark.parametrize("name", ["runs", "schemes", "facts", "objections", "queue"])
def test_a_list_takes_the_same_queries_with_one_row_and_with_many(
    world: World, name: str, django_assert_max_num_queries: Any
) -> None:
    """One row, then several: nothing is asked for each row again."""
    client = signed_in(world.expert if name == "queue" else world.officer)
    few = _filled(world, name, 1)
    assert few == 1
    client.get(reverse(f"evaluation:{name}"))  # the first page of a session is written down
    with django_assert_max_num_queries(20) as first:
        client.get(reverse(f"evaluation:{name}"))
    assert _filled(world, name, 3) == 3
    with django_assert_max_num_queries(20) as second:
        client.get(reverse(f"evaluation:{name}"))
    assert len(second) == len(first)


def _filled(world: World, name: str, count: int) -> int:
    """Makes rows until the list has so many."""
    kinds: dict[str, Any] = {
        "runs": Run, "schemes": SchemeRow, "facts": CarrierFact, "objections": Objection, "queue": Assignment,
    }  # fmt: skip
    rows = kinds[name].objects
    while rows.count() < count:
        n = rows.count()
        if name == "runs":
            world.run("draft")
        elif name == "schemes":
            source = SCHEME.replace("version: 1", f"version: {n + 2}")
            import_scheme(actor=world.officer, source=source, region=world.root, at=AT)
        elif name == "facts":
            record_fact(
                actor=world.officer, carrier_code=f"FH-{n + 1}", year=YEAR, name="accident", value="是",
                document="事故通报", document_date=AT.date(), at=AT,
            )  # fmt: skip
        elif name == "objections":
            run = world.run("publicised")
            objections.file(actor=world.staff, run_id=run.pk, text="请复核本单位的场地面积。", at=AT)
        else:
            run = Run.objects.first() or world.run("frozen")
            assigned(world, run, [f"FH-{n + 1}"])
    return int(rows.count())


def test_signs_that_cannot_be_stored_are_told_or_not_found(world: World) -> None:
    run = world.run("frozen")
    (one,) = assigned(world, run, ["FH-1"])
    expert = signed_in(world.expert)
    save, recuse = (reverse(f"evaluation:{n}", args=[one.code]) for n in ("mark_save", "marks_recuse"))
    expert.post(save, {"leaf": "E1", "expected": 0, "mark": "70", "comment": "好\x0b吗"})
    expert.post(save, {"leaf": "E1", "expected": 0, "mark": "70", "comment": "好\x00吗"})
    expert.post(recuse, {"because": "认出\x00来了"})
    assert not Mark.objects.exists()
    one.refresh_from_db()
    assert one.recused_at is None
    officer = signed_in(world.officer)
    act = reverse("evaluation:run_act", args=[run.pk])
    for comment in ("作\x00废", "作\x0b废"):
        officer.post(act, {"action": "drop", "version": run.version, "comment": comment})
    assert Run.objects.get().state == "frozen"
    run = world.move(world.move(run, "score"), "publicise")
    for code in ("%00", "a%00b", "%0B"):
        assert officer.get(f"/evaluation/runs/{run.pk}/carriers/{code}/").status_code == 404
        assert expert.get(f"/evaluation/marking/{code}/").status_code == 404
    assert officer.get(reverse("evaluation:results", args=[run.pk]), {"q": "\x00"}).status_code == 200
    made = objections.file(actor=world.staff, run_id=run.pk, text="请复核本单位的场地面积。", at=AT)
    decide = reverse("evaluation:objection_decide", args=[made.pk])
    officer.post(decide, {"action": "reject", "comment": "无\x00误"})
    officer.post(decide, {"action": "\x00", "comment": "无误"})
    made.refresh_from_db()
    assert made.state == "filed"
