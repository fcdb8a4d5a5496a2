"""The tree of regions. No code names a province: the root is a row."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RegionLevel(models.TextChoices):
    NATION = "nation", _("国家")
    PROVINCE = "province", _("省")
    CITY = "city", _("设区市")
    COUNTY = "county", _("县（市、区）")


class RegionQuerySet(models.QuerySet["Region"]):
    def visible_to(self, actor: object) -> RegionQuerySet:
        """Regions are public."""
        return self.all()

    def within(self, region: Region) -> RegionQuerySet:
        """The region itself and all below it."""
        return self.filter(path__startswith=region.path)

    def on(self, day: date) -> RegionQuerySet:
        """Those that exist on this day."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day)).filter(
            Q(valid_to=None) | Q(valid_to__gte=day)
        )


class Region(models.Model):
    """A region by its administrative code (GB/T 2260 shape); a development zone is one at county level.

    `path` is the chain of codes from the root, `/990000/990500/990502/`: who is responsible for a
    region sees whatever lies in a region whose path begins with it.
    """

    code = models.CharField(_("代码"), max_length=9, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=100, blank=True)
    level = models.CharField(_("级次"), max_length=10, choices=RegionLevel)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=60, unique=True)
    is_zone = models.BooleanField(_("开发区"), default=False)
    prefix = models.CharField(_("编号前缀"), max_length=4, blank=True)
    tile_column = models.PositiveSmallIntegerField(null=True, blank=True)
    tile_row = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("由何区域接续")
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name = _("区域")
        constraints = [
            models.CheckConstraint(
                name="region_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="region_tile_whole",
                condition=Q(tile_column=None, tile_row=None)
                | Q(tile_column__isnull=False, tile_row__isnull=False),
            ),
            models.CheckConstraint(
                name="region_replaced_has_ended",
                condition=Q(replaced_by=None) | Q(valid_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def tile(self, value: object, url: str) -> dict[str, object]:
        """A region that has its place on the tile map, as the map's part takes it."""
        return {
            "code": self.code,
            "name": self.name.removesuffix("市"),
            "column": self.tile_column,
            "row": self.tile_row,
            "value": value,
            "url": url,
        }
