"""What this room offers to the pages above it."""

from registry.slots.home import home_for
from registry.slots.pages import panels_for, search
from registry.slots.tasks import tasks_for

__all__ = ["home_for", "panels_for", "search", "tasks_for"]
