"""The year as services leave it, for the pages that show it: quicker than by browser."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from evaluation.models import Run, Scheme
from evaluation.rules.publicity import Period
from evaluation.services import marking, runs
from figures.services.computing import publish_figures
from funding.models import Allocation, Policy
from funding.services import allocations
from news.models import Article
from news.services import articles
from news.services.articles import Draft
from registry.rules.listing import Asked
from registry.services.exports import export_carriers
from tests.journeys.cast import START, YEAR, Cast

LATER = datetime(2026, 5, 25, 9, 0, tzinfo=START.tzinfo)


def published_run(cast: Cast) -> Run:
    """One run that is published and one that is frozen, with both experts' sheets to mark."""
    officer, second = cast.people["省级甲"], cast.people["省级乙"]
    for title in ("年度评价", "更正批次"):
        run = runs.create_run(
            actor=officer, scheme_id=Scheme.objects.get().pk, year=YEAR, title=title, region=cast.province,
            at=START,
        )  # fmt: skip
        run = runs.freeze(actor=officer, run_id=run.pk, expected=run.version, at=START)
        for expert in ("专家甲", "专家乙"):
            marking.assign(
                actor=officer, run_id=run.pk, expert_id=cast.user(expert).pk, at=START, due_at=None,
                carrier_codes=[carrier.code for carrier in cast.carriers],
            )  # fmt: skip
    run = Run.objects.order_by("pk")[0]
    about: dict[str, Any] = {"run_id": run.pk}
    run = runs.score(actor=officer, expected=run.version, at=START, **about)
    run = runs.publicise(actor=officer, expected=run.version, at=START, period=Period.WORKING_5, **about)
    return runs.publish(actor=second, expected=run.version, at=LATER, **about)


def allocation_of(cast: Cast, run: Run) -> Allocation:
    """Confirmed, with both finance officers."""
    policy = Policy.objects.get()
    made = allocations.prepare(actor=cast.people["财务甲"], policy_id=policy.pk, run_id=run.pk, at=LATER)
    return allocations.confirm(
        actor=cast.people["财务乙"], allocation_id=made.pk, expected=made.version, at=LATER
    )


def written(cast: Cast, title: str, *, published: bool) -> Article:
    draft = Draft(title=title, section="notice", text="第一段写明事由。\n## 安排\n第二段写明时间与地点。")
    made = articles.write(actor=cast.people["编辑甲"], draft=draft, at=START)
    if published:
        for editor, action in (("编辑甲", "submit"), ("编辑乙", "publish")):
            about: dict[str, Any] = {"article_id": made.pk, "version": articles.version_of(made), "at": START}
            made = articles.act(actor=cast.people[editor], action=action, **about)
    return made


def everything_else(cast: Cast) -> None:
    """Figures, and a job that waits."""
    publish_figures(actor=cast.people["省级甲"], year=YEAR, at=LATER)
    export_carriers(actor=cast.people["省级甲"], asked=Asked(), at=LATER)
