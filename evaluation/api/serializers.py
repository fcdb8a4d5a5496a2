"""What the API says of schemes, runs, results and objections."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from evaluation.models import Objection, Run, RunEntry, Scheme
from evaluation.queries import definition
from evaluation.rules.exact import half_up


class SchemeSerializer(serializers.ModelSerializer[Scheme]):
    region = serializers.CharField(source="region.code")

    class Meta:
        model = Scheme
        fields = (
            "id", "code", "version", "title", "digest", "form_code", "fact_names", "region", "loaded_at",
        )  # fmt: skip
        read_only_fields = fields


class SchemeDetailSerializer(SchemeSerializer):
    """With the file as it was loaded, word for word."""

    yaml = serializers.CharField(source="source", read_only=True)

    class Meta:
        model = Scheme
        fields = (*SchemeSerializer.Meta.fields, "yaml")
        read_only_fields = fields


class RunSerializer(serializers.ModelSerializer[Run]):
    """A run; digests stand where there is something that they seal."""

    region = serializers.CharField(source="region.code")
    scheme = serializers.CharField(source="scheme.code")
    scheme_version = serializers.IntegerField(source="scheme.version")

    class Meta:
        model = Run
        fields = (
            "id", "year", "title", "region", "scheme", "scheme_version", "state", "version", "facts_as_of",
            "frozen_at", "frozen_digest", "scored_at", "result_digest", "publicised_at",
            "publicity_ends_at", "published_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class RunResultSerializer(serializers.ModelSerializer[RunEntry]):
    """One carrier's rank, grade and total, as exact text with the scheme's places."""

    run = serializers.IntegerField(source="run_id")
    year = serializers.IntegerField(source="run.year")
    carrier = serializers.CharField(source="carrier.code")
    name = serializers.CharField(source="carrier.name")
    city = serializers.CharField(source="city.code", default=None, allow_null=True)
    total = serializers.SerializerMethodField()

    class Meta:
        model = RunEntry
        fields = ("run", "year", "carrier", "name", "city", "rank", "total", "grade")
        read_only_fields = fields

    def get_total(self, entry: RunEntry) -> str | None:
        if entry.total is None:
            return None
        return format(half_up(entry.total, definition(entry.run.scheme).decimals), "f")


class ObjectionSerializer(serializers.ModelSerializer[Objection]):
    run = serializers.IntegerField(source="entry.run_id")
    carrier = serializers.CharField(source="entry.carrier.code")

    class Meta:
        model = Objection
        fields = ("id", "run", "carrier", "text", "filed_at", "state", "decision", "decided_at")
        read_only_fields = fields


class FileObjectionSerializer(serializers.Serializer[dict[str, Any]]):
    run = serializers.IntegerField(min_value=1)
    text = serializers.CharField(max_length=4000)


class ObjectionDecisionSerializer(serializers.Serializer[dict[str, Any]]):
    action = serializers.ChoiceField(choices=["sustain", "reject"])
    comment = serializers.CharField(max_length=4000)


class RunMoveSerializer(serializers.Serializer[dict[str, Any]]):
    """`version` is the one that the caller saw; another one is refused."""

    action = serializers.ChoiceField(choices=["freeze", "score", "publicise", "recall", "publish", "drop"])
    version = serializers.IntegerField(min_value=0)
    comment = serializers.CharField(max_length=2000, required=False, default="", allow_blank=True)
    period = serializers.ChoiceField(choices=["working_5", "calendar_7"], required=False, default="working_5")
    facts_as_of = serializers.DateField(required=False, allow_null=True, default=None)
