"""What changes a return: values, reasons, moves. The services of the pages, the same answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from core import clock
from core.api import is_dry_run
from core.http import said, shown_all
from core.problems import Problem, Refused, grouped
from office.api.idempotency import OnceMixin
from office.api.jobs import actor_of_request
from reporting import queries
from reporting.api import common
from reporting.api import serializers as shapes
from reporting.api.reading import detail
from reporting.models import Return
from reporting.rules.lifecycle import Action
from reporting.services import filling, returns


def body(shape: type[Serializer[Any]], request: Request) -> dict[str, Any]:
    found = shape(data=request.data)
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)


class ReturnValues(OnceMixin, APIView):
    """Saves fields, all or none. Each names the exact text that was seen before; a stale one is 409 with the
    stored value in `found`. What a check finds never blocks a save."""

    @common.documented(
        tags=["returns"],
        request=shapes.ValuesChange,
        responses=common.answers(shapes.SavedSerializer, writes=True),
        parameters=[common.query("dry_run", bool, "only says what would happen")],
    )
    def patch(self, request: Request, return_id: int) -> Response:
        common.asked(request, "dry_run")
        common.return_or_404(request, return_id)
        changes = body(shapes.ValuesChange, request)["values"]
        try:
            with transaction.atomic():
                answer = self._save(request, return_id, changes)
                if is_dry_run(request):
                    transaction.set_rollback(True)
        except Refused as refused:
            return common.refusal(refused)
        return Response(answer)

    def _save(self, request: Request, return_id: int, changes: dict[str, Any]) -> dict[str, Any]:
        problems: list[Problem] = []
        actor, at = actor_of_request(request), clock.now()
        for code, change in changes.items():
            try:
                filling.save_field(
                    actor=actor,
                    return_id=return_id,
                    code=code,
                    value=change["value"],
                    seen=change["seen"],
                    at=at,
                )
            except Refused as refused:
                problems += refused.problems
        if problems:
            raise Refused(problems)
        opened = queries.opened(common.return_or_404(request, return_id), at=at)
        state = filling.state_of(opened)
        return {
            "values": {code: opened.values.get(code, "") for code in changes},
            "computed": state.computed,
            "problems": shown_all(grouped(opened.checked().problems)),
            "errors": state.errors,
            "questions": state.questions,
        }


class ReturnExplain(OnceMixin, APIView):
    """Gives the reason for a question; it holds while the value stays."""

    @common.documented(
        tags=["returns"],
        request=shapes.Explanation,
        responses=common.answers(shapes.ReturnDetailSerializer, writes=True),
    )
    def post(self, request: Request, return_id: int) -> Response:
        common.asked(request)
        common.return_or_404(request, return_id)
        given = body(shapes.Explanation, request)
        actor = actor_of_request(request)
        try:
            filling.explain(actor=actor, return_id=return_id, at=clock.now(), **given)
        except Refused as refused:
            return common.refusal(refused)
        return told(request, return_id)


def told(request: Request, return_id: int) -> Response:
    """The return as it is now."""
    found = common.return_or_404(request, return_id)
    return Response(detail(found, common.opened_of(request, found), actor_of_request(request)))


def moved(request: Request, return_id: int, move: Callable[[], Return]) -> Response:
    try:
        move()
    except Refused as refused:
        return common.refusal(refused)
    return told(request, return_id)


class ReturnSubmit(OnceMixin, APIView):
    """GET answers the sentence that submitting commits to; POST hands the return in."""

    @common.documented(tags=["returns"], responses=common.answers(shapes.CommitmentSerializer))
    def get(self, request: Request, return_id: int) -> Response:
        common.asked(request)
        actor, found = actor_of_request(request), common.return_or_404(request, return_id)
        opened = common.opened_of(request, found)
        missing = returns.unfinished(opened, opened.checked()) if opened else []
        words = said(returns.commitment_of(found, actor))
        return Response({"expected": found.version, "commitment": words, "problems": shown_all(missing)})

    @common.documented(
        tags=["returns"],
        request=shapes.Submission,
        responses=common.answers(shapes.ReturnDetailSerializer, writes=True),
    )
    def post(self, request: Request, return_id: int) -> Response:
        common.asked(request)
        actor, found = actor_of_request(request), common.return_or_404(request, return_id)
        given = body(shapes.Submission, request)
        agreed = str(returns.commitment_of(found, actor)) if given["commitment"] else ""

        def move() -> Return:
            return returns.submit(
                actor=actor,
                return_id=return_id,
                expected=given["expected"],
                commitment=agreed,
                at=clock.now(),
            )

        return moved(request, return_id, move)


class _MoveView(OnceMixin, APIView):
    """A move of the chain. `expected` is the `version` that was seen: a stale or second one is 409."""

    action: Action
    shape: type[Serializer[Any]] = shapes.Moving
    verbs: dict[Action, Callable[..., Return]] = {
        Action.PASS: returns.pass_on,
        Action.SEND_BACK: returns.send_back,
        Action.ACCEPT: returns.accept,
        Action.WITHDRAW: returns.withdraw,
    }

    def post(self, request: Request, return_id: int) -> Response:
        common.asked(request)
        common.return_or_404(request, return_id)
        given = body(self.shape, request)
        if self.action == Action.WITHDRAW:
            given.pop("comment")
        actor, at = actor_of_request(request), clock.now()
        verb = self.verbs[self.action]
        return moved(request, return_id, lambda: verb(actor=actor, return_id=return_id, at=at, **given))


def _described(shape: type[Serializer[Any]]) -> Callable[[common.Documented], common.Documented]:
    return common.documented(
        tags=["returns"], request=shape, responses=common.answers(shapes.ReturnDetailSerializer, writes=True)
    )


class ReturnPass(_MoveView):
    """County or city hands it on."""

    action = Action.PASS

    @_described(shapes.Moving)
    def post(self, request: Request, return_id: int) -> Response:
        return super().post(request, return_id)


class ReturnSendBack(_MoveView):
    """Back to the carrier, with a comment and reasons by field."""

    action, shape = Action.SEND_BACK, shapes.Returning

    @_described(shapes.Returning)
    def post(self, request: Request, return_id: int) -> Response:
        return super().post(request, return_id)


class ReturnAccept(_MoveView):
    """Taken and locked."""

    action = Action.ACCEPT

    @_described(shapes.Moving)
    def post(self, request: Request, return_id: int) -> Response:
        return super().post(request, return_id)


class ReturnWithdraw(_MoveView):
    """The carrier takes it back before an office has opened it."""

    action = Action.WITHDRAW

    @_described(shapes.Moving)
    def post(self, request: Request, return_id: int) -> Response:
        return super().post(request, return_id)
