"""Long work as a row: the row is the truth, the queue carries only its id."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Appointment
from accounts.rules.roles import Role
from office.models.files import StoredFile


class JobState(models.TextChoices):
    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未成功")
    CANCELLED = "cancelled", _("已取消")


ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, actor: Any) -> JobQuerySet:
        if actor.role == Role.SYSTEM_ADMINISTRATOR:
            return self.all()
        return self.filter(owner_id=actor.user_id) if actor.user_id else self.none()


class Job(models.Model):
    """`handler` is the dotted name of the function that does the work, `arguments` its ids.

    The worker that holds the lease holds `lease_token`; every commit of its work checks the token,
    so a worker that was thought dead cannot write after its successor. `sent_at` is when its id was last
    put on the queue; `awaits_owner` says that it is done and its owner has to confirm what it found. Of one
    `lane` (`import:FH-0001`) at most one is open at a time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handler = models.CharField(max_length=120)
    title = models.CharField(_("事项"), max_length=200)
    arguments = models.JSONField(default=dict, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=JobState, default=JobState.WAITING)
    created_at = models.DateTimeField(_("提交时间"))
    sent_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict, blank=True)
    failure = models.TextField(blank=True)
    source = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    link = models.CharField(max_length=200, blank=True)
    awaits_owner = models.BooleanField(default=False)
    lane = models.CharField(max_length=80, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("任务")
        indexes = [
            models.Index(fields=["state", "lease_until"], name="job_sweep"),
            models.Index(fields=["owner", "-created_at"], name="job_owner"),
            models.Index(fields=["-created_at"], name="job_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_ended_has_its_stamp",
                condition=Q(state__in=ENDED, ended_at__isnull=False)
                | (~Q(state__in=ENDED) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="job_running_has_a_lease",
                condition=~Q(state=JobState.RUNNING)
                | Q(lease_until__isnull=False, started_at__isnull=False, lease_token__gt=0),
            ),
            models.CheckConstraint(
                name="job_awaits_when_done",
                condition=Q(awaits_owner=False) | Q(state=JobState.DONE),
            ),
            models.UniqueConstraint(
                name="job_one_open_a_lane",
                fields=["lane"],
                condition=~Q(lane="") & Q(state__in=(JobState.WAITING, JobState.RUNNING)),
            ),
            models.CheckConstraint(
                name="job_times_in_order",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("created_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_ended(self) -> bool:
        return self.state in ENDED
