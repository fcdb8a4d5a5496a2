"""How carriers are paid."""

from funding.models.awards import Allocation, Award, Policy

__all__ = ["Allocation", "Award", "Policy"]
