"""Tenants by name or credit code, bounded however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, OuterRef, QuerySet, Value

from accounts.actors import Actor
from core import identifiers
from registry.models import Carrier, Stay, Tenant

SUGGESTED = 8
LOOKED_AT = ((0, 100), (100, 500))  # which of the names that fit are asked whether they lie in the scope
LEAST_SIGNS = 2
NARROW = 3  # carriers; of no more than these all tenants are looked at
MOST_PAIRS = 6  # of a long name: enough to find it by
EVERYWHERE = frozenset({"有限", "限公", "公司"})  # in nearly every company's name: they find nobody


class NameHas(Func):
    """Whether the first of these pairs of signs stand in a name, by the index of pairs (PostgreSQL). They may
    stand apart: the words themselves are asked for beside it."""

    output_field = BooleanField()

    def __init__(self, pairs: Sequence[str]) -> None:
        super().__init__(F("name"), *(Value(pair) for pair in pairs[:MOST_PAIRS]))

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        (name, of_name), *pairs = [compiler.compile(one) for one in self.source_expressions]
        wanted = ", ".join(sql for sql, _params in pairs)
        params = [*of_name, *(value for _sql, params in pairs for value in params)]
        return f"registry_bigrams({name}) @> ARRAY[{wanted}]::text[]", params


def plain_words(text: str) -> str:
    """As it is looked for: one space between words, at most 60 signs, nothing unprintable."""
    return " ".join(text.replace("\x00", "").split())[:60]


def by_code(words: str) -> str:
    """The beginning of a credit code that these words can be, full-width and lower case too; else empty."""
    code = identifiers.credit_code(words)
    is_code = 4 <= len(code) <= 18 and set(code) <= set(identifiers.CREDIT_ALPHABET)
    return code if is_code and any(sign.isdigit() for sign in code) else ""


def named(rows: QuerySet[Tenant], words: str) -> QuerySet[Tenant]:
    """Those in whose name the words stand."""
    # Of `contains` the planner knows how many it finds; only letters are written large and small.
    has_letters = any(sign.lower() != sign.upper() for sign in words)
    found = rows.filter(name__icontains=words) if has_letters else rows.filter(name__contains=words)
    pairs = pairs_of(words)
    return found.filter(NameHas(pairs)) if pairs and connection.vendor == "postgresql" else found


def pairs_of(words: str) -> list[str]:
    """The pairs of neighbouring signs by which these words can be found, each once."""
    plain = words.lower()
    pairs = dict.fromkeys(plain[at : at + 2] for at in range(len(plain) - 1))
    return [pair for pair in pairs if pair not in EVERYWHERE]


def tenants(actor: Actor, *, q: str = "", carrier: str = "", standing: str = "") -> QuerySet[Tenant]:
    """The tenants of one's scope by part of a name or beginning of a credit code, in a carrier, and whether
    they are here, left or graduated. By name."""
    rows: QuerySet[Tenant] = Tenant.objects.all()
    if words := plain_words(q):
        code = by_code(words)
        rows = rows.filter(credit_code__startswith=code) if code else named(rows, words)
    stays = Stay.objects.visible_to(actor).filter(tenant=OuterRef("pk"))
    if carrier:
        stays = stays.filter(carrier__code=carrier)
    if standing in ("here", "left"):
        stays = stays.filter(ended__isnull=standing == "here")
    if standing == "graduated":
        stays = stays.exclude(graduated_by="")
    return rows.filter(Exists(stays)).order_by("name", "pk")


def stays_of_tenant(actor: Actor, tenant: Tenant) -> list[Stay]:
    """Its stays in the carriers of one's scope, the oldest first, with carrier and evidence."""
    rows = Stay.objects.visible_to(actor).filter(tenant=tenant)
    return list(rows.select_related("carrier__region", "tenant", "evidence").order_by("entered", "pk"))


def suggestions(actor: Actor, text: str) -> list[Tenant]:
    """At most eight tenants of one's scope whose name or credit code fits: those first that begin so.

    In a scope of many carriers the first 500 that fit are looked at; the search itself looks at all.
    """
    words = plain_words(text)
    if len(words) < LEAST_SIGNS:
        return []
    everybody: QuerySet[Tenant] = Tenant.objects.all()
    if code := by_code(words):
        return _first(actor, everybody.filter(credit_code__startswith=code), SUGGESTED)
    begin = _first(actor, everybody.filter(name__startswith=words), SUGGESTED)
    if len(begin) == SUGGESTED:
        return begin
    known = {one.pk for one in begin}
    rest = _first(actor, named(everybody, words), 2 * SUGGESTED)
    return [*begin, *(one for one in rest if one.pk not in known)][:SUGGESTED]


def _first(actor: Actor, fitting: QuerySet[Tenant], most: int) -> list[Tenant]:
    """The first that lie in one's scope. Which names fit and where they lie are asked one after the other:
    in one question the database may begin with all that lie there."""
    mine = Stay.objects.visible_to(actor).filter(tenant__isnull=False).order_by()
    if _is_narrow(actor):
        rows = fitting.filter(pk__in=mine.values("tenant_id")).order_by()[:most]
    else:
        found: list[int] = []
        for start, end in LOOKED_AT:
            some = list(fitting.order_by().values_list("pk", flat=True)[start:end])
            inside = mine.filter(tenant_id__in=some).values_list("tenant_id", flat=True).distinct()
            found += inside[: most - len(found)]
            if len(found) == most or len(some) < end - start:
                break
        rows = Tenant.objects.filter(pk__in=found)
    return sorted(rows, key=lambda one: (one.name, one.pk))


def _is_narrow(actor: Actor) -> bool:
    """Whether the scope is so few carriers that it is quicker to begin from them."""
    return Carrier.objects.managed_by(actor).order_by()[: NARROW + 1].count() <= NARROW
