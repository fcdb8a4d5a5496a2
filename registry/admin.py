"""The register to look at, never to change: facts change with a date and a basis, through services."""

from __future__ import annotations

from django.contrib import admin

from accounts.admin import ReadOnly
from registry.models import (
    Carrier,
    CarrierLink,
    CarrierVersion,
    ChangeClaim,
    ChangeFile,
    ChangeMove,
    ChangeRequest,
    Operator,
    OperatorLink,
    OperatorVersion,
    Stay,
    Team,
    Tenant,
)


class CarrierAdmin(ReadOnly):
    list_display = ("code", "name", "kind", "level", "region", "state")
    search_fields = ("code", "name")
    list_select_related = ("region",)


admin.site.register(Carrier, CarrierAdmin)
admin.site.register((CarrierLink, CarrierVersion, Operator, Stay, Team, Tenant), ReadOnly)
admin.site.register((OperatorLink, OperatorVersion), ReadOnly)
admin.site.register((ChangeRequest, ChangeFile, ChangeMove, ChangeClaim), ReadOnly)
