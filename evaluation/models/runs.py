"""A run: what was frozen, what each carrier got, what was objected to."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Region
from accounts.rules.roles import CHECKING, SYSTEM, Role
from core.moves import Lifecycle
from evaluation.models.schemes import Scheme
from evaluation.rules.lifecycle import OBJECTION, RUN
from office.models import StoredFile
from registry.models import Carrier
from reporting.models import ReturnVersion

_USER = settings.AUTH_USER_MODEL
OPEN_STATES = ("publicised", "published")
MARKING_STATES = ("frozen", "scored")


def state_choices(lifecycle: Lifecycle) -> list[tuple[str, Any]]:
    return [(state, _(title.msgid)) for state, title in lifecycle.states]


def _by(**more: Any) -> Any:
    return models.ForeignKey(_USER, models.PROTECT, null=True, blank=True, related_name="+", **more)


OVERSEEING = (Role.PROVINCE_OFFICER, Role.AUDITOR)
NOTHING = Q(pk__in=())


def overseen(actor: Any, prefix: str = "") -> Q:
    """What lies in runs that this actor runs or audits; `prefix` leads to the run."""
    if actor.role not in OVERSEEING or not actor.region_path:
        return NOTHING
    return Q(**{f"{prefix}region__path__startswith": actor.region_path})


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, actor: Any) -> RunQuerySet:
        """Province and auditors those of their region; experts where they mark; others once publicised."""
        if actor.role == SYSTEM:
            return self.all()
        out = Q(state__in=OPEN_STATES) | overseen(actor)
        if actor.role == Role.EXPERT:
            marking = Assignment.objects.visible_to(actor).values("entry__run_id")
            out |= Q(state__in=MARKING_STATES, pk__in=marking)
        return self.filter(out)


class Run(models.Model):
    """One evaluation of one year under one scheme. `year` is the year that the figures describe.

    `frozen_digest` is the SHA-256 of the canonical JSON of all that was frozen, `result_digest` that of
    the result.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="runs")
    year = models.PositiveSmallIntegerField(_("年度"))
    title = models.CharField(_("名称"), max_length=120)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name=_("组织地区"))
    state = models.CharField(_("状态"), max_length=12, choices=state_choices(RUN), default="draft")
    version = models.PositiveIntegerField(default=0)
    kinds = models.JSONField(default=dict, blank=True)
    facts_as_of = models.DateField(null=True, blank=True)
    frozen_at = models.DateTimeField(_("冻结时间"), null=True, blank=True)
    frozen_by = _by()
    frozen_digest = models.CharField(max_length=71, blank=True)
    scored_at = models.DateTimeField(_("计分时间"), null=True, blank=True)
    scored_by = _by()
    result_digest = models.CharField(max_length=71, blank=True)
    publicised_at = models.DateTimeField(_("公示开始"), null=True, blank=True)
    publicised_by = _by()
    publicity_ends_at = models.DateTimeField(_("公示截止"), null=True, blank=True)
    published_at = models.DateTimeField(_("公布时间"), null=True, blank=True)
    published_by = _by()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(db_index=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-pk")
        verbose_name = _("评价批次")
        constraints = [
            models.CheckConstraint(
                name="run_frozen_stamp",
                condition=Q(state__in=["draft", "dropped"])
                | (Q(frozen_at__isnull=False) & ~Q(frozen_digest="")),
            ),
            models.CheckConstraint(
                name="run_scored_stamp",
                condition=Q(state__in=["draft", "frozen", "dropped"])
                | (Q(scored_at__isnull=False) & ~Q(result_digest="")),
            ),
            models.CheckConstraint(
                name="run_publicity_stamp",
                condition=(
                    Q(
                        state__in=OPEN_STATES,
                        publicised_at__isnull=False,
                        publicity_ends_at__gt=F("publicised_at"),
                    )
                )
                | (~Q(state__in=OPEN_STATES) & Q(publicised_at=None, publicity_ends_at=None)),
            ),
            models.CheckConstraint(
                name="run_published_stamp",
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at=None, published_by=None)),
            ),
            # Two persons release: who publicised does not publish.
            models.CheckConstraint(
                name="run_two_persons",
                condition=Q(published_by=None) | Q(publicised_by=None) | ~Q(published_by=F("publicised_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EntryQuerySet(models.QuerySet["RunEntry"]):
    def visible_to(self, actor: Any) -> EntryQuerySet:
        """Before publicity nobody but the province and its auditors sees a result."""
        if actor.role == SYSTEM:
            return self.all()
        out = Q(run__state__in=OPEN_STATES) & ~Q(grade="")
        return self.filter(out | overseen(actor, "run__"))


class RunEntry(models.Model):
    """One carrier in one run. `left_out` says why it takes no part.

    `frozen` is what was frozen of it, in exact text: `{"this": {name: text}, "prev": …, "prev2": …}`;
    `result` holds the leaves as the contract's JSON.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="entries")
    carrier = models.ForeignKey(Carrier, models.PROTECT, related_name="entries")
    return_version = models.ForeignKey(ReturnVersion, models.PROTECT, null=True, blank=True, related_name="+")
    city = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+")
    frozen = models.JSONField(default=dict)
    left_out = models.CharField(_("未参评原因"), max_length=200, blank=True)
    total = models.DecimalField(_("总分"), max_digits=18, decimal_places=8, null=True, blank=True)
    base = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    bonus = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    deductions = models.DecimalField(max_digits=18, decimal_places=8, null=True, blank=True)
    rank = models.PositiveIntegerField(_("名次"), null=True, blank=True)
    grade = models.CharField(_("等级"), max_length=10, blank=True)
    reason = models.TextField(_("依据"), blank=True)
    result = models.JSONField(default=list, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("run_id", F("rank").asc(nulls_last=True), "carrier_id")
        verbose_name = _("参评载体")
        constraints = [
            models.UniqueConstraint(fields=["run", "carrier"], name="entry_once"),
            models.CheckConstraint(
                name="entry_graded_has_a_total", condition=Q(grade="") | Q(total__isnull=False)
            ),
            models.CheckConstraint(
                name="entry_left_out_has_no_grade", condition=Q(left_out="") | Q(grade="", rank=None)
            ),
        ]
        indexes = [models.Index(fields=["run", "grade", "rank"], name="entry_list")]

    def __str__(self) -> str:
        return f"{self.run} {self.carrier}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, actor: Any) -> AssignmentQuerySet:
        """An expert sees their own; who marks whom is known to the province and the auditor only."""
        if actor.role == SYSTEM:
            return self.all()
        if actor.role == Role.EXPERT:
            return self.filter(expert_id=actor.user_id)
        return self.filter(overseen(actor, "entry__run__"))


class Assignment(models.Model):
    """An expert marks the expert leaves of one carrier. Submitted marks change no more."""

    entry = models.ForeignKey(RunEntry, models.PROTECT, related_name="assignments")
    expert = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    code = models.CharField(_("评审编号"), max_length=12, unique=True)
    assigned_at = models.DateTimeField()
    assigned_by = _by()
    due_at = models.DateTimeField(_("评分截止"), null=True, blank=True)
    recused_at = models.DateTimeField(_("回避"), null=True, blank=True)
    recused_because = models.CharField(max_length=200, blank=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("专家分派")
        constraints = [
            models.UniqueConstraint(fields=["entry", "expert"], name="assignment_once"),
            models.CheckConstraint(
                name="assignment_recused_or_submitted", condition=Q(recused_at=None) | Q(submitted_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MarkQuerySet(models.QuerySet["Mark"]):
    def visible_to(self, actor: Any) -> MarkQuerySet:
        return self.filter(assignment__in=Assignment.objects.visible_to(actor))


class Mark(models.Model):
    """What an expert gives one leaf; no mark is an abstention when `abstained`."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="marks")
    leaf = models.CharField(_("指标"), max_length=40)
    mark = models.DecimalField(_("评分"), max_digits=8, decimal_places=2, null=True, blank=True)
    abstained = models.BooleanField(_("弃权"), default=False)
    comment = models.TextField(_("评语"), blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    objects = MarkQuerySet.as_manager()

    class Meta:
        ordering = ("assignment_id", "leaf")
        verbose_name = _("评分")
        constraints = [
            models.UniqueConstraint(fields=["assignment", "leaf"], name="mark_once"),
            models.CheckConstraint(name="mark_not_negative", condition=Q(mark=None) | Q(mark__gte=0)),
            models.CheckConstraint(name="mark_or_abstention", condition=Q(abstained=False) | Q(mark=None)),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} {self.leaf}"


OBJECTION_ROLES = CHECKING | {SYSTEM, Role.CARRIER_STAFF, Role.AUDITOR}


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, actor: Any) -> ObjectionQuerySet:
        """The carrier its own, those who check and audit those of their scope."""
        if actor.role not in OBJECTION_ROLES:
            return self.none()
        return self.filter(entry__carrier__in=Carrier.objects.managed_by(actor))


class Objection(models.Model):
    """Against a result during publicity: in words, with evidence, by name; decided once with a reason."""

    entry = models.ForeignKey(RunEntry, models.PROTECT, related_name="objections")
    text = models.TextField(_("异议内容"))
    evidence = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField(_("提出时间"))
    filed_by = models.ForeignKey(_USER, models.PROTECT, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=state_choices(OBJECTION), default="filed")
    decision = models.TextField(_("处理意见"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _by()

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering = ("-filed_at",)
        verbose_name = _("异议")
        constraints = [
            models.CheckConstraint(
                name="objection_decided_stamp",
                condition=Q(state="filed", decided_at=None, decided_by=None, decision="")
                | (~Q(state="filed") & Q(decided_at__isnull=False) & ~Q(decision="")),
            ),
            models.UniqueConstraint(fields=["entry"], condition=Q(state="filed"), name="objection_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.entry} {self.state}"


class RunMoveQuerySet(models.QuerySet["RunMove"]):
    def visible_to(self, actor: Any) -> RunMoveQuerySet:
        return self.filter(run__in=Run.objects.visible_to(actor))


class RunMove(models.Model):
    """Who moved a run, when, with which word and on which result."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="moves")
    action = models.CharField(max_length=20)
    source = models.CharField(max_length=12)
    target = models.CharField(max_length=12)
    by = _by()
    role = models.CharField(max_length=24)
    at = models.DateTimeField()
    comment = models.TextField(blank=True)
    digest = models.CharField(max_length=71, blank=True)

    objects = RunMoveQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("批次办理记录")

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"
