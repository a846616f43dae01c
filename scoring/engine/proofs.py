"""What a typed rubric must prove before anything is scored with it: that its arithmetic fits, that its samples come out."""

from __future__ import annotations

from scoring.engine.samples import sample_problems
from scoring.engine.widths import width_problems
from scoring.issues import Issue
from scoring.rubric import Rubric


def unproved(rubric: Rubric) -> list[Issue]:
    """Everything that does not hold. What cannot be computed exactly is not run."""
    return width_problems(rubric) or sample_problems(rubric)
