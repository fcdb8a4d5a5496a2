"""What the API says of policies, allocations and awards. Money is exact text in yuan."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.actors import VISITOR
from funding.models import Allocation, Award, Policy
from funding.permissions import may_see_because


class PolicySerializer(serializers.ModelSerializer[Policy]):
    region = serializers.CharField(source="region.code")

    class Meta:
        model = Policy
        fields = ("id", "code", "version", "title", "digest", "region", "loaded_at")
        read_only_fields = fields


class PolicyDetailSerializer(PolicySerializer):
    """With the file as it was loaded, word for word."""

    yaml = serializers.CharField(source="source", read_only=True)

    class Meta:
        model = Policy
        fields = (*PolicySerializer.Meta.fields, "yaml")
        read_only_fields = fields


class PayerSerializer(serializers.Serializer[dict[str, Any]]):
    """`payer` null stands for one budget over all, `budget` null for no limit."""

    payer = serializers.CharField(allow_null=True)
    budget = serializers.CharField(allow_null=True)
    claimed = serializers.CharField()
    allocated = serializers.CharField()


class AllocationSerializer(serializers.ModelSerializer[Allocation]):
    policy = serializers.CharField(source="policy.code")
    policy_version = serializers.IntegerField(source="policy.version")
    run = serializers.IntegerField(source="run_id")
    year = serializers.IntegerField(source="run.year")
    payers = PayerSerializer(source="result.payers", many=True)

    class Meta:
        model = Allocation
        fields = (
            "id", "policy", "policy_version", "run", "year", "state", "version", "claimed", "allocated",
            "budget", "payers", "result_digest", "prepared_at", "confirmed_at",
        )  # fmt: skip
        read_only_fields = fields


class AwardSerializer(serializers.ModelSerializer[Award]):
    """One amount of one carrier; `because` is null to those who may not see its figures."""

    allocation = serializers.IntegerField(source="allocation_id")
    policy = serializers.CharField(source="programme")
    carrier = serializers.CharField(source="carrier.code")
    name = serializers.CharField(source="carrier.name")
    city = serializers.CharField(source="city.code", default=None, allow_null=True)
    award = serializers.CharField(source="code")
    because = serializers.SerializerMethodField()

    class Meta:
        model = Award
        fields = (
            "allocation", "policy", "year", "carrier", "name", "city", "award", "title", "payer",
            "claimed", "amount", "because",
        )  # fmt: skip
        read_only_fields = fields

    def get_because(self, award: Award) -> list[str] | None:
        actor = self.context.get("actor", VISITOR)
        return list(award.because) if may_see_because(actor, award) else None


class PrepareSerializer(serializers.Serializer[dict[str, Any]]):
    """Which policy over which published run."""

    policy = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    run = serializers.IntegerField(min_value=1, max_value=2**63 - 1)


class AllocationMoveSerializer(serializers.Serializer[dict[str, Any]]):
    """`version` is the one that the caller saw; another one is refused."""

    action = serializers.ChoiceField(choices=["confirm", "drop"])
    version = serializers.IntegerField(min_value=0)
    comment = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
