"""我的得分 without a browser: one's own place, losses, next steps, reports and rows; nothing of anybody else."""

from __future__ import annotations

import io
import re
from datetime import datetime
from html import unescape
from pathlib import Path

import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.identity import ANALYST, LEADER, OFFICE
from scoring.desk import handing_in, receiving, reviewing
from scoring.desk.blanks import blank
from tests.hamlet import copied
from tests.pages import conftest
from tests.pages.conftest import PROJECTS, ROOT, Visit, drawings, table
from tests.path.acting import acting
from tests.tiny import Tiny, item
from tests.town import CLERK, reporter, town

COUNTY = "县区"
AWARDS = item("rules: [{kind: awards, parts: [{measure: cases, each: 1}], cap: full}]")
SECOND = item("rules: [{kind: awards, parts: [{measure: other, each: 1}], cap: full}]", "y")
CASE = "- {code: do, title: 再办 1 件案件, does: {cases: +1}, effort: 3, by: 12-31}"
AT_WORK = "sample: true\ntoday: 2024-12-01\n"


def said(app: AppTest) -> str:
    """With plain blanks: on the page a figure does not part from what it counts."""
    return conftest.said(app).replace("\u00a0", " ")


def losses(app: AppTest) -> list[list[str]]:
    """The rows of the losses: item, points, lost, why, what to do."""
    rows = [row for one in drawings(app) if "怎么改" in one for row in re.findall(r'(?s)<tr role="row"><th scope="row".*?</tr>', one)]
    cells = [re.findall(r"(?s)<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]


def in_the_year(folder: Path) -> Path:
    """The project as it is on the first of December."""
    path = folder / "config" / "office.yaml"
    path.write_text(path.read_text(encoding="utf-8") + AT_WORK, encoding="utf-8")
    return folder


def test_own_losses_from_the_largest_down(visit: Visit, tmp_path: Path) -> None:
    """10 − 7 = 3 and 10 − 4 = 6 lost."""
    folder = Tiny("unit cases other\n甲县 7 4\n乙县 10 10", AWARDS + SECOND).write(tmp_path)
    app = visit("mine", folder, role=COUNTY, who="甲县")
    found = losses(app)
    assert [(row[0].split()[-1], *row[1:3]) for row in found] == [
        ("指标y", "4.00 / 10.00", "6.00"), ("指标x", "7.00 / 10.00", "3.00"),
    ]  # fmt: skip
    assert found[0][4] == "已无法补救。", "the data were closed long ago, and the rule itself is no advice"
    links = [link for one in drawings(app) for link in re.findall(r'<th scope="row".*?<a href="([^"]+)"', one)]
    assert "indicator=y" in links[0] and links[0].startswith("unit?unit=c1") and "indicator=x" in links[1]
    text = said(app)
    assert "**甲县**：第 2 名（共 2 个单位），总分 11.00 分" in text and "2 项失分" in text and "乙县" not in text
    assert "代看" not in text


def test_a_shortfall_has_its_advice(visit: Visit) -> None:
    app = visit("mine", role=COUNTY, who="苇泽县")
    assert app.query_params["unit"] in ("c04", ["c04"]), "the link sent to the office opens the same"
    found = {row[0].split()[-1]: row for row in losses(app)}
    assert found["案件信息按期公开率"][2] == "3.12"
    assert found["信息任务完成率"][4] == "已无法补救。 整改建议 还差 3 条，办结案件、开展行动后三日内成稿报送。"


def test_what_can_be_mended_and_what_is_for_the_next_year(visit: Visit) -> None:
    """第八条（二）: 周报未报 1 次可补报；迟报 5 次扣 1.00 补不回来. 对下考核 was not handed in. No amounts: they stand above, after
    rescaling."""
    found = {row[0].split()[-1]: row[4] for row in losses(visit("mine", role=COUNTY, who="苇泽县"))}
    weekly = found["专项行动周报"]
    assert weekly.startswith("还能做 补报 1 期漏报的周报（算迟报）；其余已无法补救。")
    assert "整改建议 迟报漏报 6 次，漏报的补报（算迟报），迟报的不能补救；今后固定每周四下午汇总、周五上午报出。" in weekly
    assert found["对下考核"] == "还能做 补报所缺的数据，今天截止。"


def test_what_is_taken_off_the_total_stands_among_the_losses(visit: Visit) -> None:
    """苇泽县 was exposed once: 2 points, besides 20 items that lose. Its items make 68.44; times 100 ÷ 95 less 2 are 70.04."""
    app = visit("mine", role=COUNTY, who="苇泽县")
    found = losses(app)
    assert found[3] == ["第十三条 曝光和通报批评（扣分）", "—", "2.00", "媒体曝光 1 次，通报批评 0 次，扣 2.00 分。", "已无法补救。"]
    assert len(found) == 21 and [row[2] for row in found[:5]] == ["3.12", "3.00", "3.00", "2.00", "2.00"]
    text = said(app)
    assert "21 项失分（其中扣分 1 项）。总分 70.04 分：各指标得分合计 68.44 分；合理缺项折算（含总分四舍五入）+3.60 分；" in text
    assert "扣分·第十三条 曝光和通报批评 −2.00 分" in text
    assert any("unit?unit=c04&amp;adjustment=exposed" in one for one in drawings(app))


def test_a_veto_is_the_largest_loss(visit: Visit) -> None:
    """雁川县 had 90.27 (88.56 for its items, 0.10 off, × 100 ÷ 98) and was held at 59: 31.27."""
    app = visit("mine", role=COUNTY, who="雁川县")
    first = losses(app)[0]
    assert first[:3] == ["第十四条 弄虚作假（一票否决）", "—", "31.27"]
    assert first[3] == "弄虚作假 1 次，一票否决成立：总分不超过 59 分，等次定为不合格，扣 31.27 分。"
    assert "失分最多的是：弄虚作假（一票否决，扣 31.27 分）、专项任务完成率（失 4.44 分）" in said(app).replace("\n", "")
    assert "；投诉举报超期失分，从总分扣减 0.10 分；" in said(app)
    text = said(visit("mine", role=COUNTY, who="雁川县", day="2024-12-01"))
    assert "都没有可行的路径：第十四条“弄虚作假”一票否决成立（总分不超过 59 分，等次定为不合格），列出的事都改变不了。" in text


def test_on_a_day_that_is_over_the_losses_do_not_say_what_can_be_mended(visit: Visit) -> None:
    """办 1 期两法衔接培训 brings points on that day: the table must not call it lost for good."""
    found = {row[0].split()[-1]: row[4] for row in losses(visit("mine", role=COUNTY, who="苇泽县", day="2024-05-01"))}
    assert found["两法衔接培训"] == "整改建议 会同检察机关至少办一期两法衔接培训，覆盖一线办案和录入人员。"
    assert found["曝光和通报批评（扣分）"] == "" and not any("还能做" in one or "补救。" in one.replace("不能补救", "") for one in found.values())


def test_what_was_not_due_on_a_day_is_not_missing_on_it(visit: Visit) -> None:
    """对下考核 was due in January 2025, the 周报 of week 19 on 2024-05-10, the 小结 on 2024-01-17."""
    (drawing,) = [one for one in drawings(visit("mine", role=COUNTY, who="苇泽县", day="2024-05-01")) if 'class="now"' in one]
    assert "补报“对下考核”" not in drawing and "补报 1 期漏报的周报" not in drawing and "补报 1 份漏报的小结" in drawing
    assert "不含按期报送“对下考核”“专项行动周报”（那天还没有到期）" in drawing
    assert "最多 2\u00a0期，共" in drawing and "最多 20\u00a0件，共" in drawing
    (drawing,) = [one for one in drawings(visit("mine", role=COUNTY, who="苇泽县", day="2024-05-11")) if 'class="now"' in one]
    assert "补报 1 期漏报的周报" in drawing and "不含按期报送“对下考核”（" in drawing


def test_during_the_year_the_advice_is_for_now(visit: Visit, tmp_path: Path) -> None:
    """10 − 6 = 4 lost, four more cases bring them back."""
    acting(tmp_path, Tiny("unit cases\n甲县 8\n乙县 6", AWARDS), CASE)
    (row,) = losses(visit("mine", in_the_year(tmp_path), role=COUNTY, who="乙县"))
    assert row[4] == "还能做 再办 1 件案件 × 4。"


def test_what_is_open_stands_last(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny("unit cases other\n甲县 7 _\n乙县 10 10", AWARDS + SECOND).write(tmp_path)
    app = visit("mine", folder, role=COUNTY, who="甲县")
    assert [row[2] for row in losses(app)] == ["3.00", "待定"]
    assert "1 项失分，另有 1 项待定" in said(app)


def test_full_marks_are_said_plainly(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny("unit cases\n甲县 10\n乙县 3", AWARDS).write(tmp_path)
    app = visit("mine", folder, role=COUNTY, who="甲县")
    assert "没有失分" in app.success[0].value and not app.dataframe


def test_an_item_that_does_not_apply_is_no_loss(visit: Visit, tmp_path: Path) -> None:
    away = AWARDS.replace("rules:", "not_applicable: {when: cases = 0, then: rescale, reason: 没有案件}\n  rules:")
    folder = Tiny("unit cases other\n甲县 0 4\n乙县 6 5", away + SECOND).write(tmp_path)
    assert [row[0].split()[-1] for row in losses(visit("mine", folder, role=COUNTY, who="甲县"))] == ["指标y"]


def test_the_cheapest_next_step(visit: Visit, tmp_path: Path) -> None:
    """6 + 2 = 8 ties with 甲县 and is its place as well: two cases, 6 人·天."""
    acting(tmp_path, Tiny("unit cases\n甲县 8\n乙县 6", AWARDS), CASE)
    app = visit("mine", tmp_path, role=COUNTY, who="乙县", day="2024-12-01")
    text = said(app)
    assert "再办 1 件案件 × 2，共 6 人·天，总分 6.00 → 8.00，第 2 名 → 并列第 1 名" in text
    assert "升一个等次" not in text, "there are no grades"
    assert "甲县" not in text


def test_place_and_grade_side_by_side(visit: Visit) -> None:
    text = said(visit("mine", role=COUNTY, who="笙溪县", day="2024-12-01"))
    assert "到 1 个村（社区）宣传 × 1，共 0.5 人·天，总分 87.31 → 87.83" in text
    assert "\n升一个等次\n" in text and "良好 → 优秀" in text


def test_no_path_is_said_plainly(visit: Visit, tmp_path: Path) -> None:
    """One case at most brings 6 to 7, and 甲县 has 9; 甲县 itself is first."""
    acting(tmp_path, Tiny("unit cases\n甲县 9\n乙县 6", AWARDS), CASE.replace("effort: 3", "effort: 3, most: 1"))
    text = said(visit("mine", tmp_path, role=COUNTY, who="乙县", day="2024-12-01"))
    assert "没有可行的路径：照加分最多的做，也只到总分 7.00、第 2 名" in text
    assert "甲县已经是第 1 名。" in said(visit("mine", tmp_path, role=COUNTY, who="甲县", day="2024-12-01"))


def test_after_the_year_where_most_was_lost_and_that_nothing_is_left(visit: Visit) -> None:
    text = said(visit("mine", role=COUNTY, who="笙溪县"))
    plain = text.replace("\n", "")
    assert "2024年已结束，今天截止收数，没有还能加分的事。失分最多的是：案件信息按期公开率（失 3.12 分）、刑事案件（失 2.00 分）" in plain
    assert "已迟报的 2 次无法补救" in plain and "都没有可行的路径。把日期改到年内" in plain


def test_the_largest_gain_stands_first(visit: Visit) -> None:
    """On the last day data come in: 未报的小结 1.0 becomes 迟报 0.5, 周报 0.5 becomes 0.2, 漏录 0.5 becomes 迟录 0.2; times 100 ÷ 95
    (大案要案 5 分 do not apply): 0.53, 0.32, 0.32, together 1.1 × 100 ÷ 95 = 1.16. 对下考核 comes before: nobody knows its gain."""
    app = visit("mine", role=COUNTY, who="苇泽县")
    (drawing,) = [one for one in drawings(app) if 'class="now"' in one]
    plain = drawing.replace("\u00a0", " ")
    assert "现在还能做 <b>4 件事</b>，其中 3 件做完总分最多 <b>+1.16 分</b>（70.04 → 71.20，名次不变）" in plain
    assert "；不含补报“对下考核”所缺的数据（按所报的计，最多 3.00 分，折算前）。" in plain and "按所报的计，折算前 · 今天截止" in plain
    assert plain.count("合格，还差") == plain.count("补报不在其内。") == 2
    lines = re.findall(r"(?s)<li><b[^>]*>(.*?)</b><span>(.*?)<small>", drawing)
    assert [(gain.replace("\u00a0", " "), title) for gain, title in lines] == [
        ("最多 3.00 分", "补报“对下考核”所缺的数据"), ("+0.53 分", "补报 1 份漏报的小结（算迟报）"),
        ("+0.32 分", "补报 1 期漏报的周报（算迟报）"), ("+0.32 分", "补录 1 件漏录案件（算迟录）"),
    ]  # fmt: skip
    assert "indicator=stage_reports" in drawing and "17 项失分已无法补救，最多的是" in drawing


def test_a_place_that_is_gained_is_said(visit: Visit, tmp_path: Path) -> None:
    """One more is 7 of 10, behind 8; all four are 10, and 10 is more than 8."""
    acting(tmp_path, Tiny("unit cases\n甲县 8\n乙县 6", AWARDS), CASE)
    text = said(visit("mine", in_the_year(tmp_path), role=COUNTY, who="乙县"))
    assert "现在能做的" in text and "+4.00 分" in text and "（6.00 → 10.00，升到第 1 名）" in text
    assert "最多 4 件，共 +4.00 分 · 每件 3 人·天" in text


def test_a_day_that_is_over_is_only_supposed(visit: Visit) -> None:
    app = visit("mine", role=COUNTY, who="苇泽县", day="2024-05-01")
    text = said(app)
    assert any("gap?view=" in one and "day=2024-05-01" in one for one in drawings(app)), "the way to the path keeps the day"
    assert "假如回到2024年5月1日，能做的" in text and "那时还能做" in text.replace("\n", "")
    assert "假定从2024年5月1日做起；各单位的数据仍以2025年1月20日为准。" in text and "项失分已无法补救" not in text


def test_a_day_that_is_none_is_today(visit: Visit) -> None:
    app = visit("mine", role=COUNTY, who="苇泽县", day="2024-13-01")
    assert "现在能做的" in said(app) and "day" not in app.query_params


def test_after_the_cut_off_nothing_can_be_handed_in(visit: Visit) -> None:
    text = said(visit("mine", role=COUNTY, who="苇泽县", day="2025-02-10")).replace("\n", "")
    assert "到2025年2月10日，能做的" in text and "已于2025年1月20日截止收数，没有还能加分的事" in text


def test_what_is_not_handed_in_is_named_by_its_form(visit: Visit) -> None:
    text = said(visit("mine", role=COUNTY, who="茗川县"))
    assert "补报“投诉举报”所缺的数据" in text and "2 项指标用到它" in text and "三录核对”所缺" not in text


def test_without_actions(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny("unit cases\n甲县 8", AWARDS).write(tmp_path)
    text = said(visit("mine", in_the_year(folder), role=COUNTY, who="甲县"))
    assert "办法里没有写还能做的事（actions），推算不了" in text and "第 1 名（共 1 个单位）" in text


def test_late_and_missing_reports(visit: Visit) -> None:
    app = visit("mine", role=COUNTY, who="苇泽县")
    frame = table(app, "报送期")
    assert "未报 3 次，迟报 6 次。" in said(app) and len(frame) == 9
    assert set(frame["状态"].str[:2]) == {"未报", "迟报"}


def test_only_own_rows_set_aside(visit: Visit) -> None:
    app = visit("mine", PROJECTS / "rows_set_aside", role=COUNTY, who="乙县")
    text = said(app)
    assert "三万" in text and "丁县" not in text and "甲1" not in text and "2 行没有计入" in text


def test_how_to_object_names_the_office_as_configured(visit: Visit, tmp_path: Path) -> None:
    text = said(visit("mine", Tiny("unit cases\n甲县 8", AWARDS).write(tmp_path), role=COUNTY, who="甲县"))
    assert "向试验办（试验办）提出" in text


@pytest.mark.parametrize("role", [OFFICE, LEADER, ANALYST])
def test_who_may_see_all_looks_for_a_unit(visit: Visit, role: str) -> None:
    app = visit("mine", role=role, unit="c08")
    assert "代看：这是笙溪县打开“我的得分”时看到的内容。" in said(app)
    assert "**笙溪县**：暂列第 6 名" in said(app)


def test_another_units_address_shows_ones_own(visit: Visit) -> None:
    app = visit("mine", role=COUNTY, who="苇泽县", unit="c08")
    text = said(app)
    assert "**苇泽县**" in text and "笙溪县" not in text and "代看" not in text
    assert not [one for one in app.selectbox if one.label == "被考核单位"]


def test_who_reports_and_is_not_assessed(visit: Visit, tmp_path: Path) -> None:
    """Only 甲县 and 乙县 are of a group; 丙局 is in the register all the same."""
    register = "- {code: c1, title: 甲县, kind: county}\n- {code: d1, title: 丙局, kind: department}"
    folder = Tiny("unit cases\n甲县 8", AWARDS, register=register).write(tmp_path)
    app = visit("mine", folder, role="成员单位", who="丙局")
    assert "丙局不在 2024 年考核之列，没有得分。" in [one.value for one in app.info]
    assert "甲县" not in said(app) and not app.dataframe and not app.metric


def test_with_records_nothing_is_given_back(visit: Visit, tmp_path: Path) -> None:
    folder = copied(tmp_path)
    app = visit("mine", folder, role="县", who="乙县", database=folder / "hamlet.duckdb")
    assert "**乙县**" in said(app) and "退回修改" not in said(app)


def test_what_was_given_back_stands_first(visit: Visit, tmp_path: Path) -> None:
    """茗川县 owes 投诉举报 of the third quarter; the office gives it back with a reason."""
    city, unit = town(tmp_path), "c07"
    book = openpyxl.load_workbook(io.BytesIO(blank(city.desk, reporter(unit), unit, [("complaints", "2024Q3")])))
    for column, value in enumerate(("示茗诉24Q3-01", "投诉", datetime(2024, 7, 3), datetime(2024, 7, 20)), 1):
        book.worksheets[1].cell(6, column, value)
    out = io.BytesIO()
    book.save(out)
    (draft,) = receiving.upload(city.desk, reporter(unit), unit, "投诉.xlsx", out.getvalue()).drafts
    handing_in.hand_in(city.desk, reporter(unit), draft.no)
    reviewing.give_back(city.desk, CLERK, draft.no, "缺少九月的各件，请补齐")
    text = said(visit("mine", role=COUNTY, who="茗川县", database=city.database))
    assert "退回修改 1 份" in text and "投诉举报（2024年第3季度）：缺少九月的各件，请补齐" in text
    assert "退回修改" not in said(visit("mine", role=COUNTY, who="苇泽县", database=city.database))
    city.records.close()


@pytest.mark.parametrize("example", sorted(one.name for one in (ROOT / "examples").iterdir() if (one / "config").is_dir()))
def test_the_examples_open(visit: Visit, example: str) -> None:
    app = visit("mine", ROOT / "examples" / example)
    assert not app.error and app.title[0].value == "我的得分"
