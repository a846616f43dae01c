"""More or less of the issued targets, for a trial: scored as if they had been issued so. The rows are written anew and
scored in full; nothing of it is kept in a draft."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from scoring.engine.rescoring import Kept, keep
from scoring.project import Project, open_project
from scoring.rubric import Rubric
from scoring.rubric.knobs import by_path, issued_targets
from scoring.rubric.trial import tried
from tests.demo import ROOT, demo

LABEL = "2024"
WEIGHT = "sections.enforcement.indicators.case_volume.full_marks.county"


@pytest.fixture(scope="module")
def kept() -> Iterator[Kept]:
    rubric = demo().edition(LABEL)
    period = rubric.period(LABEL)
    with keep(demo().store, rubric, period, period.cut_off) as found:
        yield found


def issued(folder: Path, column: str, percent: Decimal) -> Project:
    """The demo city with other targets of 2024."""
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample", ignore=shutil.ignore_patterns("demo_city", "*.py"))
    path = folder / "data" / "sample" / "targets.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        text = row[column]
        if text not in ("", "/") and row["下达日期"].startswith(LABEL):
            row[column] = str((Decimal(text) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    found = open_project(folder)
    assert found.ready, found.issues
    return found


def official(project: Project, rubric: Rubric) -> list[dict[str, object]]:
    from scoring.engine import assess

    period = rubric.period(LABEL)
    return assess(project.store, rubric, period, period.cut_off).rows("ranking")


def test_which_targets_there_are() -> None:
    """Those the office hands out; last year's figures and counts are none, however they are divided by."""
    rubric = demo().edition(LABEL)
    assert list(issued_targets(rubric, "county")) == ["case_target", "major_target", "top_target", "news_target", "village_target"]


@pytest.mark.parametrize("column,measure,percent", [("行政案件", "case_target", "130"), ("行政案件", "case_target", "50"), ("工作信息", "news_target", "175")])
def test_as_if_they_had_been_issued_so(kept: Kept, tmp_path: Path, column: str, measure: str, percent: str) -> None:
    project = issued(tmp_path, column, Decimal(percent))
    rubric = demo().edition(LABEL)
    before = kept.ranking(rubric).to_pylist()
    found = kept.ranking(rubric, {measure: Decimal(percent)}).to_pylist()
    assert found == official(project, rubric)
    assert found != before
    assert kept.ranking(rubric).to_pylist() == before, "and back"


def test_with_another_weight_and_two_at_once(kept: Kept, tmp_path: Path) -> None:
    rubric = demo().edition(LABEL)
    draft, issues = tried(rubric, {by_path(rubric)[WEIGHT].loc: "9"})
    assert draft is not None, issues
    project = issued(tmp_path, "行政案件", Decimal(130))
    assert kept.ranking(draft, {"case_target": Decimal(130)}).to_pylist() == official(project, draft)
    kept.ranking(rubric, {"news_target": Decimal(50), "case_target": Decimal(130)})
    assert kept.ranking(draft, {"case_target": Decimal(130)}).to_pylist() == official(project, draft)


def test_a_figure_that_was_not_computed(kept: Kept) -> None:
    with pytest.raises(ValueError, match="没有算过数据项：no_such"):
        kept.ranking(demo().edition(LABEL), {"no_such": Decimal(50)})
