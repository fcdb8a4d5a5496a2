"""Loads the demo province, table by table, in one transaction."""

from __future__ import annotations

import random
import time

from django.db import transaction

from accounts.models import Region
from accounts.services import regions
from core import clock
from office.services import sealing
from portal.demo import applying, changing, judging, people, register, returns, telling, waiting
from portal.demo.sizes import FULL, sizes
from portal.demo.world import Say, World


def load(*, carriers: int = FULL, seed: int = 2021, say: Say) -> None:
    """Everything that a running province has; the same seed gives the same province."""
    with transaction.atomic():
        regions.load()
        world = _world(carriers, seed, say)
        for words, step in (
            ("carriers, tenants and teams are planned", register.plan),
            ("people", people.load),
            ("carriers", register.load_carriers),
            ("tenants, teams and stays", register.load_bodies),
            ("staff of the carriers", people.load_staff),
            ("three years of returns and the open one", returns.load),
            ("evaluations, marks, objections, awards", judging.load),
            ("figures, articles, bulletins", telling.load),
            ("requests to change facts", changing.load),
            ("open work", waiting.load),
            ("applications to register a carrier", applying.load),
        ):
            start = time.monotonic()
            step(world)
            say(f"  {words} ({time.monotonic() - start:.1f} s)")
    sealing.seal(at=clock.now())


def _world(carriers: int, seed: int, say: Say) -> World:
    root = Region.objects.get(parent=None)
    cities = list(Region.objects.filter(parent=root).order_by("code"))
    counties = {
        at: list(Region.objects.filter(parent=city).order_by("code")) for at, city in enumerate(cities)
    }
    return World(
        rng=random.Random(seed),
        sizes=sizes(carriers),
        now=clock.now(),
        say=say,
        root=root,
        cities=cities,
        counties=counties,
    )
