"""The dated facts of carriers: a row a record, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from registry.models.carriers import (
    Carrier,
    CarrierState,
    Operator,
    area,
    choices,
    home_is_of_an_enclave,
    no_area_negative,
    place_is_of_an_enclave,
)
from registry.rules.designations import LONGEST_PLACE
from registry.rules.history import Dated
from registry.rules.vocabulary import CLASSES, FIELDS, KINDS

# The facts that have a day, as columns of a version and of its carrier.
DATED = (
    "name", "kind", "carrier_class", "field", "level", "designation", "operator_id", "region_id",
    "home_region_id", "host_place", "area_total", "area_tenants", "area_public", "state",
)  # fmt: skip


def facts_of(row: Carrier | CarrierVersion) -> dict[str, Any]:
    return {name: getattr(row, name) for name in DATED}


def dated(rows: Iterable[CarrierVersion]) -> list[Dated]:
    """The rows as rules know them."""
    return [Dated(row.valid_from, row.recorded_at, facts_of(row), frozenset(row.named)) for row in rows]


class CarrierVersionQuerySet(models.QuerySet["CarrierVersion"]):
    def visible_to(self, actor: Any) -> CarrierVersionQuerySet:
        return self.filter(carrier__in=Carrier.objects.visible_to(actor))


class CarrierVersion(models.Model):
    """The dated facts of a carrier from `valid_from` on, as recorded at `recorded_at`, with their basis.

    Of several with one `valid_from`, the one recorded last holds. `named` are the facts that the document
    says; a row that names none is that of an earlier change that goes on into its day. Areas in m².
    """

    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="versions")
    valid_from = models.DateField(_("自"))
    recorded_at = models.DateTimeField(_("登记时间"))
    named = models.JSONField(_("所载事实"), default=list, blank=True)
    basis = models.CharField(_("依据"), max_length=200)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    batch = models.CharField(_("批次"), max_length=60, blank=True)
    basis_file = models.ForeignKey(
        "office.StoredFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("依据文件"),
    )
    name = models.CharField(_("名称"), max_length=100)
    initials = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, choices=choices(KINDS))
    carrier_class = models.CharField(max_length=20, choices=choices(CLASSES))
    field = models.CharField(max_length=20, choices=choices(FIELDS), blank=True)
    level = models.CharField(max_length=12)
    designation = models.CharField(max_length=24, blank=True)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    home_region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    host_place = models.CharField(_("省外所在地"), max_length=LONGEST_PLACE, blank=True)
    area_total = area(_("场地面积（m²）"))
    area_tenants = area(_("在孵企业使用面积（m²）"))
    area_public = area(_("公共服务面积（m²）"))
    state = models.CharField(_("状态"), max_length=10, choices=CarrierState, default=CarrierState.ACTIVE)

    objects = CarrierVersionQuerySet.as_manager()

    class Meta:
        ordering = ("carrier_id", "valid_from", "recorded_at")
        verbose_name = _("载体沿革")
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "valid_from", "recorded_at"], name="carrier_version_once"
            ),
            no_area_negative("version"),
            home_is_of_an_enclave("version"),
            place_is_of_an_enclave("version"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"

    @property
    def document(self) -> str:
        """The document in words: its name, its number where the name does not say it, its batch."""
        number = "" if self.document_number in self.basis else self.document_number
        return " · ".join(one for one in (self.basis, number, self.batch) if one)

    @cached_property
    def stated(self) -> dict[str, CarrierVersion]:
        """Of a row of `history_of`: which record says a fact, by the fact's column."""
        return {}

    def source_of(self, name: str) -> CarrierVersion:
        """The record that says a fact on this day, with its document; this one where none is known to."""
        return self.stated.get(name, self)
