"""What was told once and is not told again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.models.returns import Return


class ReminderKind(models.TextChoices):
    LADDER = "ladder", _("按期提醒")
    NUDGE = "nudge", _("催办")
    OVERDUE = "overdue", _("审核超时上报")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, actor: Any) -> ReminderQuerySet:
        return self.filter(return_of__in=Return.objects.visible_to(actor))


class Reminder(models.Model):
    """One step of a return's reminders: a rung of the ladder before an instant, an officer's word of a day,
    an office that was late since a day. `people`: how many could be told."""

    return_of = models.ForeignKey(Return, models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=8, choices=ReminderKind)
    step = models.CharField(max_length=60)
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    people = models.PositiveSmallIntegerField(_("人数"), default=0)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("提醒")
        constraints = [models.UniqueConstraint(fields=["return_of", "kind", "step"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.return_of} {self.kind} {self.step}"
