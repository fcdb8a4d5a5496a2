"""Lists and pages of the public: notices, policies, guides, issues; drafts are not among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.problems import Refused
from news.models import Article, Attachment, Section
from news.services import articles, attachments
from news.services.articles import Draft
from tests.news.services.test_bulletins import released
from tests.news.world import AT, World, signed_in

NOW = (2026, 5, 21, 9, 0)


@pytest.fixture(autouse=True)
def clock_at(at: Callable[..., datetime]) -> None:
    at(*NOW)


@pytest.fixture
def sections(world: World) -> None:
    for position, (code, title) in enumerate(
        (("policy", "政策"), ("guides", "办事指南"), ("publicity", "公示公告"))
    ):
        Section.objects.create(code=code, title=title, title_en=code.title(), position=10 + position)


def page(url: str, status: int = 200, client: Client | None = None, **given: str) -> str:
    answer = (client or Client()).get(url, given)
    assert answer.status_code == status, url
    return answer.content.decode()


def policy(world: World, title: str = "评价办法", **more: Any) -> Article:
    fields = {"section": "policy", "document_number": "示科规〔2026〕7 号", "issuer": "示例省科学技术厅"}
    return world.published(title=title, **{**fields, **more})


def test_a_policy_shows_number_issuer_day_of_effect_and_whether_it_holds(
    world: World, sections: None
) -> None:
    holds = policy(world, effective_on=date(2026, 1, 1))
    policy(world, "将来的办法", effective_on=date(2027, 1, 1))
    policy(world, "旧办法", effective_on=date(2020, 1, 1), repealed_on=date(2026, 1, 1))
    words = page("/news/policies/")
    for expected in ("示科规〔2026〕7 号", "示例省科学技术厅", "现行", "自 2027-01-01 起施行", "已废止"):
        assert expected in words
    words = page(f"/news/{holds.pk}/")
    for expected in ("文号", "发文机关", "2026-01-01", "现行"):
        assert expected in words


def test_a_guide_says_who_until_when_what_how_and_whom_to_ask(world: World, sections: None) -> None:
    guide = world.published(
        title="认定申报",
        section="guides",
        text="登录平台。\n提交县区。",
        audience="运营满两年的孵化器",
        materials="场地证明\n管理制度",
        contact="0000-1234 5678",
        valid_until=AT + timedelta(days=20),
    )
    assert "运营满两年的孵化器" in page("/news/sections/guides/")
    words = page(f"/news/{guide.pk}/")
    for expected in ("谁可以办", "<li>场地证明</li>", "<li>登录平台。</li>", "0000-1234 5678", "办理中"):
        assert expected in words


def test_a_notice_leads_to_its_guide_once_the_guide_is_out(world: World, sections: None) -> None:
    draft = world.draft(title="认定申报", section="guides")
    notice = world.published(title="认定通知", section="notices", guide=draft.pk)
    assert "查看办事指南" not in page(f"/news/{notice.pk}/")
    world.act(world.act(draft, "submit"), "publish", world.second)
    assert "查看办事指南" in page(f"/news/{notice.pk}/")


def test_lists_are_narrowed_by_words_number_and_year(world: World, sections: None) -> None:
    policy(world, "评价办法")
    old = policy(world, "备案细则", document_number="示科规〔2024〕1 号")
    Article.objects.filter(pk=old.pk).update(published_at=AT - timedelta(days=700))
    for given, shown in (
        ({"q": "备案"}, {"备案细则"}),
        ({"q": "〔2026〕7"}, {"评价办法"}),
        ({"year": "2024"}, {"备案细则"}),
        ({"year": "2026"}, {"评价办法"}),
        ({"year": "1999"}, {"评价办法", "备案细则"}),  # no year of the list
        ({"q": "\x00"}, {"评价办法", "备案细则"}),
    ):
        words = page("/news/policies/", **given)
        assert {title for title in ("评价办法", "备案细则") if title in words} == shown, given
    assert "没有符合条件的内容" in page("/news/policies/", q="没有这样的")


def test_what_is_not_out_is_in_no_list(world: World, sections: None) -> None:
    world.embargoed()
    world.published(title="可以看的")
    for url in ("/news/", "/news/notices/", "/news/policies/", "/news/sections/industry/", "/news/?q=密号"):
        assert "机密" not in page(url)
    assert "可以看的" in page("/news/")


def test_without_sections_the_menu_leads_to_everything(db: None) -> None:
    for url in ("/news/notices/", "/news/policies/", "/news/bulletins/"):
        words = page(url)
        assert "这里还没有内容" in words or "还没有发布简报" in words


def test_the_menu_shows_where_an_article_stands(world: World, sections: None) -> None:
    def here(url: str) -> str:
        menu = page(url).split('aria-label="主导航"')[1].split("</nav>")[0]
        return menu.split(' aria-current="page">')[1].split("<")[0] if "aria-current" in menu else ""

    assert here(f"/news/{policy(world).pk}/") == "政策与办事"
    assert here(f"/news/{world.published(title='通知', section='notices').pk}/") == "通知公告"
    assert here(f"/news/{world.published(title='动态').pk}/") == ""
    assert here("/news/policies/") == here("/news/sections/guides/") == "政策与办事"


def test_files_stand_with_their_type_and_size(world: World) -> None:
    article = world.draft()
    attachments.attach(
        actor=world.first, article_id=article.pk, content=b"x" * 3000, name="附表.xlsx", title="附表一", at=AT
    )
    article.refresh_from_db()
    world.act(world.act(article, "submit"), "publish", world.second)
    words = page(f"/news/{article.pk}/")
    assert "附表一" in words and "XLSX，3 KB" in words
    held = Attachment.objects.get()
    answer = Client().get(f"/news/{article.pk}/files/{held.pk}/")
    assert answer.getvalue() == b"x" * 3000


def test_issues_are_found_by_number_and_by_an_article_in_them(world: World) -> None:
    released(world)
    assert "没有符合条件的简报" in page("/news/bulletins/", q="没有这样的")
    words = page("/news/bulletins/", q="实验室")
    assert "实验室开放预约" in words
    withdrawn = Article.objects.get(title__contains="实验室")
    world.act(withdrawn, "withdraw", comment="有误")
    assert "没有符合条件的简报" in page("/news/bulletins/", q="实验室")


def test_lists_ask_as_much_with_sixty_as_with_three(world: World, sections: None) -> None:
    def asked(url: str) -> int:
        with CaptureQueriesContext(connection) as found:
            page(url)
        return len(found)

    urls = ("/news/", "/news/notices/", "/news/policies/", "/news/sections/guides/", "/news/bulletins/")
    for n in range(3):
        policy(world, f"甲{n}")
        world.published(title=f"通知{n}", section="notices", valid_until=AT + timedelta(days=2))
    few = [asked(url) for url in urls]
    rows = list(Article.objects.all())
    for n in range(57):
        copy = rows[n % len(rows)]
        copy.pk = None
        copy.save(force_insert=True)
    assert [asked(url) for url in urls] == few
    assert max(few) <= 8


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("issuer", "厅" * 121, "article.length"),
        ("materials", "x\x00", "words.control"),
        ("guide", 10**9, "article.guide"),
        ("repealed_on", date(2026, 1, 1), "article.days"),
    ],
)
def test_particulars_that_cannot_be_meant_are_refused(
    world: World, sections: None, field: str, value: Any, code: str
) -> None:
    draft = Draft(
        **{
            "title": "办法",
            "section": "policy",
            "text": "正文",
            "effective_on": date(2026, 2, 1),
            field: value,
        }
    )
    with pytest.raises(Refused) as refused:
        articles.write(actor=world.first, draft=draft, at=AT)
    assert [problem.code for problem in refused.value.problems] == [code]


def test_an_editor_writes_the_particulars_by_the_form(world: World, sections: None) -> None:
    guide = world.published(title="认定申报", section="guides")
    editor = signed_in(world.first)
    typed = {
        "title": "认定办法",
        "section": "policy",
        "text": "正文。",
        "document_number": "示科规〔2026〕8 号",
        "issuer": "示例省科学技术厅",
        "effective_on": "2026-07-01",
        "guide": str(guide.pk),
        "materials": "合同\n名单",
    }
    assert editor.post("/news/desk/new/", typed).status_code == 302
    article = Article.objects.get(title="认定办法")
    assert (article.effective_on, article.guide, article.issuer) == (
        date(2026, 7, 1),
        guide,
        "示例省科学技术厅",
    )
    words = page(f"/news/desk/{article.pk}/", client=editor)
    assert 'value="2026-07-01"' in words and "合同\n名单" in words
