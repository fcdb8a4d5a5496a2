"""The newsroom's pages: what the public reads, what editors do, and nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from news import queries, slots
from news.models import Article, Attachment, Bulletin
from news.services import bulletins
from news.services.articles import version_of
from tests.news.payloads import PAYLOADS
from tests.news.services.test_bulletins import act, imported, released
from tests.news.world import AT, World, signed_in

NOW = (2026, 5, 21, 9, 0)


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(*NOW)


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def typed(**more: Any) -> dict[str, Any]:
    return {"title": "新写的一篇", "section": "notices", "text": "第一段。\n## 小标题\n第二段。", **more}


def test_the_public_reads_articles_by_section_with_source_and_carriers(world: World) -> None:
    article = world.published(source="示例日报", carriers=("FH-1",), text="甲段。\n## 一、乙\n丙段。")
    words = page(Client(), f"/news/{article.pk}/")
    for expected in ("甲段。", "<h2>一、乙</h2>", "示例日报", "FH-1孵化器"):
        assert expected in words
    assert article.title in page(Client(), "/news/sections/industry/")
    assert article.title not in page(Client(), "/news/sections/notices/")
    page(Client(), "/news/sections/none/", 404)
    page(Client(), "/news/sections/none/feed/", 404)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_went_round_the_saving_is_cleaned_when_it_is_shown(world: World, payload: str) -> None:
    article = world.published(text="", html="<p>正文</p>", title="题目")
    Article.objects.filter(pk=article.pk).update(html=payload, summary=payload, title=payload[:200])
    for url in (f"/news/{article.pk}/", "/news/", "/news/feed/"):
        words = page(Client(), url)
        assert payload not in words
        for running in ("<script>window", "<svg onload", "<img src=x", "<iframe src", "<math>"):
            assert running not in words
    shown = Client().get(f"/api/v1/articles/{article.pk}/").json()["html"]
    assert "window.XSS" not in shown or "<" not in shown.split("window.XSS")[0].rsplit(">", 1)[-1]


def test_the_feed_is_rss(world: World) -> None:
    article = world.published()
    answer = Client().get("/news/feed/")
    assert answer["Content-Type"].startswith("application/rss+xml")
    assert f"/news/{article.pk}/</link>" in answer.content.decode()
    assert Client().post("/news/feed/").status_code == 405


def test_lists_take_the_same_few_queries_at_any_length(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        world.published(title=f"第 {n} 篇", carriers=("FH-1",))
    for url, most in (("/news/", 6), ("/news/feed/", 2), ("/api/v1/articles/", 4)):
        with django_assert_max_num_queries(most):
            page(Client(), url)


DESK = ("/news/desk/", "/news/desk/new/", "/news/desk/import/")


def test_the_desk_is_the_editors_alone(world: World) -> None:
    article, bulletin = world.draft(), imported(world)
    urls = (*DESK, f"/news/desk/{article.pk}/", f"/news/desk/bulletins/{bulletin.pk}/")
    posts = (
        *urls[1:],
        f"/news/desk/{article.pk}/move/",
        f"/news/desk/{article.pk}/files/",
        f"/news/desk/bulletins/{bulletin.pk}/describe/",
    )
    for name, actor in world.strangers():
        for url in urls:
            assert signed_in(actor).get(url).status_code == (302 if name == "visitor" else 404), url
        for url in posts:
            assert signed_in(actor).post(url, {}).status_code == (302 if name == "visitor" else 404), url
    for url in urls:
        page(signed_in(world.first), url)
    assert Article.objects.filter(state="draft").count() == 4


def test_an_article_walks_from_a_form_to_the_public(world: World) -> None:
    first, second = signed_in(world.first), signed_in(world.second)
    assert first.post("/news/desk/new/", typed(carriers="FH-1，FH-1")).status_code == 302
    article = Article.objects.get()
    assert list(article.carriers.all()) == [world.carrier]
    desk = f"/news/desk/{article.pk}/"
    assert "## 小标题" in page(first, desk)
    first.post(f"{desk}move/", {"action": "submit", "version": version_of(article)})
    article.refresh_from_db()
    move = {"action": "publish", "version": version_of(article)}
    assert first.post(f"{desk}move/", move).status_code == 409
    assert second.post(f"{desk}move/", {**move, "out_at": ""}).status_code == 409
    assert second.post(f"{desk}move/", {**move, "out_at": "2026-05-22T09:00"}).status_code == 302
    article.refresh_from_db()
    assert (
        article.published_at is not None and article.published_at.isoformat() == "2026-05-22T01:00:00+00:00"
    )
    assert "定时发布" in page(first, "/news/desk/?state=scheduled")
    assert article.title not in page(first, "/news/desk/?state=published")
    page(Client(), f"/news/{article.pk}/", 404)


def test_a_refused_form_keeps_what_was_typed_and_names_the_field(world: World) -> None:
    editor = signed_in(world.first)
    answer = editor.post("/news/desk/new/", typed(carriers="NONE", html="<p>又一份</p>"))
    words = answer.content.decode()
    assert answer.status_code == 422 and "没有这家载体" in words and "第一段。" in words
    assert editor.post("/news/desk/new/", typed(section="none")).status_code == 422
    article = world.draft()
    stale = editor.post(f"/news/desk/{article.pk}/", typed(version="draft 2020"))
    assert stale.status_code == 422 and "已由他人修改" in stale.content.decode()
    unknown = editor.post(f"/news/desk/{article.pk}/move/", {"action": "explode"})
    assert unknown.status_code == 409


def test_files_come_and_go_by_the_page(world: World) -> None:
    editor, article = signed_in(world.first), world.draft()
    desk = f"/news/desk/{article.pk}/"
    bad = editor.post(f"{desk}files/", {"file": SimpleUploadedFile("a.exe", b"MZ")})
    assert bad.status_code == 422 and "不收这种文件" in bad.content.decode()
    assert editor.post(f"{desk}files/").status_code == 422
    editor.post(f"{desk}files/", {"file": SimpleUploadedFile("附表.xlsx", b"PK"), "title": "附表一"})
    held = Attachment.objects.get()
    assert "附表一" in page(editor, desk)
    assert editor.post(f"{desk}files/{held.pk + 1}/remove/").status_code == 404
    assert editor.post(f"{desk}files/{held.pk}/remove/").status_code == 302
    assert not Attachment.objects.exists()


def test_the_real_bulletin_is_read_in_and_shown_beside_its_original(world: World) -> None:
    editor = signed_in(world.first)
    text = "平台之声\n\n共享实验室开放预约\n\n首批开放三间实验室，企业可在线预约。\n\n（来源：示例日报）\n"
    upload = SimpleUploadedFile("简报.txt", text.encode())
    answer = editor.post("/news/desk/import/", {"file": upload})
    bulletin = Bulletin.objects.get()
    assert answer["Location"] == f"/news/desk/bulletins/{bulletin.pk}/"
    words = page(editor, answer["Location"])
    assert "（来源：示例日报）" in words and "首批开放三间实验室，企业可在线预约。" in words
    again = editor.post("/news/desk/import/", {"file": SimpleUploadedFile("二.txt", text.encode())})
    assert again["Location"] == answer["Location"] and Bulletin.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.pdf", b"x"), ("a.docx", b"x"), ("a.txt", b"\x00\x01"), ("a.txt", b"   ")],
)
def test_a_file_that_is_no_bulletin_is_refused_with_a_sentence(
    world: World, name: str, content: bytes
) -> None:
    answer = signed_in(world.first).post("/news/desk/import/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422 and not Bulletin.objects.exists()


def test_an_issue_comes_out_as_page_pdf_docx_and_data(world: World) -> None:
    bulletin = released(world)
    words = page(Client(), f"/news/bulletins/{bulletin.pk}/")
    assert "实验室开放预约" in words and "方案出台" in words
    for kind, sign in (("pdf", b"%PDF-"), ("docx", b"PK")):
        answer = Client().get(f"/news/bulletins/{bulletin.pk}/bulletin.{kind}")
        assert answer.getvalue().startswith(sign)
    data = Client().get(f"/api/v1/bulletins/{bulletin.pk}/").json()
    assert [part["title"] for part in data["sections"]] == ["行业动态", "地方之声"]
    world.act(bulletin.articles.order_by("position")[0], "withdraw", comment="有误")
    assert "实验室开放预约" not in page(Client(), f"/news/bulletins/{bulletin.pk}/")
    assert "实验室开放预约" not in Client().get("/api/v1/bulletins/").content.decode()


def test_an_issue_that_is_not_out_has_no_address(world: World) -> None:
    bulletin = act(imported(world), "submit", world.first)
    for name, actor in world.strangers():
        status = 200 if name == "auditor" else 404
        for url in ("", "bulletin.pdf", "bulletin.docx"):
            answer = signed_in(actor).get(f"/news/bulletins/{bulletin.pk}/{url}")
            assert answer.status_code == status, (name, url)
            if answer.streaming:
                answer.getvalue()
        assert signed_in(actor).get(f"/api/v1/bulletins/{bulletin.pk}/").status_code == 404


def test_an_issue_is_moved_by_its_page(world: World) -> None:
    bulletin = imported(world)
    url = f"/news/desk/bulletins/{bulletin.pk}/"
    first, second = signed_in(world.first), signed_in(world.second)
    fields = {"title": "孵化动态", "number": "5", "date": "2026-05-01"}
    assert first.post(f"{url}describe/", fields).status_code == 302
    assert first.post(f"{url}describe/", {**fields, "number": "x"}).status_code == 422
    first.post(url, {"action": "submit", "version": bulletins.version_of(bulletin)})
    bulletin.refresh_from_db()
    assert (bulletin.number, bulletin.state) == (5, "in_review")
    move = {"action": "publish", "version": bulletins.version_of(bulletin)}
    assert first.post(url, move).status_code == 409
    assert second.post(url, move).status_code == 302
    assert second.post(url, move).status_code == 409  # a second click


def test_editors_are_told_what_waits_for_them(world: World, django_assert_max_num_queries: Any) -> None:
    def tasks(actor: Any) -> list[tuple[str, str]]:
        return [(str(task.title), str(task.state)) for task in slots.tasks_for(actor)]

    article = world.act(world.draft(), "submit")
    bulletin = imported(world)
    named = f"核对简报：{bulletin}"
    assert tasks(world.first) == [(named, "草稿")]
    assert tasks(world.second) == [(article.title, "待审"), (named, "草稿")]
    world.act(article, "send_back", world.second, comment="补充")
    act(bulletin, "submit", world.first)
    assert tasks(world.first) == [(article.title, "退回修改")]
    assert tasks(world.second) == [(named, "待审")]
    assert tasks(world.auditor) == tasks(world.staff) == []
    with django_assert_max_num_queries(4):
        slots.tasks_for(world.second)


def test_notices_end_when_they_are_due(world: World) -> None:
    world.published(title="长期有效", section="notices")
    world.published(title="已经截止", section="notices", valid_until=AT + timedelta(hours=1))
    at = AT + timedelta(days=1)
    assert [one.title for one in queries.notices(at)] == ["长期有效"]
    assert queries.published_articles(at=at, section="notices", limit=1).count() == 1


def test_the_same_file_by_the_command_finds_the_issue(world: World, tmp_path: Path, capsys: Any) -> None:
    from django.core.management import call_command

    path = tmp_path / "a.txt"
    path.write_text(
        "平台之声\n\n开放预约\n\n首批开放三间实验室，企业可预约。\n\n（来源：示例日报）\n", "utf-8"
    )
    call_command("import_bulletin", str(path))
    call_command("import_bulletin", str(path))
    said = capsys.readouterr().out
    assert "已存为草稿" in said and "没有改动" in said
    assert Bulletin.objects.count() == 1
