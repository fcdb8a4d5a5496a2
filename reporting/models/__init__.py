"""What carriers say each year: forms, campaigns, returns and their versions, workbooks handed in."""

from reporting.models.forms import Campaign, CampaignState, Form, FormChange
from reporting.models.imports import WorkbookImport
from reporting.models.peers import PeerMeasure
from reporting.models.reminders import Reminder, ReminderKind
from reporting.models.returns import Return, ReturnFigure, ReturnMove, ReturnVersion, RosterRow
from reporting.models.terms import CampaignTerm, Extension

__all__ = [
    "Campaign",
    "CampaignState",
    "CampaignTerm",
    "Extension",
    "Form",
    "FormChange",
    "PeerMeasure",
    "Reminder",
    "ReminderKind",
    "Return",
    "ReturnFigure",
    "ReturnMove",
    "ReturnVersion",
    "RosterRow",
    "WorkbookImport",
]
