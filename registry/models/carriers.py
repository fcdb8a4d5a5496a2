"""Operators and the carriers they run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import SYSTEM, Role
from core.text import Text
from registry.rules.vocabulary import CLASSES, DESIGNATIONS, FIELDS, KINDS, LEVELS, Level

REGIONAL = frozenset(
    {
        Role.COUNTY_OFFICER,
        Role.CITY_OFFICER,
        Role.PROVINCE_OFFICER,
        Role.FINANCE_OFFICER,
        Role.AUDITOR,
    }
)


def choices(words: Mapping[Any, Text]) -> list[tuple[str, Any]]:
    """A vocabulary as choices, translated when shown."""
    return [(str(code), _(text.msgid)) for code, text in words.items()]


class OperatorQuerySet(models.QuerySet["Operator"]):
    def visible_to(self, actor: Any) -> OperatorQuerySet:
        """Those whose carriers one may manage."""
        return self.filter(carriers__in=Carrier.objects.managed_by(actor)).distinct()


class Operator(models.Model):
    """The legal person that runs carriers, one row a credit code (GB 32100)."""

    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    phone = models.CharField(_("电话"), max_length=20, blank=True)

    objects = OperatorQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("运营机构")

    def __str__(self) -> str:
        return self.name


class CarrierState(models.TextChoices):
    ACTIVE = "active", _("运行中")
    SUSPENDED = "suspended", _("暂停")
    CLOSED = "closed", _("已注销")


class CarrierQuerySet(models.QuerySet["Carrier"]):
    def visible_to(self, actor: Any) -> CarrierQuerySet:
        """The directory is public: every carrier that is not closed, and closed ones in one's own scope.

        What is not public about a carrier (contacts, tenants, returns) is reached by `managed_by`.
        """
        return self.filter(
            ~Q(state=CarrierState.CLOSED) | Q(pk__in=self.model.objects.managed_by(actor).values("pk"))
        )

    def managed_by(self, actor: Any) -> CarrierQuerySet:
        """The carriers in one's scope: one's own, or those of one's region and below."""
        if actor.role == SYSTEM:
            return self.all()
        if actor.role == Role.CARRIER_STAFF:
            return self.filter(code=actor.carrier_code)
        if actor.role in REGIONAL and actor.region_path:
            return self.filter(region__path__startswith=actor.region_path)
        return self.none()


class Carrier(models.Model):
    """A carrier as it is now. Its dated facts stand in `CarrierVersion`; the code is for good."""

    code = models.CharField(_("载体编号"), max_length=24, unique=True)
    name = models.CharField(_("名称"), max_length=100)
    name_en = models.CharField(_("英文名称"), max_length=150, blank=True)
    initials = models.CharField(_("拼音首字母"), max_length=60, blank=True, db_index=True)
    former_names = models.JSONField(_("曾用名"), default=list, blank=True)
    kind = models.CharField(_("类型"), max_length=20, choices=choices(KINDS))
    carrier_class = models.CharField(_("类别"), max_length=20, choices=choices(CLASSES))
    field = models.CharField(_("技术领域"), max_length=20, choices=choices(FIELDS), blank=True)
    level = models.CharField(_("级别"), max_length=12, choices=choices(LEVELS), default=Level.NONE.value)
    designation = models.CharField(max_length=24, choices=choices(DESIGNATIONS), blank=True)
    operator = models.ForeignKey(
        Operator, models.PROTECT, related_name="carriers", verbose_name=_("运营机构")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区域"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    area_total = models.DecimalField(
        _("场地面积（m²）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    opened_on = models.DateField(_("成立日期"), null=True, blank=True)
    listed_year = models.PositiveSmallIntegerField(_("列统年份"))
    state = models.CharField(_("状态"), max_length=10, choices=CarrierState, default=CarrierState.ACTIVE)
    updated_at = models.DateTimeField(db_index=True)

    objects = CarrierQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name = _("创业载体")
        indexes = [
            models.Index(fields=["region", "kind"], name="carrier_region_kind"),
            models.Index(fields=["name", "id"], name="carrier_name"),
        ]
        constraints = [
            models.CheckConstraint(
                name="carrier_area_not_negative", condition=Q(area_total=None) | Q(area_total__gte=0)
            ),
            models.CheckConstraint(
                name="carrier_specialised_has_a_field",
                condition=~Q(carrier_class="specialised") | ~Q(field=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_managed_by(self, actor: Any) -> bool:
        """What `managed_by` answers, for one carrier whose region is read."""
        if actor.role == SYSTEM:
            return True
        if actor.role == Role.CARRIER_STAFF:
            return bool(self.code == actor.carrier_code)
        inside = bool(actor.region_path) and self.region.path.startswith(actor.region_path)
        return inside and actor.role in REGIONAL


class CarrierVersionQuerySet(models.QuerySet["CarrierVersion"]):
    def visible_to(self, actor: Any) -> CarrierVersionQuerySet:
        return self.filter(carrier__in=Carrier.objects.visible_to(actor))


class CarrierVersion(models.Model):
    """The dated facts of a carrier from `valid_from` on, as recorded at `recorded_at`, with their basis.

    Of several with one `valid_from`, the one recorded last holds.
    """

    carrier = models.ForeignKey(Carrier, models.CASCADE, related_name="versions")
    valid_from = models.DateField(_("自"))
    recorded_at = models.DateTimeField(_("登记时间"))
    basis = models.CharField(_("依据"), max_length=200)
    name = models.CharField(_("名称"), max_length=100)
    kind = models.CharField(max_length=20, choices=choices(KINDS))
    carrier_class = models.CharField(max_length=20, choices=choices(CLASSES))
    field = models.CharField(max_length=20, choices=choices(FIELDS), blank=True)
    level = models.CharField(max_length=12, choices=choices(LEVELS))
    designation = models.CharField(max_length=24, choices=choices(DESIGNATIONS), blank=True)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")

    objects = CarrierVersionQuerySet.as_manager()

    class Meta:
        ordering = ("carrier_id", "valid_from", "recorded_at")
        verbose_name = _("载体沿革")
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "valid_from", "recorded_at"], name="carrier_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"
