"""What may be seen of schemes, runs and results, put together for pages, API and services."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import Count, F, Q, QuerySet

from accounts.actors import Actor
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from core.expressions import Kind
from core.text import Text
from evaluation import models
from evaluation.models import Assignment, Objection, Run, RunEntry
from evaluation.models.runs import MARKING_STATES
from evaluation.permissions import may_see_explanation
from evaluation.rules import facts
from evaluation.rules.dossier import Line, explained
from evaluation.rules.exact import ZERO
from evaluation.rules.scheme import Scheme
from evaluation.rules.scheme_load import load_scheme
from evaluation.rules.standing import Standing
from registry.models import Carrier
from registry.queries.levels import level_words
from registry.rules.vocabulary import CLASSES, FIELDS, KINDS
from reporting import queries as reporting
from reporting.models import Form, Return
from reporting.rules import form as form_rules
from reporting.rules.form import kind_of
from reporting.rules.lifecycle import State

_VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "kind": {str(code): words for code, words in KINDS.items()},
    "class": {str(code): words for code, words in CLASSES.items()},
    "field": FIELDS,
}
REGISTRY_NAMES = ("kind", "class", "level", "field", "region")
ACCEPTED = State.ACCEPTED.value


@lru_cache(maxsize=64)
def _loaded(digest: str, source: str) -> Scheme:
    return load_scheme(source)


def definition(scheme: models.Scheme) -> Scheme:
    """The scheme as rules know it, read once a process."""
    return _loaded(scheme.digest, scheme.source)


def form_of(code: str) -> form_rules.Form | None:
    """The newest version of a form; None when there is none of this code."""
    row = Form.objects.filter(code=code).order_by("-version").first()
    return None if row is None else reporting.definition(row)


def kinds_of(form: form_rules.Form, fact_names: tuple[str, ...]) -> dict[str, Kind | None]:
    """Every name that a scheme may read, with its type: fields and totals of the form, the registry, facts,
    `submitted`, and the same of the two years before with the grade of that year.

    A computed field that is no number has no stored figure, so it cannot be read.
    """
    kinds: dict[str, Kind | None] = {}
    for field in form.fields:
        kind = kind_of(field.column)
        if field.computed is None or kind is Kind.NUMBER:
            kinds[field.code] = kind
    kinds.update({total.code: Kind.NUMBER for total in form.totals})
    kinds.update({name: facts.kind_of(name) for name in fact_names})
    kinds["submitted"] = Kind.BOOL
    earlier = {**kinds, "grade": Kind.TEXT}
    for name in REGISTRY_NAMES:
        kinds.setdefault(name, Kind.TEXT)
    for prefix in ("prev", "prev2"):
        kinds.update({f"{prefix}.{name}": kind for name, kind in earlier.items()})
    return kinds


def titles_of(scheme: Scheme) -> dict[str, str]:
    """What people call the names that a scheme reads."""
    titles = {
        "kind": "载体类型",
        "class": "类别",
        "level": "级别",
        "field": "技术领域",
        "region": "区域",
        "submitted": "已报送统计数据",
        "grade": "评价等级",
    }
    titles.update({name: str(facts.title_of(name)) for name in scheme.facts})
    form = form_of(scheme.form)
    if form is not None:
        titles.update({field.code: field.title for field in form.fields})
        titles.update({total.code: total.title for total in form.totals})
    return titles


# Runs and results.


def runs_of(actor: Actor) -> QuerySet[Run]:
    """The runs that this actor may know of, with what lists show of them."""
    return Run.objects.visible_to(actor).select_related("scheme", "region")


def results_of(run: Run, actor: Actor) -> QuerySet[RunEntry]:
    """The graded entries of a run that this actor may see, in order of rank: none before publicity, but
    for those who run or audit it."""
    graded = RunEntry.objects.visible_to(actor).filter(run=run).exclude(grade="")
    return graded.select_related("carrier__region", "city").order_by(
        F("rank").asc(nulls_last=True), "carrier__code"
    )


def published_results(actor: Actor) -> QuerySet[RunEntry]:
    """All results that were published, the newest run first: what the API and the public pages give out."""
    shown = RunEntry.objects.visible_to(actor).filter(run__state="published").exclude(grade="")
    return shown.select_related("run__scheme", "carrier__region", "city")


def left_out_of(run: Run) -> QuerySet[RunEntry]:
    """Who takes no part, with the reason; for those who run or audit it."""
    return run.entries.exclude(left_out="").select_related("carrier").order_by("carrier__code")


def standings_of(run: Run) -> list[Standing]:
    """Every graded carrier of a run in order of rank: one query."""
    rows = (
        run.entries.exclude(grade="")
        .order_by(F("rank").asc(nulls_last=True), "carrier__code")
        .values_list("carrier__code", "carrier__name", "total", "rank", "grade")
    )
    return [Standing(code, name, total or ZERO, rank, grade) for code, name, total, rank, grade in rows]


def grades_by_city(run: Run) -> list[tuple[str, dict[str, int]]]:
    """City → grade → how many, in the order of the cities' codes: one query."""
    rows = (
        run.entries.exclude(grade="")
        .order_by("city__code")
        .values_list("city__name", "grade")
        .annotate(number=Count("pk"))
    )
    cities: dict[str, dict[str, int]] = {}
    for city, grade, number in rows:
        cities.setdefault(city or "—", {})[grade] = number
    return list(cities.items())


