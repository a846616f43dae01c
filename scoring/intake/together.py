"""What only shows side by side: ledgers against the register of submissions, entered scores against the 办法.

Nothing here sets a row aside: these are questions to the one who reported (class B). Opens no database.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from scoring.expressions.words import number
from scoring.forms import Form, Forms
from scoring.intake.submissions import Dues, Submission
from scoring.intake.tables import Sheet
from scoring.issues import Issue
from scoring.rubric import Indicator, Rubric
from scoring.rubric.rules import Judged
from scoring.units import Register


def unread(forms: Forms, sheets: Mapping[str, Sheet], submissions: Iterable[Submission]) -> list[str]:
    """Forms whose rows nobody knows: the file cannot be read, or rows were received and there is no file."""
    expected = {one.form for one in submissions if one.outcome == "已收" and not one.nil}
    gone = [code for code in forms if code in expected and code not in sheets]
    return [*(code for code, sheet in sheets.items() if sheet.refused), *gone]


def files_gone(forms: Forms, sheets: Mapping[str, Sheet], submissions: Sequence[Submission]) -> Iterator[Issue]:
    """A form that was received, with rows, but has no file."""
    for code in unread(forms, sheets, submissions):
        if code not in sheets:
            problem = f"报送登记里有“{forms[code].title}”，却没有数据文件 {code}.csv"
            yield Issue(problem, "请补上文件；在此之前这张表的数据按未报送处理", f"{code}.csv", level="A")


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


def entered_scores(rubrics: Sequence[Rubric], sheets: Mapping[str, Sheet]) -> Iterator[Issue]:
    """Scores for an indicator that nobody judges, and scores above the limit of theirs, in any edition."""
    limits: dict[str, dict[str, dict[str, Decimal]]] = {}  # form → indicator → unit → limit
    for rubric in rubrics:
        for _, indicator in rubric.placed():
            for rule in indicator.rules:
                if isinstance(rule, Judged) and rule.measure is None:
                    inside = limits.setdefault(rule.form, {}).setdefault(indicator.code, {})
                    _raise_limits(rubric, indicator, rule, inside)
    for form, known in limits.items():
        if form in sheets and {"indicator", "score"} <= set(sheets[form].form.by_code):
            yield from _scores_of(sheets[form], known)


def _raise_limits(rubric: Rubric, indicator: Indicator, rule: Judged, limits: dict[str, Decimal]) -> None:
    """The highest limit of each unit so far."""
    for unit in rubric.register.units:
        group = rubric.group_of(unit.code)
        if group is None or not indicator.in_group(group):
            continue
        full = indicator.full(group)
        given = rule.limit.at(group) if rule.limit is not None else None
        if given is not None or full is not None:
            limit = given.of(full) if given is not None else full or Decimal(0)
            limits[unit.code] = max(limit, limits.get(unit.code, limit))


def _scores_of(sheet: Sheet, limits: Mapping[str, Mapping[str, Decimal]]) -> Iterator[Issue]:
    names, columns = sheet.values, sheet.form.by_code
    rows = zip(
        names["row_unit"],
        names["indicator"],
        names["score"],
        names["source_file"],
        names["source_row"],
        strict=True,
    )
    for unit, indicator, score, file, line in rows:
        assert isinstance(line, int)
        if indicator not in limits:
            close = get_close_matches(str(indicator), limits, n=1, cutoff=0.6)
            fix = f"是不是“{close[0]}”？" if close else "由考核组评分的指标：" + "、".join(limits)
            problem = f"没有由考核组评分的指标“{indicator}”，这一行没有用上"
            title = columns["indicator"].title
            yield Issue(problem, fix, str(file), line, "", "B", title, str(indicator), str(unit))
            continue
        limit = limits[str(indicator)].get(str(unit))
        if isinstance(score, (int, Decimal)) and limit is not None and score > limit:
            problem = f"评分 {number(Decimal(score))} 高于上限 {number(limit)} 分，按上限计"
            title = columns["score"].title
            yield Issue(problem, "请核对评分", str(file), line, "", "B", title, number(Decimal(score)), str(unit))
