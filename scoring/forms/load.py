"""Reads config/forms/*.yaml and checks each form. Knows files and the model of a form; no rubric."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from scoring.expressions import ExpressionError
from scoring.expressions.parse import can_be_named
from scoring.expressions.rows import condition
from scoring.forms import checks
from scoring.forms.model import STATUSES, Column, Form, Forms, FormSpec
from scoring.issues import Issue
from scoring.source import Document, Loc, load, read

SYSTEM_COLUMNS = frozenset({
    "row_id", "row_unit", "unit", "due_period", "received_on", "masked", "inapplicable", "source_file", "source_row",
    "status",
})  # fmt: skip
# Tables of the calculation itself: a form of that name would stand in their way.
SYSTEM_TABLES = frozenset({
    "unit", "reporter", "due_period", "submission", "receipt", "unread", "calendar_day", "previous_ranking", "assessed", "due",
    "due_count", "facts", "earned", "landed", "node", "base", "before_veto", "settled", "placed", "graded", "ranking",
    "unit_score", "node_score", "adjustment", "landing", "indicator_score", "rule_part", "shortfall", "measure", "consequence",
    "judged_entry",
    "compared_figure",
})  # fmt: skip


def load_forms(folder: Path, shown_as: str) -> tuple[Forms | None, list[Issue]]:
    """Every form of the folder; None when any has an error."""
    issues: list[Issue] = []
    specs: list[tuple[FormSpec, Document]] = []
    files = sorted(folder.glob("*.yaml")) if folder.is_dir() else []
    if not files:
        return None, [Issue("没有任何报表定义", "请在这个文件夹里为每张报表写一个 .yaml 文件", shown_as)]
    for file in files:
        document, found = load(file, f"{shown_as}/{file.name}")
        issues += found
        if document is not None and not found:
            spec, found = read(FormSpec, document)
            issues += found
            if spec is not None:
                specs.append((spec, document))
    issues += _repeated(specs)
    forms: dict[str, Form] = {}
    for spec, document in specs:
        if spec.derived is None:
            issues += _plain_problems(spec, document)
            forms[spec.form] = _plain(spec, document)
    for spec, document in specs:
        if spec.derived is not None:
            found = list(_derived_problems(spec, document, forms))
            issues += found
            if not found:
                forms[spec.form] = _derived(spec, document, forms)
    if any(issue.stops_scoring for issue in issues):
        return None, issues
    return Forms(forms), issues


def _plain(spec: FormSpec, document: Document) -> Form:
    return Form(
        spec.form, spec.title, spec.kept_by, spec.reported_by, spec.dated_by or "", spec.key, spec.due, spec.columns,
        None, document.file, spec.checks,
    )  # fmt: skip


def _derived(spec: FormSpec, document: Document, forms: dict[str, Form]) -> Form:
    assert spec.derived is not None
    left = forms[spec.derived.left]
    status = Column(code="status", title="核对结果", type="choice", required=True, values=STATUSES)
    return Form(
        spec.form, spec.title, left.kept_by, left.reported_by, left.dated_by, left.key, (), (*left.columns, status),
        spec.derived, document.file,
    )  # fmt: skip


def _repeated(specs: list[tuple[FormSpec, Document]]) -> Iterator[Issue]:
    seen: dict[str, str] = {}
    for spec, document in specs:
        for key, name in (("form", spec.form), ("title", spec.title)):
            if name in seen:
                yield document.issue((key,), f"“{name}”与 {seen[name]} 重复", "每张报表用不同的代码和名称")
            seen[name] = document.file
        if spec.form == "submissions":
            yield document.issue(("form",), "submissions 是报送登记的专用代码", "请换一个代码")
        elif spec.form in SYSTEM_TABLES:
            yield document.issue(("form",), f"“{spec.form}”是系统保留的代码", "请换一个代码")


def _plain_problems(spec: FormSpec, document: Document) -> Iterator[Issue]:
    codes = [column.code for column in spec.columns]
    if not spec.columns:
        yield document.issue((), "没有定义任何列", "请在 columns 里写明各列")
        return
    yield from _column_problems(spec, document)
    yield from _check_problems(spec, document)
    types = {column.code: column for column in spec.columns}
    if spec.dated_by is None:
        yield document.issue((), "没有写明 dated_by", "请指定一个必填的日期列，行按它归入考核期")
    elif spec.dated_by not in types:
        yield document.issue(("dated_by",), f"没有列“{spec.dated_by}”", "可用的列：" + "、".join(codes))
    elif types[spec.dated_by].type != "date" or not types[spec.dated_by].required:
        yield document.issue(("dated_by",), f"“{types[spec.dated_by].title}”须是必填的日期列", "请改列的定义或另选一列")
    for index, key in enumerate(spec.key):
        if key not in types:
            yield document.issue(("key", index), f"没有列“{key}”", "可用的列：" + "、".join(codes))
    for index, due in enumerate(spec.due):
        loc: Loc = ("due", index) if isinstance(document.data["due"], list) else ("due",)
        if (due.every is None) == (not due.dates):
            yield document.issue(loc, "期限要么写 every，要么写 dates", "请写其中一种")
        if not 1 <= due.day <= 31 or not 1 <= due.weekday <= 7 or not 0 <= due.months_after <= 12:
            yield document.issue(loc, "期限的日子超出范围", "day 为 1–31，weekday 为 1–7，months_after 为 0–12")
        if due.not_before is not None and due.not_before.days < 0:
            fix = "请写到期前最早几天可以报，例如 days: 5"
            yield document.issue((*loc, "not_before", "days"), "天数不能小于 0", fix)
        if due.late_rows != spec.due[0].late_rows:
            yield document.issue((*loc, "late_rows"), "一张报表的各种期限里 late_rows 要一样", "请写成相同的，或都不写")
        if due.late_rows != "count" and spec.kept_by == "office":
            problem = "办公室登记的台账没有迟报，late_rows 用不上"
            yield document.issue((*loc, "late_rows"), problem, "请删去，或核对 kept_by")
        if due.every == "week" and due.from_ and due.to and due.from_ > due.to:
            yield document.issue((*loc, "from"), "起始日晚于截止日", "请核对 from 和 to")


def _column_problems(spec: FormSpec, document: Document) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for index, column in enumerate(spec.columns):
        loc: Loc = ("columns", index)
        for name in (column.code, column.title, *column.aliases):
            if seen.get(name, index) != index:
                yield document.issue(loc, f"列名“{name}”用了两次", "代码、列名、别名在一张表里都要唯一")
            seen[name] = index
        if column.code in SYSTEM_COLUMNS or not can_be_named(column.code):
            yield document.issue((*loc, "code"), f"“{column.code}”是系统保留的代码", "请换一个代码")
        for name in (column.title, *column.aliases):
            if name in ("单位", "unit"):
                yield document.issue(loc, f"“{name}”这个列名留给填报单位", "请换一个列名")
        if (column.type == "choice") != bool(column.values):
            yield document.issue(loc, "选项列要写 values，其他列不写", "请核对 type 与 values")
        if not 0 <= column.decimals <= 6:
            yield document.issue((*loc, "decimals"), "小数位数须在 0 到 6 之间", "请改 decimals")
        if column.at_least is not None and column.at_most is not None and column.at_least > column.at_most:
            yield document.issue((*loc, "at_least"), "下限大于上限", "请核对 at_least 与 at_most")
    if len(spec.columns) > 60:
        yield document.issue(("columns",), "一张表最多 60 列", "请拆成两张表")


def _check_problems(spec: FormSpec, document: Document) -> Iterator[Issue]:
    by_period = bool(spec.due) and spec.kept_by == "unit"
    types = {column.code: column.row_type for column in spec.columns}
    around = checks.Around(types, spec.key, spec.dated_by or "", by_period)
    for loc, problem, fix in checks.problems(spec.checks, around):
        yield document.issue(("checks", *loc), problem, fix)


def _derived_problems(spec: FormSpec, document: Document, forms: dict[str, Form]) -> Iterator[Issue]:
    derived = spec.derived
    assert derived is not None
    for key in ("columns", "checks", "due", "key", "dated_by"):
        if getattr(spec, key):
            yield document.issue((key,), f"派生报表不写 {key}", "它来自左表，请删去")
    for side, code in (("left", derived.left), ("right", derived.right)):
        if code not in forms:
            yield document.issue(("derived", side), f"没有报表“{code}”", "可用的报表：" + "、".join(sorted(forms)))
    if derived.left not in forms or derived.right not in forms:
        return
    left, right = forms[derived.left], forms[derived.right]
    if left.dated_by not in left.by_code:
        return
    for key, code, form in [
        ("on", derived.on, left),
        ("on", derived.on, right),
        *(("compare", code, form) for code in derived.compare for form in (left, right)),
    ]:
        if code not in form.by_code:
            yield document.issue(("derived", key), f"“{form.title}”没有列“{code}”", "两张表都要有这一列")
    if derived.late_after is not None:
        for key, code, form in (("from", derived.late_after.from_, left), ("to", derived.late_after.to, right)):
            if code not in form.by_code or form.by_code[code].type != "date":
                problem = f"“{form.title}”没有日期列“{code}”"
                yield document.issue(("derived", "late_after", key), problem, "请写日期列的代码")
    if derived.where is not None:
        try:
            condition(derived.where.tree, left.row_types)
        except ExpressionError as error:
            yield document.issue(("derived", "where"), error.problem, error.fix)
