"""What exists: operators, carriers, tenants, teams, stays, dated facts; what is irregular."""

from registry.models.applications import (
    Application,
    ApplicationClearance,
    ApplicationFile,
    ApplicationMove,
    ApplicationRemark,
)
from registry.models.carriers import Carrier, CarrierState, Operator
from registry.models.findings import FindingStatement, TenancyFinding
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
    "FindingStatement",
    "LevelTerm",
    "Operator",
    "Stay",
    "Team",
    "TenancyFinding",
    "Tenant",
]
