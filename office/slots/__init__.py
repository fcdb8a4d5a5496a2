"""What this room offers to the pages above it."""

from office.slots.home import home_for
from office.slots.pages import panels_for, search, tasks_for

__all__ = ["home_for", "panels_for", "search", "tasks_for"]
