"""What exists: operators, carriers, tenants, teams, stays, requests, lineage, what is irregular."""

from registry.models.applications import (
    Application,
    ApplicationClearance,
    ApplicationFile,
    ApplicationMove,
    ApplicationRemark,
)
from registry.models.carriers import Carrier, CarrierState, Operator
from registry.models.changes import ChangeClaim, ChangeFile, ChangeMove, ChangeRequest
from registry.models.findings import FindingStatement, TenancyFinding
from registry.models.imports import RegisterImport
from registry.models.levels import DesignationTerm, LevelTerm
from registry.models.lineage import CarrierLink, OperatorLink, OperatorVersion
from registry.models.past import PastRecord
from registry.models.tenants import Stay, Team, Tenant
from registry.models.versions import CarrierVersion

__all__ = [
    "Application",
    "ApplicationClearance",
    "ApplicationFile",
    "ApplicationMove",
    "ApplicationRemark",
    "Carrier",
    "CarrierLink",
    "CarrierState",
    "CarrierVersion",
    "ChangeClaim",
    "ChangeFile",
    "ChangeMove",
    "ChangeRequest",
    "DesignationTerm",
    "FindingStatement",
    "LevelTerm",
    "Operator",
    "OperatorLink",
    "OperatorVersion",
    "PastRecord",
    "RegisterImport",
    "Stay",
    "Team",
    "TenancyFinding",
    "Tenant",
]
