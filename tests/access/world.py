"""The year's work of one city, everybody who may ask about it, and an example for each part of an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyotp
from axes.models import AccessAttempt
from knox.models import AuthToken

from accounts.models import Appointment, Region, SignIn, TokenGrant, User
from accounts.rules.roles import Role
from core import clock
from core.problems import Severity
from core.text import T
from evaluation.models import Assignment, CarrierFact, Run
from evaluation.services import facts, marking, objections
from funding.services import allocations
from funding.services.policies import import_policy
from news.models import Article, Attachment
from news.rules.bulletin import read
from news.services import bulletins
from office.models import Job, JobState, Notice, OutboxMessage, OutboxState
from office.rules.views import Kept
from office.services import delegating, factors, files, notices, views
from office.services.evidence import Upload
from registry.excel.carriers import CARRIERS
from registry.models import CarrierVersion, ChangeRequest, Stay, Tenant
from registry.queries.listed import Leaving
from registry.rules.listing import Asked
from registry.services import stays
from registry.services.carriers import change_carrier
from registry.services.exports import export
from reporting import queries
from reporting.models import Campaign, CampaignTerm, Return
from reporting.services import answers, campaigns, filling, returns, rows, terms
from tests.journeys import applying, done
from tests.journeys.cast import START, YEAR, Cast, credit_code, filled, make_cast, source, submitted
from tests.journeys.done import ISSUE
from tests.journeys.importing import register_import_of

# The letters of the matrix. 填报0 is of a carrier in 县区甲's county, 填报1 of one in 县区乙's.
READERS = {
    "V": "",
    "S": "填报0",
    "T": "填报1",
    "C": "县区甲",
    "D": "县区乙",
    "I": "市级甲",
    "J": "外市甲",
    "P": "省级甲",
    "F": "财务甲",
    "X": "专家甲",
    "E": "编辑甲",
    "A": "审计甲",
    "Y": "系统甲",
    "Z": "安全甲",
    "N": "申请甲",
}
EARLIER = YEAR - 1


@dataclass
class World:
    """`waiting` is a return at each office: "county", "city", "province", all of 县区甲's county; and one
    that 填报1 could hand in."""

    cast: Cast
    waiting: dict[str, Return]
    objects: dict[str, Any]

    def user(self, letter: str) -> User | None:
        name = READERS[letter]
        return self.cast.user(name) if name else None


def make_world() -> World:
    cast = make_cast()
    elsewhere = Region.objects.filter(level="city", parent=cast.province).order_by("code")[1]
    cast.appoint("外市甲", Role.CITY_OFFICER, region=elsewhere)
    run = done.published_run(cast)
    money = done.allocation_of(cast, run)
    article = done.written(cast, "评价结果公布", published=True)
    draft = done.written(cast, "通知草稿", published=False)
    done.everything_else(cast)
    objection = done.objection_of(cast)
    objects = {
        "run": run,
        "frozen": type(run).objects.get(pk=run.pk + 1),
        "money": money,
        "article": article,
        "draft": draft,
        "objection": objection,
        "issue": done.issue_of(cast),
        "upload": done.upload_of(cast),
        "register_upload": register_import_of(cast),
        "tree": done.regions_file_of(cast),
        "fact": _fact(cast),
        "finding": done.finding_of(cast),
        "graduate": _graduate(cast),
        "attachment": _attachment(cast, draft),
        "download": _attachment(cast, article),
        **_doors(cast),
        **_applications(cast),
        "based": _based(cast),
        "newer": done.newer_form_of(cast),
        **_dates(cast),
        **_lent(cast),
        **_shut_out(cast),
        "changes": _changes(cast),
        **_views(cast),
    }
    return World(cast, _waiting(cast), objects | _drafts(cast) | _more(cast, run))


def _drafts(cast: Cast) -> dict[str, Any]:
    """In the first carrier's return a row, a question, and a value of the year before to confirm."""
    about: dict[str, Any] = {"actor": cast.people["填报0"], "return_id": cast.mine.pk, "at": START}
    filling.save_field(code="tenants_reported", value="0", seen="", **about)
    row, _answer = rows.add_row(table="roster", values={"name": "企业甲"}, **about)
    opened = queries.opened(cast.mine, at=START)
    opened.version.sources["mentors"] = {"from": "last_year", "confirmed": False}
    opened.version.save()
    questions = [one.key for one in opened.checked().findings if one.problem.severity is Severity.EXPLAIN]
    return {"row": row, "question": questions[0]}


