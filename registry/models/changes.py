"""Requests to change facts of a carrier: what was asked, by which evidence, and every step."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.roles import CHECKING, SYSTEM, Role
from core.clock import day_of
from office.models import StoredFile
from registry.models.carriers import Carrier
from registry.rules.asked_facts import EVIDENCE
from registry.rules.changing import OPEN, STOP_OF, TITLES, State

_USER = settings.AUTH_USER_MODEL
SEEING = CHECKING | {Role.AUDITOR, Role.CARRIER_STAFF}
_DECIDED = [State.APPROVED.value, State.REFUSED.value]


def _by() -> Any:
    return models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")


def _states() -> list[tuple[str, Any]]:
    return [(str(state), _(title.msgid)) for state, title in TITLES]


def _stamp(name: str, states: list[str]) -> models.CheckConstraint:
    """The stamp stands in these states, and in no other."""
    field = f"{name}_at"
    return models.CheckConstraint(
        name=f"change_{name}_stamp",
        condition=Q(state__in=states, **{f"{field}__isnull": False})
        | (~Q(state__in=states) & Q(**{field: None})),
    )


class ChangeRequestQuerySet(models.QuerySet["ChangeRequest"]):
    def visible_to(self, actor: Any) -> ChangeRequestQuerySet:
        """The carrier's staff its own, officers and auditors those of their region and below."""
        if actor.role != SYSTEM and actor.role not in SEEING:
            return self.none()
        return self.filter(carrier__in=Carrier.objects.managed_by(actor))

    def waiting_for(self, actor: Any) -> ChangeRequestQuerySet:
        """What this person is to act on: what lies with their office, or came back to them."""
        rows = self.visible_to(actor)
        back = Q(state=State.RETURNED, asker_role=actor.role)
        if actor.role in STOP_OF:
            return rows.filter(back | Q(state=STOP_OF[actor.role]))
        return rows.filter(back)

    def open(self) -> ChangeRequestQuerySet:
        return self.filter(state__in=[state.value for state in OPEN])


class ChangeRequest(models.Model):
    """One request: `facts` is {fact: {"old": …, "new": …}}, exact text as `rules.asked_facts` keeps it.

    It lies at `first_stop` for an opinion, where that is not `last_stop`, which decides. `asker_role` is the
    role that asked: officers file on behalf of the carrier. The stamps are those of the round that runs; all
    rounds stand in `ChangeMove`. `version` counts moves and is what a move is compared with.
    """

    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="changes", verbose_name=_("创业载体"))
    state = models.CharField(_("状态"), max_length=12, choices=_states)
    first_stop = models.CharField(max_length=12, choices=_states)
    last_stop = models.CharField(max_length=12, choices=_states)
    asker_role = models.CharField(max_length=24)
    version = models.PositiveIntegerField(default=0)
    facts = models.JSONField(_("变更事项"))
    happened_on = models.DateField(_("变更发生日期"))
    reason = models.TextField(_("变更原因"))
    basis = models.CharField(_("依据文件"), max_length=120)
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    is_late = models.BooleanField(_("逾期申请"), default=False)
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = _by()
    passed_at = models.DateTimeField(_("上报时间"), null=True, blank=True)
    passed_by = _by()
    returned_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    returned_by = _by()
    decided_at = models.DateTimeField(_("决定时间"), null=True, blank=True)
    decided_by = _by()
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    updated_at = models.DateTimeField(db_index=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("变更申请")
        indexes = [models.Index(fields=["state", "carrier"], name="change_state_carrier")]
        constraints = [
            _stamp("returned", [State.RETURNED.value]),
            _stamp("decided", _DECIDED),
            _stamp("withdrawn", [State.WITHDRAWN.value]),
            models.CheckConstraint(
                name="change_passed_stamp",
                condition=Q(first_stop=F("last_stop"), passed_at=None)
                | (
                    ~Q(first_stop=F("last_stop"))
                    & (
                        Q(state=State.WITHDRAWN.value)
                        | Q(state__in=[State.RETURNED.value, F("first_stop")], passed_at=None)
                        | Q(state__in=[*_DECIDED, F("last_stop")], passed_at__isnull=False)
                    )
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it by: `BG-2026-000012`."""
        return f"BG-{day_of(self.asked_at).year}-{self.pk:06d}"

    @property
    def is_on_behalf(self) -> bool:
        """Whether an office filed it, not the carrier itself."""
        return self.asker_role != Role.CARRIER_STAFF

    @property
    def document(self) -> str:
        """The basis as the register keeps it: the document's name and its number."""
        return f"{self.basis} {self.document_number}".strip()


class ChangeClaimQuerySet(models.QuerySet["ChangeClaim"]):
    def visible_to(self, actor: Any) -> ChangeClaimQuerySet:
        return self.filter(request__in=ChangeRequest.objects.visible_to(actor))


class ChangeClaim(models.Model):
    """That an open request asks for a fact of a carrier: no second one may. It goes when the request ends."""

    request = models.ForeignKey(ChangeRequest, models.CASCADE, related_name="claims")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="+")
    fact = models.CharField(max_length=20)

    objects = ChangeClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("在办事项")
        constraints = [models.UniqueConstraint(fields=["carrier", "fact"], name="change_one_open_a_fact")]

    def __str__(self) -> str:
        return f"{self.carrier_id} {self.fact}"


class ChangeFileQuerySet(models.QuerySet["ChangeFile"]):
    def visible_to(self, actor: Any) -> ChangeFileQuerySet:
        return self.filter(request__in=ChangeRequest.objects.visible_to(actor))


class ChangeFile(models.Model):
    """A document handed in with a request, and what it proves."""

    request = models.ForeignKey(ChangeRequest, models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    evidence = models.CharField(
        _("证明"), max_length=12, choices=[(str(kind), _(words.msgid)) for kind, words in EVIDENCE.items()]
    )

    objects = ChangeFileQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("变更证明材料")

    def __str__(self) -> str:
        return str(self.file)


class ChangeMoveQuerySet(models.QuerySet["ChangeMove"]):
    def visible_to(self, actor: Any) -> ChangeMoveQuerySet:
        return self.filter(request__in=ChangeRequest.objects.visible_to(actor))


class ChangeMove(models.Model):
    """Who did what with a request, with which word; `reasons` by fact. With asking and asking again stands
    in `facts` what was asked then."""

    request = models.ForeignKey(ChangeRequest, models.PROTECT, related_name="moves")
    action = models.CharField(max_length=12)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = _by()
    role = models.CharField(max_length=24)
    comment = models.TextField(blank=True)
    reasons = models.JSONField(default=dict, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    objects = ChangeMoveQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("变更办理记录")

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"
