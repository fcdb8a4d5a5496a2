"""Carriers merge and split: those that end are closed, who stays in them goes on, the line is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Greatest
from django.urls import reverse

from accounts.actors import Actor
from accounts.models import User
from core import clock, identifiers
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.services import audit, notices
from office.services.retrying import retried
from registry.models import Carrier, CarrierLink, CarrierState, ChangeClaim, Stay
from registry.permissions import may_record_lineage
from registry.queries.changes import staff_of
from registry.rules.asked_facts import unseen
from registry.rules.changing import LONGEST_BASIS, LONGEST_NUMBER
from registry.rules.checks import basis_faults, date_faults
from registry.rules.lineage import LINKS, Link, LinkKind, faults_of_line, faults_of_shares
from registry.services.carriers import NewCarrier, register_carriers
from registry.services.dating import Basis, apply

MOST_CARRIERS = 20
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Heir:
    """One that goes on: a carrier that is there, by its code, or a new one, by its name. `stays` are credit
    codes and team numbers of those who go to it in a split; the rest go where the largest share goes."""

    code: str = ""
    name: str = ""
    share: Decimal = Decimal(1)
    stays: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """A merger of several into one, or a split of one into several, on a day, by a document."""

    kind: LinkKind
    codes: Sequence[str]
    heirs: Sequence[Heir]
    happened_on: date
    basis: str
    document_number: str = ""

    @property
    def document(self) -> str:
        return f"{self.basis.strip()} {self.document_number.strip()}".strip()


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen: who ends, who goes on (None is a new carrier) with how many of those who stay now,
    and everything that stands against it."""

    ending: list[Carrier]
    heirs: list[tuple[Heir, Carrier | None, int]]
    problems: list[Problem]


def plan(*, actor: Actor, passing: Passing, at: datetime) -> Plan:
    """What a merger or split would do. Nothing is written."""
    codes = {*passing.codes, *(heir.code for heir in passing.heirs if heir.code)}
    rows = Carrier.objects.managed_by(actor).filter(code__in=codes).select_related("region", "operator")
    return _plan(actor, passing, {row.code: row for row in rows}, at)


@retried
def carry_out(*, actor: Actor, passing: Passing, at: datetime) -> list[CarrierLink]:
    """The carriers end on the day, the new ones are registered, stays go over, the links are written: all of
    it or nothing. Raises `Refused` with every reason."""
    with transaction.atomic():
        known = _locked(actor, passing)
        found = _plan(actor, passing, known, at)
        if found.problems:
            raise Refused(found.problems)
        heirs = _heirs(actor, passing, found, at)
        moved = _move_stays(passing, found, heirs, at)
        links = _link(actor, passing, found.ending, heirs, at)
        for one in found.ending:
            closed = {"state": CarrierState.CLOSED.value}
            document = Basis(passing.basis.strip(), passing.document_number.strip())
            apply(actor, one, "carrier.change", closed, passing.happened_on, document, at, [])
        _record(actor, passing, heirs, moved, at)
        _tell([*found.ending, *heirs], passing, at)
    return links


def _locked(actor: Actor, passing: Passing) -> dict[str, Carrier]:
    """All that take part, locked one after the other in the order of their codes."""
    rows = Carrier.objects.managed_by(actor).select_related("region", "operator")
    known = {}
    for code in sorted({*passing.codes, *(heir.code for heir in passing.heirs if heir.code)}):
        try:
            known[code] = locked(rows, code=code)
        except Carrier.DoesNotExist:
            continue
    return known


# What stands against it.


def _plan(actor: Actor, passing: Passing, known: Mapping[str, Carrier], at: datetime) -> Plan:
    ending = [known[code] for code in dict.fromkeys(passing.codes) if code in known]
    heirs = [(heir, known.get(heir.code)) for heir in passing.heirs]
    problems = [
        *_faults_of_words(passing, clock.day_of(at)),
        *_faults_of_number(passing),
        *_unknown(passing, known),
        *faults_of_shares(passing.kind, [heir.share for heir in passing.heirs]),
        *_faults_of_carriers(actor, ending, [one for _heir, one in heirs if one]),
        *_faults_of_links(passing, ending, heirs),
    ]
    where, faults = _stays(passing, ending)
    counts = [sum(1 for at in where.values() if at == number) for number in range(len(heirs))]
    return Plan(
        ending=ending,
        heirs=[(heir, one, count) for (heir, one), count in zip(heirs, counts, strict=True)],
        problems=[*problems, *faults],
    )


