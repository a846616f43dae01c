"""Kinds of rule, one module each: its fields, bounds and direction, its points as exact SQL, itself in words."""

from typing import Annotated

from pydantic import Field

from scoring.rubric.rules.awards import Awards
from scoring.rubric.rules.bands import Bands
from scoring.rubric.rules.checklist import Checklist
from scoring.rubric.rules.deductions import Deductions
from scoring.rubric.rules.formula import Formula
from scoring.rubric.rules.judged import Judged
from scoring.rubric.rules.piecewise import Piecewise
from scoring.rubric.rules.steps import Steps
from scoring.rubric.rules.timeliness import Timeliness

Rule = Annotated[
    Deductions | Awards | Piecewise | Steps | Bands | Checklist | Timeliness | Formula | Judged,
    Field(discriminator="kind"),
]
KINDS = (Deductions, Awards, Piecewise, Steps, Bands, Checklist, Timeliness, Formula, Judged)

__all__ = [
    "KINDS", "Awards", "Bands", "Checklist", "Deductions", "Formula", "Judged", "Piecewise", "Rule", "Steps", "Timeliness",
]  # fmt: skip
