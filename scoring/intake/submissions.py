"""The register of submissions (报送登记): what came, from whom, for which due period, when. Opens no database."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scoring.calendar import DuePeriod
from scoring.forms import Form, Forms
from scoring.intake.cells import read_moment
from scoring.intake.tables import read_text
from scoring.issues import Issue
from scoring.units import Register

TITLES = {
    "报送编号": "no",
    "报表": "form",
    "单位": "unit",
    "报送期": "period",
    "收到时间": "received_at",
    "结果": "outcome",
    "零报告": "nil",
    "备注": "note",
}
OUTCOMES = ("已收", "退回", "已关账")


@dataclass(frozen=True)
class Submission:
    """One line of the register. `unit` is empty for a register the office has closed (已关账)."""

    no: str
    form: str
    unit: str
    period: str
    received_at: datetime
    outcome: str
    nil: bool
    note: str
    source_file: str
    source_row: int


Dues = Mapping[str, Mapping[str, DuePeriod]]  # form → label → due period


def read_submissions(
    path: Path, shown_as: str, forms: Forms, register: Register, dues: Dues
) -> tuple[list[Submission], list[Issue], int]:
    """(submissions, issues, rows set aside)."""
    if not path.exists():
        return [], [], 0
    text, issue = read_text(path)
    if text is None:
        assert issue is not None
        return [], [Issue(issue.problem, issue.fix, shown_as, level="A")], 0
    reader = csv.reader(io.StringIO(text, newline=""))
    header = [TITLES.get(cell.strip(), cell.strip()) for cell in next(reader, [])]
    absent = [title for title, code in TITLES.items() if code not in header and code not in ("no", "note", "nil")]
    if absent:
        problem = "缺少必填的列：" + "、".join(absent)
        return [], [Issue(problem, "请补上这些列；整个文件暂未计入", shown_as, 1, level="A")], 0
    kept: list[Submission] = []
    issues: list[Issue] = []
    aside = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        one, found = _read(row, reader.line_num, shown_as, forms, register, dues)
        issues += found
        aside += one is None
        if one is not None:
            kept.append(one)
    return kept, issues, aside


def _read(
    row: dict[str, str], line: int, shown: str, forms: Forms, register: Register, dues: Dues
) -> tuple[Submission | None, list[Issue]]:
    issues: list[Issue] = []

    def say(column: str, problem: str, fix: str) -> None:
        value = row.get(TITLES.get(column, column), "")
        issues.append(Issue(problem, fix, shown, line, "", "A", column, value))

    form = forms.find(row.get("form", ""))
    if form is None:
        say("报表", f"没有报表“{row.get('form', '')}”", "请按报表名称填写")
    outcome = row.get("outcome", "")
    if outcome not in OUTCOMES:
        say("结果", f"“{outcome}”不是结果的选项", "可选：" + "、".join(OUTCOMES))
    unit = register.find(row.get("unit", "")) if row.get("unit") else None
    if unit is None and (row.get("unit") or outcome != "已关账"):
        close = register.nearest(row.get("unit", ""))
        say("单位", f"单位“{row.get('unit', '')}”不在登记表里", f"是不是“{close}”？" if close else "请填单位全称")
    if row.get("nil", "") not in ("", "是", "否"):
        say("零报告", f"零报告只能填是或否，现为“{row['nil']}”", "请填“是”或“否”")
    moment, clocked = read_moment(row.get("received_at", ""))
    if moment is None:
        say("收到时间", f"收到时间读不懂：“{row.get('received_at', '')}”", "请写成 2024-04-09 15:03 或 2024-04-09")
    period = row.get("period", "")
    if form is not None and period not in dues.get(form.code, {}):
        say("报送期", f"“{form.title}”没有“{period}”这一期", _labels(form, dues))
    elif (
        form is not None and moment is not None and not clocked and _hour_matters(form, dues[form.code][period], moment)
    ):
        say("收到时间", "这张表按钟点截止，当天收到须写明钟点", "请写成 2024-04-09 15:03 的样子")
    if issues or form is None or moment is None:
        return None, issues
    return Submission(
        row.get("no", ""), form.code, unit.code if unit else "", period, moment, outcome, row.get("nil") == "是",
        row.get("note", ""), shown, line,
    ), issues  # fmt: skip


def _hour_matters(form: Form, due: DuePeriod, moment: datetime) -> bool:
    """Received on the very day of a deadline that has an hour."""
    return any(one.by for one in form.due) and due.deadline.date() == moment.date()


def _labels(form: Form, dues: Dues) -> str:
    labels = list(dues.get(form.code, {}))
    if not labels:
        return "这张表没有报送期限，不用登记"
    return "报送期写成 " + "、".join(labels[-3:]) + " 的样子"
