"""What is irregular about tenants' stays, what the sides say to it and what was decided."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.roles import CHECKING, SYSTEM, Role
from registry.models.carriers import Carrier
from registry.models.tenants import Stay, Tenant
from registry.rules.finding_moves import DECIDED, DECISIONS, FINDING, OPEN, UNDECIDED
from registry.rules.tenancy import OF_TWO, RULES

SEEING = CHECKING | {SYSTEM, Role.CARRIER_STAFF, Role.AUDITOR}
_KINDS = [(kind.value, _(rule.title.msgid)) for kind, rule in RULES.items()]
_STATES = [(state, _(title.msgid)) for state, title in FINDING.states]
_OF_TWO = sorted(kind.value for kind in OF_TWO)
_DECISIONS = [(action, _(title.msgid)) for action, title in DECISIONS.items()]


class TenancyFindingQuerySet(models.QuerySet["TenancyFinding"]):
    def visible_to(self, actor: Any) -> TenancyFindingQuerySet:
        """Staff of the carriers concerned, the officers above either, auditors. What of the other side they
        may see, `registry.queries.findings` says."""
        if actor.role not in SEEING:
            return self.none()
        mine = Carrier.objects.managed_by(actor)
        return self.filter(Q(stay_a__carrier__in=mine) | Q(stay_b__carrier__in=mine))

    def current(self) -> TenancyFindingQuerySet:
        """Those whose facts still hold."""
        return self.filter(gone_at=None)

    def waiting(self) -> TenancyFindingQuerySet:
        """Those that hold and that nobody has decided."""
        return self.current().filter(state__in=UNDECIDED)


class TenancyFinding(models.Model):
    """One irregularity, once for the facts it rests on (`fingerprint`). It is gone when they no longer hold;
    a decision is remembered and counts again should the very same facts come back."""

    kind = models.CharField(_("疑点"), max_length=24, choices=_KINDS)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="findings")
    stay_a = models.ForeignKey(Stay, models.PROTECT, related_name="findings_a")
    stay_b = models.ForeignKey(Stay, models.PROTECT, null=True, blank=True, related_name="findings_b")
    rests_on = models.JSONField(_("所依据的事实"), default=dict)
    fingerprint = models.CharField(max_length=71, unique=True)
    first_seen_at = models.DateTimeField(_("发现时间"))
    last_seen_at = models.DateTimeField(_("最近核对"))
    gone_at = models.DateTimeField(_("消除时间"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=_STATES, default=OPEN)
    decision = models.CharField(_("处理结果"), max_length=10, choices=_DECISIONS, blank=True)
    reason = models.TextField(_("处理意见"), blank=True)
    ended_stay = models.ForeignKey(Stay, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = TenancyFindingQuerySet.as_manager()

    class Meta:
        ordering = ("-first_seen_at", "-pk")
        verbose_name = _("在孵企业疑点")
        indexes = [
            models.Index(fields=["first_seen_at", "id"], name="finding_in_order"),
            models.Index(fields=["state", "kind"], name="finding_waiting", condition=Q(gone_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="finding_decided_stamp",
                condition=(
                    ~Q(state=DECIDED)
                    & Q(decision="", reason="", decided_at=None, decided_by=None, ended_stay=None)
                )
                | (
                    Q(state=DECIDED, decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision="")
                    & ~Q(reason="")
                ),
            ),
            models.CheckConstraint(
                name="finding_ended_stay",
                condition=Q(decision="end", ended_stay__isnull=False)
                | (~Q(decision="end") & Q(ended_stay=None)),
            ),
            models.CheckConstraint(
                name="finding_of_one_or_two",
                condition=Q(kind__in=_OF_TWO, stay_b__isnull=False) | (~Q(kind__in=_OF_TWO) & Q(stay_b=None)),
            ),
            models.CheckConstraint(
                name="finding_seen_in_order", condition=Q(last_seen_at__gte=F("first_seen_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant} {self.get_kind_display()}"

    @property
    def standing(self) -> str:
        """Its state; `gone` once its facts no longer hold."""
        return self.state if self.gone_at is None else "gone"

    def stay_of(self, stay_id: int | None) -> Stay | None:
        """The one of its stays with this key."""
        return next((one for one in (self.stay_a, self.stay_b) if one and one.pk == stay_id), None)


class FindingStatementQuerySet(models.QuerySet["FindingStatement"]):
    def visible_to(self, actor: Any) -> FindingStatementQuerySet:
        """What one's own side said, and what offices decided of findings that one may know of."""
        if actor.role not in SEEING:
            return self.none()
        said = Q(action="say", carrier__in=Carrier.objects.managed_by(actor))
        decided = Q(finding__in=TenancyFinding.objects.visible_to(actor)) & ~Q(action="say")
        return self.filter(said | decided)


class FindingStatement(models.Model):
    """Who said or decided what of a finding, when. A statement speaks for one side (`carrier`); a decision
    is for both."""

    finding = models.ForeignKey(TenancyFinding, models.PROTECT, related_name="statements")
    action = models.CharField(max_length=10)
    carrier = models.ForeignKey(Carrier, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("说明"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    role = models.CharField(max_length=24)
    at = models.DateTimeField()

    objects = FindingStatementQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("疑点说明")
        constraints = [
            models.CheckConstraint(
                name="statement_for_a_side",
                condition=Q(action="say", carrier__isnull=False) | (~Q(action="say") & Q(carrier=None)),
            ),
            models.CheckConstraint(name="statement_has_text", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return f"{self.finding} {self.action}"
