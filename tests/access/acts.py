"""What a legal act sends, for each address that takes one: whoever is then refused is refused as a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import Appointment
from core import clock
from news.services import bulletins
from news.services.articles import version_of
from registry.excel.lists import LISTS
from registry.services.doubts import open_doubts
from reporting import queries
from reporting.excel.making import make
from reporting.rules.terms import NAMES
from tests.access.addresses import Case
from tests.access.world import World
from tests.journeys.cast import START, YEAR, credit_code, source
from tests.journeys.done import ISSUE
from tests.journeys.importing import register_book

Body = Mapping[str, Any]
PASSWORD = {"new": "another-long-odd-7", "again": "another-long-odd-7"}
REASON = {"reason": "调查需要"}


def acts(world: World) -> list[Case]:
    """Every act that needs more than its address."""
    return [
        *_reader(),
        *_returns(world),
        *_tenancy(),
        *_register(world),
        *_designations(),
        *_judging(world),
        *_money(world),
        *_news(world),
        *_office(world),
        *_people(world),
        *_applications(world),
        *_staff(),
        *_exports(world),
        *_lending(world),
        *_changes(world),
        *_line(world),
    ]


def _reader() -> list[Case]:
    """What a reader keeps in a cookie."""
    return [Case("POST", f"settings/{name}/", writes=False) for name in ("language", "large-type", "table")]


def _tenancy() -> list[Case]:
    said, decided = "企业在我处办公", {"action": "accept"}
    return [
        Case("POST", "registry/tenancy/<int:finding_id>/statements/", body={"comment": said}),
        Case("POST", "registry/tenancy/<int:finding_id>/decision/", body={**decided, "comment": said}),
        Case("POST", "api/v1/findings/<int:pk>/statements/", body={"text": said}),
        Case("POST", "api/v1/findings/<int:pk>/decision/", body={**decided, "text": said}),
        Case("POST", "registry/stays/<int:stay_id>/end/", body={"ended": "2026-03-02"}),
        Case("POST", "api/v1/stays/<int:stay_id>/end/", body={"ended": "2026-03-02"}),
    ]


def _register(world: World) -> list[Case]:
    book = {"sheet": "carriers", "file": _file("登记.xlsx", register_book(world.cast))}
    return [Case("POST", f"{where}/imports/", body=book) for where in ("registry", "api/v1")]


def _designations() -> list[Case]:
    given = {"designation": "benchmark_nurturing", "decided_on": "2026-03-02", "basis": "标杆名单"}
    return [
        Case("POST", "registry/manage/<str:code>/designation/", body=given),
        Case("POST", "api/v1/carriers/<str:code>/designation/", body=given),
    ]


def _file(name: str, content: bytes) -> tuple[str, bytes]:
    """A file to upload, made anew for each who asks."""
    return name, content


def _returns(world: World) -> list[Case]:
    cast, question = world.cast, world.objects["question"]
    book = make(queries.opened(cast.mine, at=START))
    found = [
        Case(
            "PATCH",
            "api/v1/returns/<int:return_id>/values/",
            body={"values": {"area_total": {"value": "3100", "seen": ""}}},
        ),
        Case("POST", "api/v1/returns/<int:return_id>/workbook/", body={"file": _file("年报.xlsx", book)}),
        Case("POST", "returns/<int:return_id>/workbooks/", body={"file": _file("年报.xlsx", book)}),
        Case(
            "POST",
            "returns/<int:return_id>/fields/<slug:code>/",
            body={"value-area_total": "3100", "seen-area_total": ""},
        ),
        Case(
            "POST",
            "returns/<int:return_id>/sections/<slug:code>/",
            body={"value-area_total": "3100", "seen-area_total": ""},
        ),
        Case("POST", "returns/<int:return_id>/tables/<slug:code>/row/", body={"value-name": "新企业"}),
        Case(
            "POST",
            "returns/<int:return_id>/tables/<slug:code>/row/remove/",
            body={"key": world.objects["row"]},
        ),
        Case(
            "POST",
            "returns/<int:return_id>/tables/<slug:code>/paste/",
            body={
                "text": "甲公司\t1",
                "step": "check",
                "width": "2",
                "column-1": "name",
                "column-2": "credit_code",
            },
        ),
        Case("POST", "returns/<int:return_id>/fields/<slug:code>/confirm/", parts={"code": "mentors"}),
        Case(
            "POST",
            "api/v1/returns/<int:return_id>/explain/",
            body={"key": question, "reason": "other", "text": "今年刚开办，尚无企业"},
        ),
        Case(
            "POST",
            "returns/<int:return_id>/explain/",
            query=f"?key={question}",
            body={f"reason-{question}": "other", f"text-{question}": "今年刚开办，尚无企业"},
        ),
        Case("POST", "returns/<int:return_id>/fill-for/", body=REASON),
        *_dated(world),
        Case("POST", "returns/forms/<int:form_id>/try/", writes=False),  # keeps nothing
        Case(
            "POST",
            "returns/campaigns/<int:campaign_id>/form/<int:form_id>/",
            parts={"form_id": world.objects["newer"].pk},
            body={"rule": "keep", "reason": "增加一项", "expected": cast.mine.campaign.form_id},
        ),
        Case(
            "POST",
            "returns/campaigns/new/",
            body={
                "form": cast.mine.campaign.form_id,
                "year": YEAR - 3,
                "title": "补报",
                "opens_at": "2026-03-18T09:00",
                "last_start_at": "2026-04-18T09:00",
                "due_at": "2026-04-28T09:00",
                "correct_by": "2026-05-18T09:00",
            },
        ),
    ]
    for office, label in (("county", "county"), ("city", "city")):
        one = world.waiting[office]
        found += _moves(label, one.pk, "pass", "pass", {"expected": one.version}, one.version)
        found += _moves(
            label, one.pk, "return", "return", {"expected": one.version, "comment": "请核对"}, one.version
        )
    one = world.waiting["province"]
    found += _moves("", one.pk, "accept", "accept", {"expected": one.version}, one.version)
    one = world.waiting["county"]
    found += _moves("", one.pk, "withdraw", "withdraw", {"expected": one.version}, one.version)
    found.append(Case("POST", "returns/<int:return_id>/open/", parts={"return_id": one.pk}))
    one = world.waiting["staff"]
    found += [
        Case(
            "POST",
            "api/v1/returns/<int:return_id>/submit/",
            parts={"return_id": one.pk},
            body={"expected": one.version, "commitment": True},
        ),
        Case(
            "POST",
            "returns/<int:return_id>/submit/",
            parts={"return_id": one.pk},
            body={"version": one.version, "agreed": "1"},
        ),
    ]
    return found


def _dated(world: World) -> list[Case]:
    """Dates of a campaign's parts, longer time, an officer's word, an answer without figures."""
    campaign, carrier = world.cast.mine.campaign, world.cast.carriers[0]
    local = {name: f"{getattr(campaign, name).astimezone(clock.SHANGHAI):%Y-%m-%dT%H:%M}" for name in NAMES}
    exact = {name: getattr(campaign, name).isoformat() for name in NAMES}
    part = {"region": carrier.region.code, "level": "", **REASON}
    longer = {"carrier": carrier.code, "region": "", "clause": "第九条"}
    nil = {"answer": "nil", **REASON, "evidence": _file("说明.pdf", b"%PDF-1.7 ...")}
    api, page, one = (
        "api/v1/campaigns/<int:campaign_id>/",
        "returns/campaigns/<int:campaign_id>/",
        "returns/<int:return_id>/",
    )
    return [
        Case("POST", f"{api}terms/", body={**part, **exact}),
        Case("POST", f"{page}dates/", body={**part, **local, "sure": "1"}),
        Case("POST", f"{api}extensions/", body={**longer, "until": exact["due_at"]}),
        Case("POST", f"{page}extensions/", body={**longer, "until": local["due_at"], "sure": "1"}),
        *(Case("POST", f"{under}terms/<int:term_id>/remove/", body=REASON) for under in (api, page)),
        Case("POST", f"{api}extensions/<int:extension_id>/revoke/", body=REASON),
        Case("POST", f"{page}extensions/<int:extension_id>/revoke/", body=REASON),
        Case("POST", f"{page}ladder/", body={"ladder": "20, 5"}),
        Case("POST", f"{one}answer/", body=nil),
        Case("POST", f"api/v1/{one}answer/", body=nil),
        Case("POST", "office/notices/ways/", body={"mail": "on"}),
    ]


def _moves(label: str, pk: int, address: str, action: str, body: Body, version: int) -> list[Case]:
    """One move by page and by API."""
    parts = {"return_id": pk}
    page = {"action": action, "version": version, "comment": body.get("comment", "")}
    return [
        Case("POST", f"api/v1/returns/<int:return_id>/{address}/", label, parts, body),
        Case("POST", "returns/<int:return_id>/moves/", f"{action} {label}".strip(), parts, page),
    ]


def _judging(world: World) -> list[Case]:
    run, frozen, known = world.objects["run"], world.objects["frozen"], world.objects
    second = world.cast.carriers[1].code
    drop = {"action": "drop", "version": frozen.version, "comment": "另行组织"}
    score = {"action": "score", "version": frozen.version}
    scheme = source("evaluation/schemes/incubator-comprehensive.yaml").replace("version: 1", "version: 7", 1)
    objection = {"run": known["objection"].entry.run_id, "text": "在孵企业数应为 12 家。"}
    return [
        Case("POST", "api/v1/runs/<int:pk>/moves/", "score", {"pk": frozen.pk}, score),
        Case("POST", "api/v1/runs/<int:pk>/moves/", "drop", {"pk": frozen.pk}, drop),
        Case("POST", "evaluation/runs/<int:run_id>/act/", "score", {"run_id": frozen.pk}, score),
        Case("POST", "evaluation/runs/<int:run_id>/act/", "drop", {"run_id": frozen.pk}, drop),
        Case(
            "POST",
            "evaluation/runs/<int:run_id>/assign/",
            parts={"run_id": frozen.pk},
            body={"expert": world.cast.user("专家丙").pk, "carriers": second},
        ),
        Case(
            "POST",
            "evaluation/runs/new/",
            body={
                "scheme": run.scheme_id,
                "year": YEAR,
                "title": "补充批次",
                "region": world.cast.province.pk,
            },
        ),
        Case("POST", "evaluation/schemes/import/", body={"file": _file("体系.yaml", scheme.encode())}),
        Case(
            "POST",
            "evaluation/facts/",
            body={
                "carrier_code": world.cast.carriers[0].code,
                "year": YEAR,
                "name": "accident",
                "value": "是",
                "document": "通报〔2026〕2 号",
                "document_date": "2026-03-01",
            },
        ),
        Case("POST", "evaluation/facts/<int:fact_id>/revoke/", body={"because": "登记有误"}),
        Case(
            "POST",
            "evaluation/marking/<str:code>/save/",
            body={"leaf": "S5", "expected": "0", "mark": "80", "comment": "齐备"},
        ),
        Case("POST", "evaluation/marking/<str:code>/submit/", parts={"code": known["sheet"].code}),
        Case("POST", "evaluation/marking/<str:code>/recuse/", body={"because": "曾任顾问"}),
        Case("POST", "api/v1/objections/", body=objection),
        Case("POST", "evaluation/runs/<int:run_id>/objection/", body={"text": objection["text"]}),
        Case(
            "POST", "api/v1/objections/<int:pk>/decision/", body={"action": "reject", "comment": "依据充分"}
        ),
        Case(
            "POST",
            "evaluation/objections/<int:objection_id>/decide/",
            body={"action": "reject", "comment": "依据充分"},
        ),
    ]


def _money(world: World) -> list[Case]:
    draft, run = world.objects["prepared"], world.objects["run"]
    policy = source("funding/policies/province-operating.yaml").replace("version: 1", "version: 7", 1)
    prepare = {"policy": world.objects["policy"].pk, "run": run.pk}
    confirm = {"action": "confirm", "version": draft.version}
    drop = {"action": "drop", "version": draft.version, "comment": "重新测算"}
    return [
        Case("POST", "api/v1/allocations/", body=prepare),
        Case("POST", "funding/allocations/new/", body=prepare),
        Case("POST", "api/v1/allocations/<int:pk>/moves/", "confirm", {"pk": draft.pk}, confirm),
        Case("POST", "api/v1/allocations/<int:pk>/moves/", "drop", {"pk": draft.pk}, drop),
        Case(
            "POST",
            "funding/allocations/<int:allocation_id>/act/",
            "confirm",
            {"allocation_id": draft.pk},
            confirm,
        ),
        Case(
            "POST", "funding/allocations/<int:allocation_id>/act/", "drop", {"allocation_id": draft.pk}, drop
        ),
        Case("POST", "funding/policies/import/", body={"file": _file("政策.yaml", policy.encode())}),
        Case("POST", "figures/desk/", body={"year": YEAR - 1}),
    ]


def _news(world: World) -> list[Case]:
    draft = world.objects["draft"]
    article = {"title": "培训通知", "section": "notice", "text": "第一段。", "version": ""}
    issue = {"title": "孵化动态", "number": "13", "date": "2026-03-20"}
    return [
        Case("POST", "news/desk/new/", body=article),
        Case("POST", "news/desk/<int:article_id>/", body={**article, "version": version_of(draft)}),
        Case(
            "POST",
            "news/desk/<int:article_id>/move/",
            body={"action": "submit", "version": version_of(draft)},
        ),
        Case(
            "POST",
            "news/desk/<int:article_id>/files/",
            body={"file": _file("附表.txt", b"text"), "title": "附表"},
        ),
        Case(
            "POST",
            "news/desk/import/",
            body={"file": _file("13.txt", ISSUE.replace("12 期", "13 期").encode())},
        ),
        Case("POST", "news/desk/bulletins/<int:bulletin_id>/describe/", body=issue),
        Case(
            "POST",
            "news/desk/bulletins/<int:bulletin_id>/",
            body={"action": "submit", "version": bulletins.version_of(world.objects["issue"])},
        ),
    ]


def _office(world: World) -> list[Case]:
    named = {"name": "常看的", "query": "kind=incubator"}
    return [
        Case("POST", "office/views/", body={**named, "of": "carriers"}),
        Case("POST", "office/views/<int:view_id>/", body=named),
        Case("POST", "office/views/<int:view_id>/", "shared", {"view_id": world.objects["shared"].pk}, named),
        Case("POST", "office/jobs/<uuid:job_id>/retry/", parts={"job_id": world.objects["failed"].pk}),
        Case("POST", "office/workdays/", body={"day": "2026-10-01", "is_working": "0", "note": "放假通知"}),
        Case("POST", "office/workdays/notice/", body={"days": "2026-10-02 休", "note": "放假通知"}),
        Case(
            "POST",
            "office/regions/",
            body={"file": _file("regions.csv", source("accounts/data/regions.csv").encode())},
        ),
    ]


def _people(world: World) -> list[Case]:
    other = {"user_id": world.cast.user("填报2").pk}
    signing = {"username": "填报0", "password": "long-and-odd-9"}
    return [
        Case("POST", "api/v1/token/", body={**signing, "label": "年报系统"}),
        Case("POST", "accounts/sign-in/", body=signing),
        Case("POST", "accounts/sign-out/", writes=False),
        Case("POST", "accounts/password/", body={"old": "long-and-odd-9", **PASSWORD}),
        Case("POST", "accounts/set-password/<int:user_id>/<str:token>/", body=PASSWORD),
        Case("POST", "accounts/tokens/", body={"label": "年报系统", "days": "90"}),
        Case(
            "POST",
            "accounts/switch/",
            body={"appointment": Appointment.objects.get(user__username="填报0").pk},
        ),
        Case(
            "POST",
            "accounts/people/new/",
            body={"name": "新人", "username": "newcomer", "email": "newcomer@example.org", "phone": ""},
        ),
        Case(
            "POST",
            "accounts/people/<int:user_id>/appoint/",
            parts=other,
            body={
                "role": "carrier_staff",
                "carrier_code": world.cast.carriers[3].code,
                "valid_from": "2026-03-19",
            },
        ),
        Case("POST", "accounts/people/<int:user_id>/suspend/", parts=other, body=REASON),
        Case(
            "POST",
            "accounts/people/<int:user_id>/restore/",
            parts={"user_id": world.objects["suspended"].pk},
            body=REASON,
        ),
        Case(
            "POST",
            "accounts/people/<int:user_id>/unlock/",
            parts={"user_id": world.objects["locked"].pk},
            body=REASON,
        ),
        Case("POST", "accounts/appointments/<int:appointment_id>/end/", body=REASON),
        Case("POST", "accounts/sessions/<int:sign_in_id>/shut/", body=REASON),
        Case("POST", "accounts/tokens/<int:grant_id>/end/", body=REASON),
    ]


def _exports(world: World) -> list[Case]:
    """Every list of the register leaves by one address."""
    route, mine = "registry/lists/<slug:name>/export/", f"?carrier={world.cast.carriers[0].code}"
    return [
        Case("POST", "api/v1/exports/", body={"name": "tenants"}),
        *(
            Case("POST", route, name, {"name": name}, query=mine if name == "people" else "")
            for name in LISTS
        ),
    ]


def _staff() -> list[Case]:
    """A carrier's people."""
    person = {"name": "新经办", "username": "handler", "email": "handler@example.org"}
    invited = {**person, "duty": "handler", "valid_from": "2026-03-19"}
    page, api = "registry/manage/<str:code>/people/", "api/v1/carriers/<str:code>/people/"
    return [
        Case("POST", page, body=invited),
        Case("POST", f"{page}<int:appointment_id>/end/", body=REASON),
        Case("POST", f"{page}<int:appointment_id>/hand-over/", body={**REASON, **person}),
        Case("POST", api, body=invited),
        Case("POST", f"{api}<int:appointment_id>/end/", body=REASON),
        Case("POST", f"{api}<int:appointment_id>/hand-over/", body={**REASON, "new": person}),
    ]


