"""Which carriers and operators went into which others."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.models.carriers import Carrier, Operator, choices
from registry.rules.lineage import LINKS, Link, LinkKind


class CarrierLinkQuerySet(models.QuerySet["CarrierLink"]):
    def visible_to(self, actor: Any) -> CarrierLinkQuerySet:
        """Public like the carriers that go on: a link is seen with its successor or its predecessor."""
        seen = Carrier.objects.visible_to(actor).values("pk")
        return self.filter(Q(successor__in=seen) | Q(predecessor__in=seen))


class CarrierLink(models.Model):
    """That a carrier went into another on a day: it ended then, and the other carries `share` of its past."""

    predecessor = models.ForeignKey(Carrier, models.PROTECT, related_name="went_into", verbose_name=_("前身"))
    successor = models.ForeignKey(
        Carrier, models.PROTECT, related_name="came_from", verbose_name=_("承接载体")
    )
    kind = models.CharField(_("方式"), max_length=8, choices=choices(LINKS))
    happened_on = models.DateField(_("日期"))
    share = models.DecimalField(_("份额"), max_digits=5, decimal_places=4)
    basis = models.CharField(_("依据文件"), max_length=120)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CarrierLinkQuerySet.as_manager()

    class Meta:
        ordering = ("happened_on", "pk")
        verbose_name = _("载体承接关系")
        constraints = [
            models.CheckConstraint(name="carrier_link_not_itself", condition=~Q(predecessor=F("successor"))),
            models.CheckConstraint(name="carrier_link_share", condition=Q(share__gt=0, share__lte=1)),
            models.CheckConstraint(
                name="carrier_link_merger_whole", condition=~Q(kind=LinkKind.MERGER.value) | Q(share=1)
            ),
            models.UniqueConstraint(
                fields=["predecessor", "successor", "happened_on"], name="carrier_link_once"
            ),
            models.UniqueConstraint(
                fields=["predecessor"], condition=Q(kind=LinkKind.MERGER.value), name="carrier_merged_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id} {self.happened_on}"

    @property
    def document(self) -> str:
        """The basis with its number."""
        return f"{self.basis} {self.document_number}".strip()

    @property
    def as_link(self) -> Link:
        """As the rules take it, carriers by their row's key."""
        return Link(self.predecessor_id, self.successor_id, self.happened_on, LinkKind(self.kind), self.share)


class OperatorVersionQuerySet(models.QuerySet["OperatorVersion"]):
    def visible_to(self, actor: Any) -> OperatorVersionQuerySet:
        return self.filter(operator__in=Operator.objects.visible_to(actor))


class OperatorVersion(models.Model):
    """That an operator took another name on a day; its credit code is for good."""

    operator = models.ForeignKey(Operator, models.CASCADE, related_name="versions")
    former_name = models.CharField(_("原名称"), max_length=100)
    name = models.CharField(_("名称"), max_length=100)
    valid_from = models.DateField(_("自"))
    basis = models.CharField(_("依据"), max_length=200)
    recorded_at = models.DateTimeField(_("登记时间"))

    objects = OperatorVersionQuerySet.as_manager()

    class Meta:
        ordering = ("operator_id", "valid_from", "pk")
        verbose_name = _("运营机构沿革")
        constraints = [
            models.CheckConstraint(name="operator_version_other_name", condition=~Q(name=F("former_name")))
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"


class OperatorLinkQuerySet(models.QuerySet["OperatorLink"]):
    def visible_to(self, actor: Any) -> OperatorLinkQuerySet:
        seen = Operator.objects.visible_to(actor).values("pk")
        return self.filter(Q(successor__in=seen) | Q(predecessor__in=seen))


class OperatorLink(models.Model):
    """That an operator took over all carriers of another on a day."""

    predecessor = models.ForeignKey(Operator, models.PROTECT, related_name="went_into")
    successor = models.ForeignKey(Operator, models.PROTECT, related_name="came_from")
    happened_on = models.DateField(_("日期"))
    basis = models.CharField(_("依据"), max_length=200)
    recorded_at = models.DateTimeField(_("登记时间"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = OperatorLinkQuerySet.as_manager()

    class Meta:
        ordering = ("happened_on", "pk")
        verbose_name = _("运营机构承继关系")
        constraints = [
            models.CheckConstraint(name="operator_link_not_itself", condition=~Q(predecessor=F("successor"))),
            models.UniqueConstraint(
                fields=["predecessor", "successor", "happened_on"], name="operator_link_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id} {self.happened_on}"
