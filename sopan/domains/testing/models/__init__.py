"""Rows of the testing domain, by purpose."""

from .issued import Handover, Report
from .register import Commodity, Competence, Parameter
from .sampling import Assignment, Correction, Request, Sample, Sampling
from .tested import Check, Determination, Reading, Worksheet

__all__ = [
    "Assignment",
    "Check",
    "Commodity",
    "Competence",
    "Correction",
    "Determination",
    "Handover",
    "Report",
    "Parameter",
    "Reading",
    "Request",
    "Sample",
    "Sampling",
    "Worksheet",
]