def _faults_of_words(passing: Passing, today: date) -> list[Problem]:
    found = [*basis_faults(passing.basis), *date_faults(passing.happened_on, today, "happened_on")]
    for name, text, most in (
        ("basis", passing.basis, LONGEST_BASIS),
        ("document_number", passing.document_number, LONGEST_NUMBER),
        *((f"to_{n}", heir.name, _LONGEST_NAME) for n, heir in enumerate(passing.heirs, start=1)),
    ):
        if len(text) > most:
            found.append(Problem("lineage.long", T("最多 {n} 字。", n=most), field=name))
        found += unseen(text, name)
    return found


def _faults_of_number(passing: Passing) -> list[Problem]:
    codes = list(passing.codes)
    if passing.kind is LinkKind.SPLIT and len(codes) != 1:
        return [Problem("lineage.ending", T("分立的载体须是一家。"), field="codes", found=str(len(codes)))]
    if not codes or len(codes) > MOST_CARRIERS:
        words = T("请填写 1 至 {n} 家被合并的载体。", n=MOST_CARRIERS)
        return [Problem("lineage.ending", words, field="codes", found=str(len(codes)))]
    if len(set(codes)) != len(codes):
        return [Problem("lineage.twice", T("同一载体填写了两次。"), field="codes")]
    if passing.kind is LinkKind.MERGER:
        if len(passing.heirs) != 1:
            return [Problem("lineage.heirs", T("合并须有且只有一家承接的载体。"), field="to_1")]
        if not passing.heirs[0].code and len(codes) < 2:
            words = T("只有一家载体、承接的又是新载体，不是合并；更名请走变更申请。")
            return [Problem("lineage.ending", words, field="codes")]
    return []


def _unknown(passing: Passing, known: Mapping[str, Carrier]) -> list[Problem]:
    found = [
        Problem("lineage.unknown", T("没有找到编号为 {code} 的载体。", code=code[:24]), field="codes")
        for code in passing.codes
        if code not in known
    ]
    taken: set[str] = set()
    for number, heir in enumerate(passing.heirs, start=1):
        field = f"to_{number}"
        if heir.code and heir.code not in known:
            words = T("没有找到编号为 {code} 的载体。", code=heir.code[:24])
            found.append(Problem("lineage.unknown", words, field=field))
        if not heir.code and not heir.name.strip():
            found.append(Problem("lineage.heir", T("请填写承接的载体：编号，或新载体的名称。"), field=field))
        key = heir.code or heir.name.strip()
        if key and key in taken:
            found.append(Problem("lineage.twice", T("同一载体填写了两次。"), field=field, found=key[:60]))
        taken.add(key)
    return found


def _faults_of_carriers(
    actor: Actor, ending: Sequence[Carrier], going_on: Sequence[Carrier]
) -> list[Problem]:
    found = []
    everyone = [*ending, *going_on]
    for one in dict.fromkeys(everyone):
        if one.state == CarrierState.CLOSED:
            found.append(Problem("lineage.closed", T("“{name}”已注销。", name=one.name), found=one.code))
        if not may_record_lineage(actor, one):
            words = T("您的身份不能办理“{name}”的合并或分立，须由其级别所属部门或省级办理。", name=one.name)
            found.append(Problem("lineage.role", words, found=one.code))
    if len({one.region.path.split("/")[1] for one in everyone}) > 1:
        found.append(Problem("lineage.root", T("各载体须在同一省份。")))
    claims = ChangeClaim.objects.filter(carrier__in=everyone).select_related("request", "carrier")
    for key, name in dict.fromkeys((claim.request, claim.carrier.name) for claim in claims):
        words = T("“{name}”有变更申请在办（{number}），办结后再合并或分立。", name=name, number=key.number)
        found.append(Problem("lineage.open_change", words, found=key.number))
    return found


def _faults_of_links(
    passing: Passing, ending: Sequence[Carrier], heirs: Sequence[tuple[Heir, Carrier | None]]
) -> list[Problem]:
    """By codes, which people know."""
    rows = CarrierLink.objects.select_related("predecessor", "successor")
    links = [
        Link(row.predecessor.code, row.successor.code, row.happened_on, LinkKind(row.kind), row.share)
        for row in rows
    ]
    new = [
        Link(one.code, heir.code, passing.happened_on, passing.kind, heir.share)
        for one in ending
        for heir, there in heirs
        if there is not None
    ]
    return faults_of_line(new, links)


# Who stays in them.


def _key(stay: Stay) -> str:
    return stay.tenant.credit_code if stay.tenant else stay.team.team_no if stay.team else ""


