"""Schemes, and what officers record of a carrier's year."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import CHECKING, SYSTEM, Role
from office.models import StoredFile
from registry.models import Carrier

OFFICIALS = CHECKING | {Role.FINANCE_OFFICER, Role.AUDITOR, Role.EXPERT}


class SchemeQuerySet(models.QuerySet["Scheme"]):
    def visible_to(self, actor: Any) -> SchemeQuerySet:
        """Officials all of them; others those under which results are out."""
        if actor.role == SYSTEM or actor.role in OFFICIALS:
            return self.all()
        out = self.model.objects.filter(runs__state__in=("publicised", "published"))
        return self.filter(pk__in=out.values("pk"))


class Scheme(models.Model):
    """A scheme as loaded: its YAML text word for word, the digest of its content. Used, it never changes."""

    code = models.SlugField(_("代码"), max_length=60)
    version = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("名称"), max_length=200)
    source = models.TextField()
    digest = models.CharField(max_length=71)
    form_code = models.CharField(_("报表"), max_length=60, blank=True)
    fact_names = models.JSONField(default=list, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("制定地区"))
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ("code", "-version")
        verbose_name = _("指标体系")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once")]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


FACT_ROLES = CHECKING | {SYSTEM, Role.CARRIER_STAFF, Role.AUDITOR}


class FactQuerySet(models.QuerySet["CarrierFact"]):
    def visible_to(self, actor: Any) -> FactQuerySet:
        """Those who check and audit within their scope, the carrier its own."""
        if actor.role not in FACT_ROLES:
            return self.none()
        return self.filter(carrier__in=Carrier.objects.managed_by(actor))


class CarrierFact(models.Model):
    """A fact of a carrier's year that decides grades: accident, dishonesty, absence, grade from above.

    Rests on a document with its date. Never edited: it is revoked, with a reason, and recorded anew.
    """

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="facts")
    year = models.PositiveSmallIntegerField(_("年度"))
    name = models.CharField(_("事实"), max_length=30)
    value = models.CharField(_("内容"), max_length=40)
    document = models.CharField(_("文件"), max_length=200)
    document_date = models.DateField(_("文件日期"))
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_because = models.CharField(max_length=200, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ("carrier_id", "year", "name", "pk")
        verbose_name = _("年度事实")
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "year", "name"], condition=Q(revoked_at=None), name="fact_once_in_force"
            ),
            models.CheckConstraint(
                name="fact_revoked_with_reason",
                condition=Q(revoked_at=None, revoked_because="", revoked_by=None)
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.year} {self.name}={self.value}"
