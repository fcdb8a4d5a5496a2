"""What exists: operators, carriers, tenants, teams, stays, dated facts; what is irregular about them."""

from registry.models.carriers import Carrier, CarrierState, CarrierVersion, Operator
from registry.models.findings import FindingStatement, TenancyFinding
from registry.models.tenants import Stay, Team, Tenant

__all__ = [
    "Carrier",
    "CarrierState",
    "CarrierVersion",
    "FindingStatement",
    "Operator",
    "Stay",
    "Team",
    "TenancyFinding",
    "Tenant",
]
