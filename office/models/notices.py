"""What people are told, in the portal and outside it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.roles import Role
from core.text import Text


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, actor: Any) -> NoticeQuerySet:
        return self.filter(recipient_id=actor.user_id) if actor.user_id else self.none()


class Notice(models.Model):
    """A message in the portal: a sentence with its values, so that it is read in the reader's language."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    sentence = models.CharField(max_length=300)
    values = models.JSONField(default=dict, blank=True)
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("消息")
        indexes = [models.Index(fields=["recipient", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return str(self.text)

    @property
    def text(self) -> Text:
        """The sentence with its values, to be said in the reader's language."""
        return Text(self.sentence, self.values)


class Channel(models.TextChoices):
    MAIL = "mail", _("邮件")
    SMS = "sms", _("短信")


class OutboxState(models.TextChoices):
    WAITING = "waiting", _("待发")
    SENT = "sent", _("已发")
    FAILED = "failed", _("未发出")


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def visible_to(self, actor: Any) -> OutboxQuerySet:
        return self.all() if actor.role == Role.SYSTEM_ADMINISTRATOR else self.none()


class OutboxMessage(models.Model):
    """One message to one address, written in the act's transaction, sent by the worker, at most three tries.

    Until `try_after` nobody else takes it: the time of a try that runs, or the pause after one that failed.
    """

    channel = models.CharField(max_length=4, choices=Channel)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    headers = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=8, choices=OutboxState, default=OutboxState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    try_after = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=300, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("待发消息")
        indexes = [models.Index(fields=["state", "id"], name="outbox_waiting")]
        constraints = [
            models.CheckConstraint(
                name="outbox_sent_has_its_stamp",
                condition=Q(state=OutboxState.SENT, sent_at__isnull=False)
                | (~Q(state=OutboxState.SENT) & Q(sent_at=None)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}"


class NoticePreferenceQuerySet(models.QuerySet["NoticePreference"]):
    def visible_to(self, actor: Any) -> NoticePreferenceQuerySet:
        return self.filter(person_id=actor.user_id) if actor.user_id else self.none()


class NoticePreference(models.Model):
    """By which ways a person is told beside the portal's own page, which always tells. No row:
    by mail, at once.

    `digest`: one mail a day with what is unread; `digest_sent_at` is up to when it told.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_preference"
    )
    mail = models.BooleanField(_("邮件"), default=True)
    sms = models.BooleanField(_("短信"), default=False)
    digest = models.BooleanField(_("每天一封汇总"), default=False)
    digest_sent_at = models.DateTimeField(null=True, blank=True)

    objects = NoticePreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知方式")

    def __str__(self) -> str:
        return str(self.person)
