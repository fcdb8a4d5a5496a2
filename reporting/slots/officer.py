"""The home of those who check: where the returns of their region stand."""

from __future__ import annotations

from datetime import datetime

from accounts.actors import Actor
from core import clock, formats
from core.slots import HomePart
from core.text import T
from reporting import queries
from reporting.services import desk, waiting

SHOWN = 10  # rows of the queue
BESIDE = 5  # rows of a list at the side


def parts_of_officer(actor: Actor) -> list[HomePart]:
    """Counters above; below the tasks what is most urgent and where it is stuck; beside them who has not
    begun, what is to be read, what came back from above. Bounded queries, whatever the size."""
    at = clock.now()
    standing = desk.Standing(actor, desk.in_scope(actor), {})
    counters = {"counters": standing.counters()}
    parts = [
        HomePart(T("报表进度"), "reporting/_counters.html", counters, place="head", order=10),
        _most_urgent(standing, at),
    ]
    table = standing.table()
    if table is not None:
        note = T("份数；颜色越深，占该行的比例越高")
        parts.append(HomePart(T("卡在哪里"), "reporting/_stuck.html", {"table": table}, note=note, order=20))
    return [*parts, *beside(standing, at)] if standing.total else parts[1:]


def _most_urgent(standing: desk.Standing, at: datetime) -> HomePart:
    mine = standing.rows.filter(queries.lies_with(standing.actor))
    rows = waiting.rows_of(list(waiting.by_urgency(mine)[:SHOWN]), at)
    number = standing.counts.get("mine", 0)
    return HomePart(
        T("待我审核"),
        "reporting/_home_officer_queue.html",
        {"rows": rows, "filing": standing.total > 0},
        note=T("{n} 份，按紧急程度排列：时限、待看说明", n=formats.number(number)) if number else "",
        more=(T("全部"), desk.address(standing.asked, state="mine")) if number else None,
        order=10,
    )


def beside(standing: desk.Standing, at: datetime, *, not_begun: bool = True) -> list[HomePart]:
    """What stands beside a list, that of the queue's page too; `not_begun`: also who has not begun."""
    parts = [_not_begun(standing, at)] if not_begun else []
    if standing.actor.role in queries.SEEN_STAGES:
        parts.append(_to_read(standing))
    if standing.actor.role in waiting.ABOVE:
        parts.append(_sent_back(standing))
    return parts


def _not_begun(standing: desk.Standing, at: datetime) -> HomePart:
    rows = list(waiting.not_begun(standing.rows, at)[:BESIDE])
    number = standing.counts["not_started"]
    last = min((one.dates.held.last_start_at for one in rows), default=None)
    when = formats.moment(last, clock.day_of(at).year) if last else ""
    past = last is not None and last <= at
    note = T("{n} 份，最迟开始日 {when} 已过", n=formats.number(number), when=when)
    if not past:
        note = T("{n} 份，最迟 {when} 开始", n=formats.number(number), when=when)
    return HomePart(
        T("未开始"),
        "reporting/_home_officer_not_begun.html",
        {"rows": rows},
        place="aside",
        note=note if number else "",
        more=(T("全部"), desk.address(standing.asked, state="not_started")) if number else None,
        order=20,
    )


def _to_read(standing: desk.Standing) -> HomePart:
    return HomePart(
        T("待看的说明"),
        "reporting/_home_officer_questions.html",
        {"kinds": waiting.questions_by_kind(standing.rows.filter(queries.lies_with(standing.actor)))},
        place="aside",
        note=T("在我处 {n} 份中", n=formats.number(standing.counts["mine"])),
        order=30,
    )


def _sent_back(standing: desk.Standing) -> HomePart:
    rows = waiting.sent_back_from_above(standing.actor, standing.rows)
    return HomePart(
        T("上级退回"),
        "reporting/_home_officer_sent_back.html",
        {"rows": rows[:BESIDE]},
        place="aside",
        note=T("{n} 份", n=len(rows)),
        more=(T("全部退回在改的"), desk.address(standing.asked, state="returned")) if rows else None,
        order=40,
    )
