"""评分与加扣分 without a browser: entering, correcting, a second person, taking back, closing. Points of 小城, by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import served
from pages.ui.identity import ANALYST, LEADER, OFFICE
from scoring.store.problems import Held
from tests.hamlet import copied
from tests.pages.conftest import ROOT, Visit, said
from tests.town import copied as copied_city

EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir() if path.is_dir())


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """小城 with records of its own."""
    return copied(tmp_path)


def widget(app: AppTest, kind: str, label: str) -> Any:
    """The one whose label begins so."""
    (found,) = [one for one in app.main.get(kind) if one.label.startswith(label)]
    return found


def fill(app: AppTest, **cells: str) -> AppTest:
    """By label; text unless there is a list of that name."""
    for label, value in cells.items():
        lists = [one for one in app.main.get("selectbox") if one.label.startswith(label)]
        texts = [*app.main.get("text_input"), *app.main.get("text_area")]
        if lists:
            lists[0].select(value)
        else:
            next(one for one in texts if one.label.startswith(label)).input(value)
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click()
    app.run()
    assert not app.exception
    return app


def scores(visit: Visit, town: Path, **address: str) -> AppTest:
    return visit("scores", town, database=town / "hamlet.duckdb", **address)


def ranking(visit: Visit, town: Path) -> dict[str, tuple[str, str]]:
    frame = visit("ranking", town, database=town / "hamlet.duckdb").dataframe[0].value
    return {row["单位"]: (row["名次"].strip(), row["总分"].strip()) for _, row in frame.iterrows()}


def as_checker(app: AppTest) -> AppTest:
    app.sidebar.selectbox(key="person").select("复核人").run()
    return app


def test_the_limit_and_the_clause_stand_beside_the_form(visit: Visit, town: Path) -> None:
    app = scores(visit, town, form="review", unit="c03")
    text = said(app)
    assert "第三条　案卷质量" in text
    assert "**最高可评**　10 分" in text
    assert "**7 分**" in text, "what was entered before"
    assert widget(app, "text_input", "评分").label == "评分（分，最多 10）"
    assert "登记人：双打办经办人" in text
    assert list(widget(app, "selectbox", "单位").options) == ["甲县", "乙县", "丙区", "市公安局", "市文旅局"]


def test_a_correction_is_shown_before_it_is_made_and_then_changes_the_ranking(visit: Visit, town: Path) -> None:
    """丙区 7 → 4 of 10: 60 − 3 = 57, behind 甲县 with 57.25."""
    app = fill(scores(visit, town, form="review", unit="c03"), 评分="4", 理由="复核案卷")
    press(app, "登记")
    (frame,) = [one.value for one in app.get("dataframe") if "原来" in one.value]
    assert ["评分", "7", "4", "改"] in frame.to_numpy().tolist()
    assert "LR" not in said(app), "nothing is entered yet"
    press(app, "确认更正")
    (told,) = [one.value for one in app.success]
    assert "LR2026-" in told or "LR20" in told
    assert "丙区：总分 60.00 → 57.00，名次 2 → 3" in told
    assert ranking(visit, town)["丙区"] == ("3", "57.00")


def test_a_correction_can_be_given_up(visit: Visit, town: Path) -> None:
    app = fill(scores(visit, town, form="review", unit="c03"), 评分="4", 理由="复核案卷")
    press(press(app, "登记"), "不改了")
    assert not app.success
    assert ranking(visit, town)["丙区"] == ("2", "60.00")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"评分": "10.01", "理由": "抽查"}, "最多评 10 分，现为 10.01"),
        ({"评分": "4.555", "理由": "抽查"}, "最多 2 位小数"),
        ({"评分": "优", "理由": "抽查"}, "须为数字"),
        ({"评分": "9"}, "没有写理由"),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(visit: Visit, town: Path, cells: dict[str, str], says: str) -> None:
    app = press(fill(scores(visit, town, form="review", unit="c03"), **cells), "登记")
    (told,) = [one.value for one in app.error]
    assert says in told
    assert "怎么办" in told
    assert widget(app, "text_input", "评分").value == cells["评分"], "what was typed is still there"


def test_a_veto_needs_the_second_person(visit: Visit, town: Path) -> None:
    """乙县 91.5 → 59 when both have said so, and 丙区 with 60 is then first."""
    app = fill(scores(visit, town, form="events", unit="c02"), 事件="弄虚作假", 理由="考核组核实")
    assert "一票否决由第二个人确认后才生效" in said(app)
    press(app, "登记")
    text = said(app)
    assert "待第二人确认（1 条）" in text
    assert "由您登记，须由另一个人确认后才生效" in text
    assert not [one for one in app.button if one.label == "确认"]
    assert ranking(visit, town)["乙县"] == ("1", "91.50")
    as_checker(app)
    press(app, "不同意")
    assert "没有写不同意的理由" in app.error[0].value
    press(app, "确认")
    assert "已确认，现在生效" in app.success[0].value
    assert "乙县：总分 91.50 → 59.00，名次 1 → 2" in app.success[0].value
    assert ranking(visit, town)["丙区"] == ("1", "60.00")


def test_a_row_is_opened_corrected_and_taken_back(visit: Visit, town: Path) -> None:
    """丙区 is criticised once: −1. Without it 61."""
    app = scores(visit, town, form="events", unit="c03", own="true")
    rows = [one for one in app.main.get("dataframe") if "登记编号" in one.value]
    assert list(rows[0].value["事件"]) == ["曝光"]
    app.session_state["entry_row"] = opened_row(town, "c03")
    app.run()
    press(app, "更正这一行")
    assert "正在更正已登记的一行" in said(app)
    assert widget(app, "selectbox", "事件").value == "曝光"
    app.session_state["entry_row"] = opened_row(town, "c03")
    app.run()
    press(app, "撤回这一行")
    assert "没有写撤回的理由" in app.error[0].value
    next(one for one in app.text_input if one.label.startswith("撤回的理由")).input("查无此事")
    press(app, "撤回这一行")
    assert "丙区：总分 60.00 → 61.00，名次 2 → 2" in app.success[0].value
    assert ranking(visit, town)["丙区"] == ("2", "61.00")


def opened_row(town: Path, unit: str) -> dict[str, Any]:
    """As a click on the table leaves it."""
    found = served._records(str(town / "hamlet.duckdb")).fetch(
        """SELECT c.*, s.source FROM counted_row c JOIN submission s ON s.no = c.submission
