"""Regions, people, appointments, sessions and tokens."""

from accounts.models.access import SignIn, TokenGrant
from accounts.models.people import Appointment, User
from accounts.models.regions import Region, RegionLevel

__all__ = ["Appointment", "Region", "RegionLevel", "SignIn", "TokenGrant", "User"]
