"""Dates of parts of a campaign, and longer time: set with a reason, written to the returns set-wise."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import Role
from core import clock
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.rules.workdays import Workdays
from office.services import audit
from office.services.retrying import retried
from registry.queries.levels import level_words
from reporting.models import Campaign, CampaignState, CampaignTerm, Extension, Return
from reporting.permissions import may_set_terms, may_undo, owns, refuse
from reporting.queries.carriers import arrived_at
from reporting.rules.deadlines import GRACE_DAYS, Dates
from reporting.rules.lifecycle import OPEN_STATES
from reporting.rules.limits import LIMIT
from reporting.rules.terms import NAMES, Term, dates_for, faults_of, owners_dates
from reporting.rules.values import words

BATCH = 500
MOST_WORDS = 200


@dataclass(frozen=True, slots=True)
class Effect:
    """What an act does: how many returns lie in its part, of how many the dates change, and how many of
    those are still with their carriers."""

    returns: int
    changed: int
    still_open: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Three dates for a region and a level (empty: all levels), as a person sets them."""

    region: Region
    level: str
    last_start_at: datetime
    due_at: datetime
    correct_by: datetime
    reason: str


@retried
def set_term(
    *, actor: Actor, campaign_id: int, wanted: Wanted, at: datetime, dry_run: bool = False
) -> Effect:
    """Sets the dates of a part, over those that it had. Who owns the campaign sets any that lie ahead, others
    none that is later than the owner's. A dry run writes nothing. Raises `Refused` with every fault."""
    with transaction.atomic():
        campaign = _open_campaign(actor, campaign_id)
        refuse(may_set_terms(actor, campaign, wanted.region.path))
        reason = _checked(actor, campaign, wanted, at)
        new = {name: getattr(wanted, name) for name in NAMES}
        row, _made = CampaignTerm.objects.update_or_create(
            campaign=campaign,
            region=wanted.region,
            level=wanted.level,
            office=_office(actor, campaign),
            defaults={
                **new,
                "by_owner": owns(actor, campaign),
                "reason": reason,
                "set_at": at,
                "set_by": actor.user,
            },
        )
        effect = redate(campaign, _part(campaign, wanted.region, wanted.level))
        detail = {"region": wanted.region.code, "level": wanted.level, "returns": effect.returns}
        detail |= {name: when.isoformat() for name, when in new.items()}
        audit.record(actor=actor, action="term.set", on=row, at=at, detail=detail, reason=reason)
        transaction.set_rollback(dry_run)
    return effect


@retried
def remove_term(*, actor: Actor, term_id: int, reason: str, at: datetime) -> Effect:
    """The dates of a part are again those of what lies around it."""
    said = _reason(reason)
    with transaction.atomic():
        rows = CampaignTerm.objects.visible_to(actor).select_related("region", "office")
        found = rows.get(pk=term_id)
        campaign = _open_campaign(actor, found.campaign_id)
        refuse(may_undo(actor, found.office))
        detail = {name: getattr(found, name).isoformat() for name in NAMES}
        detail |= {"region": found.region.code, "level": found.level}
        audit.record(actor=actor, action="term.remove", on=found, at=at, detail=detail, reason=said)
        found.delete()
        return redate(campaign, _part(campaign, found.region, found.level))


@retried
def extend(
    *,
    actor: Actor,
    campaign_id: int,
    until: datetime,
    clause: str,
    at: datetime,
    carrier: str = "",
    region: str = "",
    dry_run: bool = False,
) -> tuple[Extension, Effect]:
    """Longer time for one carrier or for a region, by a clause. Officers below the owner grant none beyond
    the owner's own date. A dry run writes nothing."""
    with transaction.atomic():
        campaign = _open_campaign(actor, campaign_id)
        rows, target = _target(actor, campaign, carrier, region)
        said = words(clause, T("依据"), field="clause", most=MOST_WORDS)
        _refuse(_extension_faults(actor, campaign, rows, until, said, at))
        office, by = _office(actor, campaign), actor.user
        found = Extension.objects.create(
            campaign=campaign, office=office, until=until, clause=said, granted_at=at, granted_by=by, **target
        )
        effect = redate(campaign, rows)
        detail = {"for": carrier or region, "until": until.isoformat(), "returns": effect.returns}
        audit.record(actor=actor, action="extension.grant", on=found, at=at, detail=detail, reason=said)
        transaction.set_rollback(dry_run)
    return found, effect


