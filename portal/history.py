"""What happened to a carrier: its levels, its published grades, its events, as a picture and as a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.urls import reverse

from accounts.actors import Actor
from core import clock
from core.formats import day
from core.http import said
from core.text import T, Text
from evaluation import queries as evaluation
from news import queries as news
from portal.timeline import Event, Grade, Picture, Span, drawn
from registry.models import Carrier, CarrierLink, CarrierVersion, PastRecord
from registry.models.levels import level_terms
from registry.queries import levels_of
from registry.queries.levels import designation_words, level_ranks, level_words, word_of
from registry.queries.lineage import Lineage
from registry.rules.levels import spans_of, told_on
from registry.rules.lineage import LinkKind
from registry.rules.past_sheet import PastKind
from registry.rules.vocabulary import STATES

# The number of a document inside the words of a basis: 示科孵〔2019〕188号.
_NUMBER = re.compile(r"[\u4e00-\u9fff]+〔\d{4}〕\s*\d+\s*号")
# What changed, by the fact of the register: the word of the event.
_CHANGES: tuple[tuple[str, Text], ...] = (
    ("name", T("更名")),
    ("region_id", T("迁址")),
    ("operator_id", T("变更运营机构")),
    ("kind", T("变更类型")),
    ("carrier_class", T("调整类别")),
    ("field", T("调整领域")),
    ("home_region_id", T("变更派出地")),
    ("host_place", T("变更省外所在地")),
    ("area_total", T("调整场地面积")),
)
_LONGEST = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: `when` is a day or a year."""

    when: str
    what: Text
    words: str
    basis: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """`documents` are the documents that can be opened; `undated` says that the level's day is unknown."""

    wide: Picture
    narrow: Picture
    lines: Sequence[Line]
    last_grade: Grade | None
    since: date | None
    basis: str
    basis_url: str
    documents: int
    undated: bool


def history_of(
    line: Lineage, versions: Sequence[CarrierVersion], actor: Actor, at: datetime, today: date
) -> History:
    """Up to a day. Four queries at most: the grades, their schemes with them, those taken over, and documents
    by their numbers. The table tells the grades of those before it in its line too, each with the carrier's
    name; the picture its own."""
    carrier = line.carrier
    levels = levels_of(versions)
    urls = _documents(versions, line.links, at, is_inside=carrier.is_managed_by(actor))
    spans = _spans(carrier, levels, urls, today)
    graded, before = _grades(line, actor, today)
    events = [*_events(carrier, versions, today), *_line_events(line)]
    events.sort(key=lambda one: one.on)
    lines = [
        *(Line(day(one.since), T("级别"), one.words, one.basis, one.url) for one in spans if one.dated),
        *(Line(str(one.year), T("等级"), f"{one.letter} {one.word}", title, one.url)
          for one, title in graded),
        *before,
        *(Line(day(one.on), T("事件"), one.words, one.basis, urls.get(one.basis, "")) for one in events),
    ]  # fmt: skip
    grades = _with_gaps([one for one, _ in graded])
    since, _level, basis = levels[-1] if levels else (None, "", "")
    return History(
        wide=drawn(spans, grades, events, today),
        narrow=drawn(spans, grades, events, today, narrow=True),
        lines=sorted(lines, key=lambda one: one.when, reverse=True),
        last_grade=max((one for one, _ in graded), key=lambda one: one.year, default=None),
        since=since,
        basis=basis,
        basis_url=urls.get(basis, ""),
        documents=sum(1 for one in lines if one.url),
        undated=not levels,
    )


def _spans(
    carrier: Carrier, levels: Sequence[tuple[date, str, str]], urls: Mapping[str, str], today: date
) -> list[Span]:
    """The levels one after another, cut where the word of a level changes; the present one since it was
    listed where no day was recorded."""
    if not levels:
        since = date(carrier.listed_year, 1, 1)
        present = level_words(today).get(carrier.level, Text(carrier.level))
        return [Span(carrier.level, said(present), since, None, dated=False)]
    terms = level_terms()
    ends = [*(on for on, _, _ in levels[1:]), None]
    spans = []
    for (on, level, basis), until in zip(levels, ends, strict=True):
        for since, end, renamed in spans_of(terms, level, on, until):
            term = renamed or told_on(terms, since).get(level)
            words = said(word_of(term)) if term else level
            said_by = renamed.basis if renamed else basis
            spans.append(Span(level, words, since, end, url=urls.get(said_by, ""), basis=said_by))
    return spans


