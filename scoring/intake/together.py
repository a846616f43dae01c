"""What only shows side by side: ledgers against the register of submissions.

Nothing here sets a row aside: these are questions to the one who reported (class B). Opens no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date

from scoring.forms import Form, Forms
from scoring.intake.submissions import Dues, Submission
from scoring.intake.tables import Sheet
from scoring.issues import Issue
from scoring.units import Register


def unread(forms: Forms, sheets: Mapping[str, Sheet], submissions: Iterable[Submission]) -> list[str]:
    """Forms whose rows nobody knows: the file cannot be read, or there is none though rows were received, or though no
    register would tell."""
    refused = [code for code, sheet in sheets.items() if sheet.refused]
    gone = _gone(forms, sheets, submissions)
    unregistered = [form.code for form in forms.values() if form.derived is None and not form.has_schedule]
    return list(dict.fromkeys([*refused, *gone, *(code for code in unregistered if code not in sheets)]))


def _gone(forms: Forms, sheets: Mapping[str, Sheet], submissions: Iterable[Submission]) -> list[str]:
    """Forms that were received, with rows, or closed, but have no file."""
    expected = {one.form for one in submissions if one.outcome == "已关账" or (one.outcome == "已收" and not one.nil)}
    return [code for code in forms if code in expected and code not in sheets]


def files_gone(
    forms: Forms, sheets: Mapping[str, Sheet], submissions: Sequence[Submission], counted: Collection[str]
) -> Iterator[Issue]:
    """A form that was received, with rows, or closed, but has no file: a lost file is not a register without rows.
    `counted`: forms whose rows some rubric counts; of the others the register alone is looked at, and nothing is asked for."""
    for code in _gone(forms, sheets, submissions):
        if code in counted:
            problem = f"报送登记里有“{forms[code].title}”，却没有数据文件 {code}.csv"
            fix = "请补上文件，确实一行也没有的只写表头；在此之前这张表的数据按未报送处理"
            yield Issue(problem, fix, f"{code}.csv", level="A")


def nil_reports(
    forms: Forms,
    register: Register,
    sheets: Mapping[str, Sheet],
    submissions: Sequence[Submission],
    dues: Dues,
) -> Iterator[Issue]:
    """零报告 with rows, and a report that is neither 零报告 nor has a row."""
    counts = {code: _rows_by_period(sheet, dues.get(code, {})) for code, sheet in sheets.items() if not sheet.refused}
    nil = {(one.form, one.unit, one.period) for one in submissions if one.outcome == "已收" and one.nil}
    told: set[tuple[str, str, str]] = set()
    for one in submissions:
        place = (one.form, one.unit, one.period)
        if one.outcome != "已收" or one.form not in counts or place in told:
            continue
        told.add(place)
        rows = counts[one.form][one.unit, one.period]
        who = f"{register.title(one.unit)} {one.period} 的“{forms[one.form].title}”"
        if place in nil and rows:
            problem, fix = f"{who}登记为零报告，台账里却有 {rows} 行", "请更正登记，或核对行内日期"
        elif place not in nil and not rows and _nil_must_be_said(forms[one.form]) and not sheets[one.form].set_aside:
            problem, fix = (
                f"{who}已收到，台账里却没有一行，也不是零报告",
                "没有事项的请登记零报告，有的请补上各行",
            )
        else:
            continue
        yield Issue(
            problem,
            fix,
            one.source_file,
            one.source_row,
            "",
            "B",
            "零报告",
            "是" if one.nil else "否",
            one.unit,
        )


def _nil_must_be_said(form: Form) -> bool:
    return any(due.nil_report == "required" for due in form.due)


def _rows_by_period(sheet: Sheet, dues: Mapping[str, object]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    spans = [(due.covers_from, due.covers_to, label) for label, due in dues.items()]  # type: ignore[attr-defined]
    labels: dict[date, str] = {}
    for unit, day in zip(sheet.values["row_unit"], sheet.values[sheet.form.dated_by], strict=True):
        assert isinstance(day, date)
        if day not in labels:
            labels[day] = next((label for first, last, label in spans if first <= day <= last), "")
        counts[str(unit), labels[day]] += 1
    return counts
