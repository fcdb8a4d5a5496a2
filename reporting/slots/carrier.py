"""The home of a carrier's staff: how far the open return is, and what waits with others."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.actors import Actor
from accounts.rules.duties import TITLES as DUTIES
from accounts.rules.roles import TITLES, Role
from core import clock, formats
from core.slots import HomePart
from core.text import T, Text
from core.ui import Action, Status
from registry.models import Carrier
from registry.queries import own_carrier
from reporting import links, queries
from reporting.models import Return
from reporting.queries import carriers as carrier_queries
from reporting.queries.carriers import Work
from reporting.rules.lifecycle import Chain, State, stops_of
from reporting.rules.progress import Kind, Part, homes_of
from reporting.slots.carrier_clock import clock_card
from reporting.slots.carrier_tasks import by_whom, listed
from reporting.slots.waiting import TEMPLATE, Waiting, returns_waiting

HANDLERS = 2  # at least: one leaves, the other goes on
OFFICERS = 6


def parts_of_carrier(actor: Actor) -> list[HomePart]:
    """Everything about the acting appointment's carrier; nothing to whom acts for none."""
    carrier = own_carrier(actor)
    if carrier is None:
        return []
    at = clock.now()
    works = carrier_queries.work_of(actor, at=at)
    waiting = returns_waiting(actor, carrier, at=at)
    parts = [part for work in works for part in (*_items_of(work, at), _progress_of(work, at))]
    if waiting:
        parts.append(_waiting(waiting))
    if not works and not waiting:
        parts.append(_nothing_open(actor, at))
    card = clock_card(actor, works, at)
    return [*parts, *([card] if card else []), _handlers(carrier, actor, at), *_contacts(actor, works, at)]


# How far the return is.


def _progress_of(work: Work, at: datetime) -> HomePart:
    version, progress = work.opened.version, work.progress
    rows = [(part, status_of(part), share_of(part), _page_of(work.found, part)) for part in progress.parts]
    note = T("指标 {filled} / {total} 项", filled=progress.filled, total=progress.total)
    if work.opened.form.tables:
        note = T("{first}，名单 {n} 行", first=note, n=progress.rows)
    if version.saved_by and not work.is_untouched:
        when = formats.moment(version.saved_at, clock.day_of(at).year)
        note = T("{first}；最后保存 {when} {name}", first=note, when=when, name=version.saved_by)
    return HomePart(
        title=T("{year} 年度报表：各部分进度", year=work.opened.year),
        template="reporting/_home_carrier_progress.html",
        context={"rows": rows},
        note=note,
        more=(T("打开报表"), links.return_page(work.found.pk)),
        actions=_workbook_of(work),
        order=20,
    )


def _workbook_of(work: Work) -> tuple[Action, ...]:
    found = [work.found.pk]
    return (
        Action(T("下载工作簿"), reverse("reporting:workbook", args=found), "download"),
        Action(T("上传工作簿"), reverse("reporting:workbook_upload", args=found), "upload"),
    )


def status_of(part: Part) -> Status:
    """What a part wants, the worst first; done when it wants nothing and is full."""
    words = [
        said
        for number, said in (
            (part.errors, T("{n} 错误", n=part.errors)),
            (part.back, T("{n} 退回待改", n=part.back)),
            (part.questions, T("{n} 待说明", n=part.questions)),
            (part.unconfirmed, T("{n} 待确认", n=part.unconfirmed)),
        )
        if number
    ]
    if words:
        tone, icon = _urgency_of(part)
        return Status(_dotted(words), tone, icon)
    if part.is_untouched:
        owed = T("未开始，{n} 项必填未填", n=part.missing) if part.missing else T("未开始")
        return Status(owed, "muted", "circle")
    if part.missing:
        return Status(T("填报中，{n} 项必填未填", n=part.missing), "muted", "pencil")
    return Status(T("已完成") if part.filled == part.total else T("必填已齐"), "ok", "circle-check")


def _urgency_of(part: Part) -> tuple[str, str]:
    if part.errors:
        return "bad", "circle-alert"
    if part.back:
        return "warn", "undo-2"
    return ("warn", "message-circle-question-mark") if part.questions else ("info", "history")


def _dotted(words: list[Text]) -> Text:
    first, *more = words
    for one in more:
        first = T("{first} · {second}", first=first, second=one)
    return first


def share_of(part: Part) -> str:
    """Of 100: how much of a part is filled and waits for nothing; empty where nothing is to be filled."""
    if part.kind is Kind.WHOLE:
        return ""
    return f"{part.filled * 100 / part.total:.0f}" if part.total else "0"


