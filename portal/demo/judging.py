"""One finished evaluation with its money, one in publicity, one that experts are marking."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from evaluation.models import Assignment, CarrierFact, Mark, Objection, Run
from evaluation.queries import definition
from evaluation.services import runs
from evaluation.services.marking import new_codes
from evaluation.services.schemes import import_scheme
from funding.services import allocations
from funding.services.policies import import_policy
from portal.demo.bulk import insert, next_id, settle_sequences
from portal.demo.sizes import YEAR
from portal.demo.world import World, moment

SCHEMES = Path(__file__).resolve().parents[2] / "evaluation" / "schemes"
POLICY = Path(__file__).resolve().parents[2] / "funding" / "policies" / "province-operating.yaml"
PANEL = 3


def load(world: World) -> None:
    _facts(world)
    _finished(world)
    _in_publicity(world)
    _being_marked(world)


def _facts(world: World) -> None:
    """Grades by the level above, an accident, a dishonest return: with document and date."""
    national = [p for p in world.plans if p.is_incubator and p.level == "national"]
    evaluated = national[: world.sizes.national_evaluated]
    rows = []
    graded = [
        (plan, year, "upstream", "A", f"国家级孵化器 {year} 年度评价结果（示例）")
        for year, count in ((YEAR, world.sizes.upstream_a), (YEAR - 1, world.sizes.upstream_a_before))
        for plan in evaluated[:count]
    ]
    others = [plan for plan in world.plans if plan.level != "national"]
    graded += [
        (others[3], YEAR, "accident", "true", "安全事故调查报告（示例）"),
        (others[-3], YEAR, "accident", "true", "安全事故调查报告（示例）"),
        (others[7], YEAR, "dishonesty", "true", "统计执法检查结论（示例）"),
    ]
    start = next_id(CarrierFact)
    by = world.user("province").pk
    for at, (plan, year, name, value, document) in enumerate(graded):
        day = date(year + 1, 3, 10)
        carrier = world.carrier_ids[plan.number]
        rows.append((start + at, carrier, year, name, value, document, day, moment(year + 1, 3, 12), by, ""))
    insert(
        CarrierFact,
        ("id", "carrier_id", "year", "name", "value", "document", "document_date", "recorded_at",
         "recorded_by_id", "revoked_because"),
        rows,
    )  # fmt: skip
    settle_sequences(CarrierFact)


def _run(world: World, scheme: str, title: str, at: datetime) -> Run:
    """A run of the full year, frozen."""
    actor = world.actor("province")
    source = (SCHEMES / f"{scheme}.yaml").read_bytes()
    loaded = import_scheme(actor=actor, source=source, region=world.root, at=at)
    run = runs.create_run(actor=actor, scheme_id=loaded.pk, year=YEAR, title=title, region=world.root, at=at)
    return runs.freeze(actor=actor, run_id=run.pk, expected=run.version, at=at + timedelta(hours=2))


def _finished(world: World) -> None:
    begun = moment(YEAR + 1, 4, 6)
    run = _run(world, "incubator-comprehensive", f"{YEAR} 年度科技企业孵化器绩效评价（综合类）", begun)
    _marks(world, run, begun + timedelta(days=3), submitted=1.0)
    _walk(world, run, begun + timedelta(days=30))


def _marks(world: World, run: Run, at: datetime, *, submitted: float, due: datetime | None = None) -> None:
    """A panel for every carrier, and what each expert gave."""
    entries = list(run.entries.filter(left_out="").values_list("pk", flat=True))
    assignment, mark = next_id(Assignment), next_id(Mark)
    assignments: list[tuple[object, ...]] = []
    marks: list[tuple[object, ...]] = []
    codes = new_codes(len(entries) * PANEL)
    leaves = [leaf.code for leaf in definition(run.scheme).leaves if leaf.rule.type == "expert"]
    for at_entry, entry in enumerate(entries):
        for seat in range(PANEL):
            expert = world.experts[(at_entry + seat) % len(world.experts)]
            done = world.rng.random() < submitted
            key = assignment + len(assignments)
            stamp = at + timedelta(days=2 + seat) if done else None
            code = codes[len(assignments)]
            by = world.user("province").pk
            assignments.append((key, entry, expert.pk, code, at, by, due, "", stamp))
            if done:
                base = world.rng.gauss(78, 9)
                for leaf in leaves:
                    value = Decimal(max(40, min(98, round(base + world.rng.gauss(0, 4)))))
                    marks.append((mark + len(marks), key, leaf, value, False, "", 1, stamp))
    columns = ("id", "entry_id", "expert_id", "code", "assigned_at", "assigned_by_id", "due_at",
               "recused_because", "submitted_at")  # fmt: skip
    insert(
        Mark, ("id", "assignment_id", "leaf", "mark", "abstained", "comment", "version", "saved_at"), marks
    )
    insert(Assignment, columns, assignments)
    settle_sequences(Assignment, Mark)


def _walk(world: World, run: Run, at: datetime) -> None:
    """Scored, publicised by one officer, objected to, published by the other; then the money."""
    one, two = world.actor("province"), world.actor("province2")
    run = runs.score(actor=one, run_id=run.pk, expected=run.version, at=at)
    run = runs.publicise(actor=one, run_id=run.pk, expected=run.version, at=at + timedelta(days=1))
    _objections(world, run, at + timedelta(days=3))
    runs.publish(actor=two, run_id=run.pk, expected=run.version, at=at + timedelta(days=20))
    _awards(world, run, at + timedelta(days=40))


def _awards(world: World, run: Run, at: datetime) -> None:
    """Worked out by one finance officer, confirmed by the other."""
    one, two = world.actor("finance"), world.actor("finance2")
    source = POLICY.read_bytes()
    policy = import_policy(actor=world.actor("province"), source=source, region=world.root, at=at)
    made = allocations.prepare(actor=one, policy_id=policy.pk, run_id=run.pk, at=at)
    allocations.confirm(actor=two, allocation_id=made.pk, expected=made.version, at=at + timedelta(days=2))


def _objections(world: World, run: Run, at: datetime) -> None:
    entries = list(run.entries.exclude(grade="").select_related("carrier").order_by("rank"))
    texts = (
        ("毕业企业数少计 2 家，证明材料见附件。", "sustained", "经核，2 家毕业企业材料齐全，同意更正。"),
        (
            "对“服务体系与服务质量”评分有异议，请复核。",
            "rejected",
            "经复核，专家评分符合规则，维持原评分。",
        ),
        ("当年获得投融资金额未计入第四季度一笔。", "rejected", "该笔到账日期在次年，不属本年度。"),
    )
    for number, (text, state, decision) in enumerate(texts):
        entry = entries[(20 + 17 * number) % len(entries)]
        Objection.objects.create(
            entry=entry,
            text=text,
            filed_at=at,
            filed_by_id=world.staff[entry.carrier.code],
            state=state,
            decision=decision,
            decided_at=at + timedelta(days=6),
            decided_by=world.user("province"),
        )


def _in_publicity(world: World) -> None:
    """Publicity began two days ago: objections can be made now."""
    begun = world.now - timedelta(days=40)
    run = _run(world, "makerspace-maker", f"{YEAR} 年度众创空间绩效评价", begun)
    actor = world.actor("province")
    run = runs.score(actor=actor, run_id=run.pk, expected=run.version, at=world.now - timedelta(days=5))
    run = runs.publicise(actor=actor, run_id=run.pk, expected=run.version, at=world.now - timedelta(days=2))
    entry = run.entries.exclude(grade="").select_related("carrier").order_by("-rank")[5]
    Objection.objects.create(
        entry=entry,
        text="当年创客注册企业数与名单不一致，应为名单所列家数，请核对。",
        filed_at=world.now - timedelta(days=1),
        filed_by_id=world.staff[entry.carrier.code],
    )


def _being_marked(world: World) -> None:
    """Experts have until next week; two thirds of the marks are in."""
    begun = world.now - timedelta(days=12)
    title = f"{YEAR} 年度科技企业孵化器绩效评价（专业类）"
    run = _run(world, "incubator-specialised", title, begun)
    due = world.now + timedelta(days=6)
    _marks(world, run, begun + timedelta(days=1), submitted=0.66, due=due)
