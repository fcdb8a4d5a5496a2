"""The words of the levels and of the designations, each with the days on which it holds."""

from __future__ import annotations

import time
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.rules import designations
from registry.rules.levels import DECIDERS, FIRST, Term, Terms

_KEPT_SECONDS = 30.0
_kept: tuple[float, Terms] | None = None
_kept_designations: tuple[float, Terms] | None = None


class TermQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Any) -> TermQuerySet:
        """The vocabulary is public."""
        return self.all()


def _constraints(prefix: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["code", "valid_from"], name=f"{prefix}_term_once"),
        models.UniqueConstraint(
            fields=["code"], condition=Q(valid_from=None), name=f"{prefix}_term_open_once"
        ),
        models.CheckConstraint(
            name=f"{prefix}_term_dates_in_order",
            condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
        ),
    ]


class VocabularyTerm(models.Model):
    """A word for some time: one row a word. `code` is what carriers hold, and is for good."""

    code: Any
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(_("英文名称"), max_length=40)
    rank = models.PositiveSmallIntegerField(_("高低次序"), help_text=_("数字越大，级别越高。"))
    decided_by = models.CharField(
        _("由谁认定"), max_length=10, choices=[(code, _(word.msgid)) for code, word in DECIDERS.items()]
    )
    valid_from = models.DateField(_("自"), null=True, blank=True)
    valid_to = models.DateField(_("至"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    def term(self) -> Term:
        return Term(
            self.code, self.name, self.name_en, self.rank, self.decided_by, self.valid_from, self.valid_to,
            self.basis,
        )  # fmt: skip


class LevelTerm(VocabularyTerm):
    """The word of a level."""

    code = models.SlugField(_("代码"), max_length=12)

    class Meta:
        ordering = ("rank", "valid_from")
        verbose_name = _("级别用语")
        constraints = _constraints("level")


class DesignationTerm(VocabularyTerm):
    """The word of a designation; its rank is only the order in which designations are told."""

    code = models.SlugField(_("代码"), max_length=24)

    class Meta:
        ordering = ("rank", "valid_from")
        verbose_name = _("称号用语")
        constraints = _constraints("designation")


def level_terms(*, fresh: bool = False) -> Terms:
    """The vocabulary. It is read once in half a minute, so that no page asks for it row by row; what decides
    (`fresh`) reads it anew."""
    global _kept
    now = time.monotonic()
    if fresh or _kept is None or now - _kept[0] > _KEPT_SECONDS:
        _kept = (now, tuple(row.term() for row in LevelTerm.objects.all()) or FIRST)
    return _kept[1]


def designation_terms(*, fresh: bool = False) -> Terms:
    """As `level_terms`."""
    global _kept_designations
    now = time.monotonic()
    if fresh or _kept_designations is None or now - _kept_designations[0] > _KEPT_SECONDS:
        rows = tuple(row.term() for row in DesignationTerm.objects.all())
        _kept_designations = (now, rows or designations.FIRST)
    return _kept_designations[1]
