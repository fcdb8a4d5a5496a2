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
OVERSEEING = frozenset({Role.PROVINCE_OFFICER, Role.FINANCE_OFFICER, Role.AUDITOR})
_SEEING = CHECKING | OVERSEEING | {SYSTEM}


def overseen(actor: Any, prefix: str = "") -> Q:
    """What was decided, and of the rest what lies in the region of those who pay or audit; `prefix` leads
    to the allocation."""
    if actor.role == SYSTEM:
        return Q()
    out = Q(**{f"{prefix}state": "confirmed"})
    if actor.role in OVERSEEING and actor.region_path:
        out |= Q(**{f"{prefix}policy__region__path__startswith": actor.region_path})
    return out


class PolicyQuerySet(models.QuerySet["Policy"]):
    def visible_to(self, actor: Any) -> PolicyQuerySet:
        """Officials all of them; others those under which money was decided."""
        if actor.role in _SEEING:
            return self.all()
        return self.filter(pk__in=Allocation.objects.filter(state="confirmed").values("policy_id"))


class Policy(models.Model):
    """A subsidy policy as loaded; a used version never changes."""

    code = models.SlugField(_("代码"), max_length=100)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=500)
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
        return self.filter(overseen(actor))


class Allocation(models.Model):
    """A policy applied to a run's published results. `result` is the contract's JSON without its rows.

    `budget` is what all payers together may spend, `None` where one of them has no limit; `result_digest`
    is the SHA-256 of the canonical JSON of the run's result digest and the whole of the contract's JSON.
    """

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
    budget = models.DecimalField(_("预算（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    result = models.JSONField(default=dict)
    result_digest = models.CharField(max_length=71)
    prepared_at = models.DateTimeField(_("测算时间"))
    prepared_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(_("核定时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    dropped_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.TextField(_("办理意见"), blank=True)

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
                name="allocation_in_budget", condition=Q(budget=None) | Q(allocated__lte=F("budget"))
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
        return self.filter(overseen(actor, "allocation__"))


class Award(models.Model):
    """One amount of one carrier, in yuan, with the words of what made it.

    `programme` (the policy's code) and `year` (the run's) say for what it is paid: nobody is paid twice for
    the same, whatever version or run it came of. `is_live` ends when the allocation is dropped.
    """

    allocation = models.ForeignKey(Allocation, models.PROTECT, related_name="awards")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="awards")
    city = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("设区市"))
    programme = models.SlugField(max_length=100)
    year = models.PositiveSmallIntegerField(_("年度"))
    is_live = models.BooleanField(default=True)
    code = models.CharField(_("奖项"), max_length=100)
    title = models.CharField(_("名称"), max_length=500)
    payer = models.CharField(_("出资方"), max_length=100, blank=True)
    claimed = models.DecimalField(_("应得（元）"), max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("金额（元）"), max_digits=14, decimal_places=2)
    because = models.JSONField(default=list)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ("allocation_id", "carrier_id", "pk")
        verbose_name = _("奖补")
        constraints = [
            models.UniqueConstraint(fields=["allocation", "carrier", "code"], name="award_once"),
            models.UniqueConstraint(
                fields=["carrier", "year", "programme", "code"],
                condition=Q(is_live=True),
                name="award_once_a_year",
            ),
            models.CheckConstraint(
                name="award_amount_in_bounds", condition=Q(amount__gte=0, claimed__gte=F("amount"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.code} {self.amount}"
