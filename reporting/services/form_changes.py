"""A newer version of its form in an open campaign: looked at before, then done in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.actors import Actor
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.models import ImportState
from office.queries import workdays
from office.services import audit, notices
from office.services.retrying import retried
from reporting import links, queries
from reporting.models import (
    Campaign,
    CampaignState,
    Form,
    FormChange,
    Return,
    ReturnMove,
    ReturnVersion,
    RosterRow,
    WorkbookImport,
)
from reporting.permissions import may_open_campaigns, refuse
from reporting.rules.form import Field
from reporting.rules.form_change import Changeover, Rule, titles
from reporting.rules.lifecycle import OPEN_STATES, REVIEWING, Action, State
from reporting.rules.values import words
from reporting.services import terms
from reporting.services.returns import clear_round
from reporting.services.versions import BATCH, next_drafts, went_over

MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Owing:
    """A return that is handed in, and the required fields for which nothing would stand under the newer."""

    found: Return
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do. `begun` and `untouched` are drafts, which go over; `lost` are the fields whose
    values do not, with how many begun drafts have one; `handed_in` are those with an office."""

    campaign: Campaign
    before: Form
    after: Form
    change: Changeover
    begun: int
    untouched: int
    accepted: int
    lost: list[tuple[Field, int]]
    handed_in: list[Owing]

    @property
    def owing(self) -> list[Owing]:
        return [one for one in self.handed_in if one.fields]

    def asked(self, rule: Rule) -> list[Owing]:
        """The returns that this rule sends back."""
        if rule is Rule.KEEP:
            return []
        return self.handed_in if rule is Rule.ALL else self.owing


def preview(*, actor: Actor, campaign: Campaign, after: Form) -> Preview:
    """What the newer version asks anew and of whom; reads only. `Refused` where it may not take the place."""
    refuse(may_open_campaigns(actor, campaign.region.path))
    return _previewed(campaign, after)


def _previewed(campaign: Campaign, after: Form) -> Preview:
    change = Changeover(queries.definition(campaign.form), queries.definition(after))
    problems = change.faults()
    if campaign.state != CampaignState.OPEN:
        problems.append(Problem("campaign.closed", T("填报任务已经关闭，不能再换版本。")))
    if problems:
        raise Refused(problems)
    returns = list(_returns(campaign))
    drafts = [one for one in returns if one.state in OPEN_STATES]
    begun = [one for one in drafts if one.started_at is not None]
    held = Counter(code for one in begun if one.current is not None for code in one.current.values)
    lost = [(one, held[one.code]) for one in change.dropped]
    return Preview(
        campaign=campaign,
        before=campaign.form,
        after=after,
        change=change,
        begun=len(begun),
        untouched=len(drafts) - len(begun),
        accepted=sum(one.state == State.ACCEPTED for one in returns),
        lost=lost,
        handed_in=[Owing(one, _owed(one, change)) for one in returns if one.state in REVIEWING],
    )


def _returns(campaign: Campaign) -> QuerySet[Return]:
    rows = Return.objects.filter(campaign=campaign)
    return rows.select_related("carrier", "current__submitted_by").order_by("carrier__code")


def _owed(found: Return, change: Changeover) -> tuple[Field, ...]:
    """An answer without figures owes none."""
    version = found.current
    return () if version is None or version.answer else tuple(change.owed(version.values))


@retried
def change_form(
    *, actor: Actor, campaign_id: int, after: Form, expected: int, rule: Rule, reason: str, at: datetime
) -> FormChange:
    """The newer version takes the place of the campaign's: drafts go over with the values whose code, type
    and unit stay; what is handed in stays under its version, or is sent back as the rule says; accepted
    returns never change. `expected` is the form that the person saw in use.

    Raises `Refused`: `campaign.moved`, `campaign.closed`, `form.newer`, `form.kinds`, `form.key`, no reason.
    """
    said = words(reason, T("理由"), field="reason", most=MOST_WORDS)
    if not said:
        raise Refused(Problem("form.reason", T("请写明换版本的理由，载体会看到。"), field="reason"))
    with transaction.atomic():
        campaign = locked(Campaign.objects.visible_to(actor).select_related("form", "region"), pk=campaign_id)
        refuse(may_open_campaigns(actor, campaign.region.path))
        if campaign.form_id != expected:
            raise Refused(Problem("campaign.moved", T("任务所用的版本在您打开之后已经换过，请重新预览。")))
        _lock_returns(campaign)
        seen = _previewed(campaign, after)
        asked = seen.asked(rule)
        campaign.form = after
        campaign.save(update_fields=["form"])
        moved = _move_drafts(campaign, seen.change)
        made = FormChange.objects.create(
            campaign=campaign, before=seen.before, after=after, rule=rule, reason=said, at=at, by=actor.user,
            moved=moved, stayed=len(seen.handed_in) - len(asked), asked=len(asked),
        )  # fmt: skip
        _send_back(actor, asked, seen.change, said, at)
        _drop_uploads(campaign)
        detail = _detail(made, asked)
        audit.record(actor=actor, action="campaign.form", on=campaign, at=at, detail=detail, reason=said)
        _tell(campaign, seen, asked, said, at)
    return made