def _more(cast: Cast, run: Run) -> dict[str, Any]:
    """What only acts need: a draft allocation, a policy without one, a failed job, a full sheet."""
    text = source("funding/policies/province-operating.yaml")
    about: dict[str, Any] = {"actor": cast.people["省级甲"], "region": cast.province, "at": START}
    policies = [
        import_policy(source=text.replace("version: 1", f"version: {one}", 1), **about) for one in (2, 3)
    ]
    draft = allocations.prepare(
        actor=cast.people["财务乙"], policy_id=policies[0].pk, run_id=run.pk, at=done.LATER
    )
    sheet = Assignment.objects.filter(expert=cast.user("专家甲"), entry__run_id=run.pk + 1).order_by("pk")[1]
    for leaf in ("S5", "D3"):
        entered = marking.Entered(leaf=leaf, mark="80", comment="齐备")
        marking.save_mark(actor=cast.people["专家甲"], code=sheet.code, entered=entered, at=START)
    failed = Job.objects.create(
        handler="registry.tasks.export_list",
        title="导出",
        owner=cast.user("省级甲"),
        appointment=cast.people["省级甲"].appointment,
        state=JobState.FAILED,
        created_at=START,
        ended_at=START,
    )
    cast.appoint("专家丙", Role.EXPERT, region=cast.province)
    exported = export(actor=cast.people["财务甲"], leaving=Leaving(CARRIERS, Asked()), at=START)
    supported = objections.file(
        actor=cast.people["填报2"],
        run_id=run.pk + 2,
        text="面积应为 3200 平方米。",
        at=START,
        evidence=Upload(name="租赁合同.pdf", content=b"%PDF-1.7 ..."),
    )
    issue = bulletins.import_issue(
        actor=cast.people["编辑甲"],
        issue=read(ISSUE.replace("12 期", "11 期")),
        content=b"11",
        name="11.txt",
        at=START,
    )[0]
    for editor, action in (("编辑甲", "submit"), ("编辑乙", "publish")):
        issue = bulletins.act(
            actor=cast.people[editor],
            bulletin_id=issue.pk,
            action=action,
            at=START,
            version=bulletins.version_of(issue),
            comment="已核对",
        )
    return {
        "exported": exported,
        "supported": supported,
        "published_issue": issue,
        "policy": policies[1],
        "prepared": draft,
        "failed": failed,
        "sheet": sheet,
    }


def _fact(cast: Cast) -> CarrierFact:
    """A fact of the first carrier with its document."""
    return facts.record_fact(
        actor=cast.people["省级甲"],
        carrier_code=cast.carriers[0].code,
        year=YEAR,
        name="penalty",
        value="是",
        document="核查通报〔2026〕1 号",
        document_date=START.date(),
        at=START,
        file=Upload(name="通报.pdf", content=b"%PDF-1.7 ..."),
    )


def _applications(cast: Cast) -> dict[str, Any]:
    """申请甲's: one that could be handed in, one at the county with a doubt, one that was registered."""
    asked = applying.applications_of(cast)
    ready = applying.begun(cast, cast.people["申请甲"], 3, "水杉孵化器")
    return {"ready": ready, "doubted": asked.doubted, "registered": asked.registered}


def _based(cast: Cast) -> CarrierVersion:
    """A fact of the first carrier with its document."""
    file = files.receive(
        content=b"%PDF-1.7 ...",
        name="批复.pdf",
        content_type="application/pdf",
        actor=cast.people["县区甲"],
        at=START,
    )
    change_carrier(
        actor=cast.people["县区甲"],
        code=cast.carriers[0].code,
        changes={"area_total": 3200},
        valid_from=date(2026, 3, 1),
        basis="批复",
        basis_file=file,
        at=START,
    )
    return CarrierVersion.objects.get(basis_file=file)


def _graduate(cast: Cast) -> Stay:
    """Of the first carrier, with its evidence."""
    staff = cast.people["填报0"]
    who = Tenant.objects.create(credit_code=credit_code(991), name="毕业公司", founded=date(2021, 1, 10))
    entered = stays.record_stay(
        actor=staff, carrier_code=cast.carriers[0].code, who=who, entered=date(2022, 6, 1), at=START
    )
    return stays.end_stay(
        actor=staff,
        stay_id=entered.pk,
        ended=date(2026, 3, 2),
        graduated_by="high_tech",
        evidence=Upload(name="证书.pdf", content=b"%PDF-1.7 ..."),
        at=START,
    )


def _attachment(cast: Cast, article: Article) -> Attachment:
    file = files.receive(
        content=b"text", name="附件.txt", content_type="text/plain", actor=cast.people["编辑甲"], at=START
    )
    return Attachment.objects.create(article=article, file=file, title="附件")


def _doors(cast: Cast) -> dict[str, Any]:
    """Of the first carrier's staff: a session, a token and a notice; and a message that was not sent."""
    staff = cast.user("填报0")
    token, _text = AuthToken.objects.create(staff)
    notices.notify(people=[staff], sentence=T("请填写载体名称。"), at=START, link="/home/")
    message = OutboxMessage.objects.create(
        channel="mail", address="staff@example.org", body="text", created_at=START, state=OutboxState.FAILED
    )
    return {
        "session": SignIn.objects.create(user=staff, session_key="k" * 32, started_at=START),
        "grant": TokenGrant.objects.create(
            token=token,
            appointment=Appointment.objects.get(user=staff),
            label="年报系统",
            created_at=START,
        ),
        "notice": Notice.objects.filter(recipient=staff).latest("pk"),
        "message": message,
        "job": Job.objects.filter(owner=cast.user("省级甲")).latest("created_at"),
        "tenant": Tenant.objects.order_by("pk")[0],
    }


