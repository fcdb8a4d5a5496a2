"""Each main page as each role, on a desk and on a telephone: no error, no violation of the content policy,
nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from playwright.sync_api import Page, Response

from evaluation.models import Assignment
from office.models import Job
from portal.navigation import PUBLIC, desk_places
from tests.journeys import done
from tests.journeys.cast import Cast, make_cast
from tests.journeys.conftest import Watch

WIDTHS = (1360, 390)
# How wide the page is, and the tables whose sides nobody can scroll to.
LOOK = """() => [
  document.documentElement.scrollWidth,
  [...document.querySelectorAll("main *")].filter((one) =>
    ["clip", "hidden"].includes(getComputedStyle(one).overflowX) && one.querySelector("table")
    && one.scrollWidth > one.clientWidth + 1).map((one) => one.className),
]"""
EVERYBODY = ("/home/", "/office/jobs/", "/office/notices/", "/accounts/me/")
Paths = dict[str, list[str]]


@dataclass
class Tour:
    """Opens pages and keeps what is wrong with each."""

    page: Page
    who: str
    watch: Watch
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("response", self._answered)

    def _answered(self, answer: Response) -> None:
        if answer.status >= 400:
            self.faults.append(f"{self.who}: {answer.status} {answer.url}")

    def visit(self, path: str) -> None:
        """At the wide screen first, then narrowed."""
        before = len(self.watch.faults)
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        self.page.goto(path)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            wide, cut = self.page.evaluate(LOOK)
            if wide > width or cut:
                self.faults.append(f"{self.who}: {path} is {wide} wide on {width}, cut: {cut}")
        said = [f"{self.who}: {path} said {words}" for words in self.watch.faults[before:]]
        self.faults += said
        del self.watch.faults[before:]


@pytest.fixture
def cast(transactional_db: None, at: Callable[..., datetime]) -> Cast:
    at(2026, 3, 18, 9, 0)
    return make_cast()


def paths_of(cast: Cast) -> Paths:
    """The year's pages, by who comes to them."""
    run, mine = done.published_run(cast), cast.mine.pk
    frozen = run.pk + 1
    money = f"/funding/allocations/{done.allocation_of(cast, run).pk}/"
    article = done.written(cast, "评价结果公布", published=True).pk
    draft = done.written(cast, "通知草稿", published=False).pk
    done.everything_else(cast)
    first, second = cast.carriers[0].code, cast.carriers[1].code
    results = f"/evaluation/runs/{run.pk}/results/"
    checked = cast.mine.campaign.returns.exclude(pk=mine).order_by("pk")[0].pk
    public = [place.url for place in PUBLIC]
    public += [
        "/accounts/sign-in/",
        "/privacy/",
        "/search/?q=孵化",
        "/news/bulletins/",
        f"/news/{article}/",
        results,
        money,
    ]
    public += [f"/carriers/{first}/", f"/evaluation/schemes/{run.scheme_id}/"]
    review = [f"/returns/{checked}/", f"/returns/{checked}/?tab=all", f"/returns/{mine}/", "/styleguide/"]
    console = [f"/evaluation/runs/{one}/" for one in (run.pk, frozen)]
    sheet = Assignment.objects.filter(expert=cast.user("专家甲"), entry__run=frozen)[0].code
    return {
        "": public,
        "填报0": [f"/returns/{mine}/{rest}" for rest in (
            "", "sections/site/", "sections/results/", "tables/roster/", "tables/roster/row/", "workbooks/",
            "submit/")],
        "填报1": [f"/returns/{checked}/", f"/returns/{checked}/receipt/", money,
                f"/evaluation/runs/{run.pk}/carriers/{second}/"],
        "县区甲": [*review[2:3], f"/registry/manage/{first}/", "/evaluation/facts/"],
        "市级甲": [*review, "/evaluation/objections/", results],
        "省级甲": [*review, *console, results, "/evaluation/runs/new/", "/evaluation/schemes/",
                "/evaluation/schemes/import/", "/evaluation/facts/", "/returns/campaigns/", "/returns/forms/",
                "/returns/campaigns/new/", f"/returns/campaigns/{cast.mine.campaign_id}/", "/search/?q=孵化",
                "/funding/policies/import/", f"/office/jobs/{Job.objects.latest('created_at').pk}/"],
        "财务甲": ["/funding/", "/funding/allocations/new/", money],
        "专家甲": ["/evaluation/marking/", f"/evaluation/marking/{sheet}/"],
        "编辑甲": ["/news/desk/", "/news/desk/new/", "/news/desk/import/", f"/news/desk/{draft}/"],
        "审计甲": ["/office/audit/", *console, money],
        "系统甲": ["/office/outbox/", "/office/workdays/", "/styleguide/"],
        "安全甲": [],
    }  # fmt: skip


def test_each_page_is_sound_for_each_who_comes_to_it(
    cast: Cast, open_as: Callable[..., Page], watch: Watch, at: Callable[..., datetime]
) -> None:
    faults: list[str] = []
    paths = paths_of(cast)
    at(2026, 3, 19, 9, 0)
    for name, own in paths.items():
        tour = Tour(open_as(cast.user(name) if name else None), name or "访客", watch)
        if name:
            menu = [place.url for place, _ in desk_places(cast.people[name], "/home/")]
            own = [*menu, *EVERYBODY, *own]
        for path in dict.fromkeys(own):
            tour.visit(path)
        tour.page.close()  # what polls in it would poll on
        faults += tour.faults
    assert not faults, "\n".join(faults)
