"""The people of the demo: officers of every region, experts, and the staff of every carrier."""

from __future__ import annotations

import json
import random
import secrets
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.models import Appointment, Region, User
from accounts.rules.duties import Duty
from accounts.rules.roles import TITLES, Role
from portal.demo import names
from portal.demo.bulk import insert, next_id, settle_sequences
from portal.demo.world import World

START = date(2018, 1, 1)
APPLICANT = "applicant"  # holds no appointment
EXPERTS = 24
# The accounts that are printed at start, and the only ones with a password.
PRINTED: tuple[tuple[str, Role], ...] = (
    ("carrier", Role.CARRIER_STAFF),
    ("county", Role.COUNTY_OFFICER),
    ("city", Role.CITY_OFFICER),
    ("province", Role.PROVINCE_OFFICER),
    ("province2", Role.PROVINCE_OFFICER),
    ("finance", Role.FINANCE_OFFICER),
    ("finance2", Role.FINANCE_OFFICER),
    ("expert", Role.EXPERT),
    ("editor", Role.EDITOR),
    ("editor2", Role.EDITOR),
    ("auditor", Role.AUDITOR),
    ("system", Role.SYSTEM_ADMINISTRATOR),
    ("security", Role.SECURITY_ADMINISTRATOR),
)


def _file() -> Path:
    return settings.DATA_DIR / "demo-accounts.json"


def printed() -> list[tuple[str, str, str]]:
    """Role, user name and password of the printed accounts; empty where no demo was loaded."""
    if not _file().exists():
        return []
    known = json.loads(_file().read_text(encoding="utf-8"))
    held = [(str(TITLES[role]), name, known["password"]) for name, role in PRINTED]
    return [*held, ("载体登记申请人", APPLICANT, known["password"])]


def load(world: World) -> None:
    """Officials and experts; carrier staff follow when the carriers are there."""
    password = f"demo-{secrets.token_hex(4)}-{secrets.token_hex(2)}"
    hashed = make_password(password)
    first = world.plans[0]
    county = next(one for one in world.counties[first.city] if one.code == first.region)
    scopes = {Role.COUNTY_OFFICER: county, Role.CITY_OFFICER: world.cities[first.city]}
    for username, role in PRINTED:
        if role != Role.CARRIER_STAFF:
            _appoint(world, username, role, scopes.get(role, world.root), hashed)
    world.experts = [world.user("expert")]
    for number in range(2, EXPERTS + 1):
        world.experts.append(_appoint(world, f"expert{number}", Role.EXPERT, world.root).user)
    for at, city in enumerate(world.cities):
        _appoint(world, f"officer-{city.code}", Role.CITY_OFFICER, city)
        for one in world.counties[at]:
            _appoint(world, f"officer-{one.code}", Role.COUNTY_OFFICER, one)
    _file().parent.mkdir(parents=True, exist_ok=True)
    _file().write_text(json.dumps({"password": password}), encoding="utf-8")
    _file().chmod(0o600)


def _appoint(world: World, username: str, role: Role, region: Region, password: str = "") -> Appointment:
    user = User.objects.create(
        username=username,
        name=names.person_name(world.rng),
        password=password or make_password(None),
        created_at=world.now,
    )
    made = Appointment.objects.create(user=user, role=role.value, region=region, valid_from=START)
    world.accounts[username] = made
    return made


def load_staff(world: World) -> None:
    """Who answers for every carrier and who handles its affairs; here and there one is missing. None of
    them can sign in but the printed one."""
    blank = make_password(None)
    hashed = world.user("county").password
    start, appointment = next_id(User), next_id(Appointment)
    users: list[tuple[object, ...]] = []
    appointments: list[tuple[object, ...]] = []
    for at, plan in enumerate(world.plans):
        for place, duty in enumerate(_duties(at)):
            key = start + len(users)
            printed = at == 0 and place == 0
            base = "carrier" if at == 0 else f"staff-{plan.code.lower()}"
            username = base if place == 0 else f"{base}-{place + 1}"
            chance = world.rng if place == 0 else random.Random(f"{plan.code} {place}")
            name = names.person_name(chance)
            users.append((key, username, name, hashed if printed else blank, world.now, *_PLAIN))
            scope = (Role.CARRIER_STAFF.value, plan.code, duty.value, "", START)
            appointments.append((appointment + len(appointments), key, *scope))
            if place == 0:
                world.staff[plan.code] = key
    insert(User, ("id", "username", "name", "password", "created_at", *_PLAIN_COLUMNS), users)
    columns = ("id", "user_id", "role", "carrier_code", "duty", "title", "valid_from")
    insert(Appointment, columns, appointments)
    settle_sequences(User, Appointment)
    world.accounts["carrier"] = Appointment.objects.select_related("user", "region").get(
        user__username="carrier"
    )


def _duties(number: int) -> tuple[Duty, ...]:
    """Of every seven carriers one lacks a handler, of every nineteen one has nobody who answers for it."""
    if number % 19 == 18:
        return (Duty.HANDLER, Duty.HANDLER)
    handlers = 1 if number % 7 == 6 else 2
    return (Duty.RESPONSIBLE, *[Duty.HANDLER] * handlers)


_PLAIN_COLUMNS = ("email", "phone", "language", "is_active", "is_staff", "is_superuser")
_PLAIN = ("", "", "zh-hans", True, False, False)
