"""What it adds up to."""

from figures.models.figures import Figure

__all__ = ["Figure"]
