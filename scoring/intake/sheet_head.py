"""What the head of a sheet says of its columns: units of measure, and what is lacking, strange or there twice.

Knows one form and its head; reads no row.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scoring.intake.grid import letter
from scoring.intake.heads import Above, Head, power_between
from scoring.intake.reported import CheckLevel, Finding, ReportedSheet


def powers_of(sheet: ReportedSheet, head: Head, above: Above, then: Mapping[str, tuple[str, str]]) -> dict[str, int]:
    """By column the tens between the unit of measure that is said and the one declared. Said by the title of the
    column, a line of units, the whole sheet (单位：元), or the template of then."""
    powers: dict[str, int] = {}
    for column in sheet.form.columns:
        at = head.places.get(column.code)
        if column.type not in ("integer", "decimal") or at is None or not column.unit:
            continue
        money = above.money if column.unit.endswith("元") else ""
        said = head.units.get(column.code) or above.measures.get(at) or money or then.get(column.code, ("", ""))[1]
        power = power_between(said, column.unit) if said else 0
        if power:
            powers[column.code] = power
            problem = f"“{column.title}”写的计量单位是“{said}”，已换算成“{column.unit}”读入"
            sheet.findings.append(Finding("V07", "D", problem, "请核对", None, column.code, letter(at), said))
        elif power is None:
            problem = f"“{column.title}”写的计量单位是“{said}”，应为“{column.unit}”；数字按原样读入"
            fix = "计量单位确有不同的，请换算后重填；相同的请说明"
            sheet.findings.append(Finding("V07", "B", problem, fix, None, column.code, letter(at), said))
    return powers


def head_findings(sheet: ReportedSheet, head: Head, needed: Collection[str], nearest: Mapping[str, str]) -> None:
    """Titles that are no column, columns that are there twice, and columns that are not there."""
    form, findings = sheet.form, sheet.findings
    for code, (at, title) in head.twice.items():
        problem = f"“{title}”出现了两次（{letter(head.places[code])} 列和 {letter(at)} 列）"
        findings.append(Finding("表头", "A", problem, "请只留一列；整张表暂未计入", None, code, letter(at), title))
        sheet.refused = True
    lacking = [column for column in form.columns if column.code not in head.places]
    strict = {form.dated_by, *form.key, *needed}
    for column in lacking:
        guess = nearest.get(column.code, "")
        asked = f"“{guess}”是不是“{column.title}”？" if guess else ""
        if column.required or column.code in strict or guess:
            sheet.refused = True
            what = "必填的列" if column.required else "计分要用的列" if column.code in strict else "一列"
            fix = (f"{asked}是的话请改成规定的列名" if asked else "请补上这一列") + "；整张表暂未计入"
            findings.append(Finding("表头", "A", f"缺少{what}“{column.title}”", fix, None, column.code))
        else:
            level: CheckLevel = "B" if head.unknown else "D"  # it may be there under a name nobody can guess
            fix = "没有要报的请说明；要报的请补上这一列" if head.unknown else "要报的请补上这一列"
            problem = f"没有“{column.title}”这一列，各行按没有填计"
            findings.append(Finding("表头", level, problem, fix, None, column.code))
    told = set(nearest.values())
    for at, title in head.unknown.items():
        if title not in told:
            problem = f"“{form.title}”里没有“{title}”这一列，没有读入"
            findings.append(Finding("表头", "D", problem, "不用报的不用管", None, "", letter(at), title))
