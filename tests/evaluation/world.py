"""A small province to be judged in: regions, carriers, a form, accepted returns, people. All invented."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from accounts.actors import Actor, actor_of
from accounts.models import Appointment, Region, User
from accounts.rules.roles import Role
from core import clock
from evaluation.models import Run
from evaluation.models import Scheme as SchemeRow
from evaluation.rules.publicity import Period
from evaluation.services import runs, schemes
from registry.models import Carrier, Operator
from reporting.models import Campaign, Form, Return, ReturnFigure, ReturnVersion
from reporting.rules.form_reading import load_form

YEAR = 2025
AT = datetime(2026, 5, 20, 18, 0, tzinfo=clock.SHANGHAI)
FORM = """
form: small-annual
version: 1
title: 小报表
kinds: [incubator]
sections:
  - code: all
    title: 全部
    fields:
      - {code: area, title: 场地面积, type: decimal, unit: m², places: 2}
      - {code: people, title: 从业人员, type: integer, unit: 人}
      - {code: density, title: 人均面积, unit: m², computed: "round(ratio(area, people), 2)"}
      - {code: platform, title: 公共平台, type: bool}
tables: []
checks: []
"""
SCHEME = """
scheme: small
version: 1
title: 小体系
form: small-annual
facts: [accident]
applies_to: kind == "incubator" and level != "none"
full: 100
indicators:
  - code: A
    title: 基础
    items:
      - {code: A1, title: 面积, full: 40, unit: m², value: area, rule: {type: per, every: 100, add: 1}}
      - {code: A2, title: 人均, full: 10, value: density, rule: {type: target, target: "10"}}
      - code: A3
        title: 增长
        full: 10
        value: growth(area, prev.area)
        rule: {type: linear, points: [[0, 0], [1, 10]]}
  - {code: E1, title: 服务质量, full: 20, rule: {type: expert, combine: mean}}
  - {code: E2, title: 特色, full: 20, rule: {type: expert, combine: mean, out_of: 10}}
grading:
  tie_break: [A1]
  grades:
    - {grade: A, label: 优秀, score_at_least: 60, top_share: 0.5}
    - {grade: B, label: 良好, score_at_least: 30}
    - {grade: C, label: 合格}
  fixed:
    - {when: not submitted, grade: C, reason: 未报送}
  ceilings:
    - {when: accident, at_most: B, reason: 发生事故}
"""
Values = Mapping[str, str]


def regions() -> dict[str, Region]:
    """The province, two cities, a county in each."""
    made: dict[str, Region] = {}
    for code, name, level, above in (
        ("990000", "示例省", "province", ""),
        ("990100", "东市", "city", "990000"),
        ("990200", "西市", "city", "990000"),
        ("990101", "东县", "county", "990100"),
        ("990201", "西县", "county", "990200"),
    ):
        parent = made.get(above)
        path = f"{parent.path if parent else '/'}{code}/"
        made[code] = Region.objects.create(code=code, name=name, level=level, parent=parent, path=path)
    return made


def person(name: str, role: Role, *, region: Region | None = None, carrier: str = "", **more: Any) -> Actor:
    """A person with one appointment; `more` are fields of the person."""
    user, _ = User.objects.get_or_create(username=name, defaults={"name": name, **more})
    held = Appointment.objects.create(
        user=user, role=role, region=region, carrier_code=carrier, valid_from=date(2020, 1, 1)
    )
    return actor_of(held)


def carrier(code: str, region: Region, **more: Any) -> Carrier:
    operator, _ = Operator.objects.get_or_create(
        credit_code="91990000MA0000000X", defaults={"name": "示例运营公司"}
    )
    fields = {
        "name": f"{code}孵化器",
        "kind": "incubator",
        "carrier_class": "comprehensive",
        "level": "provincial",
        "listed_year": 2018,
        "operator": operator,
        "region": region,
        "updated_at": AT,
    }
    return Carrier.objects.create(code=code, **{**fields, **more})


def form(source: str = FORM) -> Form:
    loaded = load_form(source)
    return Form.objects.create(
        code=loaded.code,
        version=loaded.version,
        title=loaded.title,
        kinds=list(loaded.kinds),
        source=source,
        digest=loaded.digest,
        loaded_at=AT,
    )


def campaign(of: Form, year: int, region: Region) -> Campaign:
    opens = datetime(year + 1, 1, 5, tzinfo=clock.SHANGHAI)
    return Campaign.objects.create(
        year=year,
        form=of,
        form_code=of.code,
        region=region,
        title=f"{year} 年报",
        opens_at=opens,
        last_start_at=opens + timedelta(days=20),
        due_at=opens + timedelta(days=40),
        correct_by=opens + timedelta(days=60),
        created_at=opens,
    )


def accepted(asked: Campaign, of: Carrier, values: Values, figures: Values | None = None) -> Return:
    """An accepted return of a county's carrier, as the chain leaves it."""
    at = asked.correct_by
    stamps = dict.fromkeys(
        ("started_at", "submitted_at", "county_passed_at", "city_passed_at", "accepted_at"), at
    )
    found = Return.objects.create(campaign=asked, carrier=of, state="accepted", updated_at=at, **stamps)
    version = ReturnVersion.objects.create(
        return_of=found,
        number=1,
        values=dict(values),
        sources={code: {"kind": "file", "cell": f"全部!C{n}"} for n, code in enumerate(values, start=2)},
        saved_at=at,
    )
    ReturnFigure.objects.bulk_create(
        ReturnFigure(version=version, code=code, number=number) for code, number in (figures or {}).items()
    )
    ReturnVersion.objects.filter(pk=version.pk).update(
        submitted_at=at, commitment="数据真实", digest=f"sha256:{of.code}-{asked.year}"
    )
    found.current = version
    found.save()
    return found