def _lending(world: World) -> list[Case]:
    """One's appointment, one's device."""
    free = world.objects["free"]
    term = {"valid_from": "2026-03-19", "valid_to": "2026-03-29"}
    return [
        Case(
            "POST",
            "accounts/delegations/",
            body={"username": free.username, "name": free.name, **term, **REASON},
        ),
        Case("POST", "accounts/delegations/<int:appointment_id>/end/", body=REASON),
        Case(
            "POST",
            "api/v1/delegations/",
            body={"username": free.username, "name": free.name, **term, **REASON},
        ),
        Case("POST", "api/v1/delegations/<int:appointment_id>/end/", body=REASON),
        Case(
            "POST",
            "accounts/people/<int:user_id>/reset-device/",
            parts={"user_id": world.cast.user("审计甲").pk},
            body=REASON,
        ),
    ]


def _applications(world: World) -> list[Case]:
    ready, doubted = world.objects["ready"], world.objects["doubted"]
    one, api = "registry/applications/<uuid:application_id>/", "api/v1/applications/<uuid:application_id>/"
    mine, file = {"application_id": ready.pk}, _file("证明.pdf", b"%PDF-1.7 ...")
    gone = {**mine, "file_id": ready.files.first().pk}
    doubt = {"against": open_doubts(doubted)[0].against, "reason": "两个主体", "round": 1}
    back = {"action": "return", "round": 1}
    return [
        Case("POST", "registry/applications/new/", body={"name": "新孵化器"}),
        Case("POST", f"{one}sections/<slug:code>/", parts=mine, body={"name": "改名孵化器"}),
        Case("GET", f"{one}sections/<slug:code>/", parts=mine),
        Case("GET", f"{one}evidence/", parts=mine),
        Case("POST", f"{one}evidence/", parts=mine, body={"kind": "team", "file": file}),
        Case("POST", f"{one}files/<int:file_id>/remove/", parts=gone),
        Case("GET", f"{one}submit/", parts=mine),
        Case("POST", f"{one}submit/", parts=mine, body={"agreed": "1"}),
        Case("POST", f"{one}decide/", "return", body={**back, "remark-address": "请写到门牌号"}),
        Case("POST", f"{one}decide/", "refuse", body={"action": "refuse", "round": 1, "comment": "不符"}),
        Case("POST", f"{one}clear/", body=doubt),
        Case("POST", f"{api}moves/", "return", body={**back, "remarks": {"address": "请写到门牌号"}}),
        Case("POST", f"{api}moves/", "withdraw", body={"action": "withdraw", "round": 1}),
        Case("POST", f"{api}moves/", "submit", mine, {"action": "submit", "round": 0}),
        Case("POST", f"{api}clearances/", body=doubt),
        Case("POST", "api/v1/applications/", body={"facts": {"name": "新孵化器"}}),
        Case("PATCH", api, parts=mine, body={"facts": {"name": "改名孵化器"}}),
        Case("POST", f"{api}files/", parts=mine, body={"kind": "team", "file": file}),
        Case("DELETE", f"{api}files/<int:file_id>/", parts=gone),
        Case(
            "POST",
            "registry/join/",
            body={
                "name": "新人",
                "email": "newcomer@example.org",
                "operator_name": "新公司",
                "credit_code": credit_code(77),
            },
        ),
    ]


