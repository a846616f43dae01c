"""Figures that cities really published break naive checks. Each goes the whole way here: workbook → questions →
handed in → accepted → scored. The figures are real (sources beside them), the counties are not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from scoring.access import Actor
from scoring.desk import Desk, Refused, handing_in, receiving, reviewing
from scoring.project import open_project
from scoring.store.records import Records
from tests.tiny import Tiny
from tests.town import CLERK, Clock

FORM = """\
form: figures
title: 执法统计
dated_by: until
key: [until]
columns:
  - {code: until, title: 统计截止日, type: date, required: true}
  - {code: filed, title: 立案, type: integer, unit: 件, at_least: 0}
  - {code: closed, title: 办结, type: integer, unit: 件, at_least: 0}
  - {code: caught, title: 抓获, type: integer, unit: 人, at_least: 0}
  - {code: approved, title: 批捕, type: integer, unit: 人, at_least: 0}
  - {code: amount, title: 案值, type: decimal, unit: 万元, at_least: 0}
  - {code: fined, title: 罚没款, type: decimal, unit: 万元, at_least: 0}
  - {code: rate, title: 任务完成率, type: decimal, unit: "%", at_least: 0}
  - {code: done, title: 完成数, type: integer, unit: 件, at_least: 0}
  - {code: aim, title: 任务数, type: integer, unit: 件, at_least: 0}
checks:
  - {kind: carry_over, filed: filed, closed: closed}
  - {kind: chain, columns: [caught, approved]}
  - {kind: rate, column: rate, part: done, of: aim}
"""
HEAD = ["统计截止日", "立案", "办结", "抓获", "批捕", "案值", "罚没款", "任务完成率", "完成数", "任务数"]
PLAIN = ["2024-12-31", 100, 90, 20, 10, 50, 20, 90, 9, 10]
UNIT = Actor("甲县", "reporter", "c1")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    indicators = """
- code: cases
  title: 立案数
  clause: 第一条
  full_marks: 1000
  rules: [{kind: awards, parts: [{measure: filed, each: 1}]}]
- code: losses
  title: 罚没款
  clause: 第二条
  full_marks: 1000
  rules: [{kind: awards, parts: [{measure: fined, each: 1}]}]
"""
    measures = """\
filed: {title: 立案数, unit: 件, form: figures, value: only(filed)}
fined: {title: 罚没款, unit: 万元, form: figures, value: only(fined)}
"""
    groups = "{all: {title: 县区, units: {kinds: [county]}, full_marks: 2000}}"
    tiny = Tiny(indicators=indicators, measures=measures, forms={"figures": FORM}, units=["甲县", "乙县"], groups=groups)
    folder = tiny.write(tmp_path / "town")
    records = Records.open(tmp_path / "records.duckdb", "测试", Clock())
    yield Desk(open_project(folder), records, Clock())
    records.close()


def reported(desk: Desk, **changed: object) -> receiving.Draft:
    """A sheet made by hand, with the figures of one unit, of which some are changed."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "执法统计"
    sheet.append(HEAD)
    titles = {column.code: column.title for column in desk.forms["figures"].columns}
    named = {titles[code]: value for code, value in changed.items()}
    sheet.append([named.get(title, value) for title, value in zip(HEAD, PLAIN, strict=True)])
    out = io.BytesIO()
    book.save(out)
    upload = receiving.upload(desk, UNIT, "c1", "统计.xlsx", out.getvalue())
    assert not upload.refused, [str(one) for sheet in upload.refused for one in sheet.findings]
    (draft,) = upload.drafts
    return draft


def asked(draft: receiving.Draft) -> dict[str, str]:
    return {one.check: one.level for one in draft.sheet.findings if one.level != "D"}


def accepted(desk: Desk, draft: receiving.Draft, why: str = "") -> dict[str, object]:
    answers = {one.key: why for one in draft.sheet.findings if one.level in ("B", "C")}
    handing_in.hand_in(desk, UNIT, draft.no, answers)
    reviewing.accept(desk, CLERK, [draft.no])
    project = open_project(desk.project.folder, database=desk.records.path)
    result = project.assess("2024", project.period("2024").cut_off)
    return {row["indicator"]: row for row in result.rows("indicator_score", unit="c1")}


def test_plain_figures_pass_without_a_question(desk: Desk) -> None:
    draft = reported(desk)
    assert not asked(draft)
    assert accepted(desk, draft)["cases"]["points"] == Decimal("100.00")  # type: ignore[index]


def test_more_arrested_than_caught_asks_for_an_explanation(desk: Desk) -> None:
    """A city, first three quarters of 2019 (a speech of 2019-12-03): 抓获 16 人, 批捕 24 人."""
    draft = reported(desk, caught=16, approved=24)
    assert asked(draft) == {"V03": "C"}
    with pytest.raises(Refused, match="需要说明"):
        handing_in.hand_in(desk, UNIT, draft.no)
    key = next(one.key for one in draft.sheet.findings if one.check == "V03")
    with pytest.raises(Refused, match="至少写 6 个字"):
        handing_in.hand_in(desk, UNIT, draft.no, {key: "结转"})
    assert accepted(desk, draft, "含上年抓获八人")["cases"]["state"] == "value"  # type: ignore[index]
    assert handing_in.explanations(desk.records, draft.no) == {key: "含上年抓获八人"}


def test_more_closed_than_filed_passes_with_an_explanation(desk: Desk) -> None:
    """A city, 2017: 立案 393 件, 累计办结 439 件, cases of earlier years among them."""
    draft = reported(desk, filed=393, closed=439)
    assert asked(draft) == {"V02": "C"}
    assert accepted(desk, draft, "含上年结转四十六件")["cases"]["points"] == Decimal("393.00")  # type: ignore[index]


def test_more_fined_than_the_case_is_worth_passes(desk: Desk) -> None:
    """A prefecture, winter of 2019: 案值 180.94 万元, 罚没款 234.31 万元; the law allows a multiple of the value."""
    draft = reported(desk, amount=180.94, fined=234.31)
    assert not asked(draft)
    assert accepted(desk, draft)["losses"]["points"] == Decimal("234.31")  # type: ignore[index]


def test_a_rate_over_a_hundred_is_accepted_and_asked_about(desk: Desk) -> None:
    """105.02 %: 4,014 of 3,822 is 105.0235…, as printed with two decimals."""
    draft = reported(desk, rate=105.02, done=4014, aim=3822)
    assert not draft.sheet.set_aside, "never refused"
    assert set(asked(draft).values()) <= {"B", "C"} and asked(draft)
    assert draft.sheet.values["rate"] == [Decimal("105.02")]
    assert accepted(desk, draft, "任务外另办一百九十二件")["cases"]["state"] == "value"  # type: ignore[index]


def test_a_masked_figure_stays_masked_to_the_score(desk: Desk) -> None:
    """Published speeches print `*` for figures; it is neither nothing nor zero."""
    draft = reported(desk, filed="*", closed="**", fined="***")
    assert not asked(draft), "no check compares what nobody can read"
    assert draft.sheet.states["filed"] == ["masked"]
    scores = accepted(desk, draft)
    assert [scores[code]["state"] for code in ("cases", "losses")] == ["masked", "masked"]  # type: ignore[index]
    assert [scores[code]["points"] for code in ("cases", "losses")] == [None, None]  # type: ignore[index]
