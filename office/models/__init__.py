"""The back office's tables."""

from office.models.audit import AuditEntry, AuditSeal
from office.models.calendar import WorkdayOverride
from office.models.files import StoredFile
from office.models.jobs import ENDED, Job, JobState
from office.models.notices import Channel, Notice, NoticePreference, OutboxMessage, OutboxState
from office.models.once import IdempotentRequest, PeriodRun

__all__ = [
    "ENDED",
    "AuditEntry",
    "AuditSeal",
    "Channel",
    "IdempotentRequest",
    "Job",
    "JobState",
    "Notice",
    "NoticePreference",
    "OutboxMessage",
    "OutboxState",
    "PeriodRun",
    "StoredFile",
    "WorkdayOverride",
]
