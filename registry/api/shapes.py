"""What the API says of the register."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from accounts.api.common import actor_of
from core import clock
from core.http import said
from registry.models import Carrier, CarrierState, CarrierVersion, Operator, Stay, Tenant
from registry.queries.levels import level_words


class CarrierOperatorSerializer(serializers.ModelSerializer[Operator]):
    """Its name; credit code and contact too for those who work with the carrier."""

    credit_code = serializers.CharField(required=False)
    contact = serializers.CharField(required=False)
    phone = serializers.CharField(required=False)

    class Meta:
        model = Operator
        fields = ("name", "credit_code", "contact", "phone")
        read_only_fields = fields


def _level_name(context: Any, code: str, day: date | None) -> str:
    """A level by its word of a day; words and today's day are read once an answer."""
    if day is None:
        if "today" not in context:
            context["today"] = clock.day_of(clock.now())
        day = context["today"]
    words = context.setdefault("levels", {})
    if day not in words:
        words[day] = level_words(day)
    return said(words[day].get(code, code))


class CarrierSerializer(serializers.ModelSerializer[Carrier]):
    """Public facts; its operator's code and contact only for those who work with it. Of a carrier that is
    closed only its code, its state and since when are told, so that a copy elsewhere can withdraw it."""

    operator = CarrierOperatorSerializer(read_only=True)
    region = serializers.CharField(source="region.code", read_only=True)
    home_region = serializers.CharField(
        source="home_region.code", allow_null=True, default=None, read_only=True
    )
    level_name = serializers.SerializerMethodField(help_text="the level by its word of the day")
    as_of = serializers.DateField(
        allow_null=True, read_only=True, help_text="the day of which the facts are; null is today"
    )

    class Meta:
        model = Carrier
        fields = (
            "code",
            "name",
            "name_en",
            "former_names",
            "kind",
            "carrier_class",
            "field",
            "level",
            "level_name",
            "designation",
            "operator",
            "region",
            "home_region",
            "host_place",
            "address",
            "area_total",
            "area_tenants",
            "area_public",
            "opened_on",
            "listed_year",
            "state",
            "as_of",
            "updated_at",
        )
        read_only_fields = fields

    def get_level_name(self, instance: Carrier) -> str:
        return _level_name(self.context, instance.level, instance.as_of)

    def to_representation(self, instance: Carrier) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        if instance.is_managed_by(actor_of(self.context["request"])):
            return told
        if instance.state == CarrierState.CLOSED and instance.as_of is None:
            return {name: told[name] for name in ("code", "state", "updated_at")}
        return told | {"operator": {"name": told["operator"]["name"]}}


class CarrierVersionSerializer(serializers.ModelSerializer[CarrierVersion]):
    """The facts from a day on, with the document that says those named. Areas in m². `basis_file` is where
    the document is, for those who work with the carrier; `holds` is false where a later record replaced
    it."""

    operator = serializers.CharField(source="operator.name", read_only=True)
    region = serializers.CharField(source="region.code", read_only=True)
    home_region = serializers.CharField(
        source="home_region.code", allow_null=True, default=None, read_only=True
    )
    level_name = serializers.SerializerMethodField(help_text="the level by its word of the first day")
    named = serializers.SerializerMethodField()
    basis_file = serializers.SerializerMethodField()
    holds = serializers.SerializerMethodField()

    class Meta:
        model = CarrierVersion
        fields = (
            "valid_from",
            "recorded_at",
            "holds",
            "named",
            "basis",
            "document_number",
            "batch",
            "basis_file",
            "name",
            "kind",
            "carrier_class",
            "field",
            "level",
            "level_name",
            "designation",
            "operator",
            "region",
            "home_region",
            "host_place",
            "area_total",
            "area_tenants",
            "area_public",
            "state",
        )
        read_only_fields = fields

    def get_level_name(self, row: CarrierVersion) -> str:
        return _level_name(self.context, row.level, row.valid_from)

    def get_named(self, row: CarrierVersion) -> list[str]:
        return [name.removesuffix("_id") for name in row.named]

    def get_basis_file(self, row: CarrierVersion) -> str | None:
        if row.basis_file_id is None or not self.context["inside"]:
            return None
        return reverse("registry:basis", args=[row.carrier.code, row.pk])

    def get_holds(self, row: CarrierVersion) -> bool:
        return row.pk in self.context["held"]


class LevelTermSerializer(serializers.Serializer[Any]):
    """A level's word for some time; null is open. A higher `rank` is a higher level."""

    code = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    name_en = serializers.CharField(read_only=True)
    rank = serializers.IntegerField(read_only=True)
    decided_by = serializers.CharField(read_only=True, help_text="county, city or province")
    valid_from = serializers.DateField(read_only=True, allow_null=True)
    valid_to = serializers.DateField(read_only=True, allow_null=True)
    basis = serializers.CharField(read_only=True)


class OperatorSerializer(serializers.ModelSerializer[Operator]):
    class Meta:
        model = Operator
        fields = ("credit_code", "name", "address", "contact", "phone")
        read_only_fields = fields


class StaySerializer(serializers.ModelSerializer[Stay]):
    carrier = serializers.CharField(source="carrier.code", read_only=True)

    class Meta:
        model = Stay
        fields = ("carrier", "entered", "ended", "graduated_by")
        read_only_fields = fields


class TenantSerializer(serializers.ModelSerializer[Tenant]):
    """A tenant with its stays in the carriers of one's scope, and no others."""

    stays = StaySerializer(many=True, read_only=True, source="seen_stays")

    class Meta:
        model = Tenant
        fields = ("credit_code", "name", "founded", "field", "high_tech_since", "stays")
        read_only_fields = fields
