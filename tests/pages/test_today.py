"""工作台 without a browser: what each block counts, the worst first, by role, without records, locked, empty. Figures by hand."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import served
from pages.ui.identity import ANALYST, LEADER
from pages.ui.navigation import DEFAULT, PAGES
from scoring.desk import handing_in, receiving
from scoring.desk.closing import lock
from scoring.desk.entries import enter
from scoring.store.problems import Held
from tests.demo import raw
from tests.hamlet import hamlet
from tests.pages.conftest import PROJECTS, ROOT, Visit, drawings, said, table
from tests.pages.test_report import CASE, CODE, workbook
from tests.tiny import Tiny, item
from tests.town import CLERK, Town, copied, reporter, town

COUNTY, DEPARTMENT = "县区", "成员单位"
BLOCKS = ["要催的", "待复核", "任务进度", "市双打办自己要登记的", "整改和结果运用", "数据提醒"]
CALM = ":green-badge[✓ 没有]"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city; it stands on 20 January 2025."""
    return copied(tmp_path_factory.mktemp("today"))


@pytest.fixture(scope="module")
def november(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city, as prepared files, on 24 November 2024: 37 days before the end of the year."""
    folder = tmp_path_factory.mktemp("november")
    shutil.copytree(ROOT / "config", folder / "config")
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample")
    office = folder / "config" / "office.yaml"
    text = office.read_text(encoding="utf-8")
    office.write_text(re.sub(r"^today: \S+", "today: 2024-11-24", text, flags=re.MULTILINE), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The ledger of 茗川县 for the third quarter, handed in on 9 January 2025."""
    found = town(tmp_path_factory.mktemp("waiting"))
    desk = found.desk
    (draft,) = receiving.upload(desk, reporter(CODE), CODE, "台账.xlsx", workbook(desk, "case_ledger", CASE)).drafts
    handing_in.hand_in(desk, reporter(CODE), draft.no)
    yield found
    found.records.close()


def badges(app: AppTest) -> dict[str, str]:
    """What stands beside each heading."""
    told = [one.value.partition("　") for one in app.subheader]
    return {title: badge for title, _, badge in told}


def lines(app: AppTest, start: str) -> list[str]:
    """The lines of the list that has one beginning like this."""
    found = [one.value.splitlines() for one in app.main.markdown if f"- {start}" in one.value]
    assert len(found) == 1, found
    return [line.removeprefix("- ") for line in found[0]]


def links(app: AppTest) -> dict[str, dict[str, list[str]]]:
    return {one.page or "/": parse_qs(one.proto.query_string) for one in app.main.get("page_link")}


# --- what is to be done ----------------------------------------------------------------------------------------


def test_what_lacks_is_told_unit_by_unit_the_longest_overdue_first(visit: Visit, database: Path) -> None:
    """茗川县: three reports of the third quarter and the weekly of week 3 (due on Friday, 19 January 2024: 366 + 1 days,
    a leap year). 苇泽县 since 17 January: 366 + 3 days. 3 + 4 + 1 + 1 = 9, and 3 + 1 + 1 + 1 + 1 = 7 of departments."""
    app = visit("today", database=database)
    assert badges(app)["要催的"] == ":red-badge[✕ 9 份]"
    listed = lines(app, "**苇泽县**")
    assert listed[0] == "**苇泽县**　3 份，最长逾期 **369** 天：阶段小结（1月17日）"
    assert listed[1] == "**茗川县**　4 份，最长逾期 **367** 天：专项行动周报（第3周）"
    assert len(listed) == 4
    assert "涉及 4 个单位。县区以外另有 7 份。" in said(app)
    assert links(app)["reminders"] == {"group": [COUNTY]}


def test_what_waits_is_told_with_how_long(visit: Visit, waiting: Town) -> None:
    """From 9 to 20 January: 11 days. What waits need not be asked for: 9 − 1."""
    app = visit("today", database=waiting.database)
    assert badges(app)["待复核"] == ":orange-badge[△ 1 份]"
    assert lines(app, "**茗川县**　案件台账") == ["**茗川县**　案件台账（第3季度）　已等 **11** 天"]
    assert badges(app)["要催的"] == ":red-badge[✕ 8 份]"
    assert badges(visit("today", database=waiting.database, group=DEPARTMENT))["待复核"] == ":orange-badge[△ 1 份]"


def test_targets_with_their_pace_the_worst_first(visit: Visit, november: Path) -> None:
    """Ledgers reach to 30 September: 189 of 251 working days (61 in the first quarter). 云岫县: 6 cases of 14, 8 · 7 ÷ 37 = 1.51
    a week, 6 · 251 ÷ 189 = 7.97. No major case of one: nothing will be there, so it comes before."""
    app = visit("today", november)
    frame = table(app, "已办/任务")
    assert list(frame.columns) == ["单位", "指标", "已办/任务", "差", "还剩", "每周需", "照现在"]
    assert len(frame) == 5, "at most five lines"
    rows = [tuple(row) for row in frame.itertuples(index=False)]
    ahead = "报到 9 月 30 日，照那时的进度到年底"
    assert ("云岫县", "办案任务完成率", "6/14 件", "8 件", "37 天", "1.5 件", f"{ahead} 7 件，完不成") in rows
    assert rows[0] == ("霁川县", "大案任务完成率", "0/1 件", "1 件", "37 天", "0.2 件", f"{ahead} 0 件，完不成")
    assert "项照现在完不成" in badges(app)["任务进度"]
    assert not set(frame["单位"]) & set(table(visit("today", november, group=DEPARTMENT), "已办/任务")["单位"])


def test_the_whole_list_by_the_address(visit: Visit, november: Path) -> None:
    """Every target above 0 in the raw file of targets, and the tasks of each county, whose register is closed in January only."""
    app = visit("today", november, all="true")
    frame = app.dataframe[0].value
    wanted = [row for row in raw("targets") if row["下达日期"].startswith("2024")]
    counties = {unit["单位"] for unit in wanted if unit["宣传覆盖村（社区）"] not in ("", "/")}
    issued = sum(unit[column] not in ("", "/", "0") for unit in wanted if unit["单位"] in counties for column in (
        "行政案件", "大案", "要案", "工作信息", "宣传覆盖村（社区）"))  # fmt: skip
    assert len(frame) == issued + len(counties), "and the list of tasks of each"
    tasks = frame[frame["指标"] == "专项任务完成率"]
    assert set(tasks["已办/任务"]) == {"—/—"} and set(tasks["差"]) == {"—"}, "not there is no zero"
    assert set(tasks["照现在"]) == {"专项任务尚未登记，看不出差多少"}
    (case,) = frame[(frame["单位"] == "茗川县") & (frame["指标"] == "办案任务完成率")].to_dict("records")
    assert case["已办/任务"] == "—/17 件", "its third quarter never came"
    assert case["照现在"].startswith("案件台账已收 2/应收 3") and case["照现在"].endswith("看不出进度")
    assert {one.label for one in app.main.get("download_button")} == {"导出 Excel", "导出 CSV"}


def test_when_the_year_is_over_no_days_are_left(visit: Visit, database: Path) -> None:
    """云岫县 had 8 tasks and did 4 of them: nobody lacks more than half."""
    frame = table(visit("today", database=database), "已办/任务")
    assert list(frame.columns) == ["单位", "指标", "已办/任务", "差", "情况"]
    assert tuple(frame.iloc[0]) == ("云岫县", "专项任务完成率", "4/8 项", "4 项", "到期的 8 项，办完 4 项")
    (news,) = frame[frame["单位"] == "苇泽县"].to_dict("records")
    assert (news["指标"], news["已办/任务"], news["差"], news["情况"]) == ("信息任务完成率", "9/12 条", "3 条", "考核期已结束")


def test_what_the_office_owes(visit: Visit, database: Path) -> None:
    """No target was issued to 市邮政管理局, no file of 青岚海关 was judged: planted in the demo city."""
    app = visit("today", database=database, group=DEPARTMENT)
    assert lines(app, "**年度任务**") == [
        "**年度任务**　1 个单位没有登记：市邮政管理局",
        "**案件质量（第六条（九））**　1 个单位没有评分：青岚海关",
    ]
    assert links(app)["scores"] == {"form": ["targets"], "unit": ["d12"]}
    assert badges(visit("today", database=database))["市双打办自己要登记的"] == CALM


def test_registers_that_should_be_closed(visit: Visit, tmp_path: Path) -> None:
    """Nothing was entered: nine due periods of registers have passed, four of them of the quarterly one (15 days after)."""
    found = town(tmp_path, tmp_path / "empty.duckdb")
    found.records.close()
    app = visit("today", database=found.database)
    listed = lines(app, "**两法衔接平台导出**")
    assert listed[0] == "**两法衔接平台导出**（2024年第1季度）没有关账，应于 4 月 15 日前登记齐全，已过 280 天"  # 15+31+30+31+31+30+31+30+31+20
    assert listed[3].endswith("应于 1 月 10 日前登记齐全，已过 10 天") and listed[4] == ":gray[另有 5 条]"
    assert badges(app)["市双打办自己要登记的"] == ":orange-badge[△ 9 项]"
    assert "还没有报送数据，没有计分。" in said(app) and not app.dataframe and not drawings(app)


def test_a_veto_waits_for_a_second_person(visit: Visit, tmp_path: Path) -> None:
    small = hamlet(tmp_path)
    enter(small.desk, CLERK, "events", "c01", {"happened_on": "2024-11-05", "kind": "弄虚作假"}, "督查组通报")
    small.records.close()
    app = visit("today", small.folder, database=small.database)
    assert lines(app, "**一票否决**") == ["**一票否决**　1 条待第二人确认，最早是双打办经办人 2025-01-21 登记的"]


def test_rectification_and_what_follows(visit: Visit, database: Path) -> None:
    """Five counties have 3 − 1, 2 − 1, 3 − 2, 3 − 2 and one more problem open: 6. 雁川县 is 不合格 by the veto."""
    app = visit("today", database=database)
    listed = lines(app, "**上年问题整改率**")
    assert listed[0].startswith("**上年问题整改率**　5 个单位差 6 个：稷川市 2 个、")
    assert "**书面整改**（第十七条（二），30 日内，锁定后起算）　雁川县" in listed
    assert badges(app)["整改和结果运用"] == ":orange-badge[△ 9 项]", "5, then 约谈 of two, 整改 and praise of one each"


def test_days_count_from_the_lock(visit: Visit, tmp_path: Path) -> None:
    """Locked on 9 January 2025: 30 days end on 8 February, 11 + 8 = 19 days from the 20th."""
    found = town(tmp_path)
    lock(found.desk, CLERK, "2024", "年终考核", True)
    found.records.close()
    app = visit("today", database=found.database)
    assert "**书面整改**（第十七条（二），30 日内，到 2 月 8 日，还有 19 天）　雁川县" in lines(app, "**上年问题整改率**")
    text = said(app)
    assert "已经锁定，不再收件" in text and "已经锁定，不再登记" in text and "锁定后起算" not in text
    assert "reminders" not in links(app)


def test_while_places_are_open_no_consequence_is_due(visit: Visit, november: Path) -> None:
    app = visit("today", november)
    assert badges(app)["整改和结果运用"] == CALM
    assert "名次还没有定，还不知道要对谁运用结果。" in said(app) and "约谈" not in said(app)


def test_what_is_odd_about_the_data(visit: Visit, database: Path, tmp_path: Path) -> None:
    assert lines(visit("today", database=database), "**脱敏的行**") == ["**脱敏的行**　1 行，用到的指标算不出：鹭泽示范区"]
    aside = visit("today", PROJECTS / "rows_set_aside")
    assert lines(aside, "**搁置的行**") == ["**搁置的行**　5 行没有计入：甲县、乙县、丙县"]


def test_a_doubt_without_a_word_of_the_unit(visit: Visit, tmp_path: Path) -> None:
    """Two findings of class B in one ledger that counts; one of them is explained."""
    small = hamlet(tmp_path)
    (one,) = small.records.fetch("SELECT no FROM standing WHERE form = 'cases' AND unit = 'c01' AND period = '2024Q2'")
    with small.records.write() as writer:
        for position, line in ((1, 3), (2, 4)):
            writer.append("finding", {
                "submission": one["no"], "position": position, "check_id": "V07", "level": "B", "problem": "数目可疑", "fix": "请说明",
                "line": line, "column_code": "amount", "letter": "F", "typed": "1",
            })  # fmt: skip
        told = {"event": writer.event(), "submission": one["no"], "check_id": "V07", "line": 3, "column_code": "amount"}
        told |= {"text": "已核对", "done_at": small.clock(), "actor": "甲县", "role": "reporter"}
        writer.append("explanation", told)
    small.records.close()
    app = visit("today", small.folder, database=small.database)
    assert lines(app, "**需说明") == ["**需说明而没有说明**　1 处：甲县"]


def test_nothing_to_do_is_said_calmly(visit: Visit, tmp_path: Path) -> None:
    folder = Tiny("unit cases\n甲县 1", item("rules: [{kind: judged, measure: cases, limit: 5}]", full="100")).write(tmp_path / "p")
    app = visit("today", folder, database=tmp_path / "r.duckdb")
    found = badges(app)
    assert [found[title] for title in ("要催的", "待复核", "市双打办自己要登记的")] == [CALM] * 3
    assert "到期的都已收到，退回的都已重报。" in said(app) and not app.warning and not app.error


# --- who looks, and what is not there ---------------------------------------------------------------------------


@pytest.mark.parametrize("role", [LEADER, ANALYST])
def test_others_read_without_ways_they_may_not_go(visit: Visit, database: Path, role: str) -> None:
    app = visit("today", role=role, database=database)
    assert list(badges(app)) == BLOCKS
    assert set(links(app)) == {"shortfalls", "/", "quality"}, "the ranking is at /"


def test_who_reports_sees_nothing_of_it(visit: Visit, database: Path) -> None:
    app = visit("today", role=COUNTY, database=database)
    assert "不对被考核单位开放" in said(app)
    assert not app.subheader and not app.dataframe and not drawings(app)


def test_without_records_the_other_blocks_stand(visit: Visit) -> None:
    app = visit("today")
    assert list(badges(app)) == BLOCKS
    assert said(app).count("这个项目没有报送库") == 2, "one line in each block that needs them"
    assert "27 项没有完成" in badges(app)["任务进度"] and len(table(app, "已办/任务")) == 5
    assert lines(app, "**脱敏的指标**") == ["**脱敏的指标**　1 个单位有指标算不出：鹭泽示范区"]


def test_while_another_program_holds_the_records(visit: Visit, database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(path: str) -> None:
        raise Held("报送库正由“导入”（进程 812）使用，别的程序不能同时写", "请在那里操作，或先关闭它")

    monkeypatch.setattr(served, "_records", held)
    app = visit("today", database=database)
    assert said(app).count("（进程 812）使用") == 2
    assert len(table(app, "已办/任务")) == 5, "what was published is scored all the same"


def test_a_broken_rubric_leaves_the_desk_at_work(visit: Visit, tmp_path: Path) -> None:
    app = visit("today", PROJECTS / "broken_rubric", database=tmp_path / "r.duckdb")
    assert "处错误" in app.error[0].value
    assert "办法有错误，全部单位都没有计分。" in said(app) and not app.dataframe and not drawings(app)
    assert badges(app)["要催的"] == CALM
    assert "任务、评分都已登记" not in said(app), "nobody knows"


def test_the_desk_comes_first_and_the_ranking_stays_at_home() -> None:
    assert (PAGES[0].address, DEFAULT.address) == ("today", "ranking")
