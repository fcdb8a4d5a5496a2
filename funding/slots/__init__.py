"""What this room offers to the pages above it."""

from funding.slots.home import home_for
from funding.slots.pages import panels_for, search, tasks_for

__all__ = ["home_for", "panels_for", "search", "tasks_for"]
