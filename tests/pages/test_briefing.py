"""汇报 without a browser: what stands on the screen, where each figure leads, odd states; counted by hand on small projects."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from pages.ui.navigation import PAGES
from tests.demo import demo
from tests.pages.conftest import PROJECTS, ROOT, Visit, drawings, said
from tests.tiny import Tiny, item

COUNTY = "县区"
CASES = item("value: cases\nrules: [{kind: piecewise, straight: [[0, 0], [10, full]]}]")


def links(text: str) -> list[tuple[str, dict[str, str]]]:
    """(page, query) of every link."""
    found = []
    for one in re.findall(r'<a [^>]*?href="([^"]*)"', text):
        parts = urlsplit(unescape(one))
        found.append((parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()}))
    return found


def test_one_screen(visit: Visit) -> None:
    """The places and totals are those of the result; every part is there."""
    (text,) = drawings(visit("briefing", period="2024"))
    result = demo().assess("2024", demo().period("2024").cut_off)
    rows = result.rows("ranking", group="county")
    assert re.findall(r'<th scope="row"><a [^>]*>(\S+?)</a>', text) == [result.rubric.register.title(row["unit"]) for row in rows]
    shown = re.findall(r'<td class="b-total">([\d.–]+)</td>', text)
    assert shown[0] == "96.36" and shown[-1] == "44.17–89.03" and len(shown) == 12
    assert text.count("<rect") == 12, "a tile for each"
    for head in ("成绩", "不足", "下一步", "结果运用"):
        assert f">{head}</" in text
    assert "第十七条（一）约谈：" in text


def test_a_veto_is_marked_at_its_unit_and_told_first(visit: Visit) -> None:
    (text,) = drawings(visit("briefing", period="2024"))
    marks = re.findall(r'<a [^>]*>([^<]*)</a><i class="b-veto" title="([^"]*)">一票否决</i>', text)
    assert marks == [("雁川县", "“弄虚作假”（第十四条）")]
    lines = re.search(r"<h2>不足</h2><ol>(.*?)</ol>", text)
    assert lines is not None and "因“弄虚作假”（第十四条）被一票否决" in lines[1].split("</li>")[0]
    (text,) = drawings(visit("briefing", period="2023"))
    assert "b-veto" not in text.split("</style>")[1] and "被一票否决（" not in text


def test_what_stands_under_the_board(visit: Visit) -> None:
    """The tasks without a column as 短板 lists them, and how many problems there are; a place is no point, a quota may be open."""
    (text,) = drawings(visit("briefing", period="2024"))
    listed = visit("shortfalls", group=COUNTY).dataframe[0].value
    own = listed[listed["问题"] == "案件办案量不达标"]
    lacking = sum(int(re.sub(r"\D", "", gap)) for gap in own["差距"])
    assert "下达任务未完成：<a href=" in text and f">案件办案量不达标 {own['单位'].nunique()} 个单位，合计差 {lacking} 件，1 个数据不全</a>" in text
    assert f"问题共 {listed['问题'].nunique()} 类，列涉及单位最多的 8 类" in text
    assert ("shortfalls", "一览") in [(page, query.get("view")) for page, query in links(text)]
    assert "名次<br>升降" in text and "比上年</th>" not in text
    assert re.search(r"<b>4</b> 优秀<i>（3 个名额未定）</i>", text), "4 may be 优秀, 30 % of 12 are 3; the first of them surely"
    (text,) = drawings(visit("briefing", period="2023"))
    assert "名额未定" not in text


def test_every_problem_has_its_column_where_there_are_few(visit: Visit, tmp_path: Path) -> None:
    (text,) = drawings(visit("briefing", Tiny("unit cases\n甲县 3\n乙县 1", CASES).write(tmp_path)))
    assert "问题共" not in text and "下达任务" not in text


def test_every_link_leads_to_a_page_of_the_period(visit: Visit) -> None:
    known = {entry.address for entry in PAGES}
    for group in (COUNTY, "成员单位"):
        for step in ("总览", "成绩", "不足", "下一步"):
            (text,) = drawings(visit("briefing", period="2023", group=group, step=step))
            found = links(text)
            assert {page for page, _ in found} <= known
            assert {query["period"] for _, query in found} == {"2023"}


def test_steps_follow_one_another(visit: Visit) -> None:
    """总览 → 成绩 → 不足 → 下一步; the projector stays on."""
    step, seen = "总览", []
    while step:
        (text,) = drawings(visit("briefing", step=step, projector="1"))
        seen.append(step)
        following = re.search(r'<a href="([^"]*)" rel=next>', text)
        step = parse_qs(urlsplit(unescape(following[1])).query)["step"][0] if following else ""
        assert step == "" or "projector=1" in unescape(following[1])  # type: ignore[index]
    assert seen == ["总览", "成绩", "不足", "下一步"]
    assert "退出投影" in text


def test_each_group_for_itself(visit: Visit) -> None:
    told = said(visit("briefing", group="成员单位"))
    assert "市公安局" in told and "稷川市" not in told
    assert "格网示意图" not in told, "departments have no tiles"


def test_who_reports_does_not_see_it(visit: Visit) -> None:
    app = visit("briefing", role=COUNTY, who="澜浦区")
    assert not drawings(app)


def test_one_unit_of_which_nothing_is_known(visit: Visit, tmp_path: Path) -> None:
    """No total, no mean, no gap: 暂缺, and no sentence made of nothing."""
    app = visit("briefing", Tiny("unit cases\n甲县 _", CASES).write(tmp_path))
    (text,) = drawings(app)
    figures = re.findall(r'<span class="b-figure">([^<]*)</span>', text)
    assert figures == ["1 个", "暂缺", "暂缺", "暂缺", "暂缺"]
    assert ">0.00<" not in text, "a range may begin at 0, a figure may not"


def test_titles_are_text_and_never_markup(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny("unit cases\n甲县 3\n乙县 1", CASES).write(tmp_path)
    path = next((folder / "config").glob("units.yaml"))
    path.write_text(path.read_text(encoding="utf-8").replace("title: 甲县", 'title: "甲<b>县&"'), encoding="utf-8")
    data = next(folder.rglob("figures.csv"))
    data.write_text(data.read_text(encoding="utf-8").replace("甲县", "甲<b>县&"), encoding="utf-8")
    (text,) = drawings(visit("briefing", folder))
    assert "甲&lt;b&gt;县&amp;" in text and "甲<b>" not in text


@pytest.mark.parametrize("name", ["broken_rubric", "no_data"])
def test_odd_states_are_told_as_elsewhere(visit: Visit, name: str) -> None:
    app = visit("briefing", PROJECTS / name)
    assert not drawings(app)
    assert [one.value for one in app.error] + [one.value for one in app.info]


def test_the_way_from_a_problem_to_the_unit(visit: Visit) -> None:
    (text,) = drawings(visit("briefing", period="2024"))
    cells = [query for page, query in links(text) if page == "unit" and "indicator" in query]
    assert len(cells) > 20
    app = visit("unit", unit=cells[0]["unit"], indicator=cells[0]["indicator"])
    assert "来源" in said(app)
    heads = [query for page, query in links(text) if page == "shortfalls" and "label" in query]
    app = visit("shortfalls", group=COUNTY, label=unquote(heads[0]["label"]))
    assert set(app.dataframe[0].value["问题"]) == {heads[0]["label"]}


def test_every_example_has_its_briefing(visit: Visit) -> None:
    for folder in sorted((ROOT / "examples").iterdir()):
        if (folder / "config").is_dir():
            app = visit("briefing", folder)
            assert not app.error, folder.name
