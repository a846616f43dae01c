"""What the briefing says of one group: how it stands, its problems, 成绩, 不足, 下一步. Reads results; scores nothing."""

from scoring.insight.briefing.choice import achievements, candidates, consequences, lacks, next_steps
from scoring.insight.briefing.heat import COMMON, FEWEST, Cell, Problem, problems
from scoring.insight.briefing.overview import CommonMean, Overview, overview
from scoring.insight.briefing.struck import Struck, vetoed
from scoring.insight.briefing.told import Link, Told

__all__ = [
    "COMMON", "FEWEST", "Cell", "CommonMean", "Link", "Overview", "Problem", "Struck", "Told", "achievements", "candidates", "consequences", "lacks",
    "next_steps", "overview", "problems", "vetoed",
]  # fmt: skip
