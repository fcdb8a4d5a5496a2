"""What carriers of one kind filed the year before, as medians: what a return's figures are held against."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.models.forms import Campaign


class PeerMeasureQuerySet(models.QuerySet["PeerMeasure"]):
    def visible_to(self, actor: Any) -> PeerMeasureQuerySet:
        """Who sees the campaign: medians of at least eight carriers name none."""
        return self.filter(campaign__in=Campaign.objects.visible_to(actor))


class PeerMeasure(models.Model):
    """`measures` is the JSON of `rules.peers`, over `carriers` returns of the year before."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="peers")
    kind = models.CharField(_("类型"), max_length=20)
    carriers = models.PositiveIntegerField()
    measures = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    objects = PeerMeasureQuerySet.as_manager()

    class Meta:
        ordering = ("campaign_id", "kind")
        verbose_name = _("同类载体的中位数")
        constraints = [models.UniqueConstraint(fields=["campaign", "kind"], name="peer_measure_once")]

    def __str__(self) -> str:
        return f"{self.campaign} · {self.kind}"
