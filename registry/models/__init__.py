"""What exists: operators, carriers, tenants, teams, stays, dated facts."""

from registry.models.carriers import Carrier, CarrierState, CarrierVersion, Operator
from registry.models.tenants import Stay, Team, Tenant

__all__ = ["Carrier", "CarrierState", "CarrierVersion", "Operator", "Stay", "Team", "Tenant"]
