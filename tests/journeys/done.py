"""The year as services leave it, for the pages that show it: quicker than by browser."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from openpyxl import load_workbook

from evaluation.models import Objection, Run, Scheme
from evaluation.rules.publicity import Period
from evaluation.services import marking, objections, runs
from figures.services.computing import publish_figures
from funding.models import Allocation, Policy
from funding.services import allocations
from news.models import Article, Bulletin
from news.rules.bulletin import read
from news.services import articles, bulletins
from news.services.articles import Draft
from office.models import StoredFile
from office.services import jobs, regions
from office.services.evidence import Upload
from registry.models import Carrier, TenancyFinding, Tenant
from registry.rules.lineage import LinkKind
from registry.services import changing, findings, stays, tenancy
from registry.services.lineage import Heir, Passing, carry_out
from registry.services.proposals import Asked as AskedFacts
from reporting import queries
from reporting.excel.making import make
from reporting.models import Form, WorkbookImport
from reporting.services import workbooks
from reporting.services.forms import import_form
from tests.journeys.cast import START, YEAR, Cast, credit_code, source

ISSUE = """孵化动态
2026 年第 12 期
2026 年 3 月 18 日

【载体建设】

青禾孵化器建成公共实验室

青禾孵化器的公共实验室投入使用，面积一千二百平方米，首批六家企业签约。
（来源：青禾孵化器）

【政策要闻】

评价办法公布

办法自四月一日起施行，绩效评价每年一次。
（来源：示例省科技创业服务中心）
"""
LATER = datetime(2026, 5, 25, 9, 0, tzinfo=START.tzinfo)


def published_run(cast: Cast) -> Run:
    """One run that is published, one that is frozen with both experts' sheets to mark, one in publicity."""
    officer, second = cast.people["省级甲"], cast.people["省级乙"]
    for title in ("年度评价", "更正批次", "公示批次"):
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


def objection_of(cast: Cast) -> Objection:
    """The third run is in publicity; a carrier objects."""
    officer, run = cast.people["省级甲"], Run.objects.order_by("pk")[2]
    run = runs.score(actor=officer, run_id=run.pk, expected=run.version, at=START)
    runs.publicise(actor=officer, run_id=run.pk, expected=run.version, at=START, period=Period.WORKING_5)
    text = "在孵企业数应为 12 家，请核对名单第 3 至 14 行。"
    return objections.file(actor=cast.people["填报1"], run_id=run.pk, text=text, at=START)


def issue_of(cast: Cast) -> Bulletin:
    """An issue read from a file, with a place that an editor must look at."""
    issue = read(ISSUE)
    made, _new = bulletins.import_issue(
        actor=cast.people["编辑甲"], issue=issue, content=ISSUE.encode(), name="第 12 期.txt", at=START
    )
    return made


def upload_of(cast: Cast) -> WorkbookImport:
    """The first carrier's workbook with a date that is none, read by the worker."""
    staff, found = cast.people["填报0"], cast.mine
    book = load_workbook(BytesIO(make(queries.opened(found, at=START))))
    sheet = book["在孵企业名单"]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(2, column).value = "二〇二五年十三月"
    kept = BytesIO()
    book.save(kept)
    made = workbooks.upload(
        actor=staff, return_id=found.pk, content=kept.getvalue(), name="年报.xlsx", at=START
    )
    assert made.job is not None
    jobs.run(job_id=str(made.job.pk))
    return made


def regions_file_of(cast: Cast) -> StoredFile:
    """A list of regions with one more county, looked at before it is loaded."""
    content = Path(settings.BASE_DIR, "accounts/data/regions.csv").read_bytes()
    return regions.receive(actor=cast.people["系统甲"], content=content, name="regions.csv", at=START)


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
    jobs.begin(
        actor=cast.people["省级甲"],
        handler="registry.tasks.export_list",
        title="导出载体名录",
        arguments={"list": "carriers", "asked": {}, "order": "", "columns": []},
        at=LATER,
    )


def finding_of(cast: Cast) -> TenancyFinding:
    """One company in two carriers of two counties at once; one side has said something."""
    twice = Tenant.objects.create(
        credit_code=credit_code(990), name="两处登记公司", founded=date(2024, 1, 10)
    )
    for number in (0, 1):
        staff, code = cast.people[f"填报{number}"], cast.carriers[number].code
        stays.record_stay(actor=staff, carrier_code=code, who=twice, entered=date(2024, 6, 1), at=START)
    tenancy.refresh(at=START, root=cast.province)
    found = TenancyFinding.objects.get(tenant=twice)
    findings.say(
        actor=cast.people["填报1"], finding_id=found.pk, text="企业在我处办公，附租赁合同。", at=START
    )
    return found


def changes_of(cast: Cast) -> tuple[int, int, int]:
    """Requests of three carriers to change facts: one back with its carrier, one late at the county, one at
    the province."""
    papers = [(kind, Upload(f"{kind}.pdf", b"%PDF-1.7")) for kind in ("registration", "premises")]
    happened = {"back": START.date(), "late": date(2025, 6, 1), "above": START.date()}
    wanted = {
        "back": {"name": "青禾科技孵化器"},
        "late": {"address": "新路 8 号"},
        "above": {"name": "云杉园"},
    }
    keys = []
    for name, carrier in (("back", 0), ("late", 2), ("above", 1)):
        asked = AskedFacts(
            wanted=wanted[name],
            happened_on=happened[name],
            reason="按登记机关通知变更",
            basis="变更通知书",
            files=papers,
        )
        made = changing.ask(
            actor=cast.people[f"填报{carrier}"], code=cast.carriers[carrier].code, asked=asked, at=START
        )
        about: dict[str, Any] = {"request_id": made.pk, "expected": made.version, "at": START}
        if name == "back":
            changing.send_back(
                actor=cast.people["县区甲"], comment="请核对", reasons={"name": "不一致"}, **about
            )
        if name == "above":
            changing.pass_on(actor=cast.people["县区乙"], **about)
        keys.append(made.pk)
    return keys[0], keys[1], keys[2]


def newer_form_of(cast: Cast) -> Form:
    """A newer version of the form that is being filled."""
    text = source("reporting/forms/incubator-annual-2.yaml")
    return import_form(actor=cast.people["省级甲"], source=text, at=START)


def merger_of(cast: Cast) -> Carrier:
    """The last carrier goes into the one before it, which is answered."""
    into, ending = cast.carriers[3], cast.carriers[4]
    passing = Passing(
        kind=LinkKind.MERGER,
        codes=[ending.code],
        heirs=[Heir(code=into.code)],
        happened_on=date(2026, 3, 1),
        basis="合并批复",
    )
    carry_out(actor=cast.people["省级甲"], passing=passing, at=LATER)
    return into
