"""Shapes of requests and answers."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from reporting.api.common import ProblemSerializer
from reporting.models import Campaign, Form, Return, WorkbookImport


class FormSerializer(serializers.ModelSerializer[Form]):
    class Meta:
        model = Form
        fields: tuple[str, ...] = ("id", "code", "version", "title", "kinds", "digest", "loaded_at")
        read_only_fields: tuple[str, ...] = fields


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    region = serializers.CharField(source="region.code")
    state = serializers.CharField()
    form_version = serializers.IntegerField(source="form.version")

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = (
            "id", "year", "title", "form_code", "form_version", "region", "state",
            "opens_at", "last_start_at", "due_at", "correct_by",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class CampaignDetailSerializer(CampaignSerializer):
    """With how many returns of one's scope stand where; `not_started` apart from `filling`."""

    progress = serializers.DictField(child=serializers.IntegerField())

    class Meta(CampaignSerializer.Meta):
        fields: tuple[str, ...] = (*CampaignSerializer.Meta.fields, "progress")
        read_only_fields: tuple[str, ...] = fields


class ReturnSerializer(serializers.ModelSerializer[Return]):
    """`version` counts moves: it is what `expected` of a move is compared with."""

    carrier = serializers.CharField(source="carrier.code")
    carrier_name = serializers.CharField(source="carrier.name")
    region = serializers.CharField(source="carrier.region.code")
    kind = serializers.CharField(source="carrier.kind")
    year = serializers.IntegerField(source="campaign.year")
    state = serializers.CharField()

    class Meta:
        model = Return
        fields: tuple[str, ...] = (
            "id", "campaign", "year", "carrier", "carrier_name", "region", "kind", "state", "version",
            "started_at", "submitted_at", "county_passed_at", "city_passed_at", "accepted_at", "returned_at",
            "updated_at",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class LockSerializer(serializers.Serializer[Any]):
    open = serializers.BooleanField()
    why = serializers.CharField()
    who = serializers.CharField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)


class ReturnMoveSerializer(serializers.Serializer[Any]):
    action = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    target = serializers.CharField()
    at = serializers.DateTimeField()
    role = serializers.CharField()
    comment = serializers.CharField()
    reasons = serializers.DictField(child=serializers.CharField())


class QuestionSerializer(serializers.Serializer[Any]):
    """A finding that wants a reason: `key` names it for `explain`; `reason` is null while it is owed."""

    key = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    text = serializers.CharField(allow_null=True)
    problem = ProblemSerializer()


class ReturnDetailSerializer(ReturnSerializer):
    """With its values and problems, for who may see them; null for who may not yet. `answer`: `nil` or
    `closed` for an answer without figures, empty for figures."""

    number = serializers.IntegerField(allow_null=True)
    answer = serializers.CharField(allow_null=True)
    lock = LockSerializer()
    actions = serializers.ListField(child=serializers.CharField())
    values = serializers.DictField(child=serializers.CharField(), allow_null=True)
    computed = serializers.DictField(child=serializers.CharField(), allow_null=True)
    last = serializers.DictField(child=serializers.CharField(), allow_null=True)
    sources = serializers.DictField(allow_null=True)
    tables = serializers.DictField(child=serializers.IntegerField(), allow_null=True)
    problems = ProblemSerializer(many=True, allow_null=True)
    questions = QuestionSerializer(many=True, allow_null=True)
    moves = ReturnMoveSerializer(many=True)

    class Meta(ReturnSerializer.Meta):
        fields: tuple[str, ...] = (
            *ReturnSerializer.Meta.fields, "number", "answer", "lock", "actions", "values", "computed",
            "last", "sources", "tables", "problems", "questions", "moves",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields


class RowSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    number = serializers.IntegerField()
    values = serializers.DictField(child=serializers.CharField())


CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


class ByCode(serializers.DictField):
    """`{code: …}`; what cannot be a code is refused before it is looked for."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and not all(CODE.fullmatch(str(key)) for key in data):
            raise serializers.ValidationError(_("键应为字段代码。"))
        return super().to_internal_value(data)


class Strict(serializers.Serializer[Any]):
    """A body with a key that there is not is 400: nothing is silently left out."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            strange = sorted(ascii(name)[1:-1][:60] for name in set(data) - set(self.fields))
            if strange:
                raise serializers.ValidationError({name: [_("没有这个字段。")] for name in strange})
        return super().to_internal_value(data)


class FieldChange(Strict):
    """`seen` is the exact text that the client saw before."""

    value = serializers.CharField(allow_blank=True, max_length=20_000, trim_whitespace=False)
    seen = serializers.CharField(allow_blank=True, max_length=20_000, trim_whitespace=False, default="")


class ValuesChange(Strict):
    values = ByCode(child=FieldChange(), allow_empty=False)


class SavedSerializer(serializers.Serializer[Any]):
    values = serializers.DictField(child=serializers.CharField())
    computed = serializers.DictField(child=serializers.CharField())
    problems = ProblemSerializer(many=True)
    errors = serializers.IntegerField()  # type: ignore[assignment]
    questions = serializers.IntegerField()


class Explanation(Strict):
    key = serializers.CharField(max_length=300)
    reason = serializers.CharField(max_length=40)
    text = serializers.CharField(allow_blank=True, max_length=2_000)


class Submission(Strict):
    """`commitment` true: the person agrees to the sentence that GET answers."""

    expected = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    commitment = serializers.BooleanField()


class CommitmentSerializer(serializers.Serializer[Any]):
    expected = serializers.IntegerField()
    commitment = serializers.CharField()
    problems = ProblemSerializer(many=True)


class Moving(Strict):
    expected = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    comment = serializers.CharField(allow_blank=True, max_length=5_000, default="")


class Returning(Moving):
    """`reasons`: by field code, what is to be mended."""

    reasons = ByCode(child=serializers.CharField(max_length=2_000), default=dict)


class Confirming(Strict):
    """`leaving`: by table, whether the rows that are no longer in the file leave."""

    leaving = ByCode(child=serializers.BooleanField(), default=dict)


class UploadSerializer(serializers.Serializer[Any]):
    file = serializers.FileField(help_text=".xlsx")


class ImportSerializer(serializers.ModelSerializer[WorkbookImport]):
    """`job` runs the check, then the writing; `report` and `changes` are there once it is checked."""

    name = serializers.CharField(source="file.name")
    sha256 = serializers.CharField(source="file.sha256")
    state = serializers.CharField()

    class Meta:
        model = WorkbookImport
        fields: tuple[str, ...] = (
            "id", "return_of", "job", "state", "name", "sha256", "received_at", "applied_at", "report",
            "changes",
        )  # fmt: skip
        read_only_fields: tuple[str, ...] = fields