class World:
    """The province with six carriers: five filed for 2025, two of them for 2024 too; one has no level."""

    def __init__(self) -> None:
        self.regions = regions()
        self.root = self.regions["990000"]
        self.officer = person("省甲", Role.PROVINCE_OFFICER, region=self.root)
        self.second = person("省乙", Role.PROVINCE_OFFICER, region=self.root)
        self.auditor = person("审计", Role.AUDITOR, region=self.root)
        self.expert = person("专家一", Role.EXPERT, region=self.root)
        self.other_expert = person("专家二", Role.EXPERT, region=self.root)
        self.city = person("市甲", Role.CITY_OFFICER, region=self.regions["990100"])
        self.county = person("县甲", Role.COUNTY_OFFICER, region=self.regions["990101"])
        self.other_county = person("县乙", Role.COUNTY_OFFICER, region=self.regions["990201"])
        self.finance = person("财务", Role.FINANCE_OFFICER, region=self.root)
        self.editor = person("编辑", Role.EDITOR, region=self.root)
        self.carriers = [
            carrier(f"FH-{n}", self.regions["990101" if n < 4 else "990201"]) for n in range(1, 6)
        ]
        self.unranked = carrier("FH-6", self.regions["990201"], level="none")
        self.staff = person("填报一", Role.CARRIER_STAFF, carrier="FH-1")
        self.other_staff = person("填报五", Role.CARRIER_STAFF, carrier="FH-5")
        self.form = form()
        self.campaign = campaign(self.form, YEAR, self.root)
        self.last = campaign(self.form, YEAR - 1, self.root)
        for n, one in enumerate(self.carriers[:4], start=1):
            accepted(self.campaign, one, {"area": str(n * 1000), "people": "100"}, {"density": str(n * 10)})
        accepted(self.campaign, self.unranked, {"area": "9000"})
        for one in self.carriers[:2]:
            accepted(self.last, one, {"area": "800"})
        self.scheme: SchemeRow = schemes.import_scheme(
            actor=self.officer, source=SCHEME, region=self.root, at=AT
        )

    def run(self, state: str = "draft", at: datetime = AT, year: int = YEAR) -> Run:
        """A run of 2025 brought to this state."""
        run = runs.create_run(
            actor=self.officer,
            scheme_id=self.scheme.pk,
            year=year,
            title=f"{year} 年评价",
            region=self.root,
            at=at,
        )
        steps = ["freeze", "score", "publicise", "publish"]
        wanted = {"draft": 0, "frozen": 1, "scored": 2, "publicised": 3, "published": 4}[state]
        for action in steps[:wanted]:
            run = self.move(run, action, at + timedelta(days=30) if action == "publish" else at)
        return run

    def move(self, run: Run, action: str, at: datetime = AT, **more: Any) -> Run:
        actor = self.second if action == "publish" else self.officer
        if action == "publicise":
            more.setdefault("period", Period.WORKING_5)
        return runs.act(actor=actor, run_id=run.pk, action=action, expected=run.version, at=at, **more)

    def everyone(self) -> Iterable[tuple[str, Actor]]:
        for name in (
            "officer", "second", "auditor", "expert", "city", "county", "other_county",
            "finance", "editor", "staff", "other_staff",
        ):  # fmt: skip
            yield name, getattr(self, name)