@retried
def revoke(*, actor: Actor, extension_id: int, reason: str, at: datetime) -> Extension:
    """Takes an extension back that nobody has used yet."""
    said = _reason(reason)
    with transaction.atomic():
        rows = Extension.objects.visible_to(actor).select_related("campaign__region", "office")
        found = locked(rows, pk=extension_id)
        refuse(may_undo(actor, found.office))
        if found.revoked_at is not None:
            return found
        if found.used_at is not None:
            raise Refused(Problem("extension.used", T("这次延期已被使用，不能撤销。"), found=str(found.pk)))
        found.revoked_at, found.revoked_by, found.revoked_why = at, actor.user, said
        found.save(update_fields=["revoked_at", "revoked_by", "revoked_why"])
        redate(found.campaign, Return.objects.filter(campaign=found.campaign, extension=found))
        audit.record(actor=actor, action="extension.revoke", on=found, at=at, reason=said)
    return found


def redate(campaign: Campaign, returns: QuerySet[Return]) -> Effect:
    """Writes the dates that hold to these returns of a campaign, where they differ: four queries, and one
    for each batch of rows that change. In the caller's transaction."""
    terms = [one.term for one in campaign.terms.select_related("region")]
    longer = list(campaign.extensions.filter(revoked_at=None).select_related("region"))
    found = list(returns.select_related("carrier__region").order_by("pk"))
    changed = [one for one in found if _rewritten(one, campaign.dates, terms, longer)]
    fields = [*NAMES, "extension", "extended_until"]
    Return.objects.bulk_update(changed, fields, batch_size=BATCH)
    still = sum(one.state in OPEN_STATES for one in changed)
    return Effect(len(found), len(changed), still)


def _rewritten(found: Return, base: Dates, terms: Iterable[Term], longer: Iterable[Extension]) -> bool:
    """Sets the row's dates; whether that changed it."""
    before = [getattr(found, name) for name in (*NAMES, "extension_id", "extended_until")]
    path = found.carrier.region.path
    dates = dates_for(base, terms, path=path, level=found.carrier.level)
    own = dates != base
    for name in NAMES:
        setattr(found, name, getattr(dates, name) if own else None)
    mine = [one for one in longer if _is_for(one, found, path)]
    best = max(mine, key=lambda one: (one.until, -one.pk), default=None)
    found.extension = best
    found.extended_until = best.until if best else None
    return before != [getattr(found, name) for name in (*NAMES, "extension_id", "extended_until")]


def _is_for(one: Extension, found: Return, path: str) -> bool:
    if one.region is not None:
        return path.startswith(one.region.path)
    return one.carrier_id == found.carrier_id


def _open_campaign(actor: Actor, campaign_id: int) -> Campaign:
    """Locked, with its region; acts on its dates come one after the other. To carriers it is not there."""
    if actor.role == Role.CARRIER_STAFF:
        raise Campaign.DoesNotExist
    rows = Campaign.objects.visible_to(actor).select_related("region")
    campaign: Campaign = locked(rows, pk=campaign_id)
    if campaign.state == CampaignState.CLOSED:
        raise Refused(Problem("campaign.closed", T("本次填报已关闭。")))
    return campaign


def _office(actor: Actor, campaign: Campaign) -> Region:
    """Whose act it is: the owner's, or that of the officer's own region."""
    return campaign.region if owns(actor, campaign) or actor.region is None else actor.region


def _part(campaign: Campaign, region: Region, level: str) -> QuerySet[Return]:
    rows = Return.objects.filter(campaign=campaign, carrier__region__path__startswith=region.path)
    return rows.filter(carrier__level=level) if level else rows


