"""Prints the seconds that freezing, scoring and grading 2,145 carriers x 60 indicators take."""

from __future__ import annotations

import os
import random
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from accounts.actors import Actor
    from accounts.models import Region
    from registry.models import Carrier
    from reporting.models import Campaign, Form

CARRIERS, INDICATORS, YEAR = 2145, 60, 2021
RULES = (
    "{type: per, every: 10, add: 0.01}",
    "{type: linear, points: [[0, 0], [500, 1], [1000, 2]]}",
    '{type: target, target: "500"}',
    "{type: tiers, tiers: [[800, 2], [500, 1]]}",
    "{type: benchmark, against: p75}",
    "{type: rank, tiers: [[0.2, 2], [0.5, 1]]}",
    "{type: range}",
    "{type: step, base_at: 100, base: 1, every: 100, add: 0.1}",
)
GRADING = """
grading:
  tie_break: [L1, L2]
  grades:
    - {grade: A, label: 优秀, top_share: 0.2}
    - {grade: B, label: 良好, top_share: 0.5}
    - {grade: C, label: 合格}
  fixed:
    - {when: not submitted, grade: C, reason: 未报送}
  ceilings:
    - {when: accident, at_most: C, reason: 事故}
"""


def form_source() -> str:
    fields = "\n".join(f"      - {{code: f{at}, title: 项{at}, type: decimal}}" for at in range(INDICATORS))
    head = (
        "form: bench\nversion: 1\ntitle: 测速\nkinds: [incubator]\nsections:\n  - code: a\n    title: 全部\n"
    )
    return f"{head}    fields:\n{fields}\ntables: []\nchecks: []\n"


def _value(at: int) -> str:
    """A plain field, a ratio, or a growth over the year before, in turn."""
    if at % 3:
        return f"f{at}"
    if at % 2:
        return f"ratio(f{at}, f{(at + 1) % INDICATORS} + 1) * 100"
    return f"coalesce(growth(f{at}, prev.f{at}) * 100, 0)"


def scheme_source() -> str:
    leaves = "\n".join(
        f'  - {{code: L{at}, title: 项{at}, full: 2, value: "{_value(at)}", rule: {RULES[at % len(RULES)]}}}'
        for at in range(INDICATORS)
    )
    head = "scheme: bench\nversion: 1\ntitle: 测速\nform: bench\nfacts: [accident]\n"
    return f"{head}full: {2 * INDICATORS}\nindicators:\n{leaves}\n{GRADING}"


def province(at: datetime) -> tuple[Actor, Region, list[Carrier]]:
    """A province with an officer and all carriers in one county."""
    from accounts.actors import actor_of
    from accounts.models import Appointment, Region, User
    from registry.models import Carrier, Operator

    root = Region.objects.create(code="990000", name="示例省", level="province", path="/990000/")
    city = Region.objects.create(
        code="990100", name="东市", level="city", parent=root, path="/990000/990100/"
    )
    operator = Operator.objects.create(credit_code="91990000MA0000000X", name="示例运营")
    user = User.objects.create(username="bench", name="示例")
    officer = Appointment.objects.create(
        user=user, role="province_officer", region=root, valid_from=date(2020, 1, 1)
    )
    fixed: dict[str, Any] = {"kind": "incubator", "carrier_class": "comprehensive", "level": "provincial"}
    fixed |= {"listed_year": 2018, "operator": operator, "region": city, "updated_at": at}
    carriers = Carrier.objects.bulk_create(
        Carrier(code=f"FH-{number:05}", name=f"示例孵化器{number}", **fixed) for number in range(CARRIERS)
    )
    return actor_of(officer), root, carriers


def chance(rng: random.Random) -> dict[str, str]:
    return {f"f{at}": str(rng.randint(0, 1000)) for at in range(INDICATORS)}


def file_year(form: Form, year: int, root: Region, carriers: list[Carrier]) -> Campaign:
    """A closed year with an accepted return of every carrier, its values by chance out of a seed."""
    from core.clock import SHANGHAI
    from reporting.models import Campaign, Return, ReturnVersion

    at, rng = datetime(year + 1, 3, 1, tzinfo=SHANGHAI), random.Random(year)
    campaign = Campaign.objects.create(
        year=year, form=form, form_code=form.code, region=root, title=f"{year}", created_at=at, opens_at=at,
        last_start_at=at + timedelta(1), due_at=at + timedelta(2), correct_by=at + timedelta(3),
    )  # fmt: skip
    stamps = ("started_at", "submitted_at", "county_passed_at", "city_passed_at", "accepted_at", "updated_at")
    returns = Return.objects.bulk_create(
        Return(campaign=campaign, carrier=carrier, state="accepted", **dict.fromkeys(stamps, at))
        for carrier in carriers
    )
    filed: dict[str, Any] = {"number": 1, "saved_at": at, "submitted_at": at, "commitment": "示例"}
    versions = ReturnVersion.objects.bulk_create(
        ReturnVersion(return_of=one, values=chance(rng), digest=f"sha256:{year}-{one.pk}", **filed)
        for one in returns
    )
    for one, version in zip(returns, versions, strict=True):
        one.current = version
    Return.objects.bulk_update(returns, ["current"], batch_size=300)
    return campaign


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from bench.measure import timed
    from core import clock
    from evaluation.services import runs, schemes
    from reporting.services.forms import import_form

    at = clock.now()
    officer, root, carriers = province(at)
    form = import_form(actor=officer, source=form_source().encode(), at=at)
    for year in (YEAR - 1, YEAR):
        file_year(form, year, root, carriers)
    scheme = schemes.import_scheme(actor=officer, source=scheme_source(), region=root, at=at)
    run = runs.create_run(actor=officer, scheme_id=scheme.pk, year=YEAR, title="测速", region=root, at=at)
    frozen, _ = timed(lambda: runs.freeze(actor=officer, run_id=run.pk, expected=0, at=at))
    scored, done = timed(lambda: runs.score(actor=officer, run_id=run.pk, expected=1, at=at))
    graded = done.entries.exclude(grade="").count()
    if graded != CARRIERS:
        raise RuntimeError(f"{graded} of {CARRIERS} carriers are graded")
    print(f"{frozen + scored:.3f}")


if __name__ == "__main__":
    main()