def _page_of(found: Return, part: Part) -> str:
    if part.kind is Kind.WHOLE:
        return links.return_page(found.pk)
    return reverse(f"reporting:{part.kind.value}", args=[found.pk, part.code])


def _items_of(work: Work, at: datetime) -> list[HomePart]:
    """What was named when the return came back, each with its own page."""
    if work.move is None or not work.items:
        return []
    form, number = work.opened.form, work.found.pk
    homes, tables = homes_of(form), {table.code for table in form.tables}
    rows = []
    for one in work.items:
        home = homes.get(one.code, "")
        page = reverse(f"reporting:{'table' if home in tables else 'section'}", args=[number, home])
        rows.append((one, page if home in tables else f"{page}#field-{one.code}"))
    return [
        HomePart(
            title=T("{year} 年度报表：退回的意见", year=work.opened.year),
            template="reporting/_home_carrier_items.html",
            context={"rows": rows},
            note=T("{who} 退回：{comment}", who=by_whom(work.move, at), comment=work.move.comment),
            order=10,
        )
    ]


# What waits with others.


def _waiting(rows: list[Waiting]) -> HomePart:
    return HomePart(
        title=T("在等别人"),
        template=TEMPLATE,
        context={"rows": rows},
        note=T("审核超过时限由上级接办，不影响贵单位"),
        order=30,
    )


def _nothing_open(actor: Actor, at: datetime) -> HomePart:
    """Between two years: what was taken last, what comes next."""
    last, coming = carrier_queries.last_accepted(actor), carrier_queries.coming(actor, at=at)
    year = clock.day_of(at).year
    hint = T("")
    if last is not None and last.accepted_at is not None:
        when = formats.moment(last.accepted_at, year)
        hint = T("上一次：{title}，{when} 受理。", title=last.campaign.title, when=when)
    if coming is not None:
        when = formats.moment(coming.campaign.opens_at, year)
        following = T("{title}将于 {when} 开始。", title=coming.campaign.title, when=when)
    else:
        following = T("新一年的填报开始后，会出现在这里，并发消息通知您。")
    return HomePart(
        title=T("年度报表"),
        template="reporting/_home_carrier_none.html",
        context={"hint": T("{first}{second}", first=hint, second=following)},
        more=(T("历年报表"), reverse("reporting:returns")),
        order=20,
    )


# Who is who.


def _handlers(carrier: Carrier, actor: Actor, at: datetime) -> HomePart:
    """Who fills for this carrier, and when each was last here."""
    people = [
        {
            "name": one.user.name,
            "role": one.title or DUTIES.get(one.duty, TITLES[Role(one.role)]),
            "seen": one.user.last_login,
            "here": one.user_id == actor.user_id,
        }
        for one in carrier_queries.handlers_of(carrier, at=at)
    ]
    return HomePart(
        title=T("本单位经办"),
        template="reporting/_home_carrier_people.html",
        context={"people": people, "few": len(people) < HANDLERS},
        place="aside",
        note=T("至少两人"),
        more=(T("人员"), reverse("registry:people", args=[carrier.code])),
        order=30,
    )


def _contacts(actor: Actor, works: list[Work], at: datetime) -> list[HomePart]:
    """Who checks first what this carrier hands in: by the return at hand, else by the last one."""
    found = works[0].found if works else queries.with_all(Return.objects.visible_to(actor)).last()
    if found is None:
        return []
    stop = stops_of(Chain(found.chain))[0]
    officers = queries.officers_at(found, stop, at=at)
    if not officers:
        return []
    level = {State.AT_COUNTY: "county", State.AT_CITY: "city"}.get(stop, "")
    region = carrier_queries.regions_over(found.carrier).get(level, found.campaign.region)
    return [
        HomePart(
            title=T("有问题找谁"),
            template="reporting/_home_carrier_contacts.html",
            context={
                "office": T("{region} {role}", region=region, role=TITLES[_CHECKER[stop]]),
                "names": listed([one.name for one in officers[:OFFICERS]]),
                "title": found.campaign.title,
                "url": links.return_page(found.pk),
            },
            place="aside",
            order=60,
        )
    ]


_CHECKER = {
    State.AT_COUNTY: Role.COUNTY_OFFICER,
    State.AT_CITY: Role.CITY_OFFICER,
    State.AT_PROVINCE: Role.PROVINCE_OFFICER,
}
