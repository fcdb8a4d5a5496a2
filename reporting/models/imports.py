"""Workbooks handed in for a return."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.roles import SYSTEM, Role
from office.models import FileImport, ImportState
from reporting.models.returns import Return


class WorkbookImportQuerySet(models.QuerySet["WorkbookImport"]):
    def visible_to(self, actor: Any) -> WorkbookImportQuerySet:
        """A file of a draft is as private as the draft: the carrier's own staff, and auditors."""
        if actor.role not in (SYSTEM, Role.CARRIER_STAFF, Role.AUDITOR):
            return self.none()
        return self.filter(return_of__in=Return.objects.visible_to(actor))


class WorkbookImport(FileImport):
    """One file of one carrier: checked, shown, then applied or dropped.

    `report` is what the contract promises (`carrier, year, outcome, applied, tables, problems`);
    `changes` is the preview: `{"fields": [[code, old, new]], "rows": {table: [[key, kind]]}}`;
    `decisions` says of each table whether rows that are no longer in the file leave:
    `{table: "leave" | "keep"}`; of a pasted table, `pasted` says which table and columns it is.
    """

    return_of = models.ForeignKey(Return, models.PROTECT, related_name="imports")

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
