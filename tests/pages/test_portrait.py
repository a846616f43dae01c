"""单位 without a browser: losses, sections beside the group, years, one more, small numbers; by role, and where figures are not there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import charts, portrait_years
from scoring.reports.portrait_picture import Bar, portrait, strips, swatches
from tests.demo import demo
from tests.pages.conftest import PROJECTS, ROOT, Visit, drawings, items, said, table
from tests.path.acting import acting
from tests.tiny import Tiny, item, n

COUNTY = "县区"
AWARDS = item("rules: [{kind: awards, parts: [{measure: cases, each: 1}], cap: full}]")
SECOND = item("rules: [{kind: awards, parts: [{measure: other, each: 1}], cap: full}]", "y")
LEDGER = """\
form: ledger
title: 数据
kept_by: unit
dated_by: 'on'
columns:
  - {code: 'on', title: 日期, type: date, required: true}
  - {code: cases, title: 件数, type: integer}
"""


def town(folder: Path, table: str, indicators: str = AWARDS) -> Path:
    return Tiny(table, indicators).write(folder)


def listed(app: AppTest) -> list[str]:
    """各项指标, in one drawing or, where an item is open, in two."""
    return [one for one in drawings(app) if 'class="items"' in one]


def test_the_largest_losses_stand_first_with_their_reason(visit: Visit) -> None:
    """苇泽县 loses 3.12, then 3.00 twice in the order of the text."""
    text = drawings(visit("unit", unit="c04"))[0]
    heads = re.findall(r'href="([^"]+)">([^<]+)</a>　<b>([^<]+)</b>', text)
    assert [(head, lost) for _, head, lost in heads] == [
        ("第八条（一）　案件信息按期公开率", "失 3.12 分"), ("第五条（五）　对下考核", "失 3.00 分"), ("第七条（四）　两法衔接培训", "失 3.00 分"),
    ]  # fmt: skip
    assert heads[0][0] == "unit?unit=c04&amp;section=reporting&amp;indicator=disclosure&amp;period=2024"
    assert "两法衔接培训 0 次，得 0.00 分。" in text
    assert re.search(r'另有<a href="unit\?unit=c04&amp;adjustment=\w+&amp;period=2024">第十三条　曝光和通报批评：扣 2.00 分</a>。', text)
    assert "弄虚作假：一票否决，扣 31.27 分</a>。" in drawings(visit("unit", unit="c06"))[0]
    assert "另有<a" not in drawings(visit("unit", unit="c03"))[0]


def test_a_loss_that_is_not_known_is_told_apart(visit: Visit, tmp_path: Path) -> None:
    """甲县: 10 − 4 = 6 lost, the other item is not there."""
    folder = town(tmp_path, "unit cases other\n甲县 4 _\n乙县 10 10", AWARDS + SECOND)
    text = drawings(visit("unit", folder, unit="c1"))[0]
    assert "失 6.00 分" in text and "另有 1 项待定（指标y），失多少还不知道。" in text
    assert "没有失分。" in drawings(visit("unit", folder, unit="c2"))[0]


def test_a_link_to_a_loss_opens_the_item(visit: Visit) -> None:
    app = visit("unit", unit="c04", section="reporting", indicator="disclosure")
    above, below = listed(app)
    assert re.findall(r'data-seek="(\w+)"', above) == ["disclosure"], "brought into view"
    assert above.endswith("短板：案件信息公开不及时</span></span></a></li></ul></div>") and "data-seek" not in below
    assert "**规则**" in said(app)
    again = re.search(r'href="([^"]+)" id="item-disclosure"', above)
    assert again and again[1] == "unit?unit=c04&amp;period=2024", "the open one closes"


def test_sections_beside_the_mean_and_the_best(visit: Visit, tmp_path: Path) -> None:
    """8, 5 and 2 of 10: the mean is 5.00."""
    folder = town(tmp_path, "unit cases\n甲县 8\n乙县 6\n丙县 1")
    text = drawings(visit("unit", folder, unit="c2"))[1]
    assert "6.00 / 10</tspan>" in text and "全组平均 5.00，最好 8.00（甲县）" in text
    assert 'href="unit?unit=c2&amp;section=part&amp;period=2024"' in text


def test_one_who_reports_sees_the_best_figure_without_its_name(visit: Visit, tmp_path: Path) -> None:
    folder = town(tmp_path, "unit cases\n甲县 8\n乙县 6\n丙县 1")
    app = visit("unit", folder, role=COUNTY, who="丙县", unit="c3")
    text = drawings(app)[1]
    assert "全组平均 5.00，最好 8.00" in text and "甲县" not in "".join(drawings(app))


def test_of_two_units_the_mean_would_tell_the_other(visit: Visit, tmp_path: Path) -> None:
    folder = town(tmp_path, "unit cases\n甲县 8\n乙县 6")
    app = visit("unit", folder, role=COUNTY, who="乙县", unit="c2")
    assert "全组平均" not in drawings(app)[1] and "8.00" not in drawings(app)[1]
    assert "没有全组平均可比" in said(app)
    assert "全组平均 7.00，最好 8.00（甲县）" in drawings(visit("unit", folder, unit="c2"))[1], "the office sees all anyway"


def test_a_pending_section_is_a_range_and_not_in_the_mean(visit: Visit, tmp_path: Path) -> None:
    """7.00 is the mean of 8 and 6."""
    folder = town(tmp_path, "unit cases\n甲县 8\n乙县 6\n丙县 _")
    app = visit("unit", folder, unit="c3")
    text = drawings(app)[1]
    assert "0.00–10.00 / 10" in text and "全组平均 7.00" in text and "暂缺，可能得分" in text
    assert "只算得分已定的单位：第一部分 2 个。" in said(app)


def test_a_section_that_does_not_apply_has_no_bar(visit: Visit, tmp_path: Path) -> None:
    away = AWARDS.replace("rules:", "not_applicable: {when: cases = 0, then: rescale, reason: 没有案件}\n  rules:")
    sections = (
        f"- code: one\n  title: 甲部分\n  indicators:\n{_in(away)}\n- code: two\n  title: 乙部分\n  indicators:\n{_in(SECOND)}"
    )
    folder = Tiny("unit cases other\n甲县 0 4\n乙县 6 5", sections=sections).write(tmp_path)
    losses, picture = drawings(visit("unit", folder, unit="c1"))[:2]
    assert "乙部分" in picture and "甲部分" not in picture
    assert "失 6.00 分" in losses and "指标x" not in losses and "待定" not in losses


def _in(items: str) -> str:
    return "\n".join(f"    {line}" for line in items.splitlines())


def test_points_without_full_marks_are_as_long_as_they_are(visit: Visit, tmp_path: Path) -> None:
    """Items that add up without limit: 3 × 2 = 6 points, of nothing that could be lost."""
    body = item("rules: [{kind: awards, parts: [{measure: praise, each: 2}], cap: none}]", full=None)
    folder = town(tmp_path, "unit praise\n甲县 3\n乙县 0", body)
    picture = drawings(visit("unit", folder, unit="c1"))[1]
    assert "6.00 分</tspan>" in picture and "</svg>得分<" in picture and "</svg>失分<" not in picture
    assert not visit("unit", folder, unit="c2").error, "no bar at all"


def test_a_section_of_the_address_is_brought_into_view(visit: Visit) -> None:
    app = visit("unit", unit="c04", section="public")
    (text,) = listed(app)
    assert re.findall(r'data-seek="(\w+)">([^<]+)<', text) == [("public", "维权与评价")]
    assert len(items(app)) > 20, "among all others"
    assert "data-seek" not in listed(visit("unit", unit="c04", section="nothing"))[0]


def test_an_adjustment_opens_as_an_item_does(visit: Visit) -> None:
    app = visit("unit", unit="c04", adjustment="commended")
    assert 'data-seek="commended"' in "".join(drawings(app))
    assert "**规则**" in said(app)


def test_what_else_the_address_has_stays_when_an_item_opens(visit: Visit) -> None:
    (text,) = listed(visit("unit", unit="c04", lost="true", day="2024-05-01"))
    links, indicators = re.findall(r'href="([^"]+)" id="item-(\w+)"', text), demo().rubric.indicators
    assert links and all(
        link == f"unit?unit=c04&amp;lost=true&amp;day=2024-05-01&amp;{'indicator' if code in indicators else 'adjustment'}={code}&amp;period=2024"
        for link, code in links
    )


def test_every_offered_period_has_its_line(visit: Visit) -> None:
    """The mean of 2024: 96.36, 93.16 twice, 90.89, 87.73, 87.31, 86.67, 70.04, 60.51, 59.00 make 824.83."""
    frame = table(visit("unit", unit="c08"), "办法版本")
    assert frame.values.tolist()[0] == ["2024年", "87.31", "暂列第 6 名，共 12 个单位", "82.48（10 个单位）", "良好", "2024版"]
    assert frame["考核期"].tolist() == ["2024年", "2023年"] and frame["办法版本"][1] == "2023版"


def test_a_year_without_total_says_so(visit: Visit) -> None:
    frame = table(visit("unit", unit="c07"), "办法版本")
    assert frame["总分"][0] == "暂缺（44.17–89.03）" and frame["名次"][0].startswith("可能第 5–12 名")


def test_one_period_only(visit: Visit, tmp_path: Path) -> None:
    app = visit("unit", town(tmp_path, "unit cases\n甲县 8"), unit="c1")
    assert "只有一个考核期" in said(app) and not app.main.get("plotly_chart")


def test_three_periods_are_a_picture(visit: Visit, tmp_path: Path) -> None:
    """甲县 3, 5, 8; the means with 乙县 are 2.00, 4.50, 6.00."""
    rows = {"甲县": (3, 5, 8), "乙县": (1, 4, 4)}
    ledger = "\n".join(["单位 日期 件数", *(f"{u} {y}-05-05 {v}" for u, own in rows.items() for y, v in zip((2022, 2023, 2024), own, strict=True))])
    folder = Tiny(
        indicators=AWARDS, measures="cases: {title: 件数, form: ledger, value: sum(cases)}", forms={"ledger": LEDGER},
        data={"ledger": ledger}, units=list(rows), periods='["2024", "2023", "2022"]',
    ).write(tmp_path)  # fmt: skip
    app = visit("unit", folder, unit="c1")
    frame = table(app, "办法版本")
    assert frame["总分"].tolist() == ["8.00", "5.00", "3.00"]
    assert frame["全组平均"].tolist() == ["6.00（2 个单位）", "4.50（2 个单位）", "2.00（2 个单位）"]
    figure = json.loads(app.main.get("plotly_chart")[0].proto.spec)
    assert [trace["text"] for trace in figure["data"]] == [["3.00", "5.00", "8.00"], ["2.00", "4.50", "6.00"]]


def test_the_line_of_years_leaves_out_what_is_not_there() -> None:
    figure = charts.years([("2022年", n(3), None), ("2023年", None, n(4))], "甲县", "light")
    assert [list(trace.x) for trace in figure.data] == [["2022年"], ["2023年"]]
    assert portrait_years.HEAD[0] == "考核期"


def test_what_one_more_brings(visit: Visit, tmp_path: Path) -> None:
    """6 + 1 = 7 of 10, still below 8."""
    acting(tmp_path, Tiny("unit cases\n甲县 8\n乙县 6", AWARDS), "- {code: do, title: 再办 1 件案件, does: {cases: +1}, effort: 3, by: 12-31}")
    text = said(visit("unit", tmp_path, unit="c2", day="2024-12-01"))
    assert "**再办 1 件案件**：+1.00 分，名次不变　:gray[3 人·天]" in text
    late = said(visit("unit", tmp_path, unit="c2", day="2025-01-10"))
    assert "没有再做一件就能加分的事" in late and "期限 2024-12-31 已过" in late and "2024年已结束" in late


def test_what_waits_for_a_report_is_not_in_one_more(visit: Visit) -> None:
    """对下考核 of 苇泽县 was not handed in and lost 3.00 of 3; on 2024-05-01 it was not due."""
    assert "不含补报“对下考核”所缺的数据（按所报的计，最多 3.00 分，折算前）。" in said(visit("unit", unit="c04"))
    assert "不含按期报送“对下考核”“专项行动周报”（那天还没有到期）。" in said(visit("unit", unit="c04", day="2024-05-01"))


def test_an_adjustment_shows_how_it_was_reckoned(visit: Visit) -> None:
    text = said(visit("unit", unit="c04", adjustment="exposed"))
    assert "**计算**　媒体曝光 1 次，通报批评 0 次，扣 2.00 分。" in text
    assert "**计算**　国家级表扬 1 次，省级表扬 0 次，加 1.50 分。" in said(visit("unit", unit="c09", adjustment="commended"))
    assert "**计算**　弄虚作假 0 次，一票否决不成立。" in said(visit("unit", unit="c04", adjustment="falsification"))


def test_without_actions_there_is_one_line(visit: Visit, tmp_path: Path) -> None:
    assert "办法里没有写还能做的事" in said(visit("unit", town(tmp_path, "unit cases\n甲县 8"), unit="c1"))


def test_small_numbers_are_told(visit: Visit) -> None:
    text = said(visit("unit", unit="c04"))
    assert "行政案件办结率 4/5（80%），本组其他单位合计 90%：件数太少，看不出真有差别（可能在 38%–96% 之间）。" in text
    assert "得分和名次仍按原数计算" in text


@pytest.mark.parametrize("address", [{}, {"section": "reporting"}, {"indicator": "disclosure"}, {"day": "2024-12-01"}])
def test_another_unit_shows_nothing_of_it(visit: Visit, address: dict[str, str]) -> None:
    app = visit("unit", role=COUNTY, who="苇泽县", unit="c08", **address)
    text = said(app)
    assert "只对本单位和市双打办开放" in text and not drawings(app) and not app.dataframe
    assert "再做一件" not in text and "小数提醒" not in text and "历年" not in text


@pytest.mark.parametrize("folder", ["small", "no_shortfall", "rows_set_aside"])
def test_small_projects(visit: Visit, folder: str) -> None:
    assert "失分最多的三条" in said(visit("unit", PROJECTS / folder))


@pytest.mark.parametrize("example", sorted(one.name for one in (ROOT / "examples").iterdir() if (one / "config").is_dir()))
def test_the_examples_open(visit: Visit, example: str) -> None:
    app = visit("unit", ROOT / "examples" / example)
    assert not app.error and "失分最多的三条" in said(app)


# --- the picture itself ---------------------------------------------------------------------------------

BAR = Bar("甲<部分", n(5), n(2), n(3), n(4), n(10), "5 / 10", "全组平均 4", "都说了")


def test_lengths_are_shares_of_the_width() -> None:
    """10 points are 97 % from 0.5 % on: 5 are 48.50 %, the mean at 0.5 + 38.8, the best at 97.5."""
    (text,) = strips([BAR], "light")
    assert 'x="0.50%" y="22" width="48.50%"' in text
    assert 'x="49.00%" y="22" width="19.40%"' in text and 'x="68.40%" y="22" width="29.10%"' in text
    assert text.count('x1="39.30%"') == 2 and 'cx="97.50%"' in text
    assert "甲&lt;部分" in text and 'aria-label="都说了"' in text


def test_no_mark_where_there_is_no_figure() -> None:
    bare = Bar("甲", n(5), n(0), n(0), None, None, "5", "", "5 分")
    (text,) = strips([bare], "dark")
    assert "<circle" not in text and text.count("<rect") == 2, "one to be pointed at, one bar"
    assert [name for name, _ in swatches([bare], "dark")] == ["得分"]
    assert [name for name, _ in swatches([BAR], "dark")] == ["得分", "暂缺，可能得分", "失分", "全组平均", "全组最好"]


def test_on_paper_all_rows_are_one_picture() -> None:
    text = portrait([BAR, BAR], "两项", "light")
    assert text.startswith("<svg ") and 'width="640"' in text and 'aria-label="两项"' in text and text.count("甲&lt;部分") == 2
    assert portrait([], "无", "light") == "" and strips([], "light") == []
