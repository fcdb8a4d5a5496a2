"""What was decided or counted before this portal: taken over from files, never made here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.carriers import Carrier, choices
from registry.rules.past_sheet import KINDS_OF_PAST, PastKind


class PastRecordQuerySet(models.QuerySet["PastRecord"]):
    def visible_to(self, actor: Any) -> PastRecordQuerySet:
        """Grades were published by their document; money and totals are for those who work with the
        carrier."""
        mine = Q(carrier__in=Carrier.objects.managed_by(actor))
        return self.filter(mine | Q(kind=PastKind.GRADE, carrier__in=Carrier.objects.visible_to(actor)))


class PastRecord(models.Model):
    """One thing of one year of a carrier: a grade, an award in yuan, a total. `item` says of which scheme,
    programme or count; `value` is the exact text, in `unit`; `basis` the document or list it comes from."""

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="past")
    kind = models.CharField(_("内容"), max_length=8, choices=choices(KINDS_OF_PAST))
    year = models.PositiveSmallIntegerField(_("年度"))
    item = models.CharField(_("项目"), max_length=60)
    value = models.CharField(_("内容"), max_length=40)
    unit = models.CharField(_("单位"), max_length=20, blank=True)
    basis = models.CharField(_("依据"), max_length=200)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    recorded_at = models.DateTimeField(_("接收时间"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PastRecordQuerySet.as_manager()

    class Meta:
        ordering = ("carrier_id", "-year", "kind", "item")
        verbose_name = _("接收的历史资料")
        constraints = [
            models.UniqueConstraint(fields=["carrier", "kind", "year", "item"], name="past_record_once"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.item} {self.value}"

    @property
    def document(self) -> str:
        """The basis with its number."""
        return f"{self.basis} {self.document_number}".strip()
