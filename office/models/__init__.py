"""The back office's tables."""

from office.models.audit import AuditEntry, AuditSeal
from office.models.calendar import WorkdayOverride
from office.models.files import StoredFile
from office.models.imports import FileImport, ImportState
from office.models.jobs import ENDED, Job, JobState
from office.models.notices import Channel, Notice, NoticePreference, OutboxMessage, OutboxState
from office.models.once import IdempotentRequest, PeriodRun
from office.models.views import SavedView

__all__ = [
    "ENDED",
    "AuditEntry",
    "AuditSeal",
    "Channel",
    "FileImport",
    "IdempotentRequest",
    "ImportState",
    "Job",
    "JobState",
    "Notice",
    "NoticePreference",
    "OutboxMessage",
    "OutboxState",
    "PeriodRun",
    "SavedView",
    "StoredFile",
    "WorkdayOverride",
]
