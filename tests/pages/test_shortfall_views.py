"""短板 beside the list: all problems at a glance, 共性 and 个性; counted by hand on a small project and from the list itself."""

from __future__ import annotations

import re
from pathlib import Path

from tests.pages.conftest import Visit, drawings, said
from tests.tiny import Tiny, item

# Four counties. 少办: fewer than 5 cases (甲 差 3, 乙 差 4, 丙 差 1): three of four, common. 没培训: 丁 only, single.
TABLE = "unit cases trained\n甲县 2 1\n乙县 1 1\n丙县 4 1\n丁县 9 0"
BODY = item(
    "actual: cases\nvalue: cases\nrules: [{kind: piecewise, straight: [[0, 0], [10, full]]}]\nflag: {when: value < 5, label: 少办, gap: 5 - cases}", "x"
) + item("value: trained\nrules: [{kind: piecewise, straight: [[0, 0], [1, full]]}]\nflag: {when: value < 1, label: 没培训}", "y")


def test_common_and_single(visit: Visit, tmp_path: Path) -> None:
    app = visit("shortfalls", Tiny(TABLE, BODY).write(tmp_path), view="共性和个性")
    assert [one.value for one in app.subheader][:2] == ["共性问题（1）", "个性问题（1）"]
    common, single = (table.value for table in app.dataframe[:2])
    assert list(common.iloc[0][["问题", "单位数", "适用单位", "哪些单位"]]) == ["少办", "3", "4", "甲县、乙县、丙县"]
    assert list(single.iloc[0][["问题", "单位数", "哪些单位"]]) == ["没培训", "1", "丁县"]


def test_all_at_a_glance(visit: Visit, tmp_path: Path) -> None:
    """丁县 has the most points (9) and comes first; what is no problem is a dash, each problem a link to its indicator."""
    app = visit("shortfalls", Tiny(TABLE, BODY).write(tmp_path), view="一览")
    (text,) = drawings(app)
    assert re.findall(r'<th scope="row"><a [^>]*>(\S+?)</a>', text)[0] == "丙县", "4 of 10, and trained"
    assert len(re.findall(r'class="b-bad"', text)) == 4 and text.count('class="b-good"') == 4
    assert len(re.findall(r'href="unit\?unit=\w+&amp;indicator=[xy]', text)) == 4


def test_the_glance_and_the_list_agree_on_the_demo_city(visit: Visit) -> None:
    for group in ("县区", "成员单位"):
        listed = visit("shortfalls", group=group).dataframe[0].value
        (text,) = drawings(visit("shortfalls", group=group, view="一览"))
        named = set(re.findall(r'aria-label="([^"：]+?)，([^"]+?)：', text))
        absent = {"缺报", "数字脱敏", "暂缺（未登记或未到期）", "基数为零"}
        known = listed[listed["阶段"] != "数据不全"]  # what was not handed in stands in columns of its own at a glance
        assert {pair for pair in named if pair[1] not in absent} == set(zip(known["单位"], known["问题"], strict=True))
        assert set(listed[listed["阶段"] == "数据不全"]["单位"]) == {unit for unit, label in named if label in absent}


def test_what_is_lacking_in_all_is_the_sum_of_the_list(visit: Visit) -> None:
    listed = visit("shortfalls", group="县区").dataframe[0].value
    listed = listed[listed["阶段"] != "数据不全"]
    seen = 0
    for table in visit("shortfalls", group="县区", view="共性和个性").dataframe:
        for _, row in table.value.iterrows():
            own = listed[listed["问题"] == row["问题"]]
            if row["合计差"] != "—" and len(own) == int(row["单位数"]):  # one item each
                seen += 1
                assert int(row["合计差"].split()[0]) == sum(int(re.sub(r"\D", "", gap)) for gap in own["差距"])
    assert seen > 5


def test_who_reports_sees_its_own_list_only(visit: Visit) -> None:
    app = visit("shortfalls", role="县区", who="苇泽县", view="一览")
    assert not drawings(app) and "单位" not in app.dataframe[0].value
    assert "共性问题（" not in said(app)
