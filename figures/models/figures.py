"""Published values."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import Role


class FigureQuerySet(models.QuerySet["Figure"]):
    def visible_to(self, actor: Any) -> FigureQuerySet:
        """Published ones are for everybody; what is computed and not yet out, for the province."""
        return self.all() if actor.role == Role.PROVINCE_OFFICER else self.exclude(published_at=None)


class Figure(models.Model):
    """One value of one definition: for a region and a year, as of a day, over a stated base, out of a source.

    `part` is the kind in a breakdown, empty for the whole. Never changed once published: a new value
    of the same definition is a new row with a later as-of day or another base.
    """

    definition = models.CharField(_("指标"), max_length=40)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"))
    part = models.CharField(max_length=20, blank=True)
    value = models.DecimalField(_("数值"), max_digits=18, decimal_places=2)
    as_of = models.DateField(_("时点"))
    base = models.CharField(_("口径"), max_length=200)
    source = models.CharField(_("来源"), max_length=200)
    computed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ("definition", "-year", "region_id", "part")
        verbose_name = _("统计数字")
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "region", "year", "part", "as_of", "base"], name="figure_once"
            )
        ]
        indexes = [models.Index(fields=["definition", "year", "region"], name="figure_lookup")]

    def __str__(self) -> str:
        return f"{self.definition} {self.year} {self.value}"
