"""Dates of parts of a campaign, and longer time that was granted."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import SYSTEM, Role
from registry.models import Carrier
from reporting.models.forms import SEEING, Campaign
from reporting.rules.terms import Term

_USER = settings.AUTH_USER_MODEL


def _along(actor: Any, name: str) -> Q:
    """Of regions above, at and below the actor's."""
    above = [code for code in actor.region_path.strip("/").split("/") if code]
    return Q(**{f"{name}__path__startswith": actor.region_path}) | Q(**{f"{name}__code__in": above})


class CampaignTermQuerySet(models.QuerySet["CampaignTerm"]):
    def visible_to(self, actor: Any) -> CampaignTermQuerySet:
        """Officers and auditors those of regions above, at and below theirs; a carrier sees its own dates."""
        if actor.role == SYSTEM:
            return self.all()
        if actor.role not in SEEING or not actor.region_path:
            return self.none()
        return self.filter(_along(actor, "region"), campaign__in=Campaign.objects.visible_to(actor))


class CampaignTerm(models.Model):
    """The three dates for carriers at or below a region, of one level (empty: of all). `by_owner`: set by who
    owns the campaign; others may only be earlier. `office`: whose it is; no office below takes it away. What
    stood before is in the audit."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="terms")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区域"))
    level = models.CharField(_("载体级别"), max_length=20, blank=True)
    office = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("设定部门"))
    by_owner = models.BooleanField(_("主管部门设定"))
    last_start_at = models.DateTimeField(_("最迟开始填报"))
    due_at = models.DateTimeField(_("填报截止"))
    correct_by = models.DateTimeField(_("修改截止"))
    reason = models.CharField(_("理由"), max_length=200)
    set_at = models.DateTimeField(_("设定时间"))
    set_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")

    objects = CampaignTermQuerySet.as_manager()

    class Meta:
        ordering = ("campaign_id", "region__path", "level", "pk")
        verbose_name = _("分级分区期限")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "region", "level", "office"], name="campaign_term_once"
            ),
            models.CheckConstraint(
                name="campaign_term_dates_in_order",
                condition=Q(last_start_at__lte=F("due_at")) & Q(due_at__lte=F("correct_by")),
            ),
            models.CheckConstraint(name="campaign_term_has_a_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.region} {self.level}".strip()

    @property
    def term(self) -> Term:
        """As the rules know it; the region is asked for."""
        dates = (self.last_start_at, self.due_at, self.correct_by)
        return Term(self.region.path, self.level, self.by_owner, *dates)


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def visible_to(self, actor: Any) -> ExtensionQuerySet:
        """A carrier those that it was granted; officers and auditors those of their scope and above."""
        if actor.role == SYSTEM:
            return self.all()
        if actor.role == Role.CARRIER_STAFF:
            mine = Q(carrier__code=actor.carrier_code) | Q(returns__carrier__code=actor.carrier_code)
            return self.filter(mine).distinct()
        if actor.role not in SEEING or not actor.region_path:
            return self.none()
        theirs = Q(carrier__region__path__startswith=actor.region_path)
        return self.filter(theirs | _along(actor, "region"), campaign__in=Campaign.objects.visible_to(actor))


class Extension(models.Model):
    """Longer time, for one carrier or for a region: until then the carrier may begin, fill and correct.

    `office`: who granted it; no office below takes it back. `used_at`: the first save or submission that only
    this made possible; from then on it stays.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="extensions")
    carrier = models.ForeignKey(Carrier, models.PROTECT, null=True, blank=True, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("批准部门"))
    until = models.DateTimeField(_("延至"))
    clause = models.CharField(_("依据"), max_length=200)
    granted_at = models.DateTimeField(_("批准时间"))
    granted_by = models.ForeignKey(_USER, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(_("首次使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    revoked_by = models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_why = models.CharField(_("撤销理由"), max_length=200, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("延期")
        constraints = [
            models.CheckConstraint(
                name="extension_has_one_target",
                condition=Q(carrier=None, region__isnull=False) | Q(carrier__isnull=False, region=None),
            ),
            models.CheckConstraint(name="extension_ends_later", condition=Q(until__gt=F("granted_at"))),
            models.CheckConstraint(name="extension_has_a_clause", condition=~Q(clause="")),
            models.CheckConstraint(
                name="extension_revoked_whole",
                condition=Q(revoked_at=None, revoked_why="")
                | (Q(revoked_at__isnull=False, used_at=None) & ~Q(revoked_why="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.carrier or self.region}"
