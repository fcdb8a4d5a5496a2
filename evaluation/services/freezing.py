"""Gathers what a run freezes: set-wise, a fixed number of queries whatever the size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import F

from accounts.models import Region
from core import amounts
from core.expressions import Kind
from core.text import T
from evaluation.models import CarrierFact, Run
from evaluation.queries import ACCEPTED, definition, form_of, kinds_of, previous_grades
from evaluation.rules import frozen
from evaluation.rules.frozen import YEARS, FrozenCarrier
from evaluation.rules.scheme import Scheme
from registry.models import Carrier, CarrierState, CarrierVersion
from reporting.models import Return, ReturnFigure
from reporting.rules.form import Form

Names = dict[str, frozenset[str]]
_STATES = {CarrierState.SUSPENDED: T("载体已暂停运行"), CarrierState.CLOSED: T("载体已注销")}


@dataclass(slots=True)
class Candidate:
    """A carrier that may take part, as the registry knew it on the day."""

    pk: int
    code: str
    state: str
    listed_year: int
    kind: str
    city_id: int | None
    registry: dict[str, str]
    version_id: int | None = None
    return_digest: str = ""
    texts: dict[str, dict[str, str]] = field(default_factory=lambda: {year: {} for year in YEARS})
    left_out: str = ""

    def as_frozen(self) -> FrozenCarrier:
        return FrozenCarrier(self.code, self.texts, self.return_digest, self.left_out)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All carriers of a run, those left out too; the types of the names; how many returns were accepted."""

    scheme: Scheme
    carriers: list[Candidate]
    kinds: dict[str, str | None]
    accepted: int


def gather(run: Run, day: date) -> Gathered:
    """What is to be frozen of a run, its registry facts as of `day`. Changes nothing."""
    scheme = definition(run.scheme)
    form = form_of(scheme.form)
    if form is None:
        raise RuntimeError(f"the form {scheme.form} of a loaded scheme is gone")
    names = frozen.names_by_year(scheme)
    found = _candidates(run.region, day)
    _add_returns(run.year, scheme.form, names, found, form)
    _add_facts(run.year, scheme.facts, names, found)
    _add_grades(run.year, names, found)
    carriers = [one for one in found.values() if _is_asked(one, form)]
    for one in carriers:
        one.texts["this"].update(_registry_texts(one, names["this"]))
    known = kinds_of(form, scheme.facts)
    read: dict[str, Kind | None] = {name: known.get(name) for name in _read(names)}
    kinds = frozen.settled_kinds(read, (one.texts for one in carriers))
    for one in carriers:
        one.left_out = _left_out(one, scheme, kinds, run.year)
    carriers.sort(key=lambda one: one.code)
    return Gathered(scheme, carriers, kinds, sum(one.version_id is not None for one in carriers))


def _read(names: Names) -> Iterator[str]:
    for year, inside in names.items():
        for name in sorted(inside):
            yield name if year == "this" else f"{year}.{name}"


def _is_asked(one: Candidate, form: Form) -> bool:
    """Those of the form's kinds that run, or have filed all the same."""
    if one.kind not in form.kinds:
        return False
    return one.state != CarrierState.CLOSED or one.version_id is not None


def _left_out(one: Candidate, scheme: Scheme, kinds: dict[str, str | None], year: int) -> str:
    if one.state in _STATES:
        return str(_STATES[CarrierState(one.state)])
    if one.listed_year > year and one.version_id is None:
        return str(T("{year} 年尚未列入统计范围", year=year))
    return str(frozen.why_not(scheme, one.texts, kinds, year) or "")[:200]


def _candidates(region: Region, day: date) -> dict[int, Candidate]:
    """Every carrier that lay in the region on the day: three queries."""
    regions = {one.pk: one for one in Region.objects.all()}
    cities = {one.code: one.pk for one in regions.values() if one.level == "city"}
    dated = _dated(day)
    now = Carrier.objects.values_list("pk", "code", "state", "listed_year", *_REGISTRY)
    found = {}
    for pk, code, state, listed_year, *current in now:
        facts = dated.get(pk) or _Facts(*current)
        place = regions[facts.region_id]
        if place.path.startswith(region.path):
            city = next((cities[part] for part in place.path.split("/") if part in cities), None)
            texts = facts.texts(place.code)
            found[pk] = Candidate(pk, code, state, listed_year, facts.kind, city, texts)
    return found


