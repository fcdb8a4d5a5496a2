"""Who acts for a carrier: the list, inviting, ending, handing over; which carriers lack somebody."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Appointment
from accounts.rules.duties import FEWEST_HANDLERS, TITLES, Duty, lacking
from accounts.rules.roles import CHECKING
from core import clock
from core.http import page
from core.pages import paged
from core.problems import Problem, Refused
from core.text import T
from core.ui import Status
from office.services import access
from office.web.people_shown import held_shown
from office.web.requests import DeskRequest, tell
from registry.excel.people import LACKING, PEOPLE
from registry.models import Carrier
from registry.permissions import may_invite_handlers, may_oversee_staff, may_see_staff
from registry.queries import people as queries
from registry.rules.desk_lists import PeopleAsked
from registry.services import people
from registry.web import exporting
from registry.web.people_forms import HandOverForm, InviteForm


@login_required
@page("GET")
def lacking_people(request: DeskRequest) -> HttpResponse:
    """The carriers of an officer's scope without a responsible person or with fewer than two handlers."""
    if request.actor.role not in CHECKING:
        raise Http404
    asked, _problems = LACKING.read(request.GET, clock.now())
    layout = exporting.layout(request, LACKING, asked)
    found = paged(layout.ordered(LACKING.rows(request.actor, asked, clock.now())), request)
    crumbs = [(_("载体"), reverse("registry:manage")), (_("人员不齐的载体"), "")]
    shown = {
        "page": found,
        "layout": layout,
        "rows": exporting.cells(LACKING, asked, layout, found.items),
        "fewest": FEWEST_HANDLERS,
        "crumbs": crumbs,
        "actions": exporting.action(request, LACKING, asked),
    }
    return render(request, "registry/people_lacking.html", shown)


def _carrier(request: DeskRequest, code: str) -> Carrier:
    found = get_object_or_404(Carrier.objects.managed_by(request.actor).select_related("region"), code=code)
    if not may_see_staff(request.actor, found):
        raise Http404
    return found


@login_required
@page("GET", "POST")
def staff(request: DeskRequest, code: str) -> HttpResponse:
    """Everybody of the carrier, and a form that invites one more."""
    carrier = _carrier(request, code)
    form = _invite_form(request, carrier)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form is None:
        raise Http404
    if form is not None and form.is_valid():
        try:
            made = people.invite(
                actor=request.actor, code=code, new=form.person, term=form.term, at=clock.now()
            )
        except Refused as refusal:
            problems = refusal.problems
        else:
            messages.success(request, _("已邀请 %s，通知已发往登记的邮箱。") % made.user)
            return redirect("registry:people", code=code)
    return _shown(request, carrier, form, problems)


def _invite_form(request: DeskRequest, carrier: Carrier) -> InviteForm | None:
    """For those who may invite: officers for either duty, who answers for the carrier for handlers."""
    if not may_invite_handlers(request.actor, carrier):
        return None
    oversees = may_oversee_staff(request.actor, carrier)
    duties = [Duty.HANDLER, Duty.RESPONSIBLE] if oversees else [Duty.HANDLER]
    initial = {"valid_from": clock.day_of(clock.now())}
    return InviteForm(request.POST or None, duties=duties, initial=initial)


def _shown(
    request: DeskRequest, carrier: Carrier, form: InviteForm | None, problems: tuple[Problem, ...]
) -> HttpResponse:
    at = clock.now()
    today = clock.day_of(at)
    access.seen(actor=request.actor, what="registry.people", key=carrier.code, at=at)
    held = list(queries.staff_of(carrier.code, today))
    own = [one for one in held if one.delegated_from_id is None]
    rows = [_row(request, carrier, one, today) for one in held]
    shown = {
        "carrier": carrier,
        "form": form,
        "problems": problems,
        "rows": [row for row in rows if row["is_open"]],
        "past": [row for row in rows if not row["is_open"]],
        "lacking": lacking(one.duty for one in own if _today(one, today)),
        "crumbs": [*_crumbs(request, carrier), (_("人员"), "")],
        "actions": exporting.action(request, PEOPLE, PeopleAsked(carrier=carrier.code)),
    }
    status = 422 if problems or (form and form.errors) else 200
    return render(request, "registry/people.html", shown, status=status)


