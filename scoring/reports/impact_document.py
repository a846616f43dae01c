"""The 影响表 as a Word document (.docx) to be printed and signed. Says what `Impact` says; scores nothing."""

from __future__ import annotations

from scoring.reports import paper
from scoring.reports.impact import (
    TRIAL,
    Impact,
    Unit,
    arrow,
    consequences,
    day,
    grades,
    points,
    signed,
    summary,
)
from scoring.reports.paper import CENTRE, LEFT, RIGHT, Column
from scoring.reports.study import SAMPLE

_CHANGES = (
    Column("序号", 1.3, CENTRE),
    Column("条款和项目", 15.0),
    Column("原为", 4.5, CENTRE),
    Column("改为", 4.5, CENTRE),
)
_UNITS = (
    Column("单位", 2.5, LEFT), Column("原名次", 1.6, CENTRE), Column("新名次", 1.6, CENTRE), Column("升降", 1.3, CENTRE),
    Column("原总分", 1.6, RIGHT), Column("新总分", 1.6, RIGHT), Column("差", 1.4, RIGHT), Column("等次", 2.5, CENTRE),
    Column("因哪些条款（得分变动）", 8.5, LEFT, quiet=True),
    Column("结果运用", 2.7, LEFT, quiet=True),
)  # fmt: skip
_MOST_CLAUSES = 4  # of one unit in one cell; more are counted


def document(found: Impact) -> bytes:
    """The .docx, A4 landscape."""
    sheet = paper.landscape()
    label = f"{SAMPLE}　" if found.sample else ""
    paper.running(sheet, f"{label}草案试算，不是考核结果", f"{found.office}　{found.draft}")
    paper.title(sheet, found.title)
    paper.facts(sheet, _facts(found), (3.6, 21.7))
    paper.heading(sheet, "一、改了什么")
    rows = [(str(n), _item(one.clause, one.what), one.before, one.after) for n, one in enumerate(found.changes, 1)]
    if rows:
        paper.table(sheet, _CHANGES, rows)
    else:
        paper.sentence(sheet, "没有改动。")
    paper.heading(sheet, "二、影响概况")
    for text in summary(found):
        paper.sentence(sheet, text)
    for number, group in enumerate(found.groups):
        paper.heading(sheet, f"{'三四五六七八九十'[number] if number < 8 else number + 3}、名次变动（{group}）")
        units = found.of(group)
        paper.table(sheet, _UNITS, [_unit(one) for one in units], 10, [one.moves for one in units])
    if found.notes:
        paper.heading(sheet, "说明")
        for text in found.notes:
            paper.sentence(sheet, f"{text.rstrip('。')}。")
    paper.sentence(sheet, TRIAL).paragraph_format.keep_with_next = True
    _signed_by(sheet, found)
    return paper.saved(sheet, found.title, found.office, found.made_on)


def _facts(found: Impact) -> list[tuple[str, str]]:
    return [
        ("草案", found.draft),
        ("依据版本", found.basis),
        ("修改理由", found.reason),
        ("试算数据", f"{found.period}，数据截至 {day(found.as_of)}"),
        ("起草、制表", f"{found.author}，{day(found.made_on)}"),
    ]


def _item(clause: str, what: str) -> str:
    return what if not clause or what.startswith(clause) else f"{clause}{what}"


def _unit(one: Unit) -> tuple[str, ...]:
    shown, rest = one.through[:_MOST_CLAUSES], len(one.through) - _MOST_CLAUSES
    through = "\n".join(shown) + (f"\n另有 {rest} 项" if rest > 0 else "")
    return (
        one.title, one.before.told, one.after.told, arrow(one), points(one.before.total), points(one.after.total),
        signed(one.difference), grades(one), through or "本单位各项得分不变", consequences(one),
    )  # fmt: skip


def _signed_by(sheet: paper.Paper, found: Impact) -> None:
    """Who wrote it and, by hand, who approves."""
    line = sheet.add_paragraph()
    line.paragraph_format.space_before = paper.Pt(18)
    line.paragraph_format.keep_with_next = True
    approver = found.approver or "＿＿＿＿＿＿＿＿"
    paper.write(line, f"起草：{found.author}　　　　批准：{approver}　　　　日期：＿＿＿＿年＿＿月＿＿日")
    office = sheet.add_paragraph()
    office.alignment = RIGHT
    paper.write(office, f"{found.office}　{day(found.made_on)}")