def _changes(world: World) -> list[Case]:
    """Requests to change facts: one more of the first carrier, and the moves of those that are there."""
    cast, rows = world.cast, world.objects["changes"]
    page, api = "registry/changes/<int:change_id>/", "api/v1/changes/<int:change_id>/"
    back, county, above = ({"change_id": rows[name].pk} for name in ("back", "county", "province"))
    why = {"happened_on": "2026-03-02", "reason": "门牌号更正", "basis": "证明"}
    papers = {"registration": _file("通知.pdf", b"%PDF-1.7"), "premises": _file("租约.pdf", b"%PDF-1.7")}
    asked = {**why, "address": "新路 9 号", "step": "send"}
    again = {**why, "name": "青禾科创园", "step": "send", "version": rows["back"].version}
    facts = {"carrier": cast.carriers[0].code, "facts": '{"address": "新路 9 号"}'}
    more = {"facts": '{"name": "青禾科创园"}', "version": rows["back"].version}
    seen = {name: {"version": row.version} for name, row in rows.items()}
    return [
        Case("POST", "registry/manage/<str:code>/change/", body={**asked, "premises": papers["premises"]}),
        Case("POST", f"{page}mend/", parts=back, body={**again, "registration": papers["registration"]}),
        Case("POST", f"{page}act/", "withdraw", back, {"action": "withdraw", **seen["back"]}),
        Case("POST", f"{page}act/", "approve", county, {"action": "approve", **seen["county"]}),
        Case("POST", f"{page}act/", "approve above", above, {"action": "approve", **seen["province"]}),
        Case("POST", "api/v1/changes/", body={**why, **facts, "premises": papers["premises"]}),
        Case(
            "POST", f"{api}again/", parts=back, body={**why, **more, "registration": papers["registration"]}
        ),
        Case("POST", f"{api}moves/", "withdraw", back, {"action": "withdraw", **seen["back"]}),
        Case("POST", f"{api}moves/", "approve", county, {"action": "approve", **seen["county"]}),
    ]


def _line(world: World) -> list[Case]:
    """A merger of two carriers, and an operator that takes over another."""
    taken_over, into, ending = world.cast.carriers[2:]
    when = {"happened_on": "2026-03-02", "basis": "批复"}
    about = {**when, "step": "carry"}
    passing = {"kind": "merger", "codes": [ending.code], "heirs": [{"code": into.code}]}
    merger = {"kind": "merger", "codes": ending.code, "to_1": into.code}
    taken = {"code": taken_over.operator.credit_code, "to_code": credit_code(78), "to_name": "承继公司"}
    return [
        Case("POST", "api/v1/lineage/", body={**when, **passing}),
        Case("POST", "api/v1/successions/", body={**when, **taken}),
        Case("POST", "registry/lineage/new/", body={**about, **merger}),
        Case("POST", "registry/lineage/operator/", body={**about, **taken}),
    ]
