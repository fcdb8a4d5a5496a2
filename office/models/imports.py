"""Files that are handed in to be read, looked at, and then applied or dropped: what every room's have."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from office.models.files import StoredFile
from office.models.jobs import Job


class ImportState(models.TextChoices):
    WAITING = "waiting", _("检查中")
    CHECKED = "checked", _("待确认")
    APPLIED = "applied", _("已写入")
    DROPPED = "dropped", _("未写入")


class FileImport(models.Model):
    """One file: `report` is what was found in it, `changes` the preview, `decisions` what was confirmed."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.WAITING)
    report = models.JSONField(default=dict, blank=True)
    changes = models.JSONField(default=dict, blank=True)
    decisions = models.JSONField(default=dict, blank=True)
    received_at = models.DateTimeField(_("收到时间"))
    applied_at = models.DateTimeField(_("写入时间"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True
