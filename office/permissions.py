"""Who may do what in the back office, beyond what `visible_to` shows."""

from __future__ import annotations

from datetime import date

from accounts.actors import Actor
from accounts.models import Appointment
from accounts.rules.roles import CHECKING, Role
from office.models import Job


def may_download(actor: Actor, job: Job, today: date) -> bool:
    """A result is its owner's alone, while the appointment under which it was made is theirs."""
    if job.result_id is None or job.owner_id is None or job.owner_id != actor.user_id:
        return False
    if job.appointment_id is None:
        return True
    return Appointment.objects.filter(pk=job.appointment_id).valid_on(today).exists()


def may_set_workdays(actor: Actor) -> bool:
    return actor.has_role(Role.PROVINCE_OFFICER, Role.SYSTEM_ADMINISTRATOR)


def may_run(actor: Actor) -> bool:
    """Keeps the portal running: sees every job and every message."""
    return actor.has_role(Role.SYSTEM_ADMINISTRATOR)


def may_see_people(actor: Actor) -> bool:
    """The list of people and what they hold."""
    return actor.has_role(Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR)


def may_guard(actor: Actor) -> bool:
    """Appoints people, ends appointments, sessions and tokens, opens locks."""
    return actor.has_role(Role.SECURITY_ADMINISTRATOR)


def may_load_regions(actor: Actor) -> bool:
    return actor.has_role(Role.SYSTEM_ADMINISTRATOR)


def may_share_views(actor: Actor) -> bool:
    """Officers of one office work on the same lists."""
    return actor.role in CHECKING and actor.region is not None