def _lock_returns(campaign: Campaign) -> None:
    """All of them, so that nobody saves, hands in or passes on meanwhile."""
    if connection.features.has_select_for_update:
        list(campaign.returns.select_for_update().order_by("pk").values_list("pk", flat=True))


def _move_drafts(campaign: Campaign, change: Changeover) -> int:
    """Brings values and rows of every draft to the newer version. How many drafts there are."""
    drafts = ReturnVersion.objects.filter(return_of__campaign=campaign, submitted_at=None)
    changed = []
    for draft in drafts.iterator(chunk_size=BATCH):
        values = change.carried(draft.values)
        if len(values) != len(draft.values):
            draft.values, draft.sources = values, change.carried(draft.sources)
            changed.append(draft)
    ReturnVersion.objects.bulk_update(changed, ["values", "sources"], batch_size=BATCH)
    if change.tables:
        _move_rows(RosterRow.objects.filter(version__in=drafts, table__in=change.tables), change)
    return drafts.count()


def _move_rows(rows: QuerySet[RosterRow], change: Changeover) -> None:
    kept: list[RosterRow] = []
    gone: list[RosterRow] = []
    for row in rows.iterator(chunk_size=2000):
        (kept if went_over(row, change) else gone).append(row)
    names = ["name", "credit_code", "founded", "entered", "graduated", "field", "high_tech", "people",
             "revenue", "extra"]  # fmt: skip
    RosterRow.objects.bulk_update(kept, names, batch_size=100)
    pks = [row.pk for row in gone]
    for start in range(0, len(pks), BATCH):
        RosterRow.objects.filter(pk__in=pks[start : start + BATCH]).delete()


def _send_back(actor: Actor, asked: Sequence[Owing], change: Changeover, reason: str, at: datetime) -> None:
    """New drafts where the submitted versions ended; what is owed stands at its field. Set-wise."""
    versions = [one.found.current for one in asked if one.found.current is not None]
    for one, version in zip(asked, versions, strict=True):
        version.return_of = one.found
    moves, calendar = [], workdays()
    for one, version, draft in zip(asked, versions, next_drafts(versions, change, at=at), strict=True):
        found, source = one.found, one.found.state
        found.grace_until = terms.grace_after(found, calendar, at=at)
        clear_round(found)
        found.state, found.current = State.RETURNED.value, draft
        found.returned_at, found.returned_by, found.updated_at = at, actor.user, at
        found.version += 1
        reasons = {field.code: str(T("新版本的必填项").msgid) for field in one.fields}
        moves.append(
            ReturnMove(
                return_of=found, version=version, action=Action.SEND_BACK, source=source,
                target=State.RETURNED, at=at, by=actor.user, role=actor.role, comment=reason, reasons=reasons,
            )
        )  # fmt: skip
    names = ["state", "current", "version", "submitted_at", "submitted_by", "county_passed_at",
             "county_passed_by", "city_passed_at", "city_passed_by", "returned_at", "returned_by",
             "opened_by_officer_at", "grace_until", "updated_at"]  # fmt: skip
    Return.objects.bulk_update([one.found for one in asked], names, batch_size=100)
    ReturnMove.objects.bulk_create(moves, batch_size=BATCH)


def _drop_uploads(campaign: Campaign) -> None:
    """A file read under the older version cannot be applied any more."""
    waiting = WorkbookImport.objects.filter(return_of__campaign=campaign)
    waiting.filter(state__in=[ImportState.WAITING, ImportState.CHECKED]).update(state=ImportState.DROPPED)


def _detail(made: FormChange, asked: Iterable[Owing]) -> dict[str, object]:
    return {
        "before": made.before.version,
        "after": made.after.version,
        "rule": made.rule,
        "moved": made.moved,
        "stayed": made.stayed,
        "asked": [one.found.carrier.code for one in asked],
    }


def _tell(campaign: Campaign, seen: Preview, asked: Sequence[Owing], reason: str, at: datetime) -> None:
    """Those who have begun, and those whose return came back; who has not begun has nothing to look at."""
    begun = Return.objects.filter(
        campaign=campaign, state__in=[one.value for one in OPEN_STATES], started_at__isnull=False
    )
    back = {one.found.carrier.code for one in asked}
    codes = set(begun.values_list("carrier__code", flat=True)) - back
    new = titles(seen.change.new) or "—"
    about = {"title": campaign.title, "version": seen.after.version, "new": new, "reason": reason}
    moved = T("“{title}”换用第 {version} 版表单，已填的数照旧；新增：{new}。理由：{reason}", **about)
    returned = T(
        "“{title}”换用第 {version} 版表单，您已提交的报表退回补填；新增：{new}。理由：{reason}", **about
    )
    for wanted, sentence in ((codes, moved), (back, returned)):
        notices.notify(
            people=queries.staff_of_all(wanted, at=at), sentence=sentence, at=at, link=links.RETURNS
        )
