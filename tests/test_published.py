"""Published results, recomputed from what was submitted: every score, every total, every place."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from scoring.__main__ import SCORED, main

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
# Published scores of 南江县 as 通报 prints them: 100 (14 units), 99.9 (1), 99.8 (4), 99.5 (1). Places by 1-1-3, by hand:
# fourteen share 1; the next place is 15 (高塔镇); four share 16; the next is 20 (农业农村局).
NANJIANG_PLACES = {"100": 1, "99.9": 15, "99.8": 16, "99.5": 20}


def published(name: str) -> dict[str, str]:
    with (EXAMPLES / name / "published.csv").open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in list(csv.reader(file))[1:]}


def scored(name: str, period: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, str]]:
    arguments = ["score", "--project", str(EXAMPLES / name), "--period", period, "--format", "csv"]
    assert main(arguments) == SCORED
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_nanjiang_gives_all_twenty_published_scores(capsys: pytest.CaptureFixture[str]) -> None:
    expected = published("nanjiang_2023")
    rows = scored("nanjiang_2023", "2023", capsys)
    assert len(expected) == len(rows) == 20
    assert {row["title"]: row["total"] for row in rows} == expected


def test_nanjiang_units_with_equal_scores_share_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    expected = {unit: NANJIANG_PLACES[score] for unit, score in published("nanjiang_2023").items()}
    rows = scored("nanjiang_2023", "2023", capsys)
    assert {row["title"]: int(row["place"]) for row in rows} == expected
    assert [int(row["place"]) for row in rows] == sorted(expected.values())


def test_twelve_regions_gives_all_totals_and_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    expected = published("twelve_regions")
    rows = scored("twelve_regions", "2020", capsys)
    assert len(expected) == len(rows) == 12
    assert {row["title"]: Decimal(row["total"]) for row in rows} == {unit: Decimal(x) for unit, x in expected.items()}
    # Published in falling order without a tie, so the first place is the first line and so on.
    assert [row["title"] for row in rows] == list(expected)
    assert [int(row["place"]) for row in rows] == list(range(1, 13))


@pytest.mark.parametrize("name", ["nanjiang_2023", "twelve_regions"])
def test_what_was_published_is_not_read(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The results hang on config/ and data/ alone: without published.csv they are the same."""
    for part in ("config", "data"):
        for source in (EXAMPLES / name / part).rglob("*.*"):
            copy = tmp_path / source.relative_to(EXAMPLES / name)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    texts = []
    for folder in (EXAMPLES / name, tmp_path):
        assert main(["score", "--project", str(folder), "--format", "json"]) == SCORED
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]


@pytest.mark.parametrize(("name", "column"), [("nanjiang_2023", "patents"), ("twelve_regions", "points")])
def test_no_input_holds_a_published_total(name: str, column: str) -> None:
    """Full marks apart: 100 and 100.00 occur in the rubric as full marks."""
    text = (EXAMPLES / name / "data" / f"{column}.csv").read_text(encoding="utf-8")
    cells = {cell for line in text.splitlines()[1:] for cell in line.split(",")[1:]}
    assert not cells & {score for score in published(name).values() if Decimal(score) != 100}
