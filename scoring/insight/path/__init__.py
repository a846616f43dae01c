"""The cheapest way to a better place or grade (路径): knows assessments and actions, no page; scores by the engine alone.

`find_path` answers with a `Path`, confirmed by scoring the group again with the changed figures, or with a `NoPath`
that says why. Exact, not greedy: of all combinations of actions none that is cheaper reaches the aim.
"""

from scoring.insight.path.find import find_path
from scoring.insight.path.results import (
    Aim,
    Brought,
    Moved,
    NextGrade,
    NoPath,
    NotOffered,
    Path,
    PlacesUp,
    Stand,
    Step,
)
from scoring.insight.path.told import brings, sentence

__all__ = [
    "Aim",
    "Brought",
    "Moved",
    "NextGrade",
    "NoPath",
    "NotOffered",
    "Path",
    "PlacesUp",
    "Stand",
    "Step",
    "brings",
    "find_path",
    "sentence",
]
