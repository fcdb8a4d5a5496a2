"""Days on which the offices' clock runs, where they differ from the published calendar."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkdayQuerySet(models.QuerySet["WorkdayOverride"]):
    def visible_to(self, actor: Any) -> WorkdayQuerySet:
        """Public, as the State Council's notice is."""
        return self.all()


class WorkdayOverride(models.Model):
    """A day that staff set by the notice, over what the calendar library estimates."""

    day = models.DateField(_("日期"), primary_key=True)
    is_working = models.BooleanField(_("上班"))
    note = models.CharField(_("依据"), max_length=100)

    objects = WorkdayQuerySet.as_manager()

    class Meta:
        ordering = ("day",)
        verbose_name = _("工作日调整")

    def __str__(self) -> str:
        return f"{self.day} {'+' if self.is_working else '-'}"
