"""What every page of a return begins with: the return that this actor may see, or 404."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.actors import Actor
from core.http import said
from core.problems import Problem, Refused
from core.text import T, Text
from reporting import queries
from reporting.models import Return
from reporting.permissions import may_fill, may_submit

CONFLICTS = frozenset(
    {"return.moved", "move.state", "return.stale", "import.applied", "import.running", "campaign.moved"}
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
Crumbs = list[tuple[Text | str, str]]


def return_or_404(actor: Actor, return_id: int) -> Return:
    return get_object_or_404(queries.with_all(Return.objects.visible_to(actor)), pk=return_id)


def own_or_404(actor: Actor, return_id: int) -> Return:
    """For pages of those who fill: to others they are not there."""
    found = return_or_404(actor, return_id)
    if not may_fill(actor, found):
        raise Http404
    return found


def submitter_or_404(actor: Actor, return_id: int) -> Return:
    """For the pages of handing in: who only fills for the carrier has none."""
    found = return_or_404(actor, return_id)
    if not may_submit(actor, found):
        raise Http404
    return found


def opened_or_404(actor: Actor, return_id: int, *, at: datetime) -> queries.Opened:
    """The carrier's own return with its current version."""
    return queries.opened(own_or_404(actor, return_id), at=at)


def seen_or_none(actor: Actor, found: Return, *, at: datetime) -> queries.Opened | None:
    """With the newest version whose values this actor may see; None while there is none."""
    version = queries.seen_version(found, actor)
    return None if version is None else queries.opened(found, at=at, version=version)


def status_code(refused: Refused) -> int:
    """409 when somebody was quicker, 403 when it is not theirs to do, else 422 (429 beyond a quota)."""
    codes = {problem.code for problem in refused.problems}
    if codes & CONFLICTS:
        return 409
    if codes == {"permission_denied"} or codes == {"move.role"}:
        return 403
    return int(getattr(refused, "status", 422))


def tell(request: HttpRequest, problems: Iterable[Problem]) -> None:
    for problem in problems:
        messages.error(request, said(problem.message))


def words(request: HttpRequest, name: str) -> str:
    """A text of the form; `Refused` when it has characters that no text has and no database keeps."""
    text = str(request.POST.get(name, ""))
    if _CONTROL.search(text):
        raise Refused(Problem("text.control", T("文字中有不能保存的控制字符，请删去后再试。"), field=name))
    return text


def back(request: HttpRequest, default: str) -> str:
    """Where the person came from, if that is a page of ours."""
    given = request.POST.get("next", "")
    return given if given and url_has_allowed_host_and_scheme(given, allowed_hosts=None) else default


def crumbs(*more: tuple[Text | str, str]) -> Crumbs:
    return [(T("我的任务"), "/home/"), (T("年度报表"), "/returns/"), *more]
