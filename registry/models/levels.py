"""The words of the levels, each with the days on which it holds."""

from __future__ import annotations

import time
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.rules.levels import DECIDERS, FIRST, Term, Terms

_KEPT_SECONDS = 30.0
_kept: tuple[float, Terms] | None = None


class LevelTermQuerySet(models.QuerySet["LevelTerm"]):
    def visible_to(self, actor: Any) -> LevelTermQuerySet:
        """The vocabulary is public."""
        return self.all()


class LevelTerm(models.Model):
    """A level's word for some time: one row a word. `code` is what carriers hold, and is for good."""

    code = models.SlugField(_("代码"), max_length=12)
    name = models.CharField(_("名称"), max_length=20)
    name_en = models.CharField(_("英文名称"), max_length=40)
    rank = models.PositiveSmallIntegerField(_("高低次序"), help_text=_("数字越大，级别越高。"))
    decided_by = models.CharField(
        _("由谁认定"), max_length=10, choices=[(code, _(word.msgid)) for code, word in DECIDERS.items()]
    )
    valid_from = models.DateField(_("自"), null=True, blank=True)
    valid_to = models.DateField(_("至"), null=True, blank=True)
    basis = models.CharField(_("依据"), max_length=200, blank=True)

    objects = LevelTermQuerySet.as_manager()

    class Meta:
        ordering = ("rank", "valid_from")
        verbose_name = _("级别用语")
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="level_term_once"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(valid_from=None), name="level_term_open_once"
            ),
            models.CheckConstraint(
                name="level_term_dates_in_order",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def term(self) -> Term:
        return Term(
            self.code, self.name, self.name_en, self.rank, self.decided_by, self.valid_from, self.valid_to,
            self.basis,
        )  # fmt: skip


def level_terms(*, fresh: bool = False) -> Terms:
    """The vocabulary. It is read once in half a minute, so that no page asks for it row by row; what decides
    (`fresh`) reads it anew."""
    global _kept
    now = time.monotonic()
    if fresh or _kept is None or now - _kept[0] > _KEPT_SECONDS:
        _kept = (now, tuple(row.term() for row in LevelTerm.objects.all()) or FIRST)
    return _kept[1]
