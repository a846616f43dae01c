"""Each page full, broken, empty, without shortfall, with rows set aside, and as seen by one who reports."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from pages.ui import clauses, served, words
from pages.ui.identity import ANALYST, LEADER, OFFICE
from pages.ui.navigation import PAGES
from scoring.engine.plan import make_plan
from scoring.engine.points import placed
from scoring.engine.summed import sum_rows
from scoring.issues import errors
from scoring.project import open_project
from tests.demo import demo, scored
from tests.pages.conftest import PROJECTS, ROOT, Visit, drawings, items, said, table

COUNTY, DEPARTMENT = "县区", "成员单位"
ALL = [page.address for page in PAGES]
DEMO = demo()


def title(unit: str) -> str:
    assert DEMO.register is not None
    return DEMO.register.title(unit)


def test_the_ranking_shows_one_group_with_places_totals_and_last_year(visit: Visit) -> None:
    app = visit("ranking")
    frame = app.dataframe[0].value
    assert list(frame.columns) == ["名次", "单位", "总分", "等次", "上年名次", "距上一名", "已计/应计", "状态", "结果运用"]
    assert list(frame["单位"][:3]) == ["稷川市", title("c01"), title("z01")]
    assert [text.strip() for text in frame["名次"][:4]] == ["1", "2", "2", "4"], "ties share a place and the next is skipped"
    assert frame["状态"][1] == "并列，等次名额未定", "others may still come before it"
    assert frame["上年名次"][0] == "3　↑2"
    assert len(frame) == 12
    assert not set(frame["单位"]) & {unit.title for unit in DEMO.register.units if unit.kind == "department"}
    text = said(app)
    assert "数据截至 **2025年1月20日**" in text
    assert "2024版（示双打办〔2024〕2号）" in text
    assert "“上年名次”按当时施行的2023版排定，办法有变。" in text
    assert "示例" in text


def test_what_is_not_there_is_never_a_zero(visit: Visit) -> None:
    frame = visit("ranking").dataframe[0].value
    pending = frame[frame["总分"] == "暂缺"]
    assert set(pending["单位"]) == {title("c07"), title("z02")}
    assert list(pending["名次"]) == ["暂缺", "暂缺"]
    assert all(told.startswith("暂缺：") and "–" in told for told in pending["状态"])
    assert list(pending["等次"]) == [["暂缺"], ["暂缺"]]


def test_a_provisional_place_says_among_whom_and_what_it_can_become(visit: Visit) -> None:
    app = visit("ranking")
    frame = app.dataframe[0].value.set_index("单位")
    assert frame.loc[title("c04"), "状态"] == "暂定：补齐后第 9–10 名"
    assert frame.loc["稷川市", "状态"] == "已定"
    told = "共 12 个单位：目前只在数据齐全的 10 个单位中排名，另有 2 个单位数据不全、总分暂缺；6 个名次因此暂定"
    assert told in said(app)
    assert "暂定" not in said(visit("ranking", period="2023"))
    labels = [one.label for one in visit("unit", unit="c04").metric]
    assert labels[0] == "名次（暂定）"
    assert "\n70.04　暂列第 8 名\n" in said(app)
    assert "\n44.17–89.03　可能第 5–12 名\n" in said(app)


def test_the_ranking_stands_while_nobody_is_complete(visit: Visit) -> None:
    """2023 of the small town: no brief was due, so no county has a total."""
    frame = visit("ranking", PROJECTS / "small", period="2023").dataframe[0].value
    assert len(frame) == 3
    assert list(frame["总分"]) == list(frame["名次"]) == ["暂缺"] * 3


def test_a_pending_unit_keeps_last_years_place(visit: Visit) -> None:
    assert "名次可能是第 5–12 名（共 12 个单位），上年第 6 名（办法有变）。" in said(visit("unit", unit="c07"))


def test_an_open_loss_is_wanting(visit: Visit) -> None:
    told = items(visit("unit", unit="c07", lost="true"))
    assert "失分待定" in told["录入准确"]
    assert "失分待定" in told["投诉举报超期"]
    assert "两法衔接培训" not in told, "full marks"
    assert "满分" in items(visit("unit", unit="c07"))["两法衔接培训"]


@pytest.mark.parametrize("page", ALL)
def test_a_period_before_the_rubric_is_told(visit: Visit, page: str) -> None:
    app = visit(page, PROJECTS / "small", period="2023")
    assert [one.value for one in app.warning] == [
        "2023 年的考核期在本办法施行（2024年1月1日）之前：结果是按本办法试算的，不是当年的考核结果。"
    ]
    assert not visit(page, PROJECTS / "small").warning


def test_each_period_is_shown_with_the_edition_in_force_then(visit: Visit) -> None:
    assert "依据《双打工作考核评价办法（示例）》2023版（示双打办〔2023〕3号）" in said(visit("ranking", period="2023"))
    app = visit("rubric", period="2023", indicator="platform_accuracy")
    text = said(app)
    assert "2023版" in text
    assert "**满分**　县区 3 分，成员单位 3 分" in text
    assert "办法原文（`config/rubrics/2023.yaml` 第 " in text
    assert "**满分**　县区 2 分，成员单位 2 分" in said(visit("rubric", indicator="platform_accuracy"))


def test_a_period_that_is_not_offered_is_told_until_one_is_chosen(visit: Visit) -> None:
    app = visit("ranking", period="2019")
    assert [one.value for one in app.warning] == ["链接里的考核期“2019”不在可选的考核期之内，现在显示的是 2024 年。"]
    assert "2024年考核" in said(app)
    app.sidebar.selectbox(key="period").select("2023").run()
    assert not app.warning
    assert "2023年考核" in said(app)


def test_the_group_stands_in_the_address(visit: Visit) -> None:
    frame = visit("ranking", group="成员单位").dataframe[0].value
    assert len(frame) == 17
    assert "市公安局" in set(frame["单位"])
    assert title("c01") not in set(frame["单位"])


def test_shortfalls_are_told_in_things(visit: Visit) -> None:
    app = visit("shortfalls")
    frame = app.dataframe[0].value
    row = frame[(frame["单位"] == title("c04")) & (frame["指标"] == "信息任务完成率")].iloc[0]
    assert (row["实际"], row["目标"], row["差距"], row["失分"]) == ("9 条", "12 条", "差 3 条", "0.75")
    assert row["整改建议"] == "还差 3 条，办结案件、开展行动后三日内成稿报送。"
    entry = frame[(frame["单位"] == title("c04")) & (frame["指标"] == "平台录入")].iloc[0]
    assert (entry["实际"], entry["差距"]) == ("漏录 1 件", "1 件")


def test_absent_figures_stand_among_the_shortfalls_with_their_reason(visit: Visit) -> None:
    frame = visit("shortfalls", who=None, section="查办案件").dataframe[0].value
    absent = frame[frame["阶段"] == "数据不全"]
    row = absent[(absent["单位"] == title("c07")) & (absent["指标"] == "办案任务完成率")].iloc[0]
    assert row["整改建议"].startswith("案件台账已收 3/应收 4")
    assert row["失分"] == "0.00–8.00"


def test_filters_stand_in_the_address(visit: Visit) -> None:
    frame = visit("shortfalls", label="案件办案量不达标").dataframe[0].value
    assert set(frame["问题"]) == {"案件办案量不达标"}
    frame = visit("shortfalls", section="宣传培训").dataframe[0].value
    assert set(frame["问题"]) == {"宣传报道不力", "执法培训不足"}


def test_a_filter_says_of_whom_nobody_knows(visit: Visit) -> None:
    """The third quarter's cases of c07 never came: whether it met the target is open, and who reads the list must know."""
    app = visit("shortfalls", label="案件办案量不达标")
    told = [one.value for one in app.warning if "数据不全" in one.value]
    assert told == [f"另有 1 个单位数据不全，有没有这类问题还不知道：{title('c07')}（办案任务完成率）。"]
    assert not [one for one in visit("shortfalls").warning if "还不知道" in one.value]