@dataclass(frozen=True, slots=True)
class Newer:
    """A return that was accepted after the freeze: it changes nothing in the run and is named."""

    entry: RunEntry
    number: int
    accepted_at: datetime


def newer_returns(run: Run) -> list[Newer]:
    """The returns of a run's year that were accepted after its freeze: two queries."""
    if run.frozen_at is None:
        return []
    rows = accepted_returns(run.year, run.scheme.form_code).filter(
        accepted_at__gt=run.frozen_at, carrier__in=run.entries.values("carrier")
    )
    newer = {row.carrier_id: row for row in rows.select_related("current")}
    entries = run.entries.filter(carrier__in=newer).select_related("carrier", "city", "return_version")
    answer = []
    for entry in entries.order_by("carrier__code"):
        row = newer[entry.carrier_id]
        if row.current is not None and row.accepted_at is not None:
            answer.append(Newer(entry, row.current.number, row.accepted_at))
    return answer


def accepted_returns(year: int, form_code: str) -> QuerySet[Return]:
    """The returns of a year that stand as accepted, the latest last."""
    return Return.objects.filter(
        state=ACCEPTED, campaign__year=year, campaign__form_code=form_code, current__isnull=False
    ).order_by("accepted_at", "pk")


def marking_of(run: Run) -> dict[str, int]:
    """How many assignments there are, were handed in, were given back, are open: one query."""
    counts = run_assignments(run).aggregate(
        all=Count("pk"),
        submitted=Count("pk", filter=Q(submitted_at__isnull=False)),
        recused=Count("pk", filter=Q(recused_at__isnull=False)),
    )
    counts["open"] = counts["all"] - counts["submitted"] - counts["recused"]
    return dict(counts)


def run_assignments(run: Run) -> QuerySet[Assignment]:
    """Who marks whom in a run; for those who run or audit it."""
    return (
        Assignment.objects.filter(entry__run=run)
        .select_related("expert", "entry__carrier")
        .order_by("entry__carrier__code", "pk")
    )


def queue_of(actor: Actor) -> QuerySet[Assignment]:
    """An expert's own assignments in runs that are being marked; carriers by their code alone."""
    return (
        Assignment.objects.visible_to(actor)
        .filter(expert_id=actor.user_id, entry__run__state__in=MARKING_STATES)
        .select_related("entry__run__scheme")
        .prefetch_related("marks")
        .order_by("submitted_at", "due_at", "code")
    )


def open_objections(run: Run) -> int:
    """How many objections still wait for a decision."""
    return Objection.objects.filter(entry__run=run, state="filed").count()


def grades_of_any(carriers: Iterable[Carrier], actor: Actor) -> QuerySet[RunEntry]:
    """The published grades of these carriers, the newest year first."""
    return published_results(actor).filter(carrier__in=carriers).order_by("-run__year", "-run_id")


def previous_grades(years: Mapping[str, int]) -> dict[str, dict[int, str]]:
    """Year's name (`prev`) → carrier → the grade published for that year, the latest run's where several."""
    names = {year: name for name, year in years.items()}
    answer: dict[str, dict[int, str]] = {name: {} for name in years}
    rows = (
        RunEntry.objects.filter(run__state="published", run__year__in=list(names))
        .exclude(grade="")
        .order_by("run__published_at", "run_id")
        .values_list("run__year", "carrier_id", "grade")
    )
    for year, carrier, grade in rows:
        answer[names[year]][carrier] = grade
    return answer


