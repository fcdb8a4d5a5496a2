"""Applications to register a carrier as services leave them, for the pages that show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.actors import Actor
from accounts.models import User
from office.services.evidence import Upload
from registry.models import Application
from registry.services import applications, registering
from tests.journeys.cast import START, Cast, credit_code

PDF = b"%PDF-1.7\n1 0 obj\n"
KINDS = ("licence", "premises", "rules", "team")


def facts_of(cast: Cast, number: int, name: str) -> dict[str, str]:
    """What a good application in the first officer's county says."""
    region = cast.people["县区甲"].region
    assert region is not None
    return {
        "credit_code": credit_code(900 + number), "operator_name": f"{name}运营有限公司",
        "operator_address": "示例路一号", "legal_person": "法人甲", "name": name, "renamed": "no",
        "kind": "incubator", "carrier_class": "comprehensive", "region": region.code,
        "address": "示例路一号", "area_total": "3200", "area_tenants": "2400", "opened_on": "2024-05-06",
        "tenure": "owned", "manager": "负责人甲", "staff_total": "8", "contact": "联系人甲",
        "phone": "0990-5550001",
    }  # fmt: skip


@dataclass(frozen=True)
class Applications:
    """One of each kind, all of 申请甲; 申请乙 has none and no appointment."""

    draft: Application
    returned: Application
    doubted: Application
    registered: Application


def applicant_of(cast: Cast) -> Actor:
    """Somebody without an appointment."""
    user = User.objects.create_user("申请甲", "long-and-odd-9", name="申请甲")
    cast.people["申请甲"] = Actor(user=user)
    return cast.people["申请甲"]


def applications_of(cast: Cast) -> Applications:
    applicant = applicant_of(cast)
    made = [
        begun(cast, applicant, number, name)
        for number, name in enumerate(("珊瑚孵化器", "青禾众创空间", "橡树孵化器"))
    ]
    draft = applications.begin(actor=applicant, facts={"name": "草稿孵化器", "credit_code": "错"}, at=START)
    for one in made:
        applications.submit(actor=applicant, application_id=one.pk, at=START)
    returned, doubted, registered = (one.pk for one in made)
    about: dict[str, Any] = {"expected": 1, "at": START}
    registering.send_back(
        actor=cast.people["县区甲"], application_id=returned,
        remarks={"address": "请写到门牌号", "team": "缺社保记录"}, **about,
    )  # fmt: skip
    for who in ("县区甲", "市级甲"):
        registering.pass_on(actor=cast.people[who], application_id=registered, **about)
    registering.register(actor=cast.people["省级甲"], application_id=registered, **about)
    cast.people["申请乙"] = Actor(user=User.objects.create_user("申请乙", "long-and-odd-9", name="申请乙"))
    now = Application.objects.in_bulk()
    return Applications(draft, now[returned], now[doubted], now[registered])


def begun(cast: Cast, applicant: Actor, number: int, name: str) -> Application:
    """A good application with its files, not yet handed in."""
    made = applications.begin(actor=applicant, at=START, facts=facts_of(cast, number, name))
    for kind in KINDS:
        applications.attach(
            actor=applicant, application_id=made.pk, kind=kind, upload=Upload(f"{kind}.pdf", PDF), at=START
        )
    return made
