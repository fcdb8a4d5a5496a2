"""What the API says of requests to change facts, and takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from registry.models import ChangeFile, ChangeMove, ChangeRequest
from registry.rules.asked_facts import EVIDENCE, FACTS, Evidence
from registry.rules.changing import LONGEST_BASIS, LONGEST_NUMBER, MOST_WORDS


class ChangeFileSerializer(serializers.ModelSerializer[ChangeFile]):
    name = serializers.CharField(source="file.name", read_only=True)
    sha256 = serializers.CharField(source="file.sha256", read_only=True)

    class Meta:
        model = ChangeFile
        fields = ("id", "evidence", "name", "sha256")
        read_only_fields = fields


class ChangeMoveSerializer(serializers.ModelSerializer[ChangeMove]):
    class Meta:
        model = ChangeMove
        fields = ("action", "source", "target", "at", "role", "comment", "reasons")
        read_only_fields = fields


class ChangeSerializer(serializers.ModelSerializer[ChangeRequest]):
    """`facts` is {fact: {old, new}} as exact text: an operator as credit code, a space, name; a region by its
    code. It lies at `first_stop` for an opinion and is decided at `last_stop`."""

    number = serializers.CharField(read_only=True)
    state = serializers.CharField(read_only=True)
    first_stop = serializers.CharField(read_only=True)
    last_stop = serializers.CharField(read_only=True)
    carrier = serializers.CharField(source="carrier.code", read_only=True)
    is_on_behalf = serializers.BooleanField(read_only=True)
    facts = serializers.DictField(child=serializers.DictField(child=serializers.CharField()), read_only=True)

    class Meta:
        model = ChangeRequest
        fields = (
            "id", "number", "carrier", "state", "first_stop", "last_stop", "version", "facts", "happened_on",
            "reason", "basis", "document_number", "is_late", "is_on_behalf", "asked_at", "passed_at",
            "returned_at", "decided_at", "withdrawn_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields


class ChangeDetailSerializer(ChangeSerializer):
    """With its documents and its story, the oldest step first."""

    files = ChangeFileSerializer(many=True, read_only=True)
    moves = ChangeMoveSerializer(many=True, read_only=True)

    class Meta:
        model = ChangeRequest
        fields = (*ChangeSerializer.Meta.fields, "files", "moves")
        read_only_fields = fields


class AskedSerializer(serializers.Serializer[dict[str, Any]]):
    """A request, as JSON or as a form; documents as the parts named by what they prove."""

    facts = serializers.JSONField(help_text=f"{{fact: new value}} of: {', '.join(FACTS)}")
    happened_on = serializers.DateField()
    reason = serializers.CharField(max_length=MOST_WORDS)
    basis = serializers.CharField(max_length=LONGEST_BASIS)
    document_number = serializers.CharField(
        max_length=LONGEST_NUMBER, required=False, default="", allow_blank=True
    )

    def get_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super().get_fields()
        return fields | {str(kind): _part(kind) for kind in EVIDENCE}

    def validate_facts(self, given: object) -> dict[str, str]:
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            raise serializers.ValidationError("{fact: text}")
        return given


def _part(kind: Evidence) -> serializers.FileField:
    return serializers.FileField(required=False, max_length=200, help_text=str(EVIDENCE[kind]))


class NewChangeSerializer(AskedSerializer):
    carrier = serializers.CharField(max_length=24)


class AgainSerializer(AskedSerializer):
    """`version` is the one that the caller saw; another one is refused."""

    version = serializers.IntegerField(min_value=0)


class ChangeMoveAskedSerializer(serializers.Serializer[dict[str, Any]]):
    """`version` is the one that the caller saw; another is refused. `reasons` by fact when it goes back."""

    action = serializers.ChoiceField(choices=["pass", "approve", "return", "refuse", "withdraw"])
    version = serializers.IntegerField(min_value=0)
    comment = serializers.CharField(max_length=MOST_WORDS, required=False, default="", allow_blank=True)
    reasons = serializers.DictField(child=serializers.CharField(max_length=MOST_WORDS), required=False)
