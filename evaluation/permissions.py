"""Who may do what in evaluation; whether the state allows it is for the tables of moves."""

from __future__ import annotations

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import CHECKING, SYSTEM, Role
from core.problems import Problem, Refused
from core.text import T
from evaluation.models import Objection, Run, RunEntry
from evaluation.models.runs import OPEN_STATES
from registry.models import Carrier


def may_run(actor: Actor, region: Region) -> bool:
    """Provincial officers, for the region that they are responsible for and those below it."""
    return (
        actor.role == Role.PROVINCE_OFFICER
        and bool(actor.region_path)
        and region.path.startswith(actor.region_path)
    )


def may_oversee(actor: Actor, run: Run) -> bool:
    """Who runs it or audits it: sees everything of it in every state."""
    if actor.role == SYSTEM:
        return True
    overseeing = actor.role in (Role.PROVINCE_OFFICER, Role.AUDITOR) and bool(actor.region_path)
    return overseeing and run.region.path.startswith(actor.region_path)


def may_import_schemes(actor: Actor, region: Region) -> bool:
    """Provincial officers for their region; the portal itself from the command line."""
    return actor.role == SYSTEM or may_run(actor, region)


def may_record_facts(actor: Actor) -> bool:
    """Those who check returns, for the carriers in their scope."""
    return actor.role in CHECKING or actor.role == SYSTEM


def manages(actor: Actor, carrier: Carrier) -> bool:
    """Whether a carrier lies in the actor's scope; `carrier.region` is to be loaded."""
    if actor.role == Role.CARRIER_STAFF:
        return actor.carrier_code == carrier.code
    scoped = actor.role in CHECKING or actor.role == Role.AUDITOR
    return scoped and bool(actor.region_path) and carrier.region.path.startswith(actor.region_path)


def may_see_explanation(actor: Actor, entry: RunEntry) -> bool:
    """Every leaf of a score: who runs or audits the run once it is scored; the carrier itself and the
    officers of its region once it is publicised; nobody else."""
    run = entry.run
    if not entry.grade:
        return False
    if may_oversee(actor, run):
        return True
    return run.state in OPEN_STATES and manages(actor, entry.carrier)


def may_object(actor: Actor, entry: RunEntry) -> bool:
    """The staff of the carrier that was graded."""
    return actor.role == Role.CARRIER_STAFF and actor.carrier_code == entry.carrier.code


def may_decide(actor: Actor, objection: Objection) -> bool:
    """Who runs the evaluation."""
    return may_run(actor, objection.entry.run.region)


def refuse(allowed: bool) -> None:
    """Raises when it is not allowed."""
    if not allowed:
        raise Refused(Problem("permission_denied", T("您的身份不能办理此事。")))
