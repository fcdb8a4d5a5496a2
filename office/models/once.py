"""What must happen once: a request that is sent again, a period that two schedulers begin."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotentQuerySet(models.QuerySet["IdempotentRequest"]):
    def visible_to(self, actor: Any) -> IdempotentQuerySet:
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()


class IdempotentRequest(models.Model):
    """The answer that was given to an `Idempotency-Key`, for those who send the same request again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_index=True)

    objects = IdempotentQuerySet.as_manager()

    class Meta:
        verbose_name = _("幂等请求")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotent_once")]

    def __str__(self) -> str:
        return self.key


class PeriodQuerySet(models.QuerySet["PeriodRun"]):
    def visible_to(self, actor: Any) -> PeriodQuerySet:
        return self.all()


class PeriodRun(models.Model):
    """A scheduled task's run of one period: the unique row is its lock."""

    task = models.CharField(max_length=60)
    period = models.CharField(max_length=30)
    started_at = models.DateTimeField()

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("定时任务")
        constraints = [models.UniqueConstraint(fields=["task", "period"], name="period_once")]

    def __str__(self) -> str:
        return f"{self.task} {self.period}"
