"""What tests of applications share: a person whom nobody knows, a good application on its way."""

from __future__ import annotations

from typing import Any

from accounts.actors import Actor
from accounts.models import User
from office.services.evidence import Upload
from registry.models import Application
from registry.services import applications, registering
from tests.registry.rules.test_registering import GOOD, REQUIRED
from tests.registry.world import AT, World

PDF = b"%PDF-1.7\n1 0 obj\n"


def newcomer(name: str = "申请甲") -> Actor:
    """Signed in, without any appointment."""
    email = f"person{User.objects.count()}@example.com"
    return Actor(user=User.objects.create_user(name, "long-and-odd-9", name=name, email=email))


def begun(actor: Actor, **changes: str) -> Application:
    """Filled with everything, its documents attached."""
    made = applications.begin(actor=actor, at=AT, facts={**GOOD, **changes})
    for kind in sorted(REQUIRED):
        about: dict[str, Any] = {"application_id": made.pk, "kind": kind, "at": AT}
        applications.attach(actor=actor, upload=Upload(f"{kind}.pdf", PDF), **about)
    return made


def handed_in(actor: Actor, **changes: str) -> Application:
    return applications.submit(actor=actor, application_id=begun(actor, **changes).pk, at=AT)


def act(world: World, who: str, verb: str, found: Application, **more: Any) -> Application:
    """An officer of the world makes a move on what they see."""
    given = {"application_id": found.pk, "expected": found.round, "at": AT, **more}
    made: Application = getattr(registering, verb)(actor=world.people[who], **given)
    return made


def registered(world: World, actor: Actor, **changes: str) -> Application:
    """All the way."""
    found = handed_in(actor, **changes)
    for who, verb in (("county", "pass_on"), ("city", "pass_on"), ("province", "register")):
        found = act(world, who, verb, found)
    return found
