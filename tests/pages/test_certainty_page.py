"""名次有多稳 without a browser: its three views, what varies, a draft of the lab, refusals; plain words everywhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.pages.conftest import Visit, said
from tests.tiny import Tiny, item

JARGON = re.compile(r"蒙特卡洛|分位|敏感|方差|标准差|概率|置信|单纯形|随机|抽样|样本|权重向量|指数|\bNone\b|\bnan\b")
DRAFT = "sections.enforcement.indicators.case_volume.full_marks.county=12"


def test_the_places(visit: Visit) -> None:
    """What varies at first: each item by 10 %. One sentence on top, a picture, both tables; 2023 has nothing missing."""
    app = visit("certainty", period="2023")
    varied = next(one for one in app.selectbox if one.label == "变动什么")
    assert varied.value == "每项分值上下浮动 10%"
    assert varied.options == [
        "每项分值上下浮动 5%", "每项分值上下浮动 10%", "每项分值上下浮动 20%", "任意分值", "保持现有大小次序的任意分值", "门槛上下浮动 10%",
    ]  # fmt: skip
    told = [one.value for one in app.markdown if one.value.startswith("#### ")]
    assert len(told) == 1 and told[0].startswith("#### 把每项分值上下浮动 10%、试 1 万种组合，名次")
    units, pairs = app.dataframe[0].value, app.dataframe[1].value
    assert list(units["现名次"]) == [str(place) for place in range(1, 13)]
    assert len(pairs) == 11
    assert len(app.get("image")) == 1
    assert not JARGON.search(said(app))


def test_another_way_from_the_address(visit: Visit) -> None:
    app = visit("certainty", vary="any", by="section", group="成员单位")
    assert "把各一级指标的分值任意分配（总和不变）、试 1 万种组合，名次" in said(app)
    assert app.dataframe[0].value["前 3 名的次数"].str.contains("%").any()
    assert any("谁排过第一" in one.label for one in app.expander)


def test_figures_that_are_not_settled_are_offered_where_there_are_any(visit: Visit) -> None:
    def offered(**address: str) -> bool:
        return any("还没有定的数据" in one.options for one in visit("certainty", **address).selectbox)

    assert offered(period="2024") and not offered(period="2023")
    app = visit("certainty", period="2024", vary="missing")
    assert "还没有名次的" in said(app) and "谁排过第一" not in said(app)


def test_which_points_matter(visit: Visit) -> None:
    app = visit("certainty", view="哪项分值最要紧")
    assert "最能左右名次的是" in said(app)
    frame = app.dataframe[0].value
    assert len(frame) == 30 and list(frame["名次会变的单位"].astype(int)) == sorted(frame["名次会变的单位"].astype(int), reverse=True)
    assert not JARGON.search(said(app))


def test_on_paper_and_in_fact(visit: Visit) -> None:
    app = visit("certainty", view="名义和实际作用")
    frame = app.dataframe[0].value.set_index("项目")
    assert frame.loc["查办案件", "占满分"] == "26%", "26 of 100 points"
    assert len(app.dataframe) == 1, "nothing is fitted before it is asked for"
    app = visit("certainty", view="名义和实际作用", fit="true", group="成员单位")
    fitted = app.dataframe[1].value
    assert sum(float(one) for one in fitted["反推的分值"]) == pytest.approx(100), "the sum of the points stays"
    assert not JARGON.search(said(app))


def test_a_draft_of_the_lab(visit: Visit) -> None:
    """12 points instead of 8 for the first item of 查办案件: what stands above it says so, and the study is another."""
    app = visit("certainty", change=DRAFT)
    assert "不是正式成绩" in app.info[0].value and "8 → 12" in app.info[0].value
    assert {"回到权重实验室", "不看草案，看现行办法"} <= {one.label for one in app.button}
    draft = app.dataframe[1].value
    official = visit("certainty").dataframe[1].value
    assert not draft.equals(official)
    removed = visit("certainty", change=DRAFT, view="哪项分值最要紧").dataframe[0].value.set_index("去掉哪一项")
    assert removed.loc["办案任务完成率", "分值"] == "12"


def test_the_way_back_to_the_edition(visit: Visit) -> None:
    app = visit("certainty", change=DRAFT)
    next(one for one in app.button if one.label == "不看草案，看现行办法").click().run()
    assert not app.exception and not app.info and "change" not in app.query_params


def test_a_draft_that_cannot_be(visit: Visit) -> None:
    """More than the section has: nothing is left for the others."""
    app = visit("certainty", change="sections.enforcement.indicators.case_volume.full_marks.county=-3")
    assert app.warning and not app.dataframe


def test_one_unit_has_nothing_to_compare(visit: Visit, tmp_path: Path) -> None:
    rules = "rules: [{kind: piecewise, of: n, straight: [[0, 0], [10, full]]}]"
    folder = Tiny(table="单位 n\n甲县 5", indicators=item(rules)).write(tmp_path)
    for view in ("名次", "哪项分值最要紧", "名义和实际作用"):
        app = visit("certainty", folder, view=view)
        assert ["只有甲县一个单位" in one.value for one in app.info] == [True] and not app.dataframe