def _grades(line: Lineage, actor: Actor, today: date) -> tuple[list[tuple[Grade, str]], list[Line]]:
    """Each own grade published by the day with the name of its run, one a year; where it leads tells its
    grounds. Then those of the carriers before it."""
    names = {one.pk: one.name for one in line.ancestors}
    answer: dict[int, tuple[Grade, str]] = {}
    before: list[Line] = []
    for entry in evaluation.grades_of_any(line.past, actor).defer("frozen", "result"):
        if entry.run.published_at and clock.day_of(entry.run.published_at) > today:
            continue
        grading = evaluation.definition(entry.run.scheme).grading
        place = grading.order.index(entry.grade)
        last = place == len(grading.order) - 1 and place > 1
        grade = Grade(
            year=entry.run.year,
            letter=entry.grade,
            word=grading.label_of(entry.grade),
            tone="bad" if last else ("ok", "info", "warn")[min(place, 2)],
            url=reverse("evaluation:explanation", args=[entry.run_id, entry.carrier.code]),
        )
        if entry.carrier_id in names:
            words = _of(f"{grade.letter} {grade.word}", names[entry.carrier_id])
            before.append(Line(str(grade.year), T("等级"), words, entry.run.title, grade.url))
        else:
            answer.setdefault(grade.year, (grade, entry.run.title))
    for record in PastRecord.objects.visible_to(actor).filter(
        carrier__in=line.past, kind=PastKind.GRADE, year__lte=today.year
    ):
        basis = said(T("{document}（接收）", document=record.document))
        if record.carrier_id in names:
            words = _of(record.value, names[record.carrier_id])
            before.append(Line(str(record.year), T("等级"), words, basis))
        else:  # what was graded here counts
            answer.setdefault(record.year, (Grade(record.year, record.value, ""), basis))
    return list(answer.values()), before


def _of(words: str, name: str) -> str:
    """Words, marked with the carrier that they are about."""
    return said(T("{words}（{name}）", words=words, name=name))


def _line_events(line: Lineage) -> Iterator[Event]:
    """What the carrier itself came from and went into, once a day."""
    known: dict[tuple[date, str], list[str]] = {}
    for link in line.links:
        if line.carrier.pk == link.successor_id:
            known.setdefault((link.happened_on, link.document), []).append(_came(link))
        elif line.carrier.pk == link.predecessor_id:
            known.setdefault((link.happened_on, link.document), []).append(_went(link))
    for (on, basis), words in known.items():
        yield Event(on, said(T("、")).join(words), basis=basis)


def _came(link: CarrierLink) -> str:
    if link.kind == LinkKind.MERGER:
        return said(T("{name}并入", name=link.predecessor.name))
    return said(T("自{name}分立", name=link.predecessor.name))


def _went(link: CarrierLink) -> str:
    if link.kind == LinkKind.MERGER:
        return said(T("并入{name}", name=link.successor.name))
    return said(T("分立为{name}", name=link.successor.name))


def _with_gaps(grades: Sequence[Grade]) -> list[Grade]:
    """The years between the first and the last grade that have none."""
    known = {one.year: one for one in grades}
    if not known:
        return []
    none = said(T("未评"))
    return [known.get(year, Grade(year, "", none)) for year in range(min(known), max(known) + 1)]


def _events(carrier: Carrier, versions: Sequence[CarrierVersion], today: date) -> Iterator[Event]:
    if carrier.opened_on and carrier.opened_on <= today:
        yield Event(carrier.opened_on, said(T("建站")))
    ranks = level_ranks()
    for before, row in pairwise(versions):
        changed = list(_changes(before, row))
        for words, basis, bad in changed:
            yield Event(row.valid_from, words, bad=bad, basis=basis)
        if ranks.get(row.level, 0) < ranks.get(before.level, 0):
            yield Event(row.valid_from, said(T("降级")), bad=True, basis=row.source_of("level").document)
        elif not changed and row.level == before.level:
            # A document that changed no fact: what it says is the event.
            bad = "整改" in row.basis and "通过" not in row.basis
            yield Event(row.valid_from, row.basis[:_LONGEST], bad=bad, basis=row.document)


def _changes(before: CarrierVersion, row: CarrierVersion) -> Iterator[tuple[str, str, bool]]:
    """What changed but the level: words, document, whether it is bad news."""
    for name, word in _CHANGES:
        if getattr(before, name) != getattr(row, name):
            yield said(word), row.source_of(name).document, False
    if row.designation and row.designation != before.designation:
        word = designation_words(row.valid_from).get(row.designation, Text(row.designation))
        yield said(word), row.source_of("designation").document, False
    if row.state != before.state:
        yield said(STATES[row.state]), row.source_of("state").document, row.state != "active"


def _documents(
    versions: Sequence[CarrierVersion], links: Sequence[CarrierLink], at: datetime, *, is_inside: bool
) -> dict[str, str]:
    """Where a document, in its words, can be read: as it was published, else for those who work with the
    carrier its file. One query, none without a number."""
    rows = [one for row in versions for one in (row, *row.stated.values())]
    numbers = {row.document: number for row in rows if (number := _number_of(row))}
    numbers |= {
        link.document: found.group().replace(" ", "")
        for link in links
        if (found := _NUMBER.search(link.document))
    }
    urls = {  # of several records of one document the first
        row.document: reverse("registry:basis", args=[row.carrier.code, row.pk])
        for row in reversed(rows)
        if is_inside and row.basis_file_id
    }
    if not numbers:
        return urls
    rows_of = news.published_articles(at=at).filter(document_number__in=numbers.values())
    read = {row.document_number: reverse("news:article", args=[row.pk]) for row in rows_of}
    return urls | {words: read[number] for words, number in numbers.items() if number in read}


def _number_of(row: CarrierVersion) -> str:
    found = _NUMBER.search(row.document_number) or _NUMBER.search(row.basis)
    return found.group().replace(" ", "") if found else ""