@dataclass(frozen=True, slots=True)
class Explanation:
    """One carrier's score as a page shows it; `lines` is empty where only grade and total may be seen."""

    entry: RunEntry
    label: str
    scored: int
    places: int
    lines: list[Line]


def explanation_of(run: Run, carrier_code: str, actor: Actor) -> Explanation:
    """All leaves for those who may see them; grade and total of a published result for everybody else.
    `RunEntry.DoesNotExist` where this actor may see nothing of it."""
    entry = (
        results_of(run, actor)
        .select_related("run__scheme", "run__region", "carrier__region", "city", "return_version")
        .get(carrier__code=carrier_code)
    )
    scheme = definition(run.scheme)
    lines: list[Line] = []
    if may_see_explanation(actor, entry):
        version = entry.return_version
        sources = {} if version is None else version.sources
        lines = explained(scheme, entry.result, titles_of(scheme), sources)
    elif run.state != "published":
        raise RunEntry.DoesNotExist(carrier_code)
    ranked = run.entries.exclude(rank=None).count()
    label = scheme.grading.label_of(entry.grade)
    return Explanation(entry, label, ranked, scheme.decimals, lines)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that an expert sees: this year's and last year's, as exact texts."""

    title: Text
    unit: str
    this: Text | str
    prev: Text | str


def blind_figures(entry: RunEntry) -> list[Figure]:
    """The figures that were frozen of a carrier, without anything that names it: numbers and yes-or-no of
    the return, its kind, class, level and technical field."""
    scheme = definition(entry.run.scheme)
    titles, units = titles_of(scheme), _units(scheme)
    this, prev = entry.frozen.get("this", {}), entry.frozen.get("prev", {})
    vocabularies = {
        **_VOCABULARIES,
        "level": level_words(entry.run.facts_as_of or clock.day_of(entry.run.created_at)),
    }
    shown = []
    for name in sorted(set(this) | set(prev)):
        kind = entry.run.kinds.get(name) or entry.run.kinds.get(f"prev.{name}")
        words = vocabularies.get(name, {})
        if name != "submitted" and (kind in (Kind.NUMBER, Kind.BOOL) or words):
            texts = [words.get(text, text) for text in (this.get(name, ""), prev.get(name, ""))]
            # A form's titles are data and stay; those of the register are texts of the portal.
            shown.append(Figure(Text(titles.get(name, name)), units.get(name, ""), texts[0], texts[1]))
    return shown


def _units(scheme: Scheme) -> dict[str, str]:
    form = form_of(scheme.form)
    if form is None:
        return {}
    units = {field.code: field.column.shown_unit for field in form.fields}
    return units | {total.code: total.unit for total in form.totals}


def sustained_objections(run: Run) -> int:
    """How many objections were sustained: a reason to recall the result rather than to publish it."""
    return Objection.objects.filter(entry__run=run, state="sustained").count()


# People and regions.


def experts_on(at: datetime) -> list[User]:
    """People who may be asked to mark today."""
    held = Appointment.objects.filter(role=Role.EXPERT.value).valid_on(clock.day_of(at))
    return list(User.objects.filter(pk__in=held.values("user_id")).order_by("username"))


def staff_of_run(run: Run, at: datetime) -> list[User]:
    """The staff of all carriers graded in a run: two queries, whatever the size."""
    codes = run.entries.exclude(grade="").values("carrier__code")
    held = Appointment.objects.filter(role=Role.CARRIER_STAFF.value, carrier_code__in=codes)
    valid = held.valid_on(clock.day_of(at))
    return list(User.objects.filter(pk__in=valid.values("user_id")))


def officers_of_run(run: Run, at: datetime) -> list[User]:
    """The provincial officers who may move a run."""
    codes = [code for code in run.region.path.strip("/").split("/") if code]
    held = Appointment.objects.filter(role=Role.PROVINCE_OFFICER.value, region__code__in=codes)
    valid = held.valid_on(clock.day_of(at))
    return list(User.objects.filter(pk__in=valid.values("user_id")))


def cities_of(run: Run) -> list[Region]:
    """The cities in which carriers of a run lie."""
    found = run.entries.exclude(city=None).order_by().values("city_id")
    return list(Region.objects.filter(pk__in=found).order_by("code"))