WHERE c.form = 'events' AND c.unit = ? AND c.period = '2024'""",
        [unit],
    )
    return found[0]


def test_a_register_is_closed_and_opened_again(visit: Visit, town: Path) -> None:
    app = scores(visit, town, form="events", unit="c03")
    assert "✓ 已关账" in said(app)
    press(app, "确认重新打开")
    assert "没有写重新打开的理由" in app.error[0].value
    next(one for one in app.text_input if one.label.startswith("重新打开的理由")).input("补登一件")
    press(app, "确认重新打开")
    assert "○ 未关账" in said(app)
    assert "已重新打开" in app.success[0].value
    assert ranking(visit, town)["丙区"] == ("暂缺", "暂缺")
    press(app, "关账")
    assert ranking(visit, town)["丙区"] == ("2", "60.00")
    assert "没有报送期，不用关账" in said(scores(visit, town, form="review"))


def test_a_whole_register_comes_by_workbook(visit: Visit, town: Path) -> None:
    app = scores(visit, town, form="events", unit="c03", book_events="true")
    app.session_state["book_events"] = True
    app.run()
    assert not app.exception
    assert "整张台账用工作簿登记" in said(app)


def test_a_locked_period_is_shown_and_takes_nothing(visit: Visit, town: Path) -> None:
    app = visit("closing", town, database=town / "hamlet.duckdb")
    next(one for one in app.text_input if one.label.startswith("锁定的依据")).input("年终考核")
    app.checkbox[0].check()
    press(app, "锁定 2024 年考核并封存")
    app = scores(visit, town, form="review", unit="c03")
    assert "2024 年考核已经锁定，只能查看" in app.info[0].value
    assert not [one for one in app.button if one.label in ("登记", "关账", "确认重新打开")]
    assert [one for one in app.main.get("dataframe") if "登记编号" in one.value]


@pytest.mark.parametrize("page", ["scores", "closing"])
@pytest.mark.parametrize(("role", "who"), [(LEADER, None), (ANALYST, None), ("县", "甲县"), ("成员单位", "市公安局")])
def test_it_is_the_offices_own(visit: Visit, town: Path, page: str, role: str, who: str | None) -> None:
    app = visit(page, town, role=role, who=who, database=town / "hamlet.duckdb")
    assert [one.value for one in app.info] == ["这一页不对现在的身份开放。"]
    assert not app.main.get("dataframe")
    assert not app.main.get("form")
    assert not app.text_input


@pytest.mark.parametrize("page", ["scores", "closing"])
def test_without_records_it_says_what_to_do(visit: Visit, page: str) -> None:
    app = visit(page)
    assert "没有报送库" in said(app)
    assert "database:" in said(app)


@pytest.mark.parametrize("page", ["scores", "closing"])
def test_while_another_program_holds_the_records_it_says_so(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    monkeypatch.setattr(served, "desk", lambda: Held("报送库正由命令行使用，别的程序不能同时写", "请先关闭它"))
    app = visit(page)
    assert "正由命令行使用" in app.error[0].value


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_has_both_pages(visit: Visit, tmp_path: Path, example: str) -> None:
    """With records that are still empty: what the office keeps there, and nothing sealed."""
    for page in ("scores", "closing"):
        app = visit(page, ROOT / "examples" / example, role=OFFICE, database=tmp_path / "empty.duckdb")
        assert [one.value for one in app.title]
        assert not app.error


def test_every_register_of_the_demo_has_its_form(visit: Visit, tmp_path: Path) -> None:
    database = copied_city(tmp_path)
    app = visit("scores", database=database)
    assert widget(app, "selectbox", "台账").options[0] == "考核组评分"
    for form in ("awards", "events", "news", "platform_export", "rectification", "satisfaction", "targets", "tasks"):
        app = visit("scores", database=database, form=form)
        text = said(app)
        assert "办法怎样用这张台账" in text, form
        assert "本办法没有用到它" not in text, form
        assert [one for one in app.button if one.label == "登记"], form
