"""Policies, and the money that came of them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import CHECKING, SYSTEM, Role
from evaluation.models import Run
from funding.rules.lifecycle import ALLOCATION
from registry.models import Carrier

_USER = settings.AUTH_USER_MODEL
_SEEING = frozenset({SYSTEM, Role.PROVINCE_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR})


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, actor: Any) -> PolicyQuerySet:
        """Officials all of them; others those under which money was decided."""
        if actor.role in _SEEING or actor.role in CHECKING:
            return self.all()
        return self.filter(allocations__state="confirmed").distinct()


class Policy(models.Model):
    """A subsidy policy as loaded; a used version never changes."""

    code = models.SlugField(_("代码"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=200)
    source = models.TextField()
    digest = models.CharField(max_length=71)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("制定地区"))
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PolicyQuerySet.as_manager()

    class Meta:
        ordering = ("code", "-version")
        verbose_name = _("奖补政策")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="policy_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, actor: Any) -> AllocationQuerySet:
        return self.all() if actor.role in _SEEING else self.filter(state="confirmed")


class Allocation(models.Model):
    """A policy applied to a run's published results. `result` is the contract's JSON without its rows."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="allocations")
    run = models.ForeignKey(Run, models.PROTECT, related_name="allocations")
    state = models.CharField(
        _("状态"),
        max_length=10,
        choices=[(state, _(title.msgid)) for state, title in ALLOCATION.states],
        default="draft",
    )
    version = models.PositiveIntegerField(default=0)
    claimed = models.DecimalField(_("应得（元）"), max_digits=16, decimal_places=2)
    allocated = models.DecimalField(_("分配（元）"), max_digits=16, decimal_places=2)
    result = models.JSONField(default=dict)
    result_digest = models.CharField(max_length=71)
    prepared_at = models.DateTimeField(_("测算时间"))
    prepared_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("核定时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AllocationQuerySet.as_manager()

    class Meta:
        ordering = ("-prepared_at",)
        verbose_name = _("资金分配")
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "run"], condition=~Q(state="dropped"), name="allocation_once"
            ),
            models.CheckConstraint(
                name="allocation_amounts", condition=Q(allocated__gte=0, claimed__gte=F("allocated"))
            ),
            models.CheckConstraint(
                name="allocation_confirmed_stamp",
                condition=Q(state="confirmed", confirmed_at__isnull=False)
                | (~Q(state="confirmed") & Q(confirmed_at=None, confirmed_by=None)),
            ),
            # Maker and checker are two persons.
            models.CheckConstraint(
                name="allocation_two_persons",
                condition=Q(confirmed_by=None) | Q(prepared_by=None) | ~Q(confirmed_by=F("prepared_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.policy} · {self.run}"


class AwardQuerySet(models.QuerySet["Award"]):
    def public(self) -> AwardQuerySet:
        """Money that was decided."""
        return self.filter(allocation__state="confirmed")

    def visible_to(self, actor: Any) -> AwardQuerySet:
        return self.all() if actor.role in _SEEING else self.public()


class Award(models.Model):
    """One amount of one carrier, in yuan, with the words of what made it."""

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="awards")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="awards")
    code = models.CharField(_("奖项"), max_length=60)
    title = models.CharField(_("名称"), max_length=120)
    payer = models.CharField(_("出资方"), max_length=60, blank=True)
    claimed = models.DecimalField(_("应得（元）"), max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)
    because = models.JSONField(default=list)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ("allocation_id", "carrier_id", "pk")
        verbose_name = _("奖补")
        constraints = [
            models.UniqueConstraint(fields=["allocation", "carrier", "code"], name="award_once"),
            models.CheckConstraint(
                name="award_amount_in_bounds", condition=Q(amount__gte=0, claimed__gte=F("amount"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.code} {self.amount}"
