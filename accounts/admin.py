"""People, appointments and regions to look at. What is changed in the administration is vocabularies alone
(and lock-outs, on axes' own pages)."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the acting appointment may see, and never a change: acts go through services and the audit."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        manager: Any = self.model._default_manager
        rows: QuerySet[Any] = manager.visible_to(request.actor)  # type: ignore[attr-defined]
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Vocabulary(ReadOnly):
    """Words that are data: system administrators add and change them, through a service that writes the act
    down; a word once used is never deleted."""

    def _may(self, request: HttpRequest) -> bool:
        return bool(request.actor.has_role(Role.SYSTEM_ADMINISTRATOR))  # type: ignore[attr-defined]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._may(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request)


class UserAdmin(ReadOnly):
    list_display = ("username", "name", "is_active", "created_at")
    search_fields = ("username", "name")
    exclude = ("password", "groups", "user_permissions")


class AppointmentAdmin(ReadOnly):
    list_display = ("user", "role", "region", "carrier_code", "valid_from", "valid_to")
    list_select_related = ("user", "region")


class RegionAdmin(ReadOnly):
    list_display = ("code", "name", "level", "parent", "is_zone")
    list_select_related = ("parent",)
    search_fields = ("code", "name")


admin.site.register(User, UserAdmin)
admin.site.register(Appointment, AppointmentAdmin)
admin.site.register(Region, RegionAdmin)
