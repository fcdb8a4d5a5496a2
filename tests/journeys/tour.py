"""A tour of pages in a real browser: what is wrong with each, in one line with who saw it and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from axe_playwright_python.base import AXE_SCRIPT
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, JSONField, TextField
from django.test.signals import template_rendered
from playwright.sync_api import Page, Response

from portal.samples import INVENTED
from tests.journeys.conftest import Watch

ROOT = Path(__file__).resolve().parents[2]
DESK, PHONE = 1360, 390
# How wide the page is, and the tables whose sides nobody can scroll to.
LOOK = """() => [
  document.documentElement.scrollWidth,
  [...document.querySelectorAll("main *")].filter((one) =>
    ["clip", "hidden"].includes(getComputedStyle(one).overflowX) && one.querySelector("table")
    && one.scrollWidth > one.clientWidth + 1).map((one) => one.className),
]"""
AXE = """async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
})).violations.filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => `${one.id} at ${one.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`)"""
# What a reader is shown or told. Codes and what says that it is in another language are left out.
SAID = """() => {
  const said = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const here = document.documentElement.lang;
  const skipped = (node) => node.closest(`script, style, template, noscript, code, .code,
    [lang]:not([lang="${here}"])`);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim() && !skipped(node.parentElement)) said.push(node.data.trim());
    } else if (!skipped(node)) {
      for (const name of ["aria-label", "title", "placeholder", "alt"]) {
        if (node.getAttribute(name)) said.push(node.getAttribute(name));
      }
    }
  }
  said.push(document.title);
  return said;
}"""
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_DIGEST = re.compile(r"[0-9a-f]+…[0-9a-f]+")
_LATIN = re.compile(r"[A-Za-z]{3,}")
# Columns that hold sentences to be translated, not data.
TRANSLATED = {"sentence"}
MOST_TALL = 8_000  # pixels of a page that are looked at together
# What a cell may be filled with and how a condition is read stand as they are written, and so does what the
# tour searches for.
WRITTEN_SO = {
    "是", "否", "放假", "上班", "且", "或", "非", "年末", "年份", "孵化",
    "未填按", "之后", "个月", "的年份", "保留", "位小数",
}  # fmt: skip
# Names that are written like this in Chinese too.
KNOWN_LATIN = {
    "Excel", "CSV", "PDF", "WPS", "LibreOffice", "API", "YAML", "JSON", "XLSX", "xlsx", "docx", "DOCX", "SHA",
    "English", "Sha", "sha", "ICP", "Django", "Python", "SQLite", "PostgreSQL", "DATA", "RSS", "Atom", "txt",
    "http", "https", "csv", "yaml", "yml", "json", "png", "jpg", "html", "URL", "Ctrl", "Valkey",
    "Redis", "Cookie", "HTML", "pdf", "worker", "beat",
    "WCAG", "TOTP", "Tab", "PNG", "JPEG", "UTF", "valid", "nation", "province", "city", "county",
}  # fmt: skip


@dataclass
class Tour:
    """Opens pages and keeps what is wrong with each."""

    page: Page
    who: str
    watch: Watch
    faults: list[str] = field(default_factory=list)
    expected: int = 200

    def __post_init__(self) -> None:
        self.page.on("response", self._answered)
        # Past the content policy, which lets a page run nothing but its own files.
        self.page.context.add_init_script(AXE_SCRIPT)

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400 and answer.status != self.expected and "favicon" not in answer.url:
            self.faults.append(f"{self.who}: {answer.status} {answer.url}")

    def open(self, path: str, width: int, status: int = 200) -> None:
        """At this width; what the console says there is a fault of this page."""
        before = len(self.watch.faults)
        self.expected = status
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.goto(path)
        self.faults += [f"{self.who}: {path} said {words}" for words in self.watch.faults[before:]]
        del self.watch.faults[before:]

    def fits(self, path: str, width: int) -> None:
        """Nothing is wider than the screen, at this width of the page that is open."""
        self.page.set_viewport_size({"width": width, "height": 900})
        wide, cut = self.page.evaluate(LOOK)
        if wide > width or cut:
            self.faults.append(f"{self.who}: {path} is {wide} wide on {width}, cut: {cut}")

    def is_accessible(self, path: str) -> None:
        """Asked of the whole page at once: what a bar at the foot of the screen covers can be scrolled from
        under it."""
        width = self.page.evaluate("innerWidth")
        tall = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": width, "height": max(900, min(tall, MOST_TALL))})
        self.faults += [f"{self.who}: {path}: {found}" for found in self.page.evaluate(AXE)]
        self.page.set_viewport_size({"width": width, "height": 900})

    def speaks(self, path: str, known: Known, chinese: bool) -> None:
        """Every text is in the page's language, or data."""
        for words in self.page.evaluate(SAID):
            left = known.foreign(words, chinese=chinese)
            if left:
                self.faults.append(f"{self.who}: {path} says {left!r} in {words[:60]!r}")


