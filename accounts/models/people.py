"""People and what they are appointed to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.regions import Region
from accounts.rules.duties import TITLES as DUTIES
from accounts.rules.duties import Duty
from accounts.rules.roles import SYSTEM, TITLES, Role
from core.http import said


class UserQuerySet(models.QuerySet["User"]):
    def visible_to(self, actor: Any) -> UserQuerySet:
        """Administrators and the portal see everybody, others themselves: there is no directory of people."""
        if actor.role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, SYSTEM):
            return self.all()
        return self.filter(pk=actor.user_id)

    def managed_by(self, actor: Any) -> UserQuerySet:
        """Whose ways in one may mend: everybody's, for security administrators."""
        return self.all() if actor.role == Role.SECURITY_ADMINISTRATOR else self.none()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        user: User = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. What they may do stands in their appointments, not here."""

    username = models.CharField(_("用户名"), max_length=40, unique=True)
    name = models.CharField(_("姓名"), max_length=40)
    email = models.EmailField(_("电子邮箱"), blank=True)
    phone = models.CharField(_("手机"), max_length=20, blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(_("启用"), default=True)
    is_staff = models.BooleanField(_("可进入后台"), default=False)
    oidc_subject = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("用户")
        constraints = [
            models.UniqueConstraint(
                fields=["oidc_subject"], name="user_oidc_subject_once", condition=~Q(oidc_subject="")
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username


def _role_choices() -> list[tuple[str, str]]:
    return [(role.value, str(TITLES[role])) for role in Role]


def _duty_choices() -> list[tuple[str, str]]:
    return [(duty.value, str(DUTIES[duty])) for duty in Duty]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, actor: Any) -> AppointmentQuerySet:
        if actor.role in (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDITOR):
            return self.all()
        return self.filter(user_id=actor.user_id)

    def valid_on(self, day: date) -> AppointmentQuerySet:
        """Those in their term and not taken away, of people who may sign in; a delegated one only as long
        as the giver's own holds."""
        held = _held_on(day, "")
        given = Q(delegated_from=None) | _held_on(day, "delegated_from__")
        return self.filter(held, given)


def _held_on(day: date, at: str) -> Q:
    begun = {f"{at}valid_from__lte": day, f"{at}user__is_active": True, f"{at}revoked_at": None}
    return Q(**begun) & (Q(**{f"{at}valid_to": None}) | Q(**{f"{at}valid_to__gte": day}))


class Appointment(models.Model):
    """A role over a region or a carrier for a term.

    A carrier is named by its permanent code: what it is stands in the registry, a room above. Staff who
    leave are `succeeded_by` whoever took over. One that is `delegated_from` another is that person's,
    lent for a time, and ends with it.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.CharField(_("身份"), max_length=24, choices=_role_choices)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    carrier_code = models.CharField(_("载体编号"), max_length=24, blank=True, db_index=True)
    duty = models.CharField(_("职责"), max_length=12, choices=_duty_choices, blank=True)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    valid_from = models.DateField(_("自"))
    valid_to = models.DateField(_("至"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    succeeded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("接任")
    )
    delegated_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="delegations", verbose_name=_("受托于")
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("任职")
        constraints = [
            models.CheckConstraint(
                name="appointment_dates_in_order",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="appointment_scope_fits_role",
                condition=(Q(role=Role.CARRIER_STAFF.value) & ~Q(carrier_code="") & Q(region=None))
                | (~Q(role=Role.CARRIER_STAFF.value) & Q(carrier_code="", region__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "region", "carrier_code", "valid_from"],
                name="appointment_once",
                condition=Q(revoked_at=None),
            ),
            models.CheckConstraint(
                name="appointment_duty_of_staff",
                condition=Q(duty="") | Q(role=Role.CARRIER_STAFF.value, duty__in=[d.value for d in Duty]),
            ),
            models.CheckConstraint(
                name="appointment_delegated_ends",
                condition=Q(delegated_from=None) | Q(valid_to__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["carrier_code"],
                name="appointment_one_responsible",
                condition=Q(
                    duty=Duty.RESPONSIBLE.value, revoked_at=None, succeeded_by=None, delegated_from=None
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{said(TITLES[Role(self.role)])} · {self.carrier_code or self.region}"
