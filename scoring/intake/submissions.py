"""The register of submissions (报送登记): what came, from whom, for which due period, when. Opens no database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from scoring.calendar import DuePeriod
from scoring.forms import Form, Forms
from scoring.intake.cells import read_moment
from scoring.intake.csvfile import read_csv
from scoring.issues import Issue
from scoring.units import Register, Unit

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
EARLY = timedelta(31)  # a report may come before its period begins (a deadline moved before a holiday)
OUTCOMES = ("已收", "退回", "待复核", "已关账")
_EARLIEST = timedelta(31)  # a deadline moved before a holiday may lie before the week it is for


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
    found, issue = read_csv(path, shown_as)
    if found is None:
        assert issue is not None
        return [], [issue], 0
    header = [TITLES.get(cell.strip(), cell.strip()) for cell in found.header]
    issues = list(_header_problems(header, found.header_line, shown_as))
    if any(one.sets_row_aside for one in issues):
        return [], issues, found.row_count
    kept: list[Submission] = []
    aside = 0
    for line, cells in found.rows():
        one, told = _line(cells, header, line, shown_as, forms, register, dues)
        issues += told
        aside += one is None
        if one is not None:
            kept.append(one)
    return kept, issues, aside


def _header_problems(header: list[str], line: int, shown: str) -> Iterator[Issue]:
    titles = {code: title for title, code in TITLES.items()}
    for code in dict.fromkeys(header):
        title = titles.get(code, code)
        if code and header.count(code) > 1:
            yield Issue(f"“{title}”出现了两次", "请只留一列；整个文件暂未计入", shown, line, "", "A", title)
        elif code and code not in titles:
            yield Issue(f"报送登记里没有“{title}”这一列，已略过", "请核对列名", shown, line, "", "D", title)
    absent = [title for title, code in TITLES.items() if code not in header and code not in ("no", "note", "nil")]
    if absent:
        problem = "缺少必填的列：" + "、".join(absent)
        yield Issue(problem, "请补上这些列；整个文件暂未计入", shown, line, level="A")


def _line(
    cells: list[str] | None,
    header: list[str],
    line: int,
    shown: str,
    forms: Forms,
    register: Register,
    dues: Dues,
) -> tuple[Submission | None, list[Issue]]:
    if cells is None:
        return None, [Issue("这一行的引号不成对，读不下去", "请补上或删去引号", shown, line, level="A")]
    if any(cell.strip() for cell in cells[len(header) :]):
        problem = f"这一行有 {len(cells)} 格，表头只有 {len(header)} 列"
        return None, [Issue(problem, "请检查是否多了逗号", shown, line, level="A")]
    row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
    return _read(row, line, shown, forms, register, dues)


def _read(
    row: dict[str, str], line: int, shown: str, forms: Forms, register: Register, dues: Dues
) -> tuple[Submission | None, list[Issue]]:
    issues: list[Issue] = []
    unit = register.find(row.get("unit", "")) if row.get("unit") else None

    def say(column: str, problem: str, fix: str) -> None:
        value = row.get(TITLES[column], "")
        told = problem if value else f"没有填“{column}”"
        issues.append(Issue(told, fix, shown, line, "", "A", column, value, unit.code if unit else ""))

    form = forms.find(row.get("form", ""))
    if form is None:
        say("报表", f"没有报表“{row.get('form', '')}”", _nearest_form(row.get("form", ""), forms))
    outcome = row.get("outcome", "")
    if outcome not in OUTCOMES:
        say("结果", f"“{outcome}”不是结果的选项", "可选：" + "、".join(OUTCOMES))
    for column, problem, fix in _unit_problems(row.get("unit", ""), unit, form, outcome, register):
        say(column, problem, fix)
    if row.get("nil", "") not in ("", "是", "否"):
        say("零报告", f"零报告只能填是或否，现为“{row['nil']}”", "请填“是”或“否”")
    moment, clocked = read_moment(row.get("received_at", ""))
    if moment is None:
        say(
            "收到时间",
            f"收到时间读不懂：“{row.get('received_at', '')}”",
            "请写成 2024-04-09 15:03 或 2024-04-09",
        )
    period = row.get("period", "")
    due = dues.get(form.code, {}).get(period) if form is not None else None
    if form is not None and due is None:
        say("报送期", f"“{form.title}”没有“{period}”这一期", _labels(form, period, dues))
    elif form is not None and due is not None and moment is not None:
        if not clocked and _hour_matters(form, due, moment):
            say("收到时间", "这张表按钟点截止，当天收到须写明钟点", "请写成 2024-04-09 15:03 的样子")
        elif moment.date() < min(due.covers_from, due.due_on - _EARLIEST):
            say("收到时间", f"收到时间早于这一期的开头（{due.covers_from}）", "请核对年份，或核对报送期")
    if issues or form is None or moment is None:
        return None, issues
    return Submission(
        row.get("no", ""), form.code, unit.code if unit else "", period, moment, outcome, row.get("nil") == "是",
        row.get("note", ""), shown, line,
    ), issues  # fmt: skip


def _unit_problems(
    name: str, unit: Unit | None, form: Form | None, outcome: str, register: Register
) -> Iterator[tuple[str, str, str]]:
    """已关账 speaks of a whole register kept by the office; everything else of one unit that has to report."""
    if outcome == "已关账":
        if form is not None and form.kept_by == "unit":
            yield "结果", f"“{form.title}”由各单位报送，不能整表关账", "请逐个单位登记“已收”"
        elif name:
            yield "单位", "关账是整张表的事，不填单位", "请把单位留空"
    elif unit is None:
        close = register.nearest(name)
        yield "单位", f"单位“{name}”不在登记表里", f"是不是“{close}”？" if close else "请填单位全称"
    elif form is not None and not form.reported_by.includes(unit):
        yield "单位", f"“{unit.title}”不用报“{form.title}”", "请核对单位和报表"


def _nearest_form(name: str, forms: Forms) -> str:
    close = get_close_matches(name, [form.title for form in forms.values()], n=1, cutoff=0.5)
    return f"是不是“{close[0]}”？" if close else "请按报表名称填写"


def _hour_matters(form: Form, due: DuePeriod, moment: datetime) -> bool:
    """Received on the very day of a deadline that has an hour."""
    return any(one.by for one in form.due) and due.deadline.date() == moment.date()


def _labels(form: Form, period: str, dues: Dues) -> str:
    labels = list(dues.get(form.code, {}))
    if not labels:
        return "这张表没有报送期限，不用登记"
    same_year = [label for label in labels if label[:4] == period[:4]]
    return "报送期写成 " + "、".join((same_year or labels)[:4]) + " 的样子"
