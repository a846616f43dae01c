"""填报 without a browser: what is owed, drafts and their questions, receipts; by role; without records."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from pages.ui.identity import LEADER, OFFICE
from scoring.desk import Desk, handing_in, proofs, receiving, reviewing
from scoring.desk.blanks import blank
from scoring.store.records import Records
from tests.demo import demo
from tests.pages.conftest import Visit, said
from tests.town import CLERK, ROOT, Town, reporter, town

COUNTY, CODE = "茗川县", "c07"  # 案件台账, 行刑统计, 投诉举报 of 2024Q3 and a weekly report never came
CASE = ("示茗罚〔2024〕901号", "行政", "商标", "示例商行901", 3.2, datetime(2024, 7, 5), datetime(2024, 8, 1),
        datetime(2024, 8, 6), "否", None, None)  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One city for all tests here: each leaves a report of another form behind."""
    found = town(tmp_path_factory.mktemp("report"))
    yield found
    found.records.close()


def workbook(desk: Desk, form: str, *rows: tuple[object, ...]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(blank(desk, reporter(CODE), CODE, [(form, "2024Q3")])))
    for line, row in enumerate(rows, 6):
        for column, value in enumerate(row, 1):
            if value is not None:
                book.worksheets[1].cell(line, column, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_what_is_owed_stands_first(visit: Visit, city: Town) -> None:
    app = visit("report", role="县区", who=COUNTY, database=city.database)
    figures = {one.label: one.value for one in app.metric}
    # counted off data/sample/submissions.csv: 25 weeks, 4 stage reports, 4 × 3 quarterly, 2 × 3 half-yearly, 2 yearly
    assert figures["应报"] == "49"
    assert (figures["已通过"], figures["逾期未报"]) == ("45", "4")
    frame = app.dataframe[0].value
    assert list(frame["报表"]) == ["专项行动周报", "案件台账", "行刑统计", "投诉举报"]
    assert set(frame["状态"]) == {"○ 未填"}
    # due on 10 October 2024, the day of the demonstration is 20 January 2025: 21 + 30 + 31 + 20 = 102 days
    assert list(frame["期限"])[1:] == ["逾期 102 天"] * 3
    assert "示例" in said(app)


def test_a_draft_shows_its_questions_and_a_faulty_one_cannot_be_handed_in(visit: Visit, city: Town) -> None:
    desk = city.desk
    bad = (*CASE[:4], "三万", *CASE[5:])
    receiving.upload(desk, reporter(CODE), CODE, "台账.xlsx", workbook(desk, "case_ledger", CASE, bad))
    row = (None, 2, 2, 1, 1, 16, 24, 1, 1, "是")
    receiving.upload(desk, reporter(CODE), CODE, "统计.xlsx", workbook(desk, "chain", row))
    app = visit("report", role="县区", who=COUNTY, database=city.database)
    text = said(app)
    assert "校验不通过" in text and "强制 1" in text
    assert any("批捕 24 人，多于抓获 16 人" in one.label for one in app.text_input)
    buttons = {one.key: one.disabled for one in app.button if one.label == "提交"}
    assert sorted(buttons.values()) == [False, True], "one row is faulty and nobody said to leave it out"
    findings = next(one.value for one in app.dataframe if "单元格" in one.value.columns and "三万" in set(one.value["填的是"]))
    assert next(iter(findings["单元格"])) == "E7"
    assert "先交其余 1 行" in [one.label for one in app.checkbox]


def test_what_was_given_back_shows_the_reason(visit: Visit, city: Town) -> None:
    desk = city.desk
    case = ("示茗诉24Q3-01", "投诉", datetime(2024, 7, 3), datetime(2024, 7, 20))
    (draft,) = receiving.upload(desk, reporter(CODE), CODE, "投诉.xlsx", workbook(desk, "complaints", case)).drafts
    handing_in.hand_in(desk, reporter(CODE), draft.no)
    reviewing.give_back(desk, CLERK, draft.no, "缺少九月的各件，请补齐")
    app = visit("report", role="县区", who=COUNTY, database=city.database)
    frame = app.dataframe[0].value.set_index("报表")
    assert frame.loc["投诉举报", "状态"] == "↩ 退回修改"
    assert frame.loc["投诉举报", "双打办意见"] == "缺少九月的各件，请补齐"


def test_self_scores_stand_beside_those_confirmed(visit: Visit, city: Town) -> None:
    desk = city.desk
    proofs.set_self_score(desk, reporter("c01"), "c01", "2024", "case_quality", Decimal("4.9"), "自查")
    proofs.add_proof(desk, reporter("c01"), "c01", "2024", "case_quality", ("案卷.pdf", b"%PDF-1.7 ..."), None, "")
    title = desk.register.title("c01")
    app = visit("report", role="县区", who=title, database=city.database, view="自评与佐证")
    rubric = demo().rubric
    assert rubric is not None
    frame = app.dataframe[0].value.set_index("指标")
    row = frame.loc[rubric.indicators["case_quality"].title]
    assert row["自评分"] == "4.90"
    assert row["核定分"] != "—"
    assert row["佐证"] == "1 份"
    # V21: 4.9 against the 4.7 that the assessors gave is within one point
    assert "高出" not in said(app)


def test_a_unit_sees_only_itself_and_a_leader_nothing(visit: Visit, city: Town) -> None:
    app = visit("report", role="县区", who=COUNTY, database=city.database, unit="c01")
    assert COUNTY in said(app)
    assert not [one for one in app.selectbox if one.label == "报送单位"]
    app = visit("report", role=LEADER, database=city.database)
    assert "不对现在的身份开放" in said(app)
    app = visit("report", role=OFFICE, database=city.database, unit="c01")
    assert [one.value for one in app.selectbox if one.label == "报送单位"] == [city.desk.register.title("c01")]


def test_without_records_the_page_says_how_to_have_them(visit: Visit) -> None:
    assert "config/office.yaml" in said(visit("report"))


def test_an_empty_office_can_load_the_demo_city(visit: Visit, tmp_path: Path) -> None:
    records = Records.open(tmp_path / "empty.duckdb", "测试", datetime.now)
    records.close()
    app = visit("ranking", database=tmp_path / "empty.duckdb")
    assert "报送库是空的" in said(app)
    next(one for one in app.button if one.label == "载入示例城市").click().run()
    assert list(app.dataframe[0].value["单位"][:1]) == ["稷川市"]


def test_reporting_goes_on_while_the_rubric_is_broken(visit: Visit, city: Town, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "config", tmp_path / "config")
    rubric = tmp_path / "config" / "scoring.yaml"
    rubric.write_text(rubric.read_text(encoding="utf-8") + "\nnonsense: 1\n", encoding="utf-8")
    app = visit("report", tmp_path, role="县区", who=COUNTY, database=city.database)
    assert "处错误" in app.error[0].value
    assert "收件不受影响" in said(app)
    assert {one.label: one.value for one in app.metric}["应报"] == "49"
