"""The register to look at, never to change: facts change with a date and a basis, through services. Its
vocabulary is changed here."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import ReadOnly, Vocabulary
from core import clock
from core.http import said
from core.problems import Problem
from registry.models import (
    Carrier,
    CarrierLink,
    CarrierVersion,
    ChangeClaim,
    ChangeFile,
    ChangeMove,
    ChangeRequest,
    DesignationTerm,
    FindingStatement,
    LevelTerm,
    Operator,
    OperatorLink,
    OperatorVersion,
    Stay,
    Team,
    TenancyFinding,
    Tenant,
)
from registry.services import levels


class CarrierAdmin(ReadOnly):
    list_display = ("code", "name", "kind", "level", "region", "state")
    search_fields = ("code", "name")
    list_select_related = ("region",)


class LevelTermForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = LevelTerm
        fields = ("code", "name", "name_en", "rank", "decided_by", "valid_from", "valid_to", "basis")

    def _post_clean(self) -> None:
        """Asks the whole vocabulary, once the row itself is well."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            for problem in self.faults():
                self.add_error(problem.field if problem.field in self.fields else None, said(problem.message))

    def faults(self) -> list[Problem]:
        return levels.faults_of(self.instance)


class LevelTermAdmin(Vocabulary):
    form = LevelTermForm
    list_display = ("name", "code", "rank", "decided_by", "valid_from", "valid_to", "basis")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: LevelTerm, form: Any, change: bool) -> None:
        levels.save_term(actor=request.actor, term=obj, at=clock.now())  # type: ignore[attr-defined]


class DesignationTermForm(LevelTermForm):
    class Meta:
        model = DesignationTerm
        fields = LevelTermForm.Meta.fields

    def faults(self) -> list[Problem]:
        return levels.faults_of_designation(self.instance)


class DesignationTermAdmin(LevelTermAdmin):
    form = DesignationTermForm

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        levels.save_designation_term(
            actor=request.actor,  # type: ignore[attr-defined]
            term=obj,
            at=clock.now(),
        )


admin.site.register(Carrier, CarrierAdmin)
admin.site.register(DesignationTerm, DesignationTermAdmin)
admin.site.register(LevelTerm, LevelTermAdmin)
admin.site.register(
    (CarrierLink, CarrierVersion, FindingStatement, Operator, Stay, Team, Tenant, TenancyFinding), ReadOnly
)
admin.site.register((OperatorLink, OperatorVersion), ReadOnly)
admin.site.register((ChangeRequest, ChangeFile, ChangeMove, ChangeClaim), ReadOnly)