def _lent(cast: Cast) -> dict[str, Any]:
    """The first carrier's staff has lent an appointment, and somebody could be lent one; 审计甲 has a
    device."""
    first, second = (User.objects.create_user(name, name=name) for name in ("受托甲", "受托乙"))
    day = clock.day_of(START)
    lent = delegating.delegate(
        actor=cast.people["填报0"],
        username=first.username,
        name=first.name,
        valid_from=day,
        valid_to=day + timedelta(days=30),
        reason="出差",
        at=START,
    )
    factors.begin(actor=cast.people["审计甲"])
    shown = factors.enrolment(cast.people["审计甲"])
    code = pyotp.TOTP(shown.key.replace(" ", "") if shown else "").at(START)
    factors.enrol(actor=cast.people["审计甲"], code=code, at=START)
    return {"lent": lent, "free": second}


def _changes(cast: Cast) -> dict[str, ChangeRequest]:
    """Requests to change facts: one back with the first carrier, one at the county, one at the province."""
    back, county, province = done.changes_of(cast)
    rows = ChangeRequest.objects.in_bulk([back, county, province])
    return {"back": rows[back], "county": rows[county], "province": rows[province]}


def _shut_out(cast: Cast) -> dict[str, Any]:
    """Somebody whose account was suspended, and somebody who failed to sign in too often."""
    User.objects.create_user("停用甲", "long-and-odd-9", name="停用甲")
    User.objects.filter(username="停用甲").update(is_active=False)
    locked = User.objects.create_user("锁定甲", "long-and-odd-9", name="锁定甲")
    AccessAttempt.objects.create(username=locked.username, failures_since_start=9)
    return {"suspended": User.objects.get(username="停用甲"), "locked": locked}


def _views(cast: Cast) -> dict[str, Any]:
    """Of the first carrier's staff, and one that the county's officer shares with the office."""
    asked: dict[str, Any] = {"of": "carriers", "kept": Kept({"kind": "makerspace"}), "is_start": False}
    own = views.keep_view(actor=cast.people["填报0"], name="我的", shared=False, at=START, **asked)
    shared = views.keep_view(actor=cast.people["县区甲"], name="共享的", shared=True, at=START, **asked)
    return {"view": own, "shared": shared}


def earlier_campaign(cast: Cast, year: int = EARLIER) -> Campaign:
    """A year before, collected late: everybody owes a return again."""
    opens = START - timedelta(days=10)
    return campaigns.open_campaign(
        actor=cast.people["省级甲"],
        region=cast.province,
        year=year,
        form=cast.mine.campaign.form,
        title=f"{year} 年度孵化器年报",
        opens_at=opens,
        last_start_at=opens + timedelta(days=20),
        due_at=opens + timedelta(days=30),
        correct_by=opens + timedelta(days=50),
        at=START,
    )


def _dates(cast: Cast) -> dict[str, Any]:
    """The city's own date for 县区甲's county, longer time for the first carrier, and its nil return of long
    ago."""
    campaign, staff = cast.mine.campaign, cast.people["填报0"]
    days = {name: getattr(campaign, name) for name in ("last_start_at", "due_at", "correct_by")}
    part = terms.Wanted(region=cast.carriers[0].region, level="", reason="集中汇总", **days)
    terms.set_term(actor=cast.people["市级甲"], campaign_id=campaign.pk, wanted=part, at=START)
    longer, _effect = terms.extend(
        actor=cast.people["省级甲"],
        campaign_id=campaign.pk,
        carrier=cast.carriers[0].code,
        until=campaign.correct_by,
        clause="第九条",
        at=START,
    )
    long_ago = earlier_campaign(cast, EARLIER - 1)
    nil = Return.objects.get(campaign=long_ago, carrier=cast.carriers[0])
    proof = Upload(name="说明.pdf", content=b"%PDF-1.7 ...")
    answers.say(actor=staff, return_id=nil.pk, answer="nil", reason="无业务", upload=proof, at=START)
    return {"term": CampaignTerm.objects.get(), "extension": longer, "nil": nil}


def _waiting(cast: Cast) -> dict[str, Return]:
    """The returns of the year before: one with the county, one with the city, one with the province."""
    made = earlier_campaign(cast)
    found: dict[str, Return] = {}
    for number, office in ((0, "county"), (2, "city"), (4, "province")):
        one = Return.objects.get(campaign=made, carrier=cast.carriers[number])
        one = submitted(cast.people[f"填报{number}"], one, number)
        about: dict[str, Any] = {"return_id": one.pk, "at": START}
        if office != "county":
            one = returns.pass_on(actor=cast.people["县区甲"], expected=one.version, **about)
        if office == "province":
            one = returns.pass_on(actor=cast.people["市级甲"], expected=one.version, **about)
        found[office] = one
    ready = Return.objects.get(campaign=made, carrier=cast.carriers[1])
    return {**found, "staff": filled(cast.people["填报1"], ready, 1)}
