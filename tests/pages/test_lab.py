"""权重实验室 and 草案 without a browser: what cannot be done is said, and nothing official moves. Points of 小城, by hand."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import served
from scoring.desk import Desk
from scoring.desk.drafts import Draft, read
from tests.hamlet import copied
from tests.pages.conftest import Visit, said
from tests.pages.test_scores import press

VOLUME = "sections.handling.indicators.volume.full_marks.county"
RUBRIC = "config/scoring.yaml"


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """小城 with records of its own; its 办法 is in force since 2023."""
    folder = copied(tmp_path)
    path = folder / RUBRIC
    text = path.read_text(encoding="utf-8").replace('edition: "2024"', 'edition: "2023"')
    path.write_text(text.replace("in_force: 2024-01-01", "in_force: 2023-01-01"), encoding="utf-8")
    return folder


def lab(visit: Visit, town: Path, changes: str = "", role: str = "双打办", **address: str) -> AppTest:
    if changes:
        address["change"] = changes
    return visit("lab", town, role, database=town / "hamlet.duckdb", **address)


def warned(app: AppTest) -> str:
    return "\n".join(one.value for one in app.main.get("warning"))


def tables(app: AppTest) -> list[list[str]]:
    return [list(one.value.columns) for one in app.main.get("dataframe")]


def test_who_moves_and_through_which_clause(visit: Visit, town: Path) -> None:
    """任务完成率 54 of 60: 甲县 57.25 → 62.25, 丙区 60 → 39, 乙县 91.5 → 92 (tests/browser/test_lab.py, by hand)."""
    app = lab(visit, town, f"{VOLUME}=54")
    frame = next(one.value for one in app.main.get("dataframe") if "因为" in one.value.columns)
    rows = {row["单位"]: row for _, row in frame.iterrows()}
    assert [rows[unit]["名次"] for unit in ("甲县", "乙县", "丙区")] == ["3 → 2　↑1", "1", "2 → 3　↓1"]
    assert [rows[unit]["总分"] for unit in ("甲县", "乙县", "丙区")] == ["57.25 → 62.25", "91.50 → 92.00", "60.00 → 39.00"]
    # 甲县: 54 × 37.5% = 20.25 for 11.25; 案卷质量 2 for 8; and the 表扬 counts, 2, since its base is 60.25
    assert rows["甲县"]["因为"] == "第一条任务完成率 +9.00；第三条案卷质量 −6.00；折算、限分和取整 +2.00"
    assert rows["甲县"]["等次"] == "不合格 → 合格" and rows["丙区"]["等次"] == "合格 → 不合格"
    assert "“案卷质量”由考核组评分" in warned(app)
    assert "县区有 2 个单位名次变动" in said(app)


@pytest.mark.parametrize(
    "changes,told",
    [
        (f"{VOLUME}=70", "“查办案件”还要减 40 分，而可以减的各项合计只有 30 分"),
        (f"{VOLUME}=-1", "“第一条任务完成率 · 满分（县区）”不能是负数"),
        (f"{VOLUME}=30.001", "写了 3 位小数，而指标得分只取 2 位"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_scored(visit: Visit, town: Path, changes: str, told: str) -> None:
    app = lab(visit, town, changes)
    assert told.replace("第一条任务", "第一条 任务") in warned(app) or told in warned(app)
    assert not any("因为" in columns for columns in tables(app))
    assert not app.exception


def test_items_that_are_worth_nothing_are_pointed_out(visit: Visit, town: Path) -> None:
    app = lab(visit, town, f"{VOLUME}=60")
    assert "“县区”组有指标的满分成了 0，不再起作用：结案率、案卷质量" in warned(app)
    app = lab(visit, town, f"{VOLUME}=100", over="全部指标")
    assert "“第四条快报 · 满分”各组写在一起，而各组折算出的分值不同（0 和 10）" in warned(app), "10 for both groups"


def test_nonsense_in_the_address_changes_nothing(visit: Visit, town: Path) -> None:
    app = lab(visit, town, f"no.such.place=3;{VOLUME}=abc;{VOLUME}=NaN;;=", total="甲", locked="没有这一项")
    assert "还没有改动" in said(app) and "分数也没有变动" in said(app)


def test_a_unit_sees_neither_lab_nor_drafts(visit: Visit, town: Path) -> None:
    assert "不对被考核单位开放" in lab(visit, town, role="县", who="甲县").info[0].value
    assert "不对现在的身份开放" in visit("drafts", town, "县", "甲县", town / "hamlet.duckdb").info[0].value


# --- drafts ---------------------------------------------------------------------------------------------


def save(app: AppTest, name: str, reason: str = "拉不开差距") -> AppTest:
    next(one for one in app.text_input if one.label == "名称").input(name)
    app.text_area[0].input(reason)
    return press(app, "保存草案")


def saved(visit: Visit, town: Path, name: str = "提高办案分值", changes: str = f"{VOLUME}=32", **address: str) -> AppTest:
    """Another analyst, in a visit of their own."""
    return save(lab(visit, town, changes, "分析人员", **address), name)


def drafts(visit: Visit, town: Path, no: str, role: str = "分析人员") -> AppTest:
    return visit("drafts", town, role, database=town / "hamlet.duckdb", draft=no)


def desk() -> Desk:
    found = served.desk()
    assert isinstance(found, Desk)
    return found


def number(app: AppTest) -> str:
    found = app.query_params["draft"]
    return found if isinstance(found, str) else found[0]


def draft(app: AppTest) -> Draft:
    return read(desk(), app.session_state["visitor"], number(app))


def test_saved_with_a_name_and_a_reason(visit: Visit, town: Path) -> None:
    before = (town / RUBRIC).read_bytes()
    app = save(lab(visit, town, f"{VOLUME}=32", "分析人员"), "提高办案分值", " ")
    assert "没有写修改的理由" in app.error[0].value
    app = saved(visit, town)
    assert app.title[0].value == "草案" and "已保存，改 3 处" in app.success[0].value
    one = draft(app)
    # 30 → 32; the other two of 查办案件 share 28 as 20 : 10, 18.67 and 9.33
    assert [(change.old, change.new) for change in one.changes] == [("30", "32"), ("20", "18.67"), ("10", "9.33")]
    assert (town / RUBRIC).read_bytes() == before


def test_two_analysts_save_one_draft(visit: Visit, town: Path) -> None:
    app = saved(visit, town)
    no = number(app)
    changed = {"draft": f"{no}.1", "total": "总分跟着变", "prices": "单价不变"}
    app = saved(visit, town, changes=f"{VOLUME}=33", **changed)
    assert "第 2 版）已保存" in app.success[0].value
    app = saved(visit, town, changes=f"{VOLUME}=35", **changed)
    assert "保存了第 2 版，你改的是第 1 版，这次没有保存" in app.error[0].value
    assert app.title[0].value == "权重实验室", "what was changed is still there"
    assert [change.new for change in read(desk(), app.session_state["visitor"], no).changes] == ["103", "63", "33"], "of 100, 60, 30"


def test_over_an_edition_that_changed_meanwhile(visit: Visit, town: Path) -> None:
    app = saved(visit, town)
    no, path = number(app), town / RUBRIC
    path.write_text(path.read_text(encoding="utf-8").replace("pool: 3,", "pool: 4,"), encoding="utf-8")
    app = drafts(visit, town, no)
    assert "在起草以后改过" in warned(app)
    assert next(one for one in app.button if one.label == "提交批准").disabled
    app = press(app, "带到现在的办法上，存为新的一版")
    assert "已带到现在的办法上" in app.success[0].value and not app.main.get("warning")
    app = press(app, "提交批准")
    assert "等另一个人批准" in app.success[0].value


def test_returned_with_a_reason_and_given_up(visit: Visit, town: Path) -> None:
    no = number(saved(visit, town))
    app = press(drafts(visit, town, no), "提交批准")
    assert "批准并启用" not in [one.label for one in app.button]
    office = drafts(visit, town, no, "双打办")
    next(one for one in office.text_input if one.label == "理由").input("理由写得太简单")
    assert "已退回" in press(office, "退回").success[0].value
    app = drafts(visit, town, no)
    assert "理由写得太简单" in said(app)
    next(one for one in app.text_input if one.label == "作废的理由").input("另行起草")
    assert "已作废" in press(app, "确定作废").success[0].value


def test_a_label_that_is_taken_is_refused(visit: Visit, town: Path) -> None:
    no = number(saved(visit, town))
    press(drafts(visit, town, no), "提交批准")
    office = drafts(visit, town, no, "双打办")
    for label, text in (("版本名", "2023"), ("文号", "小双打办〔2024〕9号")):
        next(one for one in office.text_input if one.label == label).input(text)
    assert "版本名“2023”已经用于" in press(office, "批准并启用").error[0].value
    assert not (town / "config" / "rubrics").exists()


def test_the_draft_is_carried_along_to_how_sure_the_places_are(visit: Visit, town: Path) -> None:
    app = lab(visit, town, f"{VOLUME}=60", total="总分跟着变")
    link = next(one for one in app.main.get("page_link") if one.label == "按这份草案，名次有多稳")
    assert VOLUME in unquote(link.proto.query_string) and "total=总分跟着变" in unquote(link.proto.query_string)
    app = lab(visit, town)
    assert "现在的名次有多稳" in [one.label for one in app.main.get("page_link")]
