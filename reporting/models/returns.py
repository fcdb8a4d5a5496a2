"""What carriers say each year: returns, their versions, roster rows, figures, moves."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.rules.roles import SYSTEM, Role
from office.models import StoredFile
from registry.models import Carrier
from reporting.models.forms import SEEING, Campaign
from reporting.models.terms import Extension
from reporting.rules.answers import ANSWERS, Answer
from reporting.rules.deadlines import Dates
from reporting.rules.lifecycle import TITLES, Chain, State

_USER = settings.AUTH_USER_MODEL
WITH_COUNTY = [Chain.COUNTY_CITY.value, Chain.COUNTY.value]
WITH_CITY = [Chain.COUNTY_CITY.value, Chain.CITY.value]


def _state_choices() -> list[tuple[str, Any]]:
    return [(str(state), _(title.msgid)) for state, title in TITLES]


def answer_choices() -> list[tuple[str, Any]]:
    return [(answer.value, _(ANSWERS[answer].msgid)) for answer in Answer]


def _chain_choices() -> list[tuple[str, str]]:
    return [(chain.value, chain.value) for chain in Chain]


class ReturnQuerySet(models.QuerySet["Return"]):
    def visible_to(self, actor: Any) -> ReturnQuerySet:
        """Carrier staff their own; officers and auditors those of the carriers in their scope; nobody else.

        Officers see that a return exists and where it is; its values only by `ReturnVersion`.
        """
        if actor.role == SYSTEM:
            return self.all()
        if actor.role != Role.CARRIER_STAFF and actor.role not in SEEING:
            return self.none()
        return self.filter(carrier__in=Carrier.objects.managed_by(actor))


def _by() -> Any:
    return models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+")


def _passed(field: str, chains: list[str]) -> Q:
    """A pass of this office, where the chain has it; none where it has not."""
    return Q(chain__in=chains, **{f"{field}__isnull": False}) | (~Q(chain__in=chains) & Q(**{field: None}))


class Return(models.Model):
    """One carrier's return in one campaign. The stamps are those of the round that runs; all rounds
    stand in `ReturnMove`. `version` counts moves and is what a move is compared with.

    The three dates are its own where they differ from the campaign's (`services.terms` writes them, set-wise,
    as `CampaignTerm` and `Extension` say), so that a list orders by them; `grace_until` is what an office
    that was late owes it. `dates` puts them together.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="returns")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="returns")
    chain = models.CharField(max_length=12, choices=_chain_choices, default=Chain.COUNTY_CITY.value)
    state = models.CharField(_("状态"), max_length=12, choices=_state_choices, default=State.FILLING.value)
    current = models.ForeignKey("ReturnVersion", models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(_("开始填报"), null=True, blank=True)
    opened_by_officer_at = models.DateTimeField(_("审核人打开"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_by = _by()
    county_passed_at = models.DateTimeField(_("县区通过"), null=True, blank=True)
    county_passed_by = _by()
    city_passed_at = models.DateTimeField(_("市级通过"), null=True, blank=True)
    city_passed_by = _by()
    accepted_at = models.DateTimeField(_("受理时间"), null=True, blank=True)
    accepted_by = _by()
    returned_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    returned_by = _by()
    last_start_at = models.DateTimeField(_("最迟开始填报"), null=True, blank=True)
    due_at = models.DateTimeField(_("填报截止"), null=True, blank=True)
    correct_by = models.DateTimeField(_("修改截止"), null=True, blank=True)
    extension = models.ForeignKey(Extension, models.PROTECT, null=True, blank=True, related_name="returns")
    extended_until = models.DateTimeField(_("延至"), null=True, blank=True)
    grace_until = models.DateTimeField(_("顺延至"), null=True, blank=True)
    updated_at = models.DateTimeField(db_index=True)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("年度报表")
        indexes = [
            models.Index(fields=["campaign", "state"], name="return_campaign_state"),
            models.Index(fields=["carrier", "campaign"], name="return_carrier"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "carrier"], name="return_once"),
            models.CheckConstraint(
                name="return_submitted_stamp",
                condition=Q(state__in=[State.FILLING.value, State.RETURNED.value], submitted_at=None)
                | (~Q(state__in=[State.FILLING.value, State.RETURNED.value]) & Q(submitted_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="return_county_stamp",
                condition=(
                    Q(state__in=[State.AT_CITY.value, State.AT_PROVINCE.value, State.ACCEPTED.value])
                    & _passed("county_passed_at", WITH_COUNTY)
                )
                | Q(
                    state__in=[State.FILLING.value, State.RETURNED.value, State.AT_COUNTY.value],
                    county_passed_at=None,
                ),
            ),
            models.CheckConstraint(
                name="return_city_stamp",
                condition=(
                    Q(state__in=[State.AT_PROVINCE.value, State.ACCEPTED.value])
                    & _passed("city_passed_at", WITH_CITY)
                )
                | (~Q(state__in=[State.AT_PROVINCE.value, State.ACCEPTED.value]) & Q(city_passed_at=None)),
            ),
            models.CheckConstraint(
                name="return_accepted_stamp",
                condition=Q(state=State.ACCEPTED.value, accepted_at__isnull=False)
                | (~Q(state=State.ACCEPTED.value) & Q(accepted_at=None)),
            ),
            models.CheckConstraint(
                name="return_returned_stamp",
                condition=Q(state=State.RETURNED.value, returned_at__isnull=False)
                | (~Q(state=State.RETURNED.value) & Q(returned_at=None)),
            ),
            models.CheckConstraint(
                name="return_own_dates_in_order",
                condition=Q(last_start_at=None, due_at=None, correct_by=None)
                | (
                    Q(last_start_at__isnull=False, due_at__isnull=False, correct_by__isnull=False)
                    & Q(last_start_at__lte=F("due_at"), due_at__lte=F("correct_by"))
                ),
            ),
            models.CheckConstraint(
                name="return_extension_whole",
                condition=Q(extension=None, extended_until=None)
                | Q(extension__isnull=False, extended_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} · {self.campaign}"

    @property
    def dates(self) -> Dates:
        """The instants that hold for this return; its campaign is asked for what it has not of its own."""
        base = self.campaign.dates
        return replace(
            base,
            last_start_at=self.last_start_at or base.last_start_at,
            due_at=self.due_at or base.due_at,
            correct_by=self.correct_by or base.correct_by,
            extended_until=self.extended_until,
            grace_until=self.grace_until,
        )


class ReturnVersionQuerySet(models.QuerySet["ReturnVersion"]):
    def visible_to(self, actor: Any) -> ReturnVersionQuerySet:
        """Carrier staff and auditors all of it; officers what was submitted, never a draft but one that they
        fill for the carrier."""
        mine = self.filter(return_of__in=Return.objects.visible_to(actor))
        if actor.role in (SYSTEM, Role.CARRIER_STAFF, Role.AUDITOR):
            return mine
        return mine.filter(Q(submitted_at__isnull=False) | Q(on_behalf_by_id=actor.user_id or 0))


class ReturnVersion(models.Model):
    """The values of a return, exact as filed, in one round. A draft until submitted, then for good (trigger).

    `values`: `{code: exact text}`, a missing value has no key. `sources`: `{code: {"kind": "typed" |
    "previous" | "registry" | "file", "confirmed": bool, "by", "at", "sha256", "cell"}}`; who and
    when are told to whom a stale save is refused. `explanations`:
    `{problem key: {"reason", "text", "found"}}`, void when the value is no longer `found`. `on_behalf_by` is
    the officer who filled it for the carrier, and why. `answer`: a nil return or one of a carrier that has
    closed: it has a reason and evidence in the place of figures.
    """

    return_of = models.ForeignKey(Return, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    sources = models.JSONField(default=dict)
    explanations = models.JSONField(default=dict)
    commitment = models.TextField(_("承诺"), blank=True)
    saved_at = models.DateTimeField(_("保存时间"))
    saved_by = _by()
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_by = _by()
    digest = models.CharField(max_length=80, blank=True)
    on_behalf_by = _by()
    on_behalf_at = models.DateTimeField(_("代填时间"), null=True, blank=True)
    on_behalf_reason = models.CharField(_("代填理由"), max_length=200, blank=True)
    answer = models.CharField(_("申报"), max_length=6, choices=answer_choices, blank=True)
    answer_reason = models.CharField(_("申报理由"), max_length=500, blank=True)
    closed_on = models.DateField(_("停止运营日期"), null=True, blank=True)
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReturnVersionQuerySet.as_manager()

    class Meta:
        ordering = ("return_of_id", "number")
        verbose_name = _("报表版本")
        constraints = [
            models.UniqueConstraint(fields=["return_of", "number"], name="return_version_once"),
            models.CheckConstraint(
                name="return_version_submitted_whole",
                condition=Q(submitted_at=None, digest="")
                | (Q(submitted_at__isnull=False) & ~Q(digest="") & ~Q(commitment="")),
            ),
            models.CheckConstraint(
                name="return_version_on_behalf_whole",
                condition=Q(on_behalf_by=None, on_behalf_at=None, on_behalf_reason="")
                | (Q(on_behalf_by__isnull=False, on_behalf_at__isnull=False) & ~Q(on_behalf_reason="")),
            ),
            models.CheckConstraint(
                name="return_version_answer_whole",
                condition=Q(answer="", answer_reason="", closed_on=None, evidence=None)
                | (Q(answer=Answer.NIL.value, closed_on=None, evidence__isnull=False) & ~Q(answer_reason=""))
                | (
                    Q(answer=Answer.CLOSED.value, closed_on__isnull=False, evidence__isnull=False)
                    & ~Q(answer_reason="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.return_of} #{self.number}"


class _OfVersion(models.QuerySet[Any]):
    def visible_to(self, actor: Any) -> _OfVersion:
        return self.filter(version__in=ReturnVersion.objects.visible_to(actor))


class RosterRow(models.Model):
    """One row of a table of a version. Columns that all forms share are typed; the others, and whatever
    text does not fit its type, stand in `extra` as `{column: exact text}`, which wins where both are.

    `revenue` is in the unit that the form gives its column. A row without its key has `~N` for one.
    """

    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="rows")
    table = models.CharField(max_length=60)
    key = models.CharField(max_length=60)
    position = models.PositiveIntegerField()
    name = models.CharField(_("名称"), max_length=200, blank=True)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, blank=True, db_index=True)
    founded = models.DateField(_("成立日期"), null=True, blank=True)
    entered = models.DateField(_("入驻日期"), null=True, blank=True)
    graduated = models.DateField(_("毕业日期"), null=True, blank=True)
    field = models.CharField(_("技术领域"), max_length=60, blank=True)
    high_tech = models.BooleanField(_("高新技术企业"), null=True, blank=True)
    people = models.PositiveIntegerField(_("从业人数"), null=True, blank=True)
    revenue = models.DecimalField(_("营业收入"), max_digits=24, decimal_places=6, null=True, blank=True)
    extra = models.JSONField(default=dict, blank=True)

    objects = _OfVersion.as_manager()

    class Meta:
        ordering = ("version_id", "table", "position", "pk")
        verbose_name = _("名单行")
        constraints = [models.UniqueConstraint(fields=["version", "table", "key"], name="roster_row_once")]

    def __str__(self) -> str:
        return self.name or self.key


class ReturnFigure(models.Model):
    """A number of a submitted version: fields, computed values and totals, for sums across returns."""

    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="figures")
    code = models.CharField(max_length=60)
    number = models.DecimalField(max_digits=24, decimal_places=6)

    objects = _OfVersion.as_manager()

    class Meta:
        ordering = ("version_id", "code")
        verbose_name = _("报表数值")
        indexes = [models.Index(fields=["code", "version"], name="return_figure_code")]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="return_figure_once")]

    def __str__(self) -> str:
        return f"{self.code} = {self.number}"


class ReturnMoveQuerySet(models.QuerySet["ReturnMove"]):
    def visible_to(self, actor: Any) -> ReturnMoveQuerySet:
        return self.filter(return_of__in=Return.objects.visible_to(actor))


class ReturnMove(models.Model):
    """One move of a return. `reasons`: `{field code: what is to be mended}` when it was returned."""

    return_of = models.ForeignKey(Return, models.PROTECT, related_name="moves")
    version = models.ForeignKey(ReturnVersion, models.PROTECT, related_name="moves")
    action = models.CharField(_("动作"), max_length=12)
    source = models.CharField(_("原状态"), max_length=12, choices=_state_choices)
    target = models.CharField(_("新状态"), max_length=12, choices=_state_choices)
    at = models.DateTimeField(_("时间"))
    by = _by()
    role = models.CharField(_("身份"), max_length=24)
    comment = models.TextField(_("意见"), blank=True)
    reasons = models.JSONField(default=dict, blank=True)

    objects = ReturnMoveQuerySet.as_manager()

    class Meta:
        ordering = ("return_of_id", "pk")
        verbose_name = _("报表流转")
        constraints = [
            models.CheckConstraint(
                name="return_move_back_has_a_comment", condition=~Q(action="return") | ~Q(comment="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.source} → {self.target}"
