"""Forms as loaded, and the campaigns that ask for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import SYSTEM, Role
from reporting.rules.deadlines import Dates
from reporting.rules.reminding import LADDER

SEEING = frozenset({Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.PROVINCE_OFFICER, Role.AUDITOR})


class FormQuerySet(models.QuerySet["Form"]):
    def visible_to(self, actor: Any) -> FormQuerySet:
        """A form is no secret: everybody who signed in."""
        return self.none() if actor.is_public else self.all()


class Form(models.Model):
    """One version of a form as its file says it. What a campaign uses never changes (trigger)."""

    code = models.CharField(_("代码"), max_length=100)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=200)
    kinds = models.JSONField(_("适用载体类型"), default=list)
    source = models.TextField(_("表单文件"))
    digest = models.CharField(max_length=80)
    owner_region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    loaded_at = models.DateTimeField(_("导入时间"))

    objects = FormQuerySet.as_manager()

    class Meta:
        ordering = ("code", "-version")
        verbose_name = _("报表表单")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="form_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


def default_ladder() -> list[int]:
    """Days before a date on which carriers are reminded."""
    return list(LADDER)


class CampaignState(models.TextChoices):
    OPEN = "open", _("进行中")
    CLOSED = "closed", _("已关闭")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, actor: Any) -> CampaignQuerySet:
        """Carrier staff: those that ask their carrier. Officers: those of regions above, at, below theirs."""
        if actor.role == SYSTEM:
            return self.all()
        if actor.role == Role.CARRIER_STAFF:
            return self.filter(returns__carrier__code=actor.carrier_code).distinct()
        path = actor.region_path
        if actor.role not in SEEING or not path:
            return self.none()
        above = [code for code in path.strip("/").split("/") if code]
        return self.filter(Q(region__path__startswith=path) | Q(region__code__in=above))


class Campaign(models.Model):
    """A year's call for returns: by a region, for the carriers below it, with one form.

    `year` is the year that the figures describe. Dates are instants; each takes what came before it.
    `ladder`: how many days before a date those who still owe are reminded, the most first; empty for never.
    """

    year = models.PositiveSmallIntegerField(_("数据年度"))
    form = models.ForeignKey(Form, models.PROTECT, related_name="campaigns")
    form_code = models.CharField(max_length=100)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("发起区域"))
    title = models.CharField(_("名称"), max_length=200)
    opens_at = models.DateTimeField(_("开始时间"))
    last_start_at = models.DateTimeField(_("最迟开始填报"))
    due_at = models.DateTimeField(_("填报截止"))
    correct_by = models.DateTimeField(_("修改截止"))
    state = models.CharField(max_length=8, choices=CampaignState, default=CampaignState.OPEN)
    created_at = models.DateTimeField()
    ladder = models.JSONField(_("提醒天数"), default=default_ladder)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "form_code", "pk")
        verbose_name = _("填报任务")
        constraints = [
            models.UniqueConstraint(fields=["year", "form_code", "region"], name="campaign_once"),
            models.CheckConstraint(
                name="campaign_dates_in_order",
                condition=Q(opens_at__lt=F("last_start_at"))
                & Q(last_start_at__lte=F("due_at"))
                & Q(due_at__lte=F("correct_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def dates(self) -> Dates:
        """The instants that decide whether a return is open."""
        return Dates(
            self.opens_at,
            self.last_start_at,
            self.due_at,
            self.correct_by,
            self.state == CampaignState.CLOSED,
        )


class FormChangeQuerySet(models.QuerySet["FormChange"]):
    def visible_to(self, actor: Any) -> FormChangeQuerySet:
        return self.filter(campaign__in=Campaign.objects.visible_to(actor))


class FormChange(models.Model):
    """A newer version of its form in an open campaign; written once (trigger). What was handed in before
    `at` stands under `before`, everything else under `after`. The counts are of returns: `moved` went over
    as drafts, `stayed` were left under `before`, `asked` were sent back to be completed."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="form_changes")
    before = models.ForeignKey(Form, models.PROTECT, related_name="+")
    after = models.ForeignKey(Form, models.PROTECT, related_name="+")
    rule = models.CharField(_("已提交的"), max_length=8)
    reason = models.TextField(_("理由"))
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    moved = models.PositiveIntegerField(default=0)
    stayed = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)

    objects = FormChangeQuerySet.as_manager()

    class Meta:
        ordering = ("campaign_id", "at", "pk")
        verbose_name = _("表单换版")
        constraints = [
            models.CheckConstraint(name="form_change_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="form_change_to_another", condition=~Q(before=F("after"))),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}: {self.before} → {self.after}"
