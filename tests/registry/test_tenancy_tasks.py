"""What of irregular stays waits on somebody's home."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.services import findings, tenancy
from registry.slots import tasks_for
from tests.registry.world import AT, World, stay, tenant


def titles(world: World, who: str) -> list[str]:
    """Of the tasks about stays, among whatever else waits."""
    about = reverse("registry:findings")
    return [str(one.title) for one in tasks_for(world.people[who]) if one.url == about]


def test_officers_are_told_how_many_to_decide_and_staff_how_many_to_explain(world: World) -> None:
    assert all(titles(world, who) == [] for who in world.people)
    for number in (200, 201):
        stay(world.carriers["mine"], tenant(number), date(2010, 1, 1))
    tenancy.refresh(at=AT, root=world.regions["province"])
    told = {who for who in world.people if titles(world, who) == ["2 件在孵企业疑点"]}
    assert told == {"staff", "county", "city", "province"}
    for found in list(tenancy.TenancyFinding.objects.all()):
        findings.say(actor=world.people["staff"], finding_id=found.pk, text="正在办理毕业", at=AT)
    assert titles(world, "staff") == [] and titles(world, "county") == ["2 件在孵企业疑点"]


def test_a_task_costs_no_more_however_many_there_are(world: World) -> None:
    def asked(who: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            tasks_for(world.people[who])
        return len(queries)

    before = {who: asked(who) for who in ("staff", "city")}
    for number in range(300, 340):
        stay(world.carriers["mine"], tenant(number), date(2010, 1, 1))
    tenancy.refresh(at=AT, root=world.regions["province"])
    for who, count in before.items():
        assert titles(world, who) == ["40 件在孵企业疑点"] and asked(who) == count
