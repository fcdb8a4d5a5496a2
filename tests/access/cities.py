"""Two cities whose private data are marked with a word each, so that it is seen where it must not be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from core.problems import Severity
from evaluation.models import Run, Scheme
from evaluation.rules.publicity import Period
from evaluation.services import facts, objections, runs
from office.services import jobs
from office.services.evidence import Upload
from registry.models import Carrier, Operator, Tenant
from registry.rules.listing import Asked
from registry.services import applications, changing
from registry.services.exports import export_carriers
from registry.services.proposals import Asked as AskedFacts
from registry.services.stays import record_stay
from reporting import queries
from reporting.excel.making import make
from reporting.models import Campaign, Return
from reporting.services import filling, returns, rows, workbooks
from tests.access.world import earlier_campaign
from tests.journeys import applying
from tests.journeys.cast import START, YEAR, Cast, accepted, credit_code, make_cast, submitted


@dataclass(frozen=True)
class City:
    """`staff` and `carriers` are two and two; `readers` is everybody of the city."""

    cast: Cast
    mark: str
    number: int
    carriers: tuple[Carrier, Carrier]
    staff: tuple[str, str]
    county: str
    city: str

    @property
    def readers(self) -> list[str]:
        return [*self.staff, self.county, self.city]


@dataclass(frozen=True)
class Two:
    cast: Cast
    run: Run
    earlier: Campaign
    cities: tuple[City, City]


def make_two() -> Two:
    """Both cities with accepted returns of the year, a run in publicity, and a year before that is open."""
    cast = make_cast(neighbours=True)
    near = (cast.carriers[0], cast.carriers[2])
    far = (cast.neighbours[0], cast.neighbours[1])
    cities = (
        City(cast, "甲城机密", 1, near, ("填报0", "填报2"), "县区甲", "市级甲"),
        City(cast, "乙城机密", 2, far, ("邻填0", "邻填1"), "邻县甲", "邻市甲"),
    )
    theirs = Return.objects.get(carrier=far[1], campaign__year=YEAR)
    accepted(cast, submitted(cast.people["邻填1"], theirs, 60), ("邻县甲", "邻市甲"))
    officer = cast.people["省级甲"]
    run = runs.create_run(
        actor=officer, scheme_id=Scheme.objects.get().pk, year=YEAR, title="公示批次", region=cast.province,
        at=START,
    )  # fmt: skip
    for step in (runs.freeze, runs.score):
        run = step(actor=officer, run_id=run.pk, expected=run.version, at=START)
    run = runs.publicise(
        actor=officer, run_id=run.pk, expected=run.version, period=Period.WORKING_5, at=START
    )
    return Two(cast, run, earlier_campaign(cast), cities)


def live(two: Two, city: City, time: int) -> None:
    """What a city does that is nobody else's business, for the first or the second `time`."""
    people, mark, number = two.cast.people, city.mark, 1000 * city.number + 100 * time
    Operator.objects.filter(carriers__in=city.carriers).update(
        contact=f"{mark}联系人{time}", phone=f"0990-{number}", address=f"{mark}路 {time} 号"
    )
    for place in range(3):
        tenant = Tenant.objects.create(
            credit_code=credit_code(number + place),
            name=f"{mark}企业{number + place}",
            founded=date(2024, 1, 1),
        )
        record_stay(
            actor=people[city.staff[0]], carrier_code=city.carriers[0].code, who=tenant,
            entered=date(2024, 6, 1 + place), at=START,
        )  # fmt: skip
    _draft(two, city, time)
    _sent_back(two, city, time)
    _asked(two, city, time)
    facts.record_fact(
        actor=people[city.county], carrier_code=city.carriers[0].code, year=YEAR - time, name="penalty",
        value="是", document=f"{mark}通报", document_date=date(2026, 3, 1), at=START,
    )  # fmt: skip
    if time == 1:
        objections.file(
            actor=people[city.staff[1]], run_id=two.run.pk, text=f"{mark}：在孵企业数应为 12 家。", at=START
        )
    job = export_carriers(actor=people[city.county], asked=Asked(), at=START)
    jobs.run(job_id=str(job.pk))


def _asked(two: Two, city: City, time: int) -> None:
    """Staff ask to change the first or the second carrier's address, and to register one more; the county
    sends the request back and has the application before it. The applications' names are not alike: those
    that are go before both counties, side by side."""
    staff, county = two.cast.people[city.staff[time - 1]], two.cast.people[city.county]
    paper = ("premises", Upload(f"{city.mark}租约{time}.pdf", b"%PDF-1.7"))
    change = changing.ask(
        actor=staff,
        code=city.carriers[time - 1].code,
        asked=AskedFacts(
            wanted={"address": f"{city.mark}新路 {time} 号"},
            happened_on=START.date(),
            reason=f"{city.mark}换租",
            basis=f"{city.mark}租约",
            files=[paper],
        ),
        at=START,
    )
    seen: dict[str, Any] = {"request_id": change.pk, "expected": change.version}
    changing.send_back(actor=county, comment=f"{city.mark}：租约缺页", at=START, **seen)
    name = (("白鹭湾", "灰雀岭"), ("红松坡", "青檀里"))[city.number - 1][time - 1]
    asked = applying.facts_of(two.cast, 200 + 10 * city.number + time, name)
    asked |= {
        "region": city.carriers[0].region.code,
        "contact": f"{city.mark}联系人",
        "manager": f"{city.mark}人",
    }
    made = applications.begin(actor=staff, facts=asked, at=START)
    for kind in applying.KINDS:
        upload = Upload(f"{city.mark}{kind}.pdf", b"%PDF-1.7")
        applications.attach(actor=staff, application_id=made.pk, kind=kind, upload=upload, at=START)
    applications.submit(actor=staff, application_id=made.pk, at=START)


def _draft(two: Two, city: City, time: int) -> None:
    """The first carrier fills this year's return: a row, a question with its reason, a workbook."""
    staff = two.cast.people[city.staff[0]]
    found = Return.objects.get(carrier=city.carriers[0], campaign__year=YEAR)
    about: dict[str, Any] = {"actor": staff, "return_id": found.pk, "at": START}
    rows.add_row(table="roster", values={"name": f"{city.mark}名单企业{time}"}, **about)
    if time == 1:
        filling.save_field(code="tenants_reported", value="0", seen="", **about)
        opened = queries.opened(found, at=START)
        asked = [one for one in opened.checked().findings if one.problem.severity is Severity.EXPLAIN]
        filling.explain(key=asked[0].key, reason="other", text=f"{city.mark}说明：企业年底入驻", **about)
    book = load_workbook(BytesIO(make(queries.opened(found, at=START))))
    kept = BytesIO()
    book.save(kept)
    made = workbooks.upload(content=kept.getvalue(), name=f"{city.mark}年报{time}.xlsx", **about)
    assert made.job is not None
    jobs.run(job_id=str(made.job.pk))


def _sent_back(two: Two, city: City, time: int) -> None:
    """The year before: the second carrier hands in, the county sends back; then it hands in again."""
    staff, county = two.cast.people[city.staff[1]], two.cast.people[city.county]
    found = Return.objects.get(carrier=city.carriers[1], campaign=two.earlier)
    about: dict[str, Any] = {"return_id": found.pk, "at": START}
    if time == 1:
        found = submitted(staff, found, 70 + city.number)
        returns.send_back(
            actor=county, expected=found.version, comment=f"{city.mark}：请核对", reasons={}, **about
        )
    else:
        returns.submit(actor=staff, expected=found.version, commitment="数据真实", **about)