class Known:
    """What is data: any text that the database holds, and the site's own names."""

    def __init__(self) -> None:
        data = (
            {settings.SITE_NAME, settings.SITE_SPONSOR, settings.SITE_NAME_EN, *settings.SITE.values()}
            | set(_stored())
            | set(INVENTED)
            | WRITTEN_SO
        )
        data |= {words.removesuffix("市") for words in data if len(words) > 2}
        self.single = {words for words in data if len(words) == 1}
        self.chinese, self.latin = (
            re.compile("|".join(re.escape(words) for words in sorted(found, key=len, reverse=True)))
            for found in (
                [words for words in data if len(words) > 1 and _CHINESE.search(words)],
                [words for words in data if _LATIN.search(words)],
            )
        )

    def foreign(self, words: str, *, chinese: bool) -> str:
        """What of these words is neither data nor in the page's language."""
        if chinese:
            left = self.latin.sub(" ", _DIGEST.sub(" ", words))
            return " ".join(word for word in _LATIN.findall(left) if word not in KNOWN_LATIN)
        foreign = set(_CHINESE.findall(self.chinese.sub(" ", words)))
        return " ".join(sorted(foreign - self.single))


def _stored() -> Iterator[str]:
    """Every text that the database holds, line by line; of a document also what stands inside."""
    for model in apps.get_models():
        if model._meta.app_label in {"sessions", "contenttypes", "admin", "axes"}:
            continue
        fields = [
            one
            for one in model._meta.concrete_fields
            if isinstance(one, (CharField, TextField, JSONField)) and one.name not in TRANSLATED
        ]
        for row in model._default_manager.values_list(*(one.name for one in fields)):
            for value in row:
                yield from _strings(value)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from _lines(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)


def _lines(value: str) -> Iterator[str]:
    """A document kept as YAML or JSON is looked into; of HTML only the words count."""
    if "\n" in value or value[:1] in {"{", "["}:
        with suppress(yaml.YAMLError):
            found = yaml.load(value, yaml.CSafeLoader)
            if isinstance(found, (dict, list)):
                yield from _strings(found)
                return
    for line in re.sub(r"<[^>]+>", "\n", value).splitlines():
        if line.strip():
            yield re.sub(r"\s+", " ", line.strip())


@contextmanager
def rendered_templates() -> Iterator[set[str]]:
    """The names of the templates that any page was made of meanwhile."""
    names: set[str] = set()

    def note(template: Any, **_: Any) -> None:
        names.add(str(template.name))

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def page_templates() -> set[str]:
    """Every template that is a whole page: it extends one of the shells."""
    base = ROOT / "templates"
    return {
        path.relative_to(base).as_posix()
        for path in base.rglob("*.html")
        if "{% extends" in path.read_text()
        and path.relative_to(base).as_posix() not in {"desk.html", "public.html"}
    }


def unique(paths: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(paths))
