"""Applications to register a carrier: one sent back, one like another, one at the province, a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from accounts.actors import Actor
from accounts.models import User
from office.services.documents import render
from office.services.evidence import Upload
from portal.demo import names
from portal.demo.people import APPLICANT
from portal.demo.world import World
from registry.models import Application
from registry.rules.registering import EVIDENCE
from registry.services import applications, doubts, registering

_CITY = "999999"  # what no operator of the demo has its code from


def load(world: World) -> None:
    applicant = _person(world, APPLICANT, world.user("county").password)
    other, third = (_person(world, f"{APPLICANT}{number}", "!") for number in (2, 3))
    pdf = render("office/letter", {"title": "演示材料", "paragraphs": ["仅供演示，内容为虚构。"]})
    sent_back = _handed_in(world, applicant, 1, "檐角星火科技企业孵化器", pdf)
    _act(world, "county", "send_back", sent_back, remarks={
        "address": "请写到楼栋和门牌号。", "team": "名单缺近三个月社保记录。"})  # fmt: skip
    _handed_in(world, other, 2, f"{world.plans[0].name}二期", pdf)
    third_one = _handed_in(world, third, 3, "渡口机杼众创空间", pdf)
    for who in ("county", "city"):
        for doubt in doubts.open_doubts(third_one):
            _act(world, who, "clear", third_one, against=doubt.against, reason="机构和场地都不同。")
        third_one = _act(world, who, "pass_on", third_one)
    draft = {"name": "灯塔众创空间", "kind": "makerspace", "contact": applicant.name}
    applications.begin(actor=applicant, at=world.now - timedelta(hours=3), facts=draft)


def _person(world: World, username: str, password: str) -> Actor:
    """Somebody without an appointment."""
    name = names.person_name(world.rng)
    made = User.objects.create(username=username, name=name, password=password, created_at=world.now)
    return Actor(user=made)


def _handed_in(world: World, actor: Actor, number: int, name: str, pdf: bytes) -> Application:
    about: dict[str, Any] = {"actor": actor, "at": world.now - timedelta(days=4 - number)}
    made = applications.begin(facts=_facts(world, number, name, actor), **about)
    for kind in EVIDENCE:
        if kind.required:
            upload = Upload(f"{kind.title}.pdf", pdf)
            applications.attach(application_id=made.pk, kind=kind.code, upload=upload, **about)
    return applications.submit(application_id=made.pk, **about)


def _facts(world: World, number: int, name: str, actor: Actor) -> dict[str, str]:
    return {
        "credit_code": names.credit_code(_CITY, number),
        "operator_name": f"{name[:4]}创业服务（示例）有限公司",
        "operator_address": "示例路 1 号",
        "legal_person": names.person_name(world.rng),
        "name": name,
        "renamed": "no",
        "kind": "makerspace" if "众创" in name else "incubator",
        "carrier_class": "comprehensive",
        "region": world.plans[0].region,
        "address": "示例路 1 号",
        "area_total": str(2600 + 400 * number),
        "area_tenants": str(1900 + 300 * number),
        "opened_on": f"{world.now.year - 2}-05-0{number}",
        "tenure": "owned",
        "manager": names.person_name(world.rng),
        "staff_total": str(6 + number),
        "contact": actor.name,
        "phone": f"0990-555000{number}",
    }


def _act(world: World, who: str, verb: str, found: Application, **more: Any) -> Application:
    given = {"application_id": found.pk, "expected": found.round, "at": world.now - timedelta(hours=5)}
    getattr(registering, verb)(actor=world.actor(who), **given, **more)
    return Application.objects.get(pk=found.pk)
