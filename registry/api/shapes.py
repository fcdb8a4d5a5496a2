"""What the API says of the register."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.common import actor_of
from registry.models import Carrier, CarrierState, Operator, Stay, Tenant


class CarrierOperatorSerializer(serializers.ModelSerializer[Operator]):
    """Its name; credit code and contact too for those who work with the carrier."""

    credit_code = serializers.CharField(required=False)
    contact = serializers.CharField(required=False)
    phone = serializers.CharField(required=False)

    class Meta:
        model = Operator
        fields = ("name", "credit_code", "contact", "phone")
        read_only_fields = fields


class CarrierSerializer(serializers.ModelSerializer[Carrier]):
    """Public facts; its operator's code and contact only for those who work with it. Of a carrier that is
    closed only its code, its state and since when are told, so that a copy elsewhere can withdraw it."""

    operator = CarrierOperatorSerializer(read_only=True)
    region = serializers.CharField(source="region.code", read_only=True)

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
            "designation",
            "operator",
            "region",
            "address",
            "area_total",
            "opened_on",
            "listed_year",
            "state",
            "updated_at",
        )
        read_only_fields = fields

    def to_representation(self, instance: Carrier) -> dict[str, Any]:
        told: dict[str, Any] = super().to_representation(instance)
        if instance.is_managed_by(actor_of(self.context["request"])):
            return told
        if instance.state == CarrierState.CLOSED:
            return {name: told[name] for name in ("code", "state", "updated_at")}
        return told | {"operator": {"name": told["operator"]["name"]}}


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