def _stays(passing: Passing, ending: Sequence[Carrier]) -> tuple[dict[int, int], list[Problem]]:
    """Where each stay that lasts goes, by the place of the heir; codes that nobody there has."""
    shares = [heir.share for heir in passing.heirs]
    usual = max(range(len(shares)), key=lambda at: shares[at], default=0)
    chosen: dict[str, int] = {}
    found = []
    for number, heir in enumerate(passing.heirs):
        for typed in heir.stays:
            code = identifiers.credit_code(typed)
            if code in chosen:
                words = T("{code} 填写了两次。", code=code[:24])
                found.append(Problem("lineage.stay_twice", words, field=f"stays_{number + 1}"))
            chosen[code] = number
    rows = Stay.objects.filter(carrier__in=ending).current().select_related("tenant", "team")
    where: dict[int, int] = {}
    there: set[str] = set()
    for row in rows:
        code = identifiers.credit_code(_key(row))
        there.add(code)
        where[row.pk] = chosen.get(code, usual)
    for code in chosen:
        if code not in there:
            words = T("{code} 现在不在此载体。", code=code[:24])
            found.append(Problem("lineage.stay", words, field=f"stays_{chosen[code] + 1}", found=code[:24]))
    return where, found


def _move_stays(passing: Passing, found: Plan, heirs: Sequence[Carrier], at: datetime) -> int:
    """Those who stay go on with their day of entry; who is with the heir already ends where it was."""
    where, _faults = _stays(passing, found.ending)
    for one in found.ending:
        for number, heir in enumerate(heirs):
            going = [pk for pk, place in where.items() if place == number]
            rows = Stay.objects.filter(pk__in=going, carrier=one)
            here = Stay.objects.filter(carrier=heir).current()
            tenants = here.exclude(tenant=None).values("tenant_id")
            teams = here.exclude(team=None).values("team_id")
            twice = list(rows.filter(Q(tenant__in=tenants) | Q(team__in=teams)).values_list("pk", flat=True))
            last = Greatest(F("entered"), Value(passing.happened_on))
            Stay.objects.filter(pk__in=twice).update(ended=last, updated_at=at)
            rows.exclude(pk__in=twice).update(carrier=heir, updated_at=at)
    return len(where)


# What is written.


def _heirs(actor: Actor, passing: Passing, found: Plan, at: datetime) -> list[Carrier]:
    """The carriers that go on, in order; new ones like the first that ends, but without its level, which is
    decided anew."""
    like = found.ending[0]
    new = [
        NewCarrier(
            name=heir.name,
            kind=like.kind,
            carrier_class=like.carrier_class,
            field=like.field,
            operator=like.operator,
            region=like.region,
            listed_year=passing.happened_on.year,
            valid_from=passing.happened_on,
            opened_on=passing.happened_on,
            address=like.address,
            basis=passing.basis.strip(),
            document_number=passing.document_number.strip(),
        )
        for heir, there, _count in found.heirs
        if there is None
    ]
    made = iter(register_carriers(actor=actor, new=new, at=at) if new else [])
    return [there or next(made) for _heir, there, _count in found.heirs]


def _link(
    actor: Actor, passing: Passing, ending: Sequence[Carrier], heirs: Sequence[Carrier], at: datetime
) -> list[CarrierLink]:
    return CarrierLink.objects.bulk_create(
        CarrierLink(
            predecessor=one,
            successor=heir,
            kind=passing.kind,
            happened_on=passing.happened_on,
            share=asked.share if passing.kind is LinkKind.SPLIT else Decimal(1),
            basis=passing.basis.strip(),
            document_number=passing.document_number.strip(),
            recorded_at=at,
            recorded_by=actor.user,
        )
        for one in ending
        for asked, heir in zip(passing.heirs, heirs, strict=True)
    )


def _record(actor: Actor, passing: Passing, heirs: Sequence[Carrier], moved: int, at: datetime) -> None:
    detail = {
        "from": list(passing.codes),
        "to": [[heir.code, str(asked.share)] for heir, asked in zip(heirs, passing.heirs, strict=True)],
        "happened_on": passing.happened_on.isoformat(),
        "basis": passing.document,
        "stays": moved,
    }
    action = f"carrier.{passing.kind}"
    audit.record(
        actor=actor, action=action, on="registry.carrier", key=passing.codes[0], at=at, detail=detail
    )


def _tell(carriers: Iterable[Carrier], passing: Passing, at: datetime) -> None:
    for one in carriers:
        people: list[User] = staff_of(one, at=at)
        words = T("“{name}”已登记{kind}，自 {day} 起。", name=one.name, kind=LINKS[passing.kind],
                  day=passing.happened_on.isoformat())  # fmt: skip
        link = reverse("registry:carrier", args=[one.code])
        notices.notify(people=people, sentence=words, at=at, link=link)
