"""短板 beside the list: all problems at a glance, 共性 and 个性; counted by hand on a small project and from the list itself."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import shortfall_views
from tests.pages.conftest import Visit, drawings, said
from tests.tiny import Tiny, item

# Four counties. 少办: fewer than 5 cases (甲 差 3, 乙 差 4, 丙 差 1): three of four, common. 没培训: 丁 only, single.
TABLE = "unit cases trained\n甲县 2 1\n乙县 1 1\n丙县 4 1\n丁县 9 0"
BODY = item(
    "actual: cases\nvalue: cases\nrules: [{kind: piecewise, straight: [[0, 0], [10, full]]}]\nflag: {when: value < 5, label: 少办, gap: 5 - cases}", "x"
) + item("value: trained\nrules: [{kind: piecewise, straight: [[0, 0], [1, full]]}]\nflag: {when: value < 1, label: 没培训}", "y")



def kinds_of(text: str) -> dict[str, list[tuple[str, ...]]]:
    """Of the drawing of 共性和个性: by heading the lines: problem, units of how many, sum, points lost, names."""
    found = {}
    for part in re.findall(r"<section>(.*?)</section>", text):
        lines = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line) for line in re.findall(r"<tr>(.*?)</tr>", part)[1:]]
        heading = re.search(r"<h2>(.*?)</h2>", part)
        assert heading is not None
        found[heading[1]] = [tuple(re.sub(r"<[^>]+>", "", cell) for cell in line) for line in lines]
    return found


def listed_of(app: AppTest) -> pd.DataFrame:
    frame: pd.DataFrame = app.dataframe[0].value
    return frame


def test_common_and_single(visit: Visit, tmp_path: Path) -> None:
    """甲 gets 2 of 10, 乙 1, 丙 4: 8 + 9 + 6 = 23 lost; 丁 has 0 of 10 for y."""
    (text,) = drawings(visit("shortfalls", Tiny(TABLE, BODY).write(tmp_path), view="共性和个性"))
    assert kinds_of(text) == {
        "共性问题（1）": [("少办", "3/4", "—", "23.00", "甲县、乙县、丙县")],
        "个性问题（1）": [("没培训", "1/4", "—", "10.00", "丁县")],
    }
    assert text.count('href="unit?unit=') == 4 and text.count('href="shortfalls?group=') == 2


def test_all_at_a_glance(visit: Visit, tmp_path: Path) -> None:
    """丁县 has the most points (9) and comes first; what is no problem is a dash, each problem a link to its indicator."""
    app = visit("shortfalls", Tiny(TABLE, BODY).write(tmp_path), view="一览")
    (text,) = drawings(app)
    assert re.findall(r'<th scope="row"><a [^>]*>(\S+?)</a>', text)[0] == "丙县", "4 of 10, and trained"
    assert len(re.findall(r'class="b-bad"', text)) == 4 and text.count('class="b-good"') == 4
    assert len(re.findall(r'href="unit\?unit=\w+&amp;indicator=[xy]', text)) == 4


def test_the_list_begins_with_the_problem_of_most_units_and_the_largest_loss(visit: Visit, tmp_path: Path) -> None:
    """少办, of three: 乙 loses 9, 甲 8, 丙 6; then 没培训. Of one unit alone the largest loss comes first."""
    folder = Tiny(TABLE, BODY).write(tmp_path)
    app = visit("shortfalls", folder)
    pairs = [("乙县", "少办"), ("甲县", "少办"), ("丙县", "少办"), ("丁县", "没培训")]
    assert list(listed_of(app)[["单位", "问题"]].itertuples(index=False, name=None)) == pairs
    assert "涉及单位多的问题在前，同一问题失分多的在前。" in said(app)
    own = visit("shortfalls", Tiny("unit cases trained\n甲县 4 0\n乙县 1 1\n丙县 1 1", BODY).write(tmp_path / "own"), who_="甲县")
    assert list(listed_of(own)[["问题", "失分"]].itertuples(index=False, name=None)) == [("没培训", "10.00"), ("少办", "6.00")]
    assert "失分多的在前。" in said(own) and "涉及单位多" not in said(own)


def test_what_is_picked_in_the_list_acts_at_a_glance(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny(TABLE, BODY).write(tmp_path)
    app = visit("shortfalls", folder, view="一览", label="没培训", who_="甲县", section="第一部分")
    (text,) = drawings(app)
    assert "只看没培训" in text and "看全部 2 类" in text and "少办" not in text
    assert len(re.findall(r'<th scope="row">', text)) == 4, "all units"
    assert "who" not in app.query_params and "section" not in app.query_params, "pickers of the list"
    assert "label" not in visit("shortfalls", folder, view="共性和个性", label="没培训").query_params


# 少办: fewer than 5 of a is the problem, 10 points. What is not reported gets no points and counts as the problem (no_points);
# of b it leaves the points open. 丙 has not reported a, 丁 not b.
#        a   x          b   y
# 甲县   2   2 (差 3)   5   5
# 乙县   4   4 (差 1)   5   5
# 丙县   -   0          5   5
# 丁县   9   9          -   0–10
UNREPORTED = "unit a b\n甲县 2 5\n乙县 4 5\n丙县 _ 5\n丁县 9 _"
STRICT = item(
    "actual: a\nvalue: a\nmissing: no_points\nrules: [{kind: awards, parts: [{measure: a, each: 1}]}]\n"
    "flag: {when: value < 5, label: 少办, gap: 5 - a, gap_unit: 件}", "x"
) + item("rules: [{kind: awards, parts: [{measure: b, each: 1}]}]", "y")  # fmt: skip


def test_a_problem_is_counted_once_and_under_one_name_everywhere(visit: Visit, tmp_path: Path) -> None:
    """少办 has 甲, 乙 and 丙: 8 + 6 + 10 = 24 points, 3 + 1 = 4 件 of those that have reported. 未报送 has 丁 alone."""
    folder = Tiny(UNREPORTED, STRICT).write(tmp_path)
    app = visit("shortfalls", folder)
    rows = [("丙县", "少办", "—", "10.00", "未报送"), ("甲县", "少办", "差 3 件", "8.00", "未达标"),
            ("乙县", "少办", "差 1 件", "6.00", "未达标"), ("丁县", "未报送", "—", "0.00–10.00", "数据不全")]  # fmt: skip
    assert list(listed_of(app)[["单位", "问题", "差距", "失分", "阶段"]].itertuples(index=False, name=None)) == rows
    assert "4 个单位，3 项短板，另有 1 项数据不全。" in said(app)
    (chips,) = app.get("button_group")[-1:]
    assert [option.content for option in chips.proto.options] == ["少办 3", "未报送 1"]
    (heat,) = drawings(visit("shortfalls", folder, view="一览"))
    assert re.findall(r"label=[^\"]*\">(.*?)</a><span>(.*?)</span>", heat) == [("少办", "3 个单位"), ("未报送", "1 个单位")]
    assert sorted(re.findall(r'aria-label="(.县，.*?)"', heat)) == [
        "丁县，未报送：1 项", "丙县，少办：失 10.00", "乙县，少办：差 1 件", "甲县，少办：差 3 件",
    ]  # fmt: skip
    (kinds,) = drawings(visit("shortfalls", folder, view="共性和个性"))
    assert kinds_of(kinds) == {
        "共性问题（1）": [("少办", "3/4", "4 件", "24.00", "甲县、乙县、丙县")],
        "个性问题（0）": [],
        "数据不全（1）": [("未报送", "1/4", "1 项", "待定", "丁县")],
    }
    (briefing,) = drawings(visit("briefing", folder))
    assert ">少办</a><span>3 个单位</span>" in briefing
    told = "“少办”涉及 3 个单位（适用的共 4 个，其中 1 个未报送、按规定不得分）：甲县、乙县、丙县，已报的合计差 4 件，甲县差得最多（3 件）"
    assert told in briefing


def test_the_glance_the_list_and_the_kinds_agree_on_the_demo_city(visit: Visit) -> None:
    for group in ("县区", "成员单位"):
        listed = listed_of(visit("shortfalls", group=group))
        (text,) = drawings(visit("shortfalls", group=group, view="一览"))
        named = set(re.findall(r'aria-label="([^"：]+?)，([^"]+?)：', text))
        assert named == set(zip(listed["单位"], listed["问题"], strict=True))
        (text,) = drawings(visit("shortfalls", group=group, view="共性和个性"))
        lines = [line for lines in kinds_of(text).values() for line in lines]
        assert {(unit, label) for label, _, _, _, names in lines for unit in names.split("、")} == named


def test_what_is_lacking_in_all_is_the_sum_of_the_list(visit: Visit) -> None:
    listed = listed_of(visit("shortfalls", group="县区"))
    (text,) = drawings(visit("shortfalls", group="县区", view="共性和个性"))
    seen = 0
    for kind, lines in kinds_of(text).items():
        for label, _, total, _, _ in lines:
            own = listed[listed["问题"] == label]
            if kind.startswith("数据不全"):
                assert total == f"{len(own)} 项"
            elif total != "—":
                seen += 1
                assert int(total.split()[0]) == sum(int(re.sub(r"\D", "", gap)) for gap in own["差距"] if gap != "—"), label
    assert seen > 5


def test_who_reports_sees_its_own_list_only(visit: Visit) -> None:
    app = visit("shortfalls", role="县区", who="苇泽县", view="一览")
    assert not drawings(app) and "单位" not in listed_of(app)
    assert "共性问题（" not in said(app)


def test_so_many_rows_at_a_time(visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four shortfalls, three at a time: the fourth stands on the second page; another list of pages (操作日志) has its own."""
    monkeypatch.setattr(shortfall_views, "MOST_ROWS", 3)
    folder = Tiny(TABLE, BODY).write(tmp_path)
    assert [len(listed_of(visit("shortfalls", folder, **page))) for page in ({}, {"rows": "2"}, {"page_": "2"})] == [3, 1, 3]
