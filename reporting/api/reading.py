"""Campaigns, forms and returns to read. A list narrows by an allow-list; what is hidden is not there."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from core import clock
from core.api import Cursor
from core.http import said, shown, shown_all
from core.problems import grouped
from office.api.jobs import actor_of_request
from reporting import queries
from reporting.api import common
from reporting.api import serializers as shapes
from reporting.models import Campaign, Form, Return, RosterRow
from reporting.queries import Opened
from reporting.rules.lifecycle import State
from reporting.rules.roster import table_rows
from reporting.services import returns

_FILTERS = [
    common.query("campaign", int, "campaign id"),
    common.query("year", int, "the year that the figures describe"),
    common.query("carrier", str, "carrier code"),
    common.query("region", str, "region code; those below it too"),
    common.query("kind", str, "kind of carrier"),
    common.query("state", str, "state of the return"),
    common.query("updated_since", OpenApiTypes.DATETIME, "changed at or after this instant, with its zone"),
]


@common.documented(tags=["returns"], responses=common.answers(shapes.FormSerializer(many=True)))
class FormList(ListAPIView[Form]):
    """Forms as loaded."""

    serializer_class = shapes.FormSerializer
    pagination_class = common.ById
    queryset = Form.objects.none()

    def get_queryset(self) -> QuerySet[Form]:
        common.asked(self.request)
        return Form.objects.visible_to(actor_of_request(self.request))


@common.documented(
    tags=["returns"],
    parameters=[
        common.query("year", int, "year of the figures"),
        common.query("state", str, "open or closed"),
    ],
    responses=common.answers(shapes.CampaignSerializer(many=True)),
)
class CampaignList(ListAPIView[Campaign]):
    """The campaigns that concern the one who asks."""

    serializer_class = shapes.CampaignSerializer
    pagination_class = common.ById
    queryset = Campaign.objects.none()

    def get_queryset(self) -> QuerySet[Campaign]:
        given = common.asked(self.request, "year", "state")
        rows = Campaign.objects.visible_to(actor_of_request(self.request)).select_related("form", "region")
        if (year := common.number_of(given, "year")) is not None:
            rows = rows.filter(year=year)
        return rows.filter(state=given["state"]) if "state" in given else rows


class CampaignDetail(APIView):
    """One campaign with its progress in the scope of the one who asks."""

    @common.documented(tags=["returns"], responses=common.answers(shapes.CampaignDetailSerializer))
    def get(self, request: Request, campaign_id: int) -> Response:
        actor = actor_of_request(request)
        common.asked(request)
        rows = Campaign.objects.visible_to(actor).select_related("form", "region")
        found: Any = get_object_or_404(rows, pk=campaign_id)
        found.progress = queries.progress(found, actor)
        return Response(shapes.CampaignDetailSerializer(found).data)


@common.documented(
    tags=["returns"], parameters=_FILTERS, responses=common.answers(shapes.ReturnSerializer(many=True))
)
class ReturnList(ListAPIView[Return]):
    """Returns in the scope of the one who asks, the newest first."""

    serializer_class = shapes.ReturnSerializer
    pagination_class = common.ById
    queryset = Return.objects.none()

    def get_queryset(self) -> QuerySet[Return]:
        rows = Return.objects.visible_to(actor_of_request(self.request))
        return narrowed(rows, self.request).select_related("campaign", "carrier__region")


def narrowed(rows: QuerySet[Return], request: Request) -> QuerySet[Return]:
    """By the filters that there are, each spelled out."""
    given = common.asked(request, "campaign", "year", "carrier", "region", "kind", "state", "updated_since")
    if (campaign := common.number_of(given, "campaign")) is not None:
        rows = rows.filter(campaign_id=campaign)
    if (year := common.number_of(given, "year")) is not None:
        rows = rows.filter(campaign__year=year)
    if "carrier" in given:
        rows = rows.filter(carrier__code=given["carrier"])
    if "region" in given:
        rows = rows.filter(carrier__region__path__contains=f"/{given['region']}/")
    if "kind" in given:
        rows = rows.filter(carrier__kind=given["kind"])
    if "state" in given:
        if given["state"] not in set(State):
            raise serializers.ValidationError({"state": [", ".join(State)]})
        rows = rows.filter(state=given["state"])
    if (since := common.instant_of(given, "updated_since")) is not None:
        rows = rows.filter(updated_at__gte=since)
    return rows


class ReturnDetail(APIView):
    """One return: where it is, its moves and, for who may see them, values and problems."""

    @common.documented(tags=["returns"], responses=common.answers(shapes.ReturnDetailSerializer))
    def get(self, request: Request, return_id: int) -> HttpResponseBase:
        common.asked(request)
        actor, found = actor_of_request(request), common.return_or_404(request, return_id)
        opened = common.opened_of(request, found)
        saved = opened.version.saved_at if opened else ""
        lock = queries.lock(found, at=clock.now())
        number = opened.version.pk if opened else ""
        stamps = (found.updated_at, found.carrier.updated_at, saved, get_language())
        tag = common.tag_of(found.pk, found.version, found.state, number, lock.open, actor.role, *stamps)
        return common.tagged(request, detail(found, opened, actor), tag)


def detail(found: Return, opened: Opened | None, actor: Actor) -> dict[str, Any]:
    """The whole return as the API tells it."""
    lock = queries.lock(found, at=clock.now())
    answer = dict(shapes.ReturnSerializer(found).data)
    answer |= {
        "number": opened.version.number if opened else None,
        "answer": opened.version.answer if opened else None,
        "lock": {
            "open": lock.open,
            "why": said(lock.why),
            "who": said(lock.who) if lock.who else None,
            "until": lock.until,
        },
        "actions": [move.action for move in returns.moves_for(found, actor)],
        "moves": shapes.ReturnMoveSerializer(found.moves.order_by("pk"), many=True).data,
    }
    return answer | (contents(opened) if opened else dict.fromkeys(CONTENTS))


CONTENTS = ("values", "computed", "last", "sources", "tables", "problems", "questions")


def contents(opened: Opened) -> dict[str, Any]:
    checked = opened.checked()
    codes = [*opened.form.order, *(total.code for total in opened.form.totals)]
    return {
        "values": dict(opened.values),
        "computed": {code: checked.computed_text(code) for code in codes},
        "last": dict(opened.last),
        "sources": dict(opened.version.sources),
        "tables": {table.code: len(opened.rows[table.code]) for table in opened.form.tables},
        "problems": shown_all(grouped(checked.problems)),
        "questions": [
            {
                "key": finding.key,
                "reason": (reason or {}).get("reason"),
                "text": (reason or {}).get("text"),
                "problem": shown(finding.problem),
            }
            for finding, reason in queries.questions(opened, checked)
        ],
    }


class ByPosition(Cursor):
    ordering = "position"
    page_size = 100


@common.documented(tags=["returns"], responses=common.answers(shapes.RowSerializer(many=True)))
class RowList(ListAPIView[RosterRow]):
    """The rows of one table, in their order."""

    serializer_class = shapes.RowSerializer
    pagination_class = ByPosition
    queryset = RosterRow.objects.none()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        common.asked(request)
        found = common.return_or_404(request, kwargs["return_id"])
        opened = common.opened_of(request, found)
        tables = [table for table in opened.form.tables if table.code == kwargs["code"]] if opened else []
        version = opened.version if opened and tables else None
        rows = rows_or_404(version, kwargs["code"])
        page = self.paginate_queryset(rows) or []
        data = [
            {"key": row.key, "number": stored.position, "values": dict(row.values)}
            for row, stored in zip(table_rows(tables, page)[kwargs["code"]], page, strict=True)
        ]
        return self.get_paginated_response(data)


def rows_or_404(version: Any, code: str) -> QuerySet[RosterRow]:
    """The table's rows; 404 when there is no such table to be seen."""
    if version is None:
        raise RosterRow.DoesNotExist
    return RosterRow.objects.filter(version=version, table=code)
