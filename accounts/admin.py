"""People, appointments and regions to look at. What is changed in the administration is vocabularies alone
(and lock-outs, on axes' own pages)."""

from __future__ import annotations

from typing import Any

from axes import admin as of_axes
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth import admin as _of_auth  # noqa: F401 - registers what is taken away below
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from knox import admin as of_knox

from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role


class Unchanging(admin.ModelAdmin):  # type: ignore[type-arg]
    """Nothing is added, changed or deleted here, by a superuser neither."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnly(Unchanging):
    """What the acting appointment may see, and never a change: acts go through services and the audit."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        manager: Any = self.model._default_manager
        rows: QuerySet[Any] = manager.visible_to(request.actor)  # type: ignore[attr-defined]
        return rows


class LockOuts(of_axes.AccessAttemptAdmin):  # type: ignore[misc]
    """Who failed to sign in too often: a lock is taken away, never written."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
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


# Rights are appointments, tokens are made and ended on their own pages; both are written down there.
admin.site.unregister((Group, of_knox.models.AuthToken))
admin.site.unregister((AccessAttempt, AccessLog, AccessFailureLog))
admin.site.register(AccessAttempt, LockOuts)
admin.site.register((AccessLog, AccessFailureLog), Unchanging)
admin.site.register(User, UserAdmin)
admin.site.register(Appointment, AppointmentAdmin)
admin.site.register(Region, RegionAdmin)
