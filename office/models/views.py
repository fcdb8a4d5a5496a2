"""Lists as people kept them: filters, order and columns under a name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import CHECKING
from office.rules.views import LIMIT, LISTS, LONGEST_NAME, Kept


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, actor: Any) -> SavedViewQuerySet:
        """One's own, under whatever appointment; to officers also those shared with their office."""
        if actor.user_id is None:
            return self.none()
        mine = Q(owner_id=actor.user_id)
        if actor.role in CHECKING and actor.region is not None:
            mine |= Q(office=actor.region)
        return self.filter(mine)


class SavedView(models.Model):
    """A view says what is asked of a list, never what it holds: whoever opens it sees their own scope.

    `place` is its place among its owner's views over the list, and so their number is limited; `office`
    is the office with which it is shared, None for nobody.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    of = models.CharField(max_length=12)
    name = models.CharField(_("视图名称"), max_length=LONGEST_NAME)
    place = models.PositiveSmallIntegerField()
    query = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    dense = models.BooleanField(default=False)
    is_start = models.BooleanField(_("打开列表时先用它"), default=False)
    office = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("共享给")
    )
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("of", "owner", "place")
        verbose_name = _("列表视图")
        constraints = [
            models.CheckConstraint(name="view_of_a_list", condition=Q(of__in=LISTS)),
            models.CheckConstraint(name="view_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="view_limit", condition=Q(place__gte=1, place__lte=LIMIT)),
            models.UniqueConstraint(fields=["owner", "of", "place"], name="view_place_once"),
            models.UniqueConstraint(fields=["owner", "of", "name"], name="view_name_once"),
            models.UniqueConstraint(
                fields=["owner", "of"], condition=Q(is_start=True), name="view_one_start"
            ),
        ]
        indexes = [models.Index(fields=["office", "of"], name="view_of_office")]

    def __str__(self) -> str:
        return self.name

    @property
    def kept(self) -> Kept:
        return Kept(self.query, tuple(self.columns), self.dense)
