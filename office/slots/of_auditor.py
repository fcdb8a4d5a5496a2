"""The auditor's home: sensitive acts of the last days, a way to ask, the state of the chain."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from accounts.actors import Actor
from core.slots import HomePart
from core.text import T
from office.rules import acts
from office.services import trail


def parts(actor: Actor, at: datetime) -> list[HomePart]:
    first, kinds, entries = trail.recent(actor, at)
    audit = reverse("office:audit")
    counted = [(title, count, _narrowed(kind, first)) for kind, title, count in kinds]
    return [
        HomePart(
            title=T("近期敏感操作"),
            note=T("近 30 天，自 {day}", day=first.isoformat()),
            template="office/home_acts.html",
            context={"kinds": counted, "entries": [(entry, _title(entry.action)) for entry in entries]},
            more=(T("全部审计记录"), audit),
            order=10,
        ),
        HomePart(
            title=T("查审计"),
            note=T("谁、做了什么、何时"),
            template="office/home_ask.html",
            context={"url": audit, "kinds": [(kind.value, title) for kind, title, _count in kinds]},
            place="aside",
            order=10,
        ),
        HomePart(
            title=T("审计链核验"),
            template="office/home_chain.html",
            context={"chain": trail.chain(actor, at)},
            place="aside",
            order=20,
        ),
    ]


def _narrowed(kind: acts.Kind, first: date) -> str:
    query = urlencode({"kind": kind.value, "since": first.isoformat()})
    return f"{reverse('office:audit')}?{query}"


def _title(action: str) -> object:
    kind = acts.kind_of(action)
    return acts.TITLES[kind] if kind else ""