class _Facts(NamedTuple):
    """What the register says of a carrier on a day."""

    kind: str
    carrier_class: str
    level: str
    field: str
    region_id: int

    def texts(self, region: str) -> dict[str, str]:
        """By the names that schemes use."""
        return {
            "kind": self.kind,
            "class": self.carrier_class,
            "level": self.level,
            "field": self.field,
            "region": region,
        }


_REGISTRY = ("kind", "carrier_class", "level", "field", "region_id")


def _dated(day: date) -> dict[int, _Facts]:
    """The dated facts that hold on the day: of one `valid_from` the one recorded last."""
    rows = CarrierVersion.objects.filter(valid_from__lte=day).order_by(
        "carrier_id", "valid_from", "recorded_at"
    )
    return {pk: _Facts(*facts) for pk, *facts in rows.values_list("carrier_id", *_REGISTRY)}


def _registry_texts(one: Candidate, names: frozenset[str]) -> dict[str, str]:
    """The register's facts that are read, where the form has no field of the name."""
    there = one.texts["this"]
    texts = {name: text for name, text in one.registry.items() if name in names and text}
    texts = {name: text for name, text in texts.items() if name not in there}
    if "submitted" in names:
        texts["submitted"] = "true" if one.version_id is not None else "false"
    return texts


def _years(year: int, names: Names) -> dict[int, str]:
    """The years that are read: number → name; the year scored always."""
    return {year - back: name for back, name in enumerate(YEARS) if names[name] or not back}


def _add_returns(year: int, form_code: str, names: Names, found: dict[int, Candidate], form: Form) -> None:
    """Values and figures of the accepted returns: one query each for all years."""
    years = _years(year, names)
    accepted = Return.objects.filter(
        state=ACCEPTED, current__isnull=False, campaign__year__in=list(years), campaign__form_code=form_code
    )
    latest: dict[tuple[int, str], tuple[int, str, dict[str, str]]] = {}
    rows = accepted.order_by("accepted_at", "pk").values_list(
        "carrier_id", "campaign__year", "current_id", "current__digest", "current__values"
    )
    for carrier, of_year, version, digest, values in rows:
        if carrier in found:
            latest[carrier, years[of_year]] = (version, digest, values)
    figures = _figures(accepted, names, form)
    for (carrier, name), (version, digest, values) in latest.items():
        one = found[carrier]
        if name == "this":
            one.version_id, one.return_digest = version, digest
        elif "submitted" in names[name]:
            one.texts[name]["submitted"] = "true"
        texts = one.texts[name]
        texts.update({code: values[code] for code in names[name] if values.get(code)})
        wanted = names[name] - set(values)
        texts.update({code: text for code, text in figures[version] if code in wanted})
    for one in found.values():
        for name in ("prev", "prev2"):
            if "submitted" in names[name]:
                one.texts[name].setdefault("submitted", "false")


def _figures(accepted: Iterable[Return], names: Names, form: Form) -> dict[int, list[tuple[str, str]]]:
    """Version → the computed values and totals that are read, as exact texts."""
    stored = {one.code for one in form.fields if one.computed is None}
    wanted = {code for inside in names.values() for code in inside} - stored
    totals = {one.code for one in form.totals} | {one.code for one in form.fields if one.computed is not None}
    answer: dict[int, list[tuple[str, str]]] = defaultdict(list)
    if wanted & totals:
        rows = ReturnFigure.objects.filter(
            version__return_of__in=accepted,
            version_id=F("version__return_of__current_id"),
            code__in=sorted(wanted & totals),
        )
        for version, code, number in rows.order_by().values_list("version_id", "code", "number"):
            answer[version].append((code, amounts.shown(number)))
    return answer


def _add_facts(year: int, fact_names: tuple[str, ...], names: Names, found: dict[int, Candidate]) -> None:
    """The facts in force, of the years that are read."""
    if not fact_names:
        return
    years = _years(year, names)
    rows = CarrierFact.objects.filter(revoked_at=None, year__in=list(years), name__in=fact_names)
    for carrier, of_year, name, value in rows.values_list("carrier_id", "year", "name", "value"):
        if carrier in found and name in names[years[of_year]]:
            found[carrier].texts[years[of_year]][name] = value


def _add_grades(year: int, names: Names, found: dict[int, Candidate]) -> None:
    """The grades published for earlier years."""
    wanted = {name: year - back for back, name in enumerate(YEARS) if back and "grade" in names[name]}
    if not wanted:
        return
    for name, grades in previous_grades(wanted).items():
        for carrier, grade in grades.items():
            if carrier in found:
                found[carrier].texts[name]["grade"] = grade
