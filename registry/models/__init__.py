"""Tables of the register."""

from registry.models.carriers import Carrier, CarrierState, Operator
from registry.models.levels import LevelTerm
from registry.models.tenants import Stay, Team, Tenant
from registry.models.versions import CarrierVersion

__all__ = ["Carrier", "CarrierState", "CarrierVersion", "LevelTerm", "Operator", "Stay", "Team", "Tenant"]
