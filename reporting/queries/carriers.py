"""What a carrier's own staff see of their returns: what is to be done, what waits with others, who is who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from accounts.actors import Actor
from accounts.models import Appointment, Region
from accounts.rules.roles import Role
from core import clock
from registry.models import Carrier
from reporting import queries
from reporting.models import CampaignState, Return, ReturnFigure, ReturnMove, RosterRow
from reporting.queries import Opened
from reporting.queries.dates import CORRECT_BY
from reporting.rules.checking import Checked
from reporting.rules.lifecycle import REVIEWING, Action, State
from reporting.rules.prefill import unconfirmed
from reporting.rules.progress import Progress, progress_of
from reporting.rules.roster import table_rows
from reporting.rules.sent_back import Filed, Item, items_of


@dataclass(frozen=True, slots=True)
class Work:
    """A return that is to be filled or mended, with how far it is. `move` brought it back, `items` are what
    that named; `due` is the deadline that is next for it, or that has passed when it `is_late`."""

    found: Return
    opened: Opened
    progress: Progress
    due: datetime
    move: ReturnMove | None
    items: list[Item]

    @property
    def is_late(self) -> bool:
        return not self.opened.lock.open

    @property
    def is_untouched(self) -> bool:
        return self.found.started_at is None and self.move is None


def work_of(actor: Actor, *, at: datetime) -> list[Work]:
    """Everything that the acting carrier is to do in campaigns that run: a carrier has one or two."""
    running = queries.open_returns(actor).filter(
        campaign__state=CampaignState.OPEN, campaign__opens_at__lte=at
    )
    return [_work(one, at) for one in running[:10]]


def _work(found: Return, at: datetime) -> Work:
    opened = queries.opened(found, at=at)
    checked = opened.checked()
    move = sent_back(found)
    items = _items(opened, checked, move) if move is not None else []
    progress = progress_of(
        opened.form,
        opened.values,
        opened.rows,
        checked.findings,
        explanations=opened.version.explanations,
        unconfirmed=unconfirmed(opened.version.sources),
        back=[one.code for one in items if not one.changed],
    )
    return Work(found, opened, progress, queries.due_of(found, at=at), move, items)


def sent_back(found: Return) -> ReturnMove | None:
    """The move by which the return came back, while it lies with its carrier again."""
    if found.state != State.RETURNED:
        return None
    moves = ReturnMove.objects.filter(return_of=found, action=Action.SEND_BACK.value)
    return moves.select_related("by", "version").order_by("-pk").first()


def _items(opened: Opened, checked: Checked, move: ReturnMove) -> list[Item]:
    """What was named by field or table, beside the draft as it is: at most two queries."""
    reasons, before = move.reasons, move.version
    tables = [table for table in opened.form.tables if table.code in reasons]
    numbers = {code: value for code in reasons if isinstance(value := checked.values.get(code), Decimal)}
    old_rows = RosterRow.objects.filter(version=before, table__in=[table.code for table in tables])
    old_numbers = ReturnFigure.objects.filter(version=before, code__in=numbers)
    was = Filed(
        before.values,
        before.explanations,
        table_rows(tables, old_rows) if tables else {},
        dict(old_numbers.values_list("code", "number")) if numbers else {},
    )
    now = Filed(opened.values, opened.version.explanations, opened.rows, numbers)
    return items_of(opened.form, reasons, was, now)


def at_offices(actor: Actor) -> QuerySet[Return]:
    """The carrier's returns that lie with an office, the longest handed in first."""
    states = [state.value for state in REVIEWING]
    mine = Return.objects.visible_to(actor).filter(state__in=states)
    return queries.with_all(mine).order_by("submitted_at", "pk")


def handed_in(actor: Actor) -> Return | None:
    """What lies with an office in a campaign that runs: the one that may come back soonest."""
    return at_offices(actor).filter(campaign__state=CampaignState.OPEN).order_by(CORRECT_BY).first()


def arrived_at(found: Return) -> datetime | None:
    """When a return came to the office where it lies."""
    return found.city_passed_at or found.county_passed_at or found.submitted_at


def last_accepted(actor: Actor) -> Return | None:
    """The return that was taken last."""
    taken = Return.objects.visible_to(actor).filter(state=State.ACCEPTED.value)
    return taken.select_related("campaign").order_by("-accepted_at").first()


def coming(actor: Actor, *, at: datetime) -> Return | None:
    """The next return that is announced but not open yet."""
    mine = Return.objects.visible_to(actor).filter(
        campaign__state=CampaignState.OPEN, campaign__opens_at__gt=at
    )
    return mine.select_related("campaign").order_by("campaign__opens_at").first()


# People and offices.


def handlers_of(carrier: Carrier, *, at: datetime) -> list[Appointment]:
    """Who holds an appointment for a carrier today, each person once."""
    held = Appointment.objects.filter(role=Role.CARRIER_STAFF.value, carrier_code=carrier.code)
    valid = held.valid_on(clock.day_of(at)).select_related("user").order_by("user__name", "pk")
    return list({one.user_id: one for one in valid}.values())


def regions_over(carrier: Carrier) -> dict[str, Region]:
    """The regions in which a carrier lies, by their level."""
    codes = [code for code in carrier.region.path.strip("/").split("/") if code]
    return {region.level: region for region in Region.objects.filter(code__in=codes)}
