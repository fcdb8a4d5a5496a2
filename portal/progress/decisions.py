"""What is stuck or needs somebody: found in rows, one line and one way on each, the widest effect first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import Region
from accounts.rules.roles import Role
from core.clock import SHANGHAI, day_of
from core.formats import moment
from core.text import T, Text
from evaluation.models import Objection, Run, RunEntry
from evaluation.models.runs import OVERSEEING
from evaluation.rules.exact import ZERO
from evaluation.rules.standing import Standing, ties_at_cuts
from funding.queries import unpaid_runs
from office.queries import workdays
from office.rules.workdays import ONE, Workdays
from portal.progress.counting import Counted, returns_of
from portal.progress.scope import Scope
from portal.progress.stages import Marking
from reporting.models import CampaignState
from reporting.rules.limits import LIMIT

SOON = timedelta(days=10)  # before the last day to begin: time enough to remind
_TONES = {"bad": 0, "warn": 1, "info": 2}
OFFICES = (
    ("at_county", T("县级审核超过时限 {n} 份")),
    ("at_city", T("设区市审核超过时限 {n} 份")),
    ("at_province", T("省级受理超过时限 {n} 份")),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """`affected`: how many returns or carriers hang on it."""

    title: Text
    why: Text
    verb: Text
    url: str
    tone: str
    icon: str
    affected: int


def decisions_of(scope: Scope, found: Counted, marking: dict[int, Marking]) -> list[Decision]:
    """Of the returns in the region; of runs and money where the shown region is the actor's own."""
    answer = [*_late(scope), *_unfiled(scope, found)]
    if scope.is_top and scope.actor.role in OVERSEEING:
        answer += [*_marking(scope, marking), *_ties(scope), *_objections(scope), *_releases(scope)]
        answer += _money(scope)
    return sorted(answer, key=lambda one: (_TONES[one.tone], -one.affected))


def _queue(scope: Scope, state: str, region: Region | None = None) -> str:
    query = {"state": state}
    if region is not None and region != scope.actor.region:
        query["region"] = region.code
    return f"{reverse('reporting:queue')}?{urlencode(query)}"


def last_late_day(calendar: Workdays, today: date) -> date:
    """What arrived on this day or before is past the office's limit today."""
    day = today - ONE
    while calendar.working_days_between(today, calendar.add_working_days(day, LIMIT)) >= 0:
        day -= ONE
    return day


def _late(scope: Scope) -> Iterator[Decision]:
    """By office, with the region that has the most of it: two queries."""
    day = last_late_day(workdays(), day_of(scope.at))
    before = datetime.combine(day + ONE, time.min, SHANGHAI)
    rows = (
        returns_of(scope)
        .filter(state__in=[state for state, _ in OFFICES], campaign__state=CampaignState.OPEN)
        .annotate(arrived=Coalesce(F("city_passed_at"), F("county_passed_at"), F("submitted_at")))
        .filter(arrived__lt=before)
        .order_by()
        .values_list("state", "carrier__region__name", "carrier__region__parent__name")
        .annotate(number=Count("pk"))
    )
    by_office: dict[str, dict[str, int]] = {}
    for state, name, parent, number in rows:
        place = (parent or name) if state == "at_city" else name
        places = by_office.setdefault(state, {})
        places[place] = places.get(place, 0) + number
    for state, title in OFFICES:
        places = by_office.get(state, {})
        if places:
            yield _late_office(scope, state, title, places)


def _late_office(scope: Scope, state: str, title: Text, places: dict[str, int]) -> Decision:
    number = sum(places.values())
    most = max(places, key=lambda name: places[name])
    if state == "at_province" or len(places) == 1:
        why = T("每级限 {limit} 个工作日", limit=LIMIT)
    else:
        why = T(
            "{n} 处，{place} {most} 份最多；限 {limit} 个工作日",
            n=len(places),
            place=most,
            most=places[most],
            limit=LIMIT,
        )
    told = Text(title.msgid, {"n": number})
    return Decision(told, why, T("看明细"), _queue(scope, state, scope.region), "bad", "clock-alert", number)


def _unfiled(scope: Scope, found: Counted) -> Iterator[Decision]:
    """Who has not begun shortly before it is too late, and who has not filed after."""
    overdue = found.stamps["overdue"]
    if overdue:
        due = max(one.due_at for one in scope.campaigns)
        why = T("截止 {when}，已过期", when=_moment(due, scope))
        title = T("{n} 份报表过期未交", n=overdue)
        url = _unfiled_url(scope, found.stamps["overdue_untouched"] * 2 > overdue)
        yield Decision(title, why, T("看名单"), url, "bad", "file-x", overdue)
    untouched, last = found.stamps["untouched"], found.stamps["start_until"]
    if not untouched:
        return
    if scope.at < last <= scope.at + SOON:
        title = T("{n} 份报表还没有开始填", n=untouched)
        why = T("最迟 {when} 开始，之后不能再填", when=_moment(last, scope))
        url = _queue(scope, "not_started", scope.region)
        yield Decision(title, why, T("看名单"), url, "warn", "file-clock", untouched)
    elif last <= scope.at:
        title = T("{n} 份报表没有在期限内开始", n=untouched)
        why = T("最迟开始 {when}，已不能填报", when=_moment(last, scope))
        url = _queue(scope, "not_started", scope.region)
        yield Decision(title, why, T("看名单"), url, "bad", "file-x", untouched)


