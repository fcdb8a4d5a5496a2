"""What exists: operators, carriers, tenants, teams, stays, dated facts; requests to change them."""

from registry.models.carriers import Carrier, CarrierState, CarrierVersion, Operator
from registry.models.changes import ChangeClaim, ChangeFile, ChangeMove, ChangeRequest
from registry.models.lineage import CarrierLink, OperatorLink, OperatorVersion
from registry.models.tenants import Stay, Team, Tenant

__all__ = [
    "Carrier",
    "CarrierLink",
    "CarrierState",
    "CarrierVersion",
    "ChangeClaim",
    "ChangeFile",
    "ChangeMove",
    "ChangeRequest",
    "Operator",
    "OperatorLink",
    "OperatorVersion",
    "Stay",
    "Team",
    "Tenant",
]
