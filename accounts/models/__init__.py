"""Regions, people, appointments, sessions and tokens."""

from accounts.models.access import RecoveryCode, SecondFactor, SignIn, TokenGrant
from accounts.models.people import Appointment, User
from accounts.models.regions import Region, RegionLevel

__all__ = [
    "Appointment",
    "RecoveryCode",
    "Region",
    "RegionLevel",
    "SecondFactor",
    "SignIn",
    "TokenGrant",
    "User",
]
