"""Who did what to what, when and why: rows that are added in the act's own transaction and never change."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.rules.roles import PUBLIC, SYSTEM, TITLES, Role
from core.text import T, Text
from office.rules import acts

OTHERS = {PUBLIC: T("访客"), SYSTEM: T("系统")}


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, actor: Any) -> AuditQuerySet:
        return self.all() if actor.role == Role.AUDITOR else self.none()

    def of_the_portal(self, *actions: str) -> AuditQuerySet:
        """When the portal itself was last loaded or checked: no person's act is shown by this."""
        return self.filter(action__in=actions)


class AuditEntry(models.Model):
    """Names and roles are kept as they were; the entry stands even when the person is gone."""

    at = models.DateTimeField(_("时间"), db_index=True)
    user_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    user_name = models.CharField(_("人员"), max_length=40)
    role = models.CharField(_("身份"), max_length=24)
    appointment_id = models.BigIntegerField(null=True, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    action = models.CharField(_("动作"), max_length=60, db_index=True)
    object_type = models.CharField(_("对象"), max_length=40)
    object_key = models.CharField(_("编号"), max_length=80, db_index=True)
    detail = models.JSONField(_("内容"), default=dict)
    reason = models.TextField(_("理由"), blank=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("审计记录")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name} {self.action} {self.object_key}"

    @property
    def action_title(self) -> Text | str:
        """What was done, in words."""
        return acts.words_of(self.action)

    @property
    def object_title(self) -> str:
        """What kind of thing it was done to: the table's name for people, else the word of then."""
        try:
            return str(apps.get_model(self.object_type)._meta.verbose_name)
        except (LookupError, ValueError):
            return self.object_type

    @property
    def role_title(self) -> Text:
        """The role of that time, in words."""
        return TITLES[Role(self.role)] if self.role in set(Role) else OTHERS[self.role]


class AuditSealQuerySet(models.QuerySet["AuditSeal"]):
    def visible_to(self, actor: Any) -> AuditSealQuerySet:
        return self.all() if actor.role == Role.AUDITOR else self.none()


class AuditSeal(models.Model):
    """The chain: each seal hashes its entry and the seal before. Written by the sealer, one after another."""

    position = models.PositiveBigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, models.PROTECT, related_name="seal")
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    objects = AuditSealQuerySet.as_manager()

    class Meta:
        ordering = ("position",)
        verbose_name = _("审计封印")

    def __str__(self) -> str:
        return f"{self.position} {self.digest[:12]}"
