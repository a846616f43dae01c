"""The command robustness, as its module is called: sentences, tables, picture, every kind of file, and what it refuses."""

from __future__ import annotations

import argparse
import io
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from scoring.reports.study import Study
from scoring.studies import robustness
from scoring.studies.delivery import NotDone, deliver
from tests.demo import demo, scored


def options(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    robustness.add(parser.add_subparsers(), [])
    return parser.parse_args(["robustness", *words])


def made(*words: str, year: str = "2023") -> Study:
    return robustness.study(demo(), scored(year).assessment, options("--draws", "400", *words))


def sheet(study: Study, title: str) -> list[dict[str, Any]]:
    one = next(one for one in study.sheets if one.title == title)
    return [dict(zip(one.head, row, strict=True)) for row in one.rows]


@pytest.fixture(scope="module")
def counties() -> Study:
    return made("--vary", "any", "--by", "section")


def test_the_whole_group(counties: Study) -> None:
    assert counties.title == "县区名次有多稳（示例）" and counties.sample
    assert counties.told[0].startswith("把各一级指标的分值任意分配（总和不变）、试 400 种组合，名次")
    assert any("名次几乎不动，看不出哪一项更要紧" in one for one in counties.told), "by 10 % the places of 2023 hardly move"
    assert any("占满分的" in one for one in counties.told) and any("由 " in one and " 分改为 " in one for one in counties.told)
    assert any("最能左右名次的是" in one for one in made("--group", "成员单位").told)
    assert [one.title for one in counties.sheets] == [
        "名次有多稳", "名次相邻的单位", "各名次出现的次数", "哪项分值最要紧", "去掉一项会怎样", "名义和实际作用",
        "反推的分值",
    ]  # fmt: skip


def test_tables_agree_with_the_ranking(counties: Study) -> None:
    """Twelve counties in the order of their places; what each has in percent over all places is everything."""
    ranking = scored("2023").assessment.rows("ranking", group="county")
    title = scored("2023").assessment.rubric.register.title
    placed = [(title(row["unit"]), row["place"]) for row in ranking]
    listed = sheet(counties, "名次有多稳")
    assert sorted((row["单位"], row["现名次"]) for row in listed) == sorted(placed)
    assert [row["现名次"] for row in listed] == sorted(row["现名次"] for row in listed)
    assert len(sheet(counties, "名次相邻的单位")) == len(placed) - 1
    assert all(0 <= row["前 3 名的次数"] <= 400 for row in listed)
    assert sum(row["前 3 名的次数"] for row in listed) >= 3 * 400, "three in each draw, more where places are shared"


def test_one_unit() -> None:
    study = made("--unit", "稷川市", "--vary", "10")
    assert study.told[0].startswith("把每项分值上下浮动 10%、试 400 种组合：稷川市")
    assert sum("稷川市" in one for one in study.told) >= 4, "its place, its range, its grade, its neighbours"


def test_a_unit_brings_its_group() -> None:
    assert made("--unit", "市公安局").title.startswith("成员单位")
    with pytest.raises(NotDone, match="市公安局在“成员单位”，不在“县区”。请去掉 --group"):
        made("--unit", "市公安局", "--group", "县区")


def test_missing_figures() -> None:
    study = made("--vary", "missing", year="2024")
    assert "还有暂缺" in study.told[0]
    open_ = [row for row in sheet(study, "名次有多稳") if row["现名次"] is None]
    assert len(open_) == 2 and {row["单位"] for row in sheet(study, "名次有多稳")[-2:]} == {row["单位"] for row in open_}


def test_thresholds_are_scored_by_the_engine() -> None:
    study = robustness.study(demo(), scored("2023").assessment, options("--vary", "thresholds", "--draws", "2"))
    assert study.told[0].startswith("把各指标的门槛上下浮动 10%、试 2 次")


@pytest.mark.parametrize(
    "words,told",
    [
        (("--vary", "much"), "“much”读不懂。请写浮动的百分数"),
        (("--vary", "missing"), "没有暂缺的数据，名次已定"),
        (("--vary", "0"), "上下浮动 0% 不行"),
        (("--vary", "101"), "上下浮动 101% 不行"),
        (("--group", "乡镇"), "没有考核分组“乡镇”。可用：县区、成员单位"),
        (("--unit", "稷州市"), "没有被考核单位“稷州市”。是不是“稷川市”？"),
        (("--draws", "0"), "组合数要大于 0"),
        (("--draws", "99999999"), "种组合太多"),
        (("--seed", "-1"), "编号 -1 不行"),
    ],
)
def test_refused(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(NotDone, match=told) as raised:
        made(*words)
    assert not str(raised.value).endswith("。"), "whoever prints it ends the sentence"


def test_the_same_seed_gives_the_same_study(counties: Study) -> None:
    assert made("--vary", "any", "--by", "section") == counties
    other = made("--vary", "any", "--by", "section", "--seed", "2")
    assert sheet(other, "名次有多稳") != sheet(counties, "名次有多稳")


def test_workbook(counties: Study, tmp_path: Path) -> None:
    out = tmp_path / "稳.xlsx"
    assert deliver(counties, out).endswith(f"已写 {out}。\n")
    book = load_workbook(io.BytesIO(out.read_bytes()))
    assert book.sheetnames == ["说明", *(one.title for one in counties.sheets)]
    lines = [cell.value for cell in book["说明"]["A"]]
    assert lines[0] == counties.title and counties.told[0] in lines and "示例：单位和数据均为虚构" in lines
    page = book["名次有多稳"]
    assert tuple(cell.value for cell in page[1]) == counties.sheets[0].head
    assert [page.cell(row, 2).value for row in range(2, 14)] == [row[1] for row in counties.sheets[0].rows]


def test_csv_and_json(counties: Study, tmp_path: Path) -> None:
    deliver(counties, tmp_path / "稳.csv")
    text = (tmp_path / "稳.csv").read_bytes().decode("utf-8-sig")
    assert "示例" in text and "单位,现名次,居中,十次有九次在" in text and "稷川市" in text
    deliver(counties, tmp_path / "稳.json")
    found = json.loads((tmp_path / "稳.json").read_bytes())
    assert found["told"][0] == counties.told[0] and found["sample"] is True
    assert found["tables"][0]["rows"][0]["现名次"] == 1


def test_pictures(counties: Study, tmp_path: Path) -> None:
    deliver(counties, tmp_path / "稳.svg")
    svg = (tmp_path / "稳.svg").read_text(encoding="utf-8")
    assert svg.startswith("<svg ") and "十次有九次在这里" in svg and "稷川市" in svg
    deliver(counties, tmp_path / "稳.png")
    data = (tmp_path / "稳.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    assert width == 1600 and height > 500


def test_as_text(counties: Study) -> None:
    text = deliver(counties, None)
    assert text.startswith("县区名次有多稳（示例）　2023 年，数据截至") and "\n名次相邻的单位\n" in text
