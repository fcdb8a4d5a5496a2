"""Tenants, teams, and their stays in carriers."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from office.models import StoredFile
from registry.models.carriers import Carrier, choices
from registry.rules.vocabulary import FIELDS, GRADUATED


class TenantQuerySet(models.QuerySet["Tenant"]):
    def visible_to(self, actor: Any) -> TenantQuerySet:
        """Those who are or were in a carrier of one's scope. No join: a row stands once, and a page of many
        hundred thousand is read without sorting them all."""
        mine = Stay.objects.visible_to(actor).filter(tenant=models.OuterRef("pk"))
        return self.filter(models.Exists(mine))


class Tenant(models.Model):
    """A company in the register, one row a credit code for the whole root region."""

    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("企业名称"), max_length=100, db_index=True)
    founded = models.DateField(_("成立日期"), null=True, blank=True)
    field = models.CharField(_("技术领域"), max_length=20, choices=choices(FIELDS), blank=True)
    high_tech_since = models.DateField(_("认定高企日期"), null=True, blank=True)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ("credit_code",)
        verbose_name = _("在孵企业")

    def __str__(self) -> str:
        return self.name


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, actor: Any) -> TeamQuerySet:
        return self.filter(stays__carrier__in=Carrier.objects.managed_by(actor)).distinct()


class Team(models.Model):
    """A team that is no company yet; the portal numbers it."""

    team_no = models.CharField(_("团队编号"), max_length=24, unique=True)
    name = models.CharField(_("团队名称"), max_length=100)
    field = models.CharField(_("技术领域"), max_length=20, choices=choices(FIELDS), blank=True)
    formed = models.DateField(_("组建日期"), null=True, blank=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ("team_no",)
        verbose_name = _("创业团队")

    def __str__(self) -> str:
        return self.name


class StayQuerySet(models.QuerySet["Stay"]):
    def visible_to(self, actor: Any) -> StayQuerySet:
        return self.filter(carrier__in=Carrier.objects.managed_by(actor))

    def current(self) -> StayQuerySet:
        """Those that have not ended."""
        return self.filter(ended=None)


class Stay(models.Model):
    """A tenant or team in a carrier, from the day it entered to the day it left or graduated.

    `graduated_by` is one of the four conditions, `unstated` where a list said no more; `evidence` shows it.
    """

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="stays")
    tenant = models.ForeignKey(Tenant, models.PROTECT, null=True, blank=True, related_name="stays")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="stays")
    entered = models.DateField(_("入驻日期"))
    ended = models.DateField(_("离开日期"), null=True, blank=True)
    graduated_by = models.CharField(_("毕业条件"), max_length=12, choices=choices(GRADUATED), blank=True)
    evidence = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("毕业证明材料")
    )
    updated_at = models.DateTimeField()

    objects = StayQuerySet.as_manager()

    class Meta:
        ordering = ("carrier_id", "entered", "pk")
        verbose_name = _("入驻")
        indexes = [
            models.Index(fields=["carrier", "ended"], name="stay_carrier_current"),
        ]
        constraints = [
            models.CheckConstraint(
                name="stay_of_a_tenant_or_a_team",
                condition=Q(tenant__isnull=False, team=None) | Q(tenant=None, team__isnull=False),
            ),
            models.CheckConstraint(
                name="stay_dates_in_order", condition=Q(ended=None) | Q(ended__gte=F("entered"))
            ),
            models.CheckConstraint(
                name="stay_graduated_has_ended", condition=Q(graduated_by="") | Q(ended__isnull=False)
            ),
            models.CheckConstraint(
                name="stay_evidence_of_graduation", condition=Q(evidence=None) | ~Q(graduated_by="")
            ),
            models.UniqueConstraint(
                fields=["carrier", "tenant"], condition=Q(ended=None), name="stay_tenant_once"
            ),
            models.UniqueConstraint(
                fields=["carrier", "team"], condition=Q(ended=None), name="stay_team_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant or self.team} @ {self.carrier}"