def test_the_way_to_the_one_above(visit: Visit) -> None:
    """c04 is eighth; in the seventh place stands c03 alone."""
    link = next(one for one in visit("unit", unit="c04").get("page_link") if "逐条比" in one.proto.label)
    assert link.proto.label == f"与前面的{title('c03')}逐条比，差在哪里"
    assert "ahead=c03" in link.proto.query_string
    assert "behind=c04" in link.proto.query_string
    tied = [one.proto.label for one in visit("unit", unit="c01").get("page_link") if "逐条比" in one.proto.label]
    assert tied == [f"与并列的{title('z01')}逐条比，差在哪里", f"与前面的{title('c09')}逐条比，差在哪里"]
    first = visit("unit", unit="c09")
    assert not [one for one in first.get("page_link") if "逐条比" in one.proto.label]


def test_a_unit_from_its_place_to_its_rows(visit: Visit) -> None:
    app = visit("unit", unit="c04", indicator="platform_entry")
    text = said(app)
    assert "**苇泽县**：暂列第 8 名（目前只在数据齐全的 10 个单位中排名，另有 2 个单位数据不全；" in text
    assert "都补齐后为第 9–10 名）" in text
    assert "上年第 10 名" in text
    assert "合理缺项折算" in text
    assert "**计算**　漏录 1 件扣 0.50 分，得 5.50 分。" in text
    assert "**规则**　不录扣 6 分；漏录每件扣 0.5 分，最多扣 4 分" in text
    assert "`case_ledger.csv` 第 381 行" in text
    assert "示苇" in text, "the row itself"
    placed = list(DEMO.rubric.placed("county"))
    assert list(items(app)) == [one.title for _, one in placed] + [one.title for one in DEMO.rubric.adjustments("county")]


