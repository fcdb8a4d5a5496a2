"""Two cities with five carriers and their accepted returns, small enough to add up by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from accounts.actors import Actor
from accounts.models import Region
from accounts.rules.roles import Role
from evaluation.models import Run, RunEntry
from registry.models import Carrier
from reporting.models import Campaign, Return, ReturnFigure, ReturnVersion
from tests.evaluation import world

YEAR = world.YEAR


@dataclass
class Province:
    """East holds incubators a, b and makerspace c; west incubator d and makerspace e."""

    regions: dict[str, Region]
    officer: Actor
    carriers: dict[str, Carrier]
    campaign: Campaign

    @property
    def root(self) -> Region:
        return self.regions["990000"]

    def filed(self, name: str, **figures: str) -> Return:
        return world.accepted(self.campaign, self.carriers[name], {}, figures)

    def graded(self, grades: str, *, state: str = "published", year: int = YEAR) -> Run:
        """A run in this state: one grade for each carrier in order, `-` where it has none."""
        source = world.SCHEME.replace("small-annual", self.campaign.form_code)
        scheme = world.schemes.import_scheme(actor=self.officer, source=source, region=self.root, at=world.AT)
        run = world.runs.create_run(
            actor=self.officer, scheme_id=scheme.pk, year=year, title="评价", region=self.root, at=world.AT
        )
        for carrier, grade in zip(self.carriers.values(), grades, strict=False):
            RunEntry.objects.create(run=run, carrier=carrier, grade=grade.strip("-"), total=1)
        stamps: dict[str, Any] = {"frozen_at": world.AT, "frozen_digest": "sha256:1"}
        stamps |= {"scored_at": world.AT, "result_digest": "sha256:2"}
        if state != "scored":
            stamps |= {"publicised_at": world.AT, "publicity_ends_at": world.AT + timedelta(days=7)}
        if state == "published":
            stamps["published_at"] = world.AT + timedelta(days=8)
        Run.objects.filter(pk=run.pk).update(state=state, **stamps)
        return run

    def newer(self, found: Return, **figures: str) -> ReturnVersion:
        """A corrected version that is not the current one."""
        version = ReturnVersion.objects.create(return_of=found, number=2, values={}, saved_at=world.AT)
        ReturnFigure.objects.bulk_create(
            ReturnFigure(version=version, code=code, number=number) for code, number in figures.items()
        )
        return version


@pytest.fixture
def province(db: None) -> Province:
    regions = world.regions()
    east, west = regions["990101"], regions["990201"]
    carriers = {
        "a": world.carrier("FH-1", east),
        "b": world.carrier("FH-2", east, listed_year=YEAR),
        "c": world.carrier("ZC-1", east, kind="makerspace"),
        "d": world.carrier("FH-3", west),
        "e": world.carrier("ZC-2", west, kind="makerspace", listed_year=YEAR + 1),
    }
    officer = world.person("省甲", Role.PROVINCE_OFFICER, region=regions["990000"])
    campaign = world.campaign(world.form(), YEAR, regions["990000"])
    return Province(regions, officer, carriers, campaign)
