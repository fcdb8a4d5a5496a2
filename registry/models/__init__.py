"""What exists: operators, carriers, tenants, teams, stays, dated facts; applications to be registered."""

from registry.models.applications import (
    Application,
    ApplicationClearance,
    ApplicationFile,
    ApplicationMove,
    ApplicationRemark,
)
from registry.models.carriers import Carrier, CarrierState, Operator
from registry.models.levels import LevelTerm
from registry.models.tenants import Stay, Team, Tenant
from registry.models.versions import CarrierVersion

__all__ = [
    "Application",
    "ApplicationClearance",
    "ApplicationFile",
    "ApplicationMove",
    "ApplicationRemark",
    "Carrier",
    "CarrierState",
    "CarrierVersion",
    "LevelTerm",
    "Operator",
    "Stay",
    "Team",
    "Tenant",
]
