"""What exists: operators, carriers, tenants, teams, stays, dated facts; applications to be registered."""

from registry.models.applications import (
    Application,
    ApplicationClearance,
    ApplicationFile,
    ApplicationMove,
    ApplicationRemark,
)
from registry.models.carriers import Carrier, CarrierState, CarrierVersion, Operator
from registry.models.tenants import Stay, Team, Tenant

__all__ = [
    "Application",
    "ApplicationClearance",
    "ApplicationFile",
    "ApplicationMove",
    "ApplicationRemark",
    "Carrier",
    "CarrierState",
    "CarrierVersion",
    "Operator",
    "Stay",
    "Team",
    "Tenant",
]
