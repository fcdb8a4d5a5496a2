"""Files by content. A file has no address of its own: who may see the thing it belongs to gets it there."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, actor: Any) -> StoredFileQuerySet:
        """One's own uploads and results; other files are reached through what they belong to."""
        return self.filter(owner_id=actor.user_id) if actor.user_id else self.none()


class StoredFile(models.Model):
    """What was handed in (`is_upload`) or made, under its SHA-256; `name` is what the person called it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("大小"))
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=100)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField(_("收到时间"))
    is_upload = models.BooleanField(_("上传"), default=False)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("文件")
        indexes = [models.Index(fields=["owner", "received_at"], name="file_quota")]

    def __str__(self) -> str:
        return self.name

    @property
    def storage_name(self) -> str:
        return f"{self.sha256[:2]}/{self.sha256}"
