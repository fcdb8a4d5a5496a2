"""Views over lists are kept, changed, shared and dropped by those whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Region, User
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.models import SavedView
from office.permissions import may_share_views
from office.rules import views as rules
from office.rules.views import LISTS, Kept
from office.services import audit


@transaction.atomic
def keep_view(
    *, actor: Actor, of: str, name: str, kept: Kept, is_start: bool, shared: bool, at: datetime
) -> SavedView:
    """Keeps what is asked of the list `of` under a name; `Refused` with every reason.

    The person's row is locked: two browsers at once get two places, and the second of one name is told.
    """
    if actor.user_id is None or of not in LISTS:
        raise Refused(Problem("view.list", T("这个列表不能存视图。")))
    locked(User.objects.all(), pk=actor.user_id)
    held = list(SavedView.objects.filter(owner_id=actor.user_id, of=of))
    name = " ".join(name.split())
    found = [
        *rules.name_faults(name, {one.name for one in held}),
        *rules.kept_faults(kept),
        *rules.number_faults(len(held)),
        *_share_faults(actor, shared=shared),
    ]
    if found:
        raise Refused(found)
    if is_start:
        _no_start(actor, of)
    view = SavedView.objects.create(
        owner_id=actor.user_id,
        of=of,
        name=name,
        place=rules.free_place({one.place for one in held}),
        query=dict(kept.query),
        columns=list(kept.columns),
        dense=kept.dense,
        is_start=is_start,
        office=_office(actor, shared=shared),
        made_at=at,
        changed_at=at,
    )
    if shared:
        _tell(actor, "view.share", view, at)
    return view


@transaction.atomic
def change_view(
    *,
    actor: Actor,
    view_id: int,
    name: str,
    is_start: bool,
    shared: bool,
    at: datetime,
    kept: Kept | None = None,
) -> SavedView:
    """Renames a view of one's own, makes it the first or not, shares it or not, and with `kept` what it says.

    `SavedView.DoesNotExist` for another's, as for one that does not exist; `Refused` with every reason.
    """
    view = _own(actor, view_id)
    name = " ".join(name.split())
    others = SavedView.objects.filter(owner_id=actor.user_id, of=view.of).exclude(pk=view.pk)
    found = [*rules.name_faults(name, set(others.values_list("name", flat=True)))]
    found += rules.kept_faults(kept) if kept else []
    found += _share_faults(actor, shared=shared and view.office_id is None)
    if found:
        raise Refused(found)
    if is_start and not view.is_start:
        _no_start(actor, view.of)
    was_shared = view.office_id is not None
    if shared != was_shared:
        view.office = _office(actor, shared=shared)
    view.name, view.is_start, view.changed_at = name, is_start, at
    if kept:
        view.query, view.columns, view.dense = dict(kept.query), list(kept.columns), kept.dense
    view.save()
    if shared or was_shared:
        _tell(actor, "view.share" if shared else "view.unshare", view, at)
    return view


@transaction.atomic
def drop_view(*, actor: Actor, view_id: int, at: datetime) -> SavedView:
    """Deletes a view of one's own. `SavedView.DoesNotExist` for another's."""
    view = _own(actor, view_id)
    if view.office_id is not None:
        _tell(actor, "view.unshare", view, at)
    SavedView.objects.filter(pk=view.pk).delete()
    return view


def _own(actor: Actor, view_id: int) -> SavedView:
    """The person's row is locked first, as in `keep_view`."""
    if actor.user_id is None:
        raise SavedView.DoesNotExist
    locked(User.objects.all(), pk=actor.user_id)
    return locked(SavedView.objects.visible_to(actor).filter(owner_id=actor.user_id), pk=view_id)


def _no_start(actor: Actor, of: str) -> None:
    SavedView.objects.filter(owner_id=actor.user_id, of=of, is_start=True).update(is_start=False)


def _share_faults(actor: Actor, *, shared: bool) -> list[Problem]:
    if shared and not may_share_views(actor):
        return [Problem("view.share", T("只有审核人员可以把视图共享给本单位。"), field="shared")]
    return []


def _office(actor: Actor, *, shared: bool) -> Region | None:
    return actor.region if shared else None


def _tell(actor: Actor, action: str, view: SavedView, at: datetime) -> None:
    """What others read is written down; how a person likes their own lists is not."""
    detail: Mapping[str, object] = {"list": view.of, "name": view.name, "query": dict(view.query)}
    audit.record(actor=actor, action=action, on=view, key=str(view.pk), at=at, detail=detail)
