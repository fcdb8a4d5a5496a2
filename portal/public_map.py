"""Every page that the public can read: as a page for people, as a list for search engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree

from django.urls import reverse

from accounts.actors import VISITOR
from core.text import T, Text
from evaluation.models import Run
from figures.rules.definitions import DEFINITIONS
from news.models import Bulletin
from news.queries import open_sections, published_articles
from portal.navigation import PUBLIC
from registry.models import Carrier

MOST = 45_000  # a list for search engines holds 50,000 addresses
ABOUT = (
    (T("申请账号"), "registry:join"),
    (T("隐私说明"), "portal:privacy"),
    (T("无障碍声明"), "portal:accessibility"),
    (T("网站地图"), "portal:sitemap"),
    (T("搜索"), "portal:search"),
)
Links = list[tuple[Text | str, str]]


def groups(at: datetime) -> list[tuple[Text, Links]]:
    """Heads and the links below each: menu, sections, figures, about. One query."""
    sections: Links = [(one.title, reverse("news:section", args=[one.code])) for one in open_sections(at)]
    opened: Links = [
        (T("全部资讯"), reverse("news:index")),
        (T("评价结果"), reverse("evaluation:runs")),
        (T("奖补资金"), reverse("funding:home")),
        (T("订阅（RSS）"), reverse("news:feed")),
    ]
    figures: Links = [(one.title, reverse("figures:detail", args=[one.code])) for one in DEFINITIONS]
    return [
        (T("主要页面"), [(place.words, place.url) for place in PUBLIC]),
        (T("资讯栏目"), sections),
        (T("公开"), opened),
        (T("数据"), figures),
        (T("关于本站"), [(words, reverse(name)) for words, name in ABOUT]),
    ]


def addresses(at: datetime) -> Iterator[tuple[str, datetime | None]]:
    """Paths of all public pages with the instant of their last change, where one is kept. Five queries."""
    seen = {url for _words, links in groups(at) for _title, url in links} - {reverse("portal:search")}
    yield from ((url, None) for url in sorted(seen))
    for run in Run.objects.visible_to(VISITOR).exclude(publicised_at=None):
        yield reverse("evaluation:results", args=[run.pk]), run.published_at or run.publicised_at
    for pk, out in Bulletin.objects.public(at).values_list("pk", "published_at")[:MOST]:
        yield reverse("news:bulletin", args=[pk]), out
    for pk, changed in published_articles(at=at).values_list("pk", "updated_at")[: MOST // 2]:
        yield reverse("news:article", args=[pk]), changed
    for code in (
        Carrier.objects.visible_to(VISITOR).order_by("code").values_list("code", flat=True)[: MOST // 2]
    ):
        yield reverse("portal:carrier", args=[code]), None


def sitemap(at: datetime, site: str) -> bytes:
    """The list for search engines (sitemaps.org, 0.9); `site` is the portal's address without a slash."""
    root = ElementTree.Element("urlset", xmlns="http://www.sitemaps.org/schemas/sitemap/0.9")
    for number, (path, changed) in enumerate(addresses(at)):
        if number >= MOST:
            break
        entry = ElementTree.SubElement(root, "url")
        ElementTree.SubElement(entry, "loc").text = site + path
        if changed is not None:
            ElementTree.SubElement(entry, "lastmod").text = changed.isoformat(timespec="seconds")
    found: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return found