def _checked(actor: Actor, campaign: Campaign, wanted: Wanted, at: datetime) -> str:
    """The reason as it is kept; raises with everything that is wrong with the dates."""
    problems = []
    if wanted.level and wanted.level not in level_words(clock.day_of(at)):
        problems.append(Problem("term.level", T("没有这个级别。"), field="level", found=wanted.level))
    reason = words(wanted.reason, T("理由"), field="reason", most=MOST_WORDS)
    if not reason:
        problems.append(Problem("term.reason", T("请填写理由。"), field="reason"))
    allowed = None
    if not owns(actor, campaign):
        terms = [one.term for one in campaign.terms.select_related("region")]
        allowed = owners_dates(campaign.dates, terms, path=wanted.region.path, level=wanted.level)
    dates = Dates(campaign.opens_at, wanted.last_start_at, wanted.due_at, wanted.correct_by)
    _refuse([*faults_of(dates, allowed, at), *problems])
    return reason


def _target(
    actor: Actor, campaign: Campaign, carrier: str, region: str
) -> tuple[QuerySet[Return], dict[str, Any]]:
    """The returns that an extension is for, and its own columns; one that is not there is refused alike."""
    rows = Return.objects.visible_to(actor).filter(campaign=campaign)
    unknown = Problem("extension.target", T("请写明本次填报中的一家载体或一个区域（只写一个）。"))
    if bool(carrier) == bool(region):
        raise Refused(unknown)
    if carrier:
        mine = rows.filter(carrier__code=carrier).select_related("carrier__region").first()
        if mine is None:
            raise Refused(unknown)
        _may_extend(actor, campaign, mine.carrier.region.path)
        return rows.filter(pk=mine.pk), {"carrier": mine.carrier}
    where = Region.objects.filter(code=region, path__startswith=campaign.region.path).first()
    if where is None:
        raise Refused(unknown)
    _may_extend(actor, campaign, where.path)
    return _part(campaign, where, ""), {"region": where}


def _may_extend(actor: Actor, campaign: Campaign, path: str) -> None:
    refuse(owns(actor, campaign) or may_set_terms(actor, campaign, path))


def _extension_faults(
    actor: Actor, campaign: Campaign, rows: QuerySet[Return], until: datetime, clause: str, at: datetime
) -> list[Problem]:
    problems = []
    if not clause:
        problems.append(Problem("extension.clause", T("请写明依据（条款、文号或情况）。"), field="clause"))
    if until <= at:
        message = T("延期须到将来的一个时间。")
        problems.append(Problem("extension.past", message, field="until"))
    if not owns(actor, campaign):
        terms = [one.term for one in campaign.terms.select_related("region")]
        latest = min(
            (
                owners_dates(campaign.dates, terms, path=path, level=level).due_at
                for path, level in set(rows.values_list("carrier__region__path", "carrier__level"))
            ),
            default=campaign.due_at,
        )
        if until > latest:
            message = T("只有主管部门能批准到填报截止以后。")
            problems.append(Problem("extension.late", message, field="until", allowed=latest.isoformat()))
    return problems


def _reason(text: str) -> str:
    said = words(text, T("理由"), field="reason", most=MOST_WORDS)
    if not said:
        raise Refused(Problem("term.reason", T("请填写理由。"), field="reason"))
    return said


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refused(problems)


def use(found: Return, *, at: datetime) -> None:
    """Notes that a save was possible only because of longer time; from now on that stays."""
    Extension.objects.filter(pk=found.extension_id or 0, used_at=None, revoked_at=None).update(used_at=at)


def grace_after(found: Return, calendar: Workdays, *, at: datetime) -> datetime | None:
    """Until when a return that is sent back may be corrected at least, when the office took longer than its
    own limit: as many working days from the day after. None when the office was in time."""
    arrived = arrived_at(found)
    if arrived is None:
        return None
    today = clock.day_of(at)
    if calendar.working_days_between(clock.day_of(arrived), today) <= LIMIT:
        return None
    last = calendar.add_working_days(today, GRACE_DAYS)
    return datetime.combine(last + timedelta(days=1), time(), tzinfo=clock.SHANGHAI)