def test_the_sum_on_the_page_adds_up(visit: Visit) -> None:
    app = visit("unit", unit="c04")
    amounts = [cell.strip("\u2007").replace("−", "-") for cell in table(app, "项目")["分"]]
    *parts, total = [round(float(amount) * 100) for amount in amounts]
    assert sum(parts) == total == 7004


@pytest.mark.parametrize("unit", [unit.code for unit in DEMO.reporting])
def test_every_sum_has_two_decimals_and_adds_up(unit: str) -> None:
    """Also at both ends of a range; a loss that lands elsewhere has its sign."""
    result = scored("2024").assessment
    parts = words.sum_parts(sum_rows(result, unit))
    if any(amount == "待定" for _, amount in parts):
        assert unit == "c07"
        return  # an open end cannot be added up
    ends = [Decimal(0), Decimal(0)]
    for what, amount in parts[:-1]:
        if amount:
            low, high = (amount.strip("\u2007").replace("−", "-").split(" 至 ") * 2)[:2]
            assert len(low.partition(".")[2]) == len(high.partition(".")[2]) == 2, what
            ends = [ends[0] + Decimal(low), ends[1] + Decimal(high)]
    low, high = (parts[-1][1].split(" 至 ") * 2)[:2]
    assert ends == [Decimal(low), Decimal(high)]


def test_a_clause_in_words_and_in_sql(visit: Visit) -> None:
    app = visit("rubric", indicator="case_volume")
    text = said(app)
    assert "办案任务完成率达到 100% 得 8 分" in text
    assert "安政通报第五十三期（2019-12-06）" in text
    assert "（共性问题第 1 项）" in text
    assert "办法原文（`config/scoring.yaml` 第 " in text
    assert any("title: 办案任务完成率" in block.value for block in app.code)


def test_the_sql_of_a_clause_speaks_of_no_other_clause() -> None:
    rubric = DEMO.rubric
    period = rubric.period("2024")
    plan = make_plan(rubric, period, period.cut_off)
    every = placed(rubric, "county")
    one = next(one for one in every if one.indicator.code == "case_volume")
    query = next(query for query in plan.queries if query.name == "county__points")
    text = clauses._excerpt(query, [one.heading], [other.heading for other in every])
    assert "case_volume__points" in text
    assert "platform_entry" not in text
    assert text.count("\n") < 25


@pytest.mark.parametrize("page", ALL)
@pytest.mark.parametrize("role", [OFFICE, LEADER, ANALYST])
def test_every_page_runs_for_everybody(visit: Visit, page: str, role: str) -> None:
    assert visit(page, role=role).title[0].value


@pytest.mark.parametrize("page", ALL)
def test_a_broken_rubric_lists_every_problem_with_its_place(visit: Visit, page: str) -> None:
    folder = PROJECTS / "broken_rubric"
    app = visit(page, folder)
    found = errors(open_project(folder).issues)
    assert found
    assert f"有 {len(found)} 处错误" in app.error[0].value
    text = said(app)
    for issue in found:
        assert f"`{issue.file}:{issue.line}`: `{issue.path}`: " in text
    assert "怎么改" in text
    assert "刷新本页" in text
    assert not app.main.get("dataframe")


@pytest.mark.parametrize("page", ["ranking", "shortfalls", "unit"])
def test_without_data_the_page_says_what_to_do(visit: Visit, page: str) -> None:
    app = visit(page, PROJECTS / "no_data")
    assert "还没有报送数据" in app.info[0].value
    text = said(app)
    assert "`data/submissions.csv`" in text
    assert "`cases.csv`" in text
    assert not app.main.get("dataframe")


def test_without_data_the_rubric_can_be_read(visit: Visit) -> None:
    app = visit("rubric", PROJECTS / "no_data")
    assert "办案量" in said(app)


def test_no_shortfall_is_said_plainly(visit: Visit) -> None:
    app = visit("shortfalls", PROJECTS / "no_shortfall")
    assert "县区：没有短板" in app.success[0].value
    assert not app.main.get("dataframe")
    assert visit("ranking", PROJECTS / "no_shortfall").dataframe


def test_without_any_flag_nobody_is_said_to_have_reached_it(visit: Visit) -> None:
    app = visit("shortfalls", ROOT / "examples" / "twelve_regions")
    assert "没有给任何指标设预警线" in app.info[0].value
    assert not app.success


