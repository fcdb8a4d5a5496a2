"""What this room offers to the pages above it."""

from news.slots.home import home_for
from news.slots.pages import panels_for, search, tasks_for

__all__ = ["home_for", "panels_for", "search", "tasks_for"]
