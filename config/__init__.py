"""Settings, addresses and the task queue of the portal: nothing else."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
