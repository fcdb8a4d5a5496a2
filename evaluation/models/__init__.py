"""How carriers are judged."""

from evaluation.models.runs import Assignment, Mark, Objection, Run, RunEntry, RunMove
from evaluation.models.schemes import CarrierFact, Scheme

__all__ = ["Assignment", "CarrierFact", "Mark", "Objection", "Run", "RunEntry", "RunMove", "Scheme"]
