"""Workbooks of the register that officers hand in."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.roles import CHECKING, SYSTEM
from office.models import FileImport, ImportState, StoredFile
from registry.models.carriers import choices
from registry.rules.bulk import SHEETS


class RegisterImportQuerySet(models.QuerySet["RegisterImport"]):
    def visible_to(self, actor: Any) -> RegisterImportQuerySet:
        """One's own, under the appointment under which it was handed in: what it would change was looked at
        from that scope."""
        if actor.role == SYSTEM:
            return self.all()
        if actor.role not in CHECKING or actor.appointment is None:
            return self.none()
        return self.filter(by_id=actor.user_id, appointment_id=actor.appointment.pk)


class RegisterImport(FileImport):
    """One file of the register: checked, shown, then applied or dropped.

    `report` says what was found (`outcome, counts, problems`), `changes` is the preview: `{"new": [{key,
    name}], "changed": [{key, name, cells: [{title, old, new}]}], "digest"}`, of which the digest stands for
    all of it where only the first are shown; `marked` is the file with every fault in its cell.
    """

    sheet = models.CharField(_("内容"), max_length=10, choices=choices(SHEETS))
    appointment = models.ForeignKey(
        "accounts.Appointment", models.PROTECT, null=True, blank=True, related_name="+"
    )

    marked = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("标注文件")
    )

    objects = RegisterImportQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("上传的登记表")
        constraints = [
            models.CheckConstraint(
                name="register_import_applied_stamp",
                condition=Q(state=ImportState.APPLIED, applied_at__isnull=False)
                | (~Q(state=ImportState.APPLIED) & Q(applied_at=None)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.file} · {self.get_sheet_display()}"
