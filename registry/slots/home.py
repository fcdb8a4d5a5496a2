"""What this room shows on somebody's home, below what waits for them."""

from __future__ import annotations

from django.urls import reverse

from accounts.actors import Actor
from core.slots import HomePart
from core.text import T
from core.ui import Action
from registry.models import Application
from registry.permissions import may_apply
from registry.rules.registering_moves import REGISTRATION

SHOWN = 5


def home_for(actor: Actor) -> list[HomePart]:
    """To who holds no appointment the one thing that they can do: register a carrier."""
    if not may_apply(actor) or actor.appointment is not None:
        return []
    rows = Application.objects.visible_to(actor).select_related("region")[:SHOWN]
    begin = Action(T("登记载体"), reverse("registry:application_new"), "plus", "primary")
    return [
        HomePart(
            T("我的登记申请"),
            "registry/_home_applications.html",
            {"rows": [(one, REGISTRATION.title_of(one.state)) for one in rows]},
            more=(T("全部"), reverse("registry:applications")) if rows else None,
            actions=(begin,),
        )
    ]
