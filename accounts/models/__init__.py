"""Regions, people, appointments."""

from accounts.models.people import Appointment, User
from accounts.models.regions import Region, RegionLevel

__all__ = ["Appointment", "Region", "RegionLevel", "User"]
