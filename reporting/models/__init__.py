"""What carriers say each year: forms, campaigns, returns and their versions, workbooks handed in."""

from reporting.models.forms import Campaign, CampaignState, Form, FormChange
from reporting.models.imports import ImportState, WorkbookImport
from reporting.models.peers import PeerMeasure
from reporting.models.returns import Return, ReturnFigure, ReturnMove, ReturnVersion, RosterRow

__all__ = [
    "Campaign",
    "CampaignState",
    "Form",
    "FormChange",
    "ImportState",
    "PeerMeasure",
    "Return",
    "ReturnFigure",
    "ReturnMove",
    "ReturnVersion",
    "RosterRow",
    "WorkbookImport",
]
