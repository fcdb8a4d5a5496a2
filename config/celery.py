"""The task queue. A message carries only a job's id; what is true stands in the database."""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# Two schedulers may run; each task takes the lock of its period first (office.services.periods).
app.conf.beat_schedule = {
    "sweep-jobs": {"task": "office.tasks.sweep_jobs", "schedule": 30.0},
    "seal-audit": {"task": "office.tasks.seal_audit", "schedule": 60.0},
    "send-outbox": {"task": "office.tasks.send_outbox", "schedule": 20.0},
    "heartbeat": {"task": "office.tasks.heartbeat", "schedule": 5.0},
    "remind": {"task": "reporting.tasks.remind", "schedule": crontab(minute=5)},
    "send-digests": {"task": "office.tasks.send_digests", "schedule": crontab(minute=25)},
    "look-at-stays": {"task": "registry.tasks.look_at_stays", "schedule": crontab(hour=4, minute=20)},
    "clear-sessions": {"task": "office.tasks.clear_old", "schedule": crontab(hour=3, minute=10)},
}
