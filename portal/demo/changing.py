"""Requests to change facts in every state, and a carrier that went into another years ago."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from accounts.actors import Actor, actor_of
from accounts.models import Appointment
from core.clock import day_of
from office.services.evidence import Upload
from portal.demo.world import World
from registry.models import Carrier, ChangeRequest
from registry.rules.asked_facts import evidence_for
from registry.rules.changing import OFFICERS, State
from registry.rules.lineage import LinkKind
from registry.rules.vocabulary import Kind
from registry.services import changing
from registry.services.carriers import NewCarrier, register_carrier
from registry.services.lineage import Heir, Passing, carry_out
from registry.services.proposals import Asked

# The smallest file that opens as an empty page.
PAGE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def load(world: World) -> None:
    _merger(world, world.plans[0].code)
    first = world.plans[0]
    others = sorted(world.plans[1:], key=lambda plan: (plan.region != first.region, plan.city != first.city))
    late, plain_one = (plan.code for plan in others[:2])
    higher = next(plan.code for plan in others[2:] if plan.level in ("national", "excellent", "provincial"))
    rename = {"name": f"{_carrier(first.code).name}（示范园）", "address": "创新大道 88 号"}
    back = _ask(world, first.code, rename, "园区整体更名并迁入新楼", days=20, ago=9)
    changing.send_back(
        actor=_officer(back),
        request_id=back.pk,
        expected=back.version,
        comment="变更通知书看不清，地址请写到门牌号。",
        reasons={"name": "请核对新名称与通知书是否一致"},
        at=world.now - timedelta(days=2),
    )
    _ask(world, late, {"area_total": "6200"}, "二期场地交付使用", days=150, ago=4)
    plain = _ask(world, plain_one, {"name_en": "Riverside Maker Space"}, "统一英文名称", days=30, ago=8)
    changing.approve(
        actor=_officer(plain), request_id=plain.pk, expected=plain.version, at=world.now - timedelta(days=6)
    )
    longer = {"name": f"{_carrier(higher).name}（北区）"}
    above = _ask(world, higher, longer, "经登记机关核准更名", days=40, ago=7)
    changing.pass_on(
        actor=_officer(above),
        request_id=above.pk,
        expected=above.version,
        comment="已现场核实，情况属实。",
        at=world.now - timedelta(days=5),
    )


def _merger(world: World, code: str) -> None:
    """Years ago a small makerspace went into a carrier of today."""
    into = _carrier(code)
    actor = world.actor("province")
    old = register_carrier(
        actor=actor,
        new=NewCarrier(
            name=f"{into.region}创业苗圃",
            kind=Kind.MAKERSPACE,
            carrier_class="comprehensive",
            operator=into.operator,
            region=into.region,
            listed_year=2015,
            valid_from=date(2015, 6, 1),
            basis="示例科创〔2015〕12号",
            opened_on=date(2015, 3, 20),
        ),
        at=world.now,
    )
    passing = Passing(
        kind=LinkKind.MERGER,
        codes=[old.code],
        heirs=[Heir(code=code)],
        happened_on=date(2019, 9, 1),
        basis="关于载体整合的批复",
        document_number="示科创〔2019〕31号",
    )
    carry_out(actor=actor, passing=passing, at=world.now)


def _carrier(code: str) -> Carrier:
    return Carrier.objects.select_related("region", "operator").get(code=code)


def _ask(
    world: World, code: str, wanted: Mapping[str, str], reason: str, *, days: int, ago: int
) -> ChangeRequest:
    """By somebody of the carrier, so many days ago, of what happened so many days before today."""
    held = Appointment.objects.select_related("user").filter(carrier_code=code).order_by("pk")[0]
    files = [(str(kind), Upload("证明材料.pdf", PAGE)) for kind in evidence_for(wanted)]
    at = world.now - timedelta(days=ago)
    asked = Asked(
        wanted=wanted,
        happened_on=day_of(world.now - timedelta(days=days)),
        reason=reason,
        basis="变更证明（示例）",
        files=files,
    )
    return changing.ask(actor=actor_of(held), code=code, asked=asked, at=at)


def _officer(found: ChangeRequest) -> Actor:
    """An officer where the request lies."""
    codes = found.carrier.region.path.strip("/").split("/")
    held = Appointment.objects.filter(role=OFFICERS[State(found.state)], region__code__in=codes)
    return actor_of(held.select_related("user", "region").order_by("pk")[0])
