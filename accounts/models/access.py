"""How people got in: sessions and tokens."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.people import Appointment, User
from accounts.rules.roles import Role


class SignInQuerySet(models.QuerySet["SignIn"]):
    def visible_to(self, actor: Any) -> SignInQuerySet:
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()

    def managed_by(self, actor: Any) -> SignInQuerySet:
        """Everybody's, for those who guard the doors."""
        return self.all() if actor.role == Role.SECURITY_ADMINISTRATOR else self.none()


class SignIn(models.Model):
    """One sign-in on pages, so that its person sees where they are signed in and can end it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(_("来源地址"), null=True, blank=True)
    agent = models.CharField(_("浏览器"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("登录时间"))
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SignInQuerySet.as_manager()

    class Meta:
        ordering = ("-started_at",)
        verbose_name = _("登录记录")
        constraints = [
            models.CheckConstraint(
                name="sign_in_times_in_order",
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.started_at:%Y-%m-%d %H:%M}"


class OwnQuerySet(models.QuerySet[Any]):
    """Rows of one person: their own, and everybody's for those who guard the doors."""

    def visible_to(self, actor: Any) -> OwnQuerySet:
        return self.filter(user_id=actor.user_id) if actor.user_id else self.none()

    def managed_by(self, actor: Any) -> OwnQuerySet:
        return self.all() if actor.role == Role.SECURITY_ADMINISTRATOR else self.none()


class SecondFactor(models.Model):
    """The device that makes a person's codes. `sealed` is its key, encrypted, `pending` that of a device
    which has not shown a code yet; `last_step` the newest time step whose code was taken, so that none is
    taken twice; `failures` those since the last code that was right."""

    user = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    sealed = models.CharField(max_length=255, blank=True)
    pending = models.CharField(max_length=255, blank=True)
    confirmed_at = models.DateTimeField(_("启用时间"), null=True, blank=True)
    last_step = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("动态口令")
        constraints = [
            models.CheckConstraint(
                name="second_factor_confirmed_whole",
                condition=models.Q(confirmed_at=None, sealed="")
                | (models.Q(confirmed_at__isnull=False) & ~models.Q(sealed="")),
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class RecoveryCode(models.Model):
    """A code that stands once for a lost device; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("备用码")

    def __str__(self) -> str:
        return str(self.user)


class TokenGrantQuerySet(models.QuerySet["TokenGrant"]):
    def visible_to(self, actor: Any) -> TokenGrantQuerySet:
        return self.filter(appointment__user_id=actor.user_id) if actor.user_id else self.none()

    def managed_by(self, actor: Any) -> TokenGrantQuerySet:
        """Everybody's, for those who guard the doors."""
        return self.all() if actor.role == Role.SECURITY_ADMINISTRATOR else self.none()


class TokenGrant(models.Model):
    """Under which appointment a token acts: one, for good. It ends with either."""

    token = models.OneToOneField("knox.AuthToken", models.CASCADE, related_name="grant")
    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="+")
    label = models.CharField(_("用途"), max_length=60)
    created_at = models.DateTimeField(_("创建时间"))

    objects = TokenGrantQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)
        verbose_name = _("接口令牌")

    def __str__(self) -> str:
        return self.label
