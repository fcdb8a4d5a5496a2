"""Workbooks handed in for a return."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.roles import SYSTEM, Role
from office.models import Job, StoredFile
from reporting.models.returns import Return


class ImportState(models.TextChoices):
    WAITING = "waiting", _("检查中")
    CHECKED = "checked", _("待确认")
    APPLIED = "applied", _("已写入")
    DROPPED = "dropped", _("未写入")


class WorkbookImportQuerySet(models.QuerySet["WorkbookImport"]):
    def visible_to(self, actor: Any) -> WorkbookImportQuerySet:
        """A file of a draft is as private as the draft: the carrier's own staff, and auditors."""
        if actor.role not in (SYSTEM, Role.CARRIER_STAFF, Role.AUDITOR):
            return self.none()
        return self.filter(return_of__in=Return.objects.visible_to(actor))


class WorkbookImport(models.Model):
    """One file of one carrier: checked, shown, then applied or dropped.

    `report` is what the contract promises (`carrier, year, outcome, applied, tables, problems`);
    `changes` is the preview: `{"fields": [[code, old, new]], "rows": {table: [[key, kind]]}}`;
    `decisions` says of each table whether rows that are no longer in the file leave:
    `{table: "leave" | "keep"}`; of a pasted table, `pasted` says which table and columns it is.
    """

    return_of = models.ForeignKey(Return, models.PROTECT, related_name="imports")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.WAITING)
    report = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    decisions = models.JSONField(default=dict, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    applied_at = models.DateTimeField(_("写入时间"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = WorkbookImportQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("上传的报表")
        constraints = [
            models.CheckConstraint(
                name="workbook_import_applied_stamp",
                condition=Q(state=ImportState.APPLIED, applied_at__isnull=False)
                | (~Q(state=ImportState.APPLIED) & Q(applied_at=None)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.file} · {self.return_of}"
