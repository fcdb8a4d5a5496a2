"""Operators and the carriers they run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import SYSTEM, Role
from core.text import Text
from registry.rules.designations import ENCLAVE, LONGEST_PLACE
from registry.rules.levels import NONE
from registry.rules.vocabulary import CLASSES, FIELDS, KINDS

REGIONAL = frozenset(
    {
        Role.COUNTY_OFFICER,
        Role.CITY_OFFICER,
        Role.PROVINCE_OFFICER,
        Role.FINANCE_OFFICER,
        Role.AUDITOR,
    }
)
AREAS = ("area_total", "area_tenants", "area_public")


def choices(words: Mapping[Any, Text]) -> list[tuple[str, Any]]:
    """A vocabulary as choices, translated when shown."""
    return [(str(code), _(text.msgid)) for code, text in words.items()]


def area(label: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(label, max_digits=12, decimal_places=2, null=True, blank=True)


def no_area_negative(model: str) -> models.CheckConstraint:
    known = [Q(**{name: None}) | Q(**{f"{name}__gte": 0}) for name in AREAS]
    return models.CheckConstraint(name=f"{model}_area_not_negative", condition=known[0] & known[1] & known[2])


def home_is_of_an_enclave(model: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=f"{model}_home_is_of_an_enclave", condition=Q(home_region=None) | Q(designation=ENCLAVE)
    )


def place_is_of_an_enclave(model: str) -> models.CheckConstraint:
    """Beyond the tree of regions lies an enclave that says for whom it is kept, or nothing."""
    return models.CheckConstraint(
        name=f"{model}_place_is_of_an_enclave",
        condition=Q(host_place="") | Q(designation=ENCLAVE, home_region__isnull=False),
    )


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
    level = models.CharField(_("级别"), max_length=12, default=NONE)
    designation = models.CharField(_("称号"), max_length=24, blank=True)
    operator = models.ForeignKey(
        Operator, models.PROTECT, related_name="carriers", verbose_name=_("运营机构")
    )
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("区域"))
    home_region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("派出地")
    )
    host_place = models.CharField(_("省外所在地"), max_length=LONGEST_PLACE, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    area_total = area(_("场地面积（m²）"))
    area_tenants = area(_("在孵企业使用面积（m²）"))
    area_public = area(_("公共服务面积（m²）"))
    opened_on = models.DateField(_("成立日期"), null=True, blank=True)
    listed_year = models.PositiveSmallIntegerField(_("列统年份"))
    state = models.CharField(_("状态"), max_length=10, choices=CarrierState, default=CarrierState.ACTIVE)
    updated_at = models.DateTimeField(db_index=True)

    objects = CarrierQuerySet.as_manager()

    # Of a carrier that bears the facts of another day: the day, and the path of its region today.
    as_of: date | None = None
    scope_path: str = ""

    class Meta:
        ordering = ("code",)
        verbose_name = _("创业载体")
        indexes = [
            models.Index(fields=["region", "kind"], name="carrier_region_kind"),
            models.Index(fields=["name", "id"], name="carrier_name"),
        ]
        constraints = [
            no_area_negative("carrier"),
            home_is_of_an_enclave("carrier"),
            place_is_of_an_enclave("carrier"),
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
        path = self.scope_path or self.region.path
        inside = bool(actor.region_path) and path.startswith(actor.region_path)
        return inside and actor.role in REGIONAL