def test_rows_set_aside_are_counted_and_listed(visit: Visit) -> None:
    app = visit("ranking", PROJECTS / "rows_set_aside")
    assert any("搁置数据 5 行" in one.label for one in app.main.get("expander"))
    frame = next(one.value for one in app.dataframe if "原值" in one.value)
    row = frame[frame["原值"] == "三万"].iloc[0]
    assert (row["文件"], row["行"], row["列"]) == ("data/cases.csv", "4", "案值")
    assert "须为数字" in row["原因"]
    assert row["怎么改"]


def test_one_who_reports_sees_only_its_own_rows_set_aside(visit: Visit) -> None:
    app = visit("ranking", PROJECTS / "rows_set_aside", role=COUNTY, who="乙县")
    assert any("本单位搁置数据 2 行" in one.label for one in app.main.get("expander"))
    text = said(app)
    assert "三万" in text
    assert "丁县" not in text
    assert "甲1" not in text


def test_a_county_sees_the_places_of_all_and_its_own_bar_only(visit: Visit) -> None:
    app = visit("ranking", role=COUNTY, who=title("c04"))
    assert len(app.dataframe[0].value) == 12
    told = re.findall(r"<title>(\S+)　(\S+) [\d.]+ 分</title>", drawings(app)[0])
    assert [unit for unit, piece in told if piece == "查办案件"] == [title("c04")]
    shut = [unit for unit, piece in told if piece == "总分（不分项）"]
    assert title("c04") not in shut and len(shut) == 11


def test_a_county_sees_its_own_shortfalls_only(visit: Visit) -> None:
    app = visit("shortfalls", role=COUNTY, who=title("c04"))
    assert "单位" not in app.dataframe[0].value, "of one unit only, named above the table"
    text = said(app)
    assert f"{title('c04')}：16 项短板。" in text, "what was not reported and gets no points is one of them"
    assert not [unit.title for unit in DEMO.reporting if unit.code != "c04" and unit.title in text]


def test_a_county_sees_its_own_rows(visit: Visit) -> None:
    app = visit("unit", role=COUNTY, who=title("c04"), unit="c04", indicator="platform_entry")
    assert "`case_ledger.csv` 第 381 行" in said(app)


@pytest.mark.parametrize("indicator", ["platform_entry", "complaints", "weekly_reports"])
def test_a_county_sees_of_others_the_place_and_the_total_only(visit: Visit, indicator: str) -> None:
    app = visit("unit", role=COUNTY, who=title("c04"), unit="c10", indicator=indicator)
    text = said(app)
    assert "第 9 名" in text
    assert "只对本单位和市双打办开放" in text
    assert "case_ledger" not in text
    assert "失" not in text.replace("失分", "").replace("短板", "")
    assert not items(app)
    assert not app.main.get("dataframe")
    assert not app.main.get("plotly_chart") and not drawings(app)


def test_one_who_reports_starts_with_its_own_unit(visit: Visit) -> None:
    assert f"**{title('d09')}**" in said(visit("unit", role=DEPARTMENT, who=title("d09")))
    frame = visit("ranking", role=DEPARTMENT, who=title("d09")).dataframe[0].value
    assert title("d09") in set(frame["单位"])


def test_pages_are_short() -> None:
    for page in PAGES:
        lines = (ROOT / "pages" / page.script).read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 60, page.script


def test_only_served_names_caches_and_only_state_the_address() -> None:
    for path in (ROOT / "pages").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "st.cache_" not in text or path.name == "served.py", path
        assert "st.query_params" not in text or path.name == "state.py", path
    assert served.ROOT == ROOT


PUBLISHED = ("nanjiang_2023", "twelve_regions")


@pytest.mark.parametrize("example", PUBLISHED)
@pytest.mark.parametrize("page", ALL)
def test_the_published_examples_can_be_shown(visit: Visit, example: str, page: str) -> None:
    app = visit(page, ROOT / "examples" / example)
    assert not app.main.get("error") and app.title[0].value
    assert all(len(frame.value) for frame in app.dataframe), "an empty table says `empty`"
    assert "暂缺" not in [one.value for one in app.metric]
    assert not any((frame.value == "暂缺").any(axis=None) for frame in app.dataframe)


EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir() if (path / "config").is_dir())


@pytest.mark.trial
@pytest.mark.parametrize("page", ALL)
@pytest.mark.parametrize("example", [one for one in EXAMPLES if one not in PUBLISHED])
def test_every_page_stands_for_every_other_example(visit: Visit, example: str, page: str) -> None:
    app = visit(page, ROOT / "examples" / example)
    assert not app.error and app.title[0].value
