"""Two years of a project set side by side: finds the editions and what is scored already. Scores nothing itself."""

from __future__ import annotations

from scoring.engine import Assessment
from scoring.insight.replay import NotReplayed, Replay, replayed
from scoring.project.model import Project


def replay_of(project: Project, result: Assessment, other: str | None = None) -> Replay:
    """The result's period beside an earlier one (`other`; the year before unless said). Raises NotReplayed."""
    label = result.period.label
    before = other or str(int(label) - 1)
    try:
        for one in (before, label):
            stopped = project.stopped(one)
            if stopped is not None:
                raise NotReplayed(f"{one} 年应按 {stopped.file} 计分，这份办法有错误，请先改正")
        rubrics = project.edition(label), project.edition(before)
        rubrics[1].period(before)
    except NotReplayed:
        raise
    except ValueError as error:
        raise NotReplayed(str(error).rstrip("。")) from error
    known = [one for one in (result, result.previous) if one is not None]
    return replayed(project.store, rubrics, label, before, result.as_of, known)