def _today(one: Appointment, today: date) -> bool:
    in_term = one.valid_from <= today and (one.valid_to is None or one.valid_to >= today)
    return in_term and one.revoked_at is None and one.user.is_active


def _row(request: DeskRequest, carrier: Carrier, one: Appointment, today: date) -> dict[str, Any]:
    """An appointment, and what this reader may do about it."""
    shown = {**held_shown(one, today), "user": one.user, "lent": one.delegated_from, "heir": one.succeeded_by}
    shown["duty"] = TITLES.get(one.duty, TITLES[Duty.HANDLER])
    if not one.user.is_active:
        shown["status"] = Status(T("账号已停用"), "bad", "ban")
    oversees = may_oversee_staff(request.actor, carrier)
    open_own = shown["is_open"] and one.delegated_from_id is None
    mine = one.user_id == request.actor.user_id
    handler = one.duty != Duty.RESPONSIBLE and may_invite_handlers(request.actor, carrier)
    shown["may_end"] = open_own and not mine and (oversees or handler)
    shown["may_hand_over"] = open_own and oversees
    return shown


def _crumbs(request: DeskRequest, carrier: Carrier) -> list[tuple[str, str]]:
    """Down from the list, which is not for the carrier's own staff."""
    detail = (carrier.name, reverse("registry:carrier", args=[carrier.code]))
    if request.actor.carrier_code:
        return [(_("我的任务"), reverse("portal:home")), detail]
    return [(_("载体"), reverse("registry:manage")), detail]


@login_required
@page("POST")
def end(request: DeskRequest, code: str, appointment_id: int) -> HttpResponse:
    carrier = _carrier(request, code)
    try:
        row = people.end(
            actor=request.actor,
            code=carrier.code,
            appointment_id=appointment_id,
            reason=request.POST.get("reason", ""),
            at=clock.now(),
        )
    except Appointment.DoesNotExist:
        raise Http404 from None
    except Refused as refusal:
        tell(request, refusal)
    else:
        messages.success(request, _("%s 的任职已结束，立即失效；待办的任务已转给责任人。") % row.user)
    return redirect("registry:people", code=code)


@login_required
@page("GET", "POST")
def hand_over(request: DeskRequest, code: str, appointment_id: int) -> HttpResponse:
    """Somebody leaves, and the duty goes to another."""
    carrier = _carrier(request, code)
    if not may_oversee_staff(request.actor, carrier):
        raise Http404
    held = list(queries.staff_of(carrier.code, clock.day_of(clock.now())).filter(revoked_at=None))
    leaving = next((one for one in held if one.pk == appointment_id and one.delegated_from_id is None), None)
    if leaving is None:
        raise Http404
    today = clock.day_of(clock.now())
    form = HandOverForm(request.POST or None, heirs=_heirs(leaving, held, today))
    problems: tuple[Problem, ...] = ()
    if form.is_valid():
        try:
            return _handed(request, code, leaving, form)
        except Refused as refusal:
            problems = refusal.problems
    link = reverse("registry:people", args=[code])
    crumbs = [*_crumbs(request, carrier), (_("人员"), link), (_("交接"), "")]
    duty = TITLES.get(leaving.duty, TITLES[Duty.HANDLER])
    shown = {"carrier": carrier, "leaving": leaving, "duty": duty, "form": form, "problems": problems}
    status = 422 if problems or form.errors else 200
    return render(request, "registry/hand_over.html", {**shown, "crumbs": crumbs}, status=status)


def _heirs(leaving: Appointment, held: list[Appointment], today: date) -> list[Appointment]:
    """Who of the carrier can take over: a handler after the one who answers for it."""
    if leaving.duty != Duty.RESPONSIBLE:
        return []
    own = [one for one in held if one.delegated_from_id is None and _today(one, today)]
    return [one for one in own if one.duty != Duty.RESPONSIBLE]


def _handed(request: DeskRequest, code: str, leaving: Appointment, form: HandOverForm) -> HttpResponse:
    given = form.cleaned_data
    made = people.hand_over(
        actor=request.actor,
        code=code,
        appointment_id=leaving.pk,
        reason=given["reason"],
        at=clock.now(),
        to=given.get("to"),
        new=form.new,
    )
    told = {"old": leaving.user, "new": made.user}
    messages.success(request, _("%(old)s 已交接给 %(new)s，今日生效。") % told)
    return redirect("registry:people", code=code)
