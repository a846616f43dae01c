"""What the assessors entered, as a table and in words: score or loss, limit, reason, author, day, document.

Changes no score: the points come from the figure (`case_quality.judged`); here stand the words beside it.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from scoring.engine.measures import Pass
from scoring.engine.placed import placed
from scoring.expressions.words import amount, number
from scoring.forms import Form
from scoring.rubric import Rubric
from scoring.rubric.judging import of_assessors
from scoring.rubric.model import Period
from scoring.rubric.rules import Judged
from scoring.sql.text import Query, identifier, indent, values_table

WORDS = ("reason", "judged_by", "judged_on", "doc_no")
_NONE = """SELECT NULL::VARCHAR AS unit, NULL::VARCHAR AS indicator, FALSE AS is_loss, NULL::DECIMAL(38, 6) AS score,
    NULL::DECIMAL(38, 6) AS most, NULL::VARCHAR AS reason, NULL::VARCHAR AS judged_by, NULL::DATE AS judged_on,
    NULL::VARCHAR AS doc_no
WHERE FALSE"""


def compile_entries(rubric: Rubric, period: Period, as_of: date) -> Query:
    """One row per entry that counts in the period."""
    limits: dict[str, list[tuple[str, str, bool, Decimal]]] = {}
    for group in rubric.groups:
        for one in placed(rubric, group):
            for rule in of_assessors(one.indicator):
                row = (group, one.indicator.code, rule.is_loss, rule.most(one.setting))
                limits.setdefault(rule.form, []).append(row)
    pieces = [_of_form(rubric, rubric.forms[code], period, as_of, rows) for code, rows in limits.items()]
    union = "\nUNION ALL\n".join(pieces)
    return Query(
        "judged_entry", "考核组的评分、酌情扣分每笔一行：分数、上限、理由、评分人、日期、文号", union or _NONE, "detail"
    )


def _of_form(
    rubric: Rubric, form: Form, period: Period, as_of: date, limits: list[tuple[str, str, bool, Decimal]]
) -> str:
    start, end = period.window("this", as_of)
    rows = Pass(form, "this", start, end, period.end, min(period.cut_off, as_of), (), rubric.forms).rows
    own = [identifier(code) if code in form.by_code else "NULL" for code in WORDS]
    texts = [
        f"{sql}::{'DATE' if code == 'judged_on' else 'VARCHAR'} AS {code}" for code, sql in zip(WORDS, own, strict=True)
    ]
    if "judged_on" not in form.by_code:
        texts[WORDS.index("judged_on")] = f"{identifier(form.dated_by)} AS judged_on"
    listed = values_table("l", ["grp", "indicator", "is_loss", "most"], limits)
    return f"""SELECT row_unit::VARCHAR AS unit, l.indicator, l.is_loss, f.score::DECIMAL(38, 6) AS score,
    l.most::DECIMAL(38, 6) AS most, {", ".join(texts)}
FROM {identifier(form.code)} f JOIN assessed a ON a.unit = f.row_unit
JOIN (
{indent(listed)}
) l ON l.grp = a.grp AND l.indicator = f.indicator
WHERE {rows}"""


def entry_words(rule: Judged, part: dict[str, Any], most: Decimal, entries: list[dict[str, Any]]) -> list[str]:
    """考核组评 4.5 分（最高 5 分），理由：…；评分人：…，2024-12-20，示双打办函〔2024〕9号. Nothing where there is no score."""
    quantity = part["quantity"]
    if quantity is None:
        return []
    if rule.measure is not None:
        return _figure_words(rule, part, most)
    if not entries:
        return ["考核组没有登记扣分" if rule.is_loss else "考核组没有评分"]
    told = f"考核组{'酌情扣' if rule.is_loss else '评'} {number(quantity.normalize())} 分"
    told += f"（最{'多扣' if rule.is_loss else '高'} {number(most)} 分"
    if not 0 <= quantity <= most:
        told += f"，按 {number(min(max(quantity, Decimal(0)), most))} 分计"
    return [f"{told}）", *(_said_with(row) for row in entries)]


def _figure_words(rule: Judged, part: dict[str, Any], most: Decimal) -> list[str]:
    """测评得分 92 分; of a figure outside its limits also what counts."""
    quantity = part["quantity"]
    counts = number(min(max(quantity, Decimal(0)), most))
    told = f"{part['title']} {amount(quantity.normalize(), part['thing'])}"
    if rule.is_loss:
        limit = f"（最多扣 {number(most)} 分）" if quantity > most else ""
        return [f"{told}{limit}", f"扣 {counts} 分" if quantity > 0 else "不扣分"]
    if 0 <= quantity <= most:
        return [told]
    return [f"{told}（{f'最高 {number(most)} 分' if quantity > most else '低于 0'}，按 {counts} 分计）"]


def _said_with(row: dict[str, Any]) -> str:
    """Why, by whom, when, under which number; what the form has no column for is not spoken of."""
    who = "，".join(str(row[key]) for key in ("judged_by", "judged_on", "doc_no") if row[key])
    head = "评分人" if row["judged_by"] else "评分日期"
    return "；".join([*([f"理由：{row['reason']}"] if row["reason"] else []), *([f"{head}：{who}"] if who else [])])
