"""Random drafts of the demo's 办法: what the page shows is what `score` gives for the saved YAML, to the last decimal.

The YAML is saved, read by a project of its own and scored in full; the page scores it from facts it has kept. The
标准样例 are left out of both: a changed price is meant to break them, and then nothing is scored.
"""

from __future__ import annotations

import random
import re
import shutil
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scoring.engine.printed import between
from scoring.project import open_project
from scoring.rubric.knobs import Knob, What, by_path
from scoring.rubric.rewriting import rewritten
from scoring.rubric.scaling import How, NotScaled, scaling
from tests.demo import ROOT, demo
from tests.pages.conftest import Visit, said

PERIOD, RUBRIC = "2024", "config/scoring.yaml"
HOWS = {
    "总分不变": How(total="fixed", over="section", prices="scale"),
    "总分跟着变": How(total="free", over="section", prices="stay"),
}


def value(one: Knob, chance: random.Random) -> Decimal:
    """Another value on the slider, full marks rather near the old one."""
    steps = int((one.most - one.least) / one.step)
    if one.what is What.FULL_MARKS:
        return max(one.least, one.value + one.step * chance.choice([-4, -2, -1, 1, 2, 4, 6]))
    return one.least + one.step * chance.randint(0, max(1, steps))


def random_draft(chance: random.Random) -> tuple[dict[str, Decimal], str]:
    known = by_path(demo().edition(PERIOD))
    paths = chance.sample(list(known), chance.randint(1, 3))
    return {path: value(known[path], chance) for path in paths}, chance.choice(list(HOWS))


def shown(app: AppTest) -> dict[str, tuple[str, str]]:
    """Unit → (new place, new total) as the table says them."""
    frame = next(one.value for one in app.main.get("dataframe") if "因为" in one.value.columns)
    places = [text.partition("　")[0].rpartition(" → ")[2] for text in frame["名次"]]
    totals = [text.rpartition(" → ")[2] for text in frame["总分"]]
    return dict(zip(frame["单位"], zip(places, totals, strict=True), strict=True))


def official(project: Path, group: str) -> dict[str, tuple[str, str]] | None:
    """The same of a full run over the project; None where its 办法 has errors."""
    opened = open_project(project)
    if not opened.ready:
        return None
    period = opened.period(PERIOD)
    rows = opened.assess(PERIOD, period.cut_off).rows("ranking", group=group)
    assert opened.register is not None
    return {
        opened.register.title(row["unit"]): (str(row["place"] or "暂缺"), between(row["total_low"], row["total_high"])) for row in rows
    }


def saved(project: Path, changes: dict[str, Decimal], how: How) -> Path:
    """A project beside it with the draft as its 办法. Raises NotScaled."""
    rubric = demo().edition(PERIOD)
    known = by_path(rubric)
    found = scaling(rubric, {known[path].loc: new for path, new in changes.items()}, how)
    beside = project.parent / "saved"
    if not beside.is_dir():
        shutil.copytree(project, beside)
    text = (project / RUBRIC).read_bytes().decode()
    (beside / RUBRIC).write_bytes(rewritten(text, found.changes).encode())
    return beside


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The demo city, its 办法 without 标准样例."""
    folder = tmp_path / "demo"
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample", ignore=shutil.ignore_patterns("demo_city", "*.py"))
    text = (folder / RUBRIC).read_text(encoding="utf-8")
    text, count = re.subn(r"^samples:\n(?:[ #-].*\n|\n)*", "", text, flags=re.MULTILINE)
    assert count == 1
    (folder / RUBRIC).write_text(text, encoding="utf-8")
    return folder


def tried(visit: Visit, project: Path, number_of: int, seed: str) -> tuple[int, int]:
    """(drafts that were scored, drafts that the page refused as the official run does)."""
    chance, scored, refused = random.Random(seed), 0, 0
    app = visit("lab", project, period=PERIOD)
    while scored < number_of:
        changes, total = random_draft(chance)
        group = chance.choice(["county", "department"])
        app.query_params["change"] = ";".join(f"{path}={new}" for path, new in changes.items())
        prices = "单价跟着变" if HOWS[total].prices == "scale" else "单价不变"
        title = demo().edition(PERIOD).groups[group].title
        for key, chosen in (("group", title), ("total", total), ("prices", prices)):
            app.query_params[key] = app.session_state[key] = chosen
        app.run()
        assert not app.exception, changes
        wanted, refusal = None, ""
        try:
            wanted = official(saved(project, changes, HOWS[total]), group)
        except NotScaled as told:
            refusal = str(told)
        assert refusal in said(app)
        if wanted is None:
            assert app.warning, changes
            refused += 1
            continue
        assert shown(app) == wanted, (changes, total)
        scored += 1
    return scored, refused


def test_drafts_on_the_page_are_scored_as_their_saved_text(visit: Visit, project: Path) -> None:
    assert tried(visit, project, 2, "two")[0] == 2


@pytest.mark.trial
def test_two_hundred_drafts(visit: Visit, project: Path, trial_size: Callable[[int, int], int]) -> None:
    number = trial_size(200, 15)
    scored, refused = tried(visit, project, number, "two hundred")
    sys.stdout.write(f"\n{scored} drafts: page and score alike; {refused} refused by both\n")
    assert scored == number
