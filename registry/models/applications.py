"""Applications to register a carrier: what they say, their documents, what offices said of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import CHECKING, SYSTEM
from office.models import StoredFile
from registry.models.carriers import Carrier
from registry.rules.registering_moves import AT_OFFICES, ENDED, TITLES, State

_AT_OFFICE = Q(state__in=[state.value for state in AT_OFFICES])
_WAITS = _AT_OFFICE | Q(state=State.RETURNED.value)
_HANDED_IN = _WAITS | Q(state__in=[State.REGISTERED.value, State.REFUSED.value])


def _states() -> list[tuple[str, Any]]:
    return [(str(state), _(title.msgid)) for state, title in TITLES]


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, actor: Any) -> ApplicationQuerySet:
        """One's own; to officers those handed in for a region of theirs, from the county upwards."""
        if actor.role == SYSTEM:
            return self.all()
        mine = Q(applicant_id=actor.user_id) if actor.user_id else Q(pk__in=())
        if actor.role in CHECKING and actor.region_path:
            mine |= Q(region__path__startswith=actor.region_path, submitted_at__isnull=False)
        return self.filter(mine)

    def lying_with(self, actor: Any) -> ApplicationQuerySet:
        """Those that wait for the actor's own office."""
        if actor.role not in CHECKING or actor.region is None:
            return self.none()
        return self.filter(_AT_OFFICE, office=actor.region)


class Application(models.Model):
    """One application. `facts` is what the applicant writes, `submitted` what was handed in last: that is
    what offices read. Name, code and region stand beside for lists, as in what officers see."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    applicant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=12, choices=_states, default=State.DRAFT.value)
    facts = models.JSONField(default=dict)
    submitted = models.JSONField(default=dict)
    round = models.PositiveSmallIntegerField(_("提交次数"), default=0)
    name = models.CharField(_("载体名称"), max_length=100, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    office = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField(_("申请编号"), max_length=24, blank=True)
    carrier = models.OneToOneField(Carrier, models.PROTECT, null=True, blank=True, related_name="application")
    check_token = models.CharField(max_length=32, null=True, blank=True, unique=True)
    begun_at = models.DateTimeField(_("开始时间"))
    saved_at = models.DateTimeField(_("保存时间"))
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("办结时间"), null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ("-saved_at", "pk")
        verbose_name = _("载体登记申请")
        indexes = [
            models.Index(fields=["office", "state"], name="application_office_state"),
            models.Index(fields=["applicant", "state"], name="application_applicant_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="application_state_known", condition=Q(state__in=[str(state) for state in State])
            ),
            models.CheckConstraint(
                name="application_waits_with_an_office",
                condition=(_WAITS & Q(office__isnull=False)) | (~_WAITS & Q(office=None)),
            ),
            models.CheckConstraint(
                name="application_handed_in_is_whole",
                condition=~_HANDED_IN
                | (Q(submitted_at__isnull=False, region__isnull=False, round__gte=1) & ~Q(number="")),
            ),
            models.CheckConstraint(
                name="application_ended_has_its_time",
                condition=Q(state__in=[str(state) for state in sorted(ENDED)], ended_at__isnull=False)
                | (~Q(state__in=[str(state) for state in sorted(ENDED)]) & Q(ended_at=None)),
            ),
            models.CheckConstraint(
                name="application_registered_has_its_carrier",
                condition=Q(state=State.REGISTERED.value, carrier__isnull=False, check_token__isnull=False)
                | (~Q(state=State.REGISTERED.value) & Q(carrier=None, check_token=None)),
            ),
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="application_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(_("未命名的申请"))


class PartQuerySet(models.QuerySet[Any]):
    """What belongs to an application is seen with it."""

    def visible_to(self, actor: Any) -> PartQuerySet:
        return self.filter(application__in=Application.objects.visible_to(actor))


class ApplicationFile(models.Model):
    """A document. One that was handed in and then taken away stays for those who read what was handed in."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="files")
    kind = models.CharField(max_length=12)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    attached_at = models.DateTimeField()
    detached_at = models.DateTimeField(null=True, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ("kind", "pk")
        verbose_name = _("申请材料")
        constraints = [
            models.CheckConstraint(
                name="application_file_times_in_order",
                condition=Q(detached_at=None) | Q(detached_at__gte=F("attached_at")),
            )
        ]

    def __str__(self) -> str:
        return self.file.name


class ApplicationRemark(models.Model):
    """What an office wants mended at one item. `value` is what the item said then."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="remarks")
    item = models.CharField(max_length=20)
    text = models.CharField(_("理由"), max_length=500)
    value = models.CharField(max_length=500, blank=True)
    round = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("补正理由")
        constraints = [
            models.UniqueConstraint(fields=["application", "round", "item"], name="application_remark_once"),
            models.CheckConstraint(name="application_remark_says_why", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.text}"


class ApplicationMove(models.Model):
    """One step of an application's way."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="moves")
    action = models.CharField(max_length=12)
    source = models.CharField(max_length=12)
    target = models.CharField(max_length=12)
    round = models.PositiveSmallIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    office = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.CharField(max_length=2000, blank=True)
    made_at = models.DateTimeField()

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("申请办理记录")

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class ApplicationClearance(models.Model):
    """An officer's word that what looks like another body, or has its code, is one of its own.

    It holds for what it was given on: `subject` is the name or code as it was.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="clearances")
    against = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    reason = models.CharField(_("理由"), max_length=500)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = PartQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("疑似重复的认定")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "against", "subject"], name="application_clearance_once"
            ),
            models.CheckConstraint(name="application_clearance_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.against}: {self.reason}"