def _unfiled_url(scope: Scope, is_untouched: bool) -> str:
    """The queue holds campaigns that run; of one that is closed there is its own page."""
    if any(one.state == CampaignState.OPEN for one in scope.campaigns):
        return _queue(scope, "not_started" if is_untouched else "filling", scope.region)
    return reverse("reporting:campaign", args=[scope.campaigns[0].pk])


def _moment(at: datetime, scope: Scope) -> str:
    return moment(at, scope.at.astimezone(SHANGHAI).year)


def _name(run: Run) -> Text:
    return Text("{run}", {"run": run.title})


def _run_page(run: Run) -> str:
    return reverse("evaluation:run", args=[run.pk])


def _marking(scope: Scope, marking: dict[int, Marking]) -> Iterator[Decision]:
    """Frozen runs: marks that are late, or all there so that it can be scored."""
    for run in scope.open_runs:
        if run.state != "frozen":
            continue
        sets = marking.get(run.pk, Marking(0, 0, 0))
        waiting = sets.all - sets.submitted
        if sets.late:
            title = T("{n} 份专家评分逾期未交", n=sets.late)
            why = T("{run}：已交 {done} / {all} 份", run=run.title, done=sets.submitted, all=sets.all)
            yield Decision(title, why, T("看进度"), _run_page(run), "bad", "users", sets.late)
        elif not waiting:
            words = T("评分已交齐，可以计分") if sets.all else T("已冻结，等待计分")
            url = _run_page(run)
            yield Decision(words, _name(run), T("去计分"), url, "warn", "scale", sets.all)


def _ties(scope: Scope) -> Iterator[Decision]:
    """Equal places next to a line between grades, while the result is not out: one query for all runs."""
    runs = {run.pk: run for run in scope.open_runs if run.state == "scored"}
    if not runs:
        return
    rows = (
        RunEntry.objects.visible_to(scope.actor)
        .filter(run__in=runs)
        .exclude(grade="")
        .order_by("run_id", F("rank").asc(nulls_last=True), "carrier__code")
        .values_list("run_id", "carrier__code", "carrier__name", "total", "rank", "grade")
    )
    standings: dict[int, list[Standing]] = {}
    for run, code, name, total, rank, grade in rows:
        standings.setdefault(run, []).append(Standing(code, name, total or ZERO, rank, grade))
    for run_id, found in standings.items():
        ties = ties_at_cuts(found)
        if ties:
            number = sum(len(one.carriers) for one in ties)
            title = T("等级线上有 {n} 家并列", n=number)
            lines = "、".join(f"{one.above} / {one.below}" for one in ties)
            why = T("{run}：{lines} 之间", run=runs[run_id].title, lines=lines)
            yield Decision(title, why, T("看边界"), _run_page(runs[run_id]), "warn", "scale", number)


def _objections(scope: Scope) -> Iterator[Decision]:
    """Those that wait, and those sustained while their result is still open: one query."""
    runs = {run.pk: run for run in scope.open_runs if run.state == "publicised"}
    counts = (
        Objection.objects.visible_to(scope.actor)
        .filter(entry__run__in=runs)
        .order_by()
        .values_list("entry__run_id")
        .annotate(
            filed=Count("pk", filter=Q(state="filed")), sustained=Count("pk", filter=Q(state="sustained"))
        )
    )
    for run_id, filed, sustained in counts:
        run = runs[run_id]
        if sustained:
            title = T("{n} 件异议成立，结果要撤回重算", n=sustained)
            yield Decision(title, _name(run), T("去办理"), _run_page(run), "bad", "flag", sustained)
        if filed:
            title = T("{n} 件异议待处理", n=filed)
            why = T("{run}：全部处理后才能公布", run=run.title)
            yield Decision(title, why, T("去处理"), reverse("evaluation:objections"), "warn", "flag", filed)


def _releases(scope: Scope) -> Iterator[Decision]:
    """Scored and not yet open, or open long enough and waiting for a second person."""
    for run in scope.open_runs:
        if run.state == "scored":
            yield Decision(
                T("已计分，尚未公示"), _name(run), T("去公示"), _run_page(run), "info", "megaphone", 0
            )
        ends = run.publicity_ends_at
        if run.state == "publicised" and ends and ends <= scope.at:
            why = T("{run}：由公示人以外的第二人公布", run=run.title)
            yield Decision(T("公示期满，等待公布"), why, T("去公布"), _run_page(run), "warn", "megaphone", 0)


def _money(scope: Scope) -> Iterator[Decision]:
    """What was worked out and waits for a second person; published results without any money."""
    for one in scope.allocations:
        if one.state == "draft":
            url = reverse("funding:allocation", args=[one.pk])
            why = T("{run}：由测算人以外的财务人员核定", run=one.run.title)
            title = T("{sum} 万元奖补待核定", sum=f"{one.allocated / 10_000:,.1f}")
            yield Decision(title, why, T("去查看"), url, "warn", "wallet", 0)
    if scope.actor.role != Role.PROVINCE_OFFICER:
        return
    for run in unpaid_runs(scope.actor).filter(year__lte=scope.year)[:5]:
        url = f"{reverse('funding:allocation_new')}?run={run.pk}"
        title = T("结果已公布，奖补还没有测算")
        yield Decision(title, _name(run), T("去测算"), url, "info", "wallet", 0)
