"""What may be seen of policies, allocations and awards, put together for pages, API and services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from accounts.actors import Actor
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from evaluation.models import Run
from funding import models
from funding.models import Allocation, Award
from funding.rules.policy import LoadedPolicy, load_policy

NAMED = 5


@lru_cache(maxsize=64)
def _loaded(digest: str, source: str) -> LoadedPolicy:
    return load_policy(source)


def definition(policy: models.Policy) -> LoadedPolicy:
    """The policy as rules know it, read once a process."""
    return _loaded(policy.digest, policy.source)


def policies_of(actor: Actor) -> QuerySet[models.Policy]:
    """The policies that this actor may know of."""
    return models.Policy.objects.visible_to(actor).select_related("region")


def allocations_of(actor: Actor) -> QuerySet[Allocation]:
    """The allocations that this actor may know of, with what lists show of them."""
    shown = Allocation.objects.visible_to(actor)
    return shown.select_related("policy__region", "run__region", "prepared_by", "confirmed_by", "dropped_by")


def awards_of(allocation: Allocation, actor: Actor) -> QuerySet[Award]:
    """The awards of an allocation that this actor may see, by carrier and then the policy's order."""
    shown = Award.objects.visible_to(actor).filter(allocation=allocation)
    related = shown.select_related("carrier__region", "city", "allocation__policy__region")
    return related.order_by("carrier__code", "pk")


def decided_awards(actor: Actor) -> QuerySet[Award]:
    """All awards that were decided: what the API and the public pages give out."""
    shown = Award.objects.visible_to(actor).public()
    return shown.select_related("carrier__region", "city", "allocation__policy__region", "allocation__run")


def awards_of_carrier(carrier_id: int, actor: Actor) -> QuerySet[Award]:
    """A carrier's decided awards, the newest year first."""
    return decided_awards(actor).filter(carrier_id=carrier_id).order_by("-year", "programme", "pk")


def runs_to_pay(actor: Actor) -> QuerySet[Run]:
    """The published runs that hold carriers of the actor's region, the newest first."""
    path = actor.region_path
    if not path:
        return Run.objects.none()
    above = [code for code in path.strip("/").split("/") if code]
    holds = Q(region__path__startswith=path) | Q(region__code__in=above)
    return Run.objects.visible_to(actor).filter(holds, state="published")


def unpaid_runs(actor: Actor) -> QuerySet[Run]:
    """Those for which the actor's region has a policy and nobody has worked out any money by one."""
    own = models.Policy.objects.filter(region__path__startswith=actor.region_path or "-")
    if not own.exists():
        return Run.objects.none()
    live = Allocation.objects.filter(run=OuterRef("pk"), policy__in=own).exclude(state="dropped")
    return runs_to_pay(actor).filter(~Exists(live))


def waiting_for(actor: Actor) -> QuerySet[Allocation]:
    """What was worked out by somebody else and waits for this finance officer."""
    drafts = allocations_of(actor).filter(
        state="draft", policy__region__path__startswith=actor.region_path or "-"
    )
    return drafts.exclude(prepared_by_id=actor.user_id)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an allocation: how many carriers, what they may claim, what they get, in yuan."""

    name: str
    carriers: int
    claimed: Decimal
    amount: Decimal


def by_city(allocation: Allocation) -> list[Share]:
    """In the order of the cities' codes: one query."""
    return _shares(allocation, "city__name", "city__code", "city__name")


def by_award(allocation: Allocation) -> list[Share]:
    """In the policy's order: one query."""
    order = [award.code for award in definition(allocation.policy).policy.awards]
    shares = _shares(allocation, "code", "code")
    titles = {award.code: award.label for award in definition(allocation.policy).policy.awards}
    shares.sort(key=lambda share: order.index(share.name))
    return [Share(titles[one.name], one.carriers, one.claimed, one.amount) for one in shares]


def _shares(allocation: Allocation, name: str, *groups: str) -> list[Share]:
    rows = (
        allocation.awards.order_by(groups[0])
        .values(*groups)
        .annotate(
            carriers=Count("carrier", distinct=True),
            claimed_sum=Sum("claimed"),
            amount_sum=Sum("amount"),
        )
    )
    return [Share(row[name] or "—", row["carriers"], row["claimed_sum"], row["amount_sum"]) for row in rows]


@dataclass(frozen=True, slots=True)
class Preview:
    """What confirming would do: how many carriers are paid, the largest of them, how many get nothing."""

    carriers: int
    largest: list[tuple[str, Decimal]]
    emptied: int


def preview_of(allocation: Allocation) -> Preview:
    """Three queries, whatever the size."""
    sums = allocation.awards.order_by().values("carrier__name").annotate(sum=Sum("amount"))
    paid = sums.filter(sum__gt=0)
    largest = [(row["carrier__name"], row["sum"]) for row in paid.order_by("-sum", "carrier__name")[:NAMED]]
    return Preview(paid.count(), largest, sums.filter(sum=0).count())


def spent(programme: str, year: int) -> dict[str | None, Decimal]:
    """Payer → what was decided of this programme and year, all versions and runs; `None`: all payers."""
    answer: dict[str | None, Decimal] = {None: Decimal(0)}
    rows = Award.objects.public().filter(programme=programme, year=year)
    for payer, amount in rows.values_list("payer", "amount").iterator(chunk_size=2000):
        answer[payer] = answer.get(payer, Decimal(0)) + amount
        answer[None] += amount
    return answer


def standing(asked: set[tuple[int, str]], programme: str, year: int) -> list[tuple[str, str]]:
    """Carrier's code and award of those of these (carrier's key, award) that stand already for this
    programme and year: one query."""
    rows = Award.objects.filter(is_live=True, programme=programme, year=year)
    found = rows.values_list("carrier_id", "carrier__code", "code")
    return sorted((code, award) for key, code, award in found if (key, award) in asked)


# People and regions.


def staff_of(allocation: Allocation, at: datetime) -> list[User]:
    """The staff of all carriers that are paid: two queries, whatever the size."""
    codes = allocation.awards.filter(amount__gt=0).values("carrier__code")
    held = Appointment.objects.filter(role=Role.CARRIER_STAFF.value, carrier_code__in=codes)
    valid = held.valid_on(clock.day_of(at))
    return list(User.objects.filter(pk__in=valid.values("user_id")))


def payers_of(region: Region, at: datetime) -> list[User]:
    """The finance officers who may confirm what this region pays."""
    codes = [code for code in region.path.strip("/").split("/") if code]
    held = Appointment.objects.filter(role=Role.FINANCE_OFFICER.value, region__code__in=codes)
    valid = held.valid_on(clock.day_of(at))
    return list(User.objects.filter(pk__in=valid.values("user_id")))


def cities_of(allocation: Allocation) -> list[Region]:
    """The cities in which carriers of an allocation lie."""
    found = allocation.awards.exclude(city=None).order_by().values("city_id")
    return list(Region.objects.filter(pk__in=found).order_by("code"))


def worded(rows: QuerySet[Award], text: str) -> QuerySet[Award]:
    """Those whose carrier has this in its name or as the beginning of its code."""
    return rows.filter(Q(carrier__name__icontains=text) | Q(carrier__code__istartswith=text))
