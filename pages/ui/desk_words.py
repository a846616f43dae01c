"""Words of the desk: states with their icons, classes of findings, days late. Never calls Streamlit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.desk.handing_in import Receipt
from scoring.desk.reports import Report
from scoring.desk.states import ACCEPTED, DRAFT, FAULTY, LOCKED, NOTHING, RETURNED, UNCONFIRMED, VOID, WAITING
from scoring.intake.reported import LEAST_EXPLANATION, CheckLevel, Finding, ReportedSheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# state → (sign that is read without colour, colour of a badge)
SIGNS: dict[str, tuple[str, str]] = {
    NOTHING: ("○", "gray"),
    DRAFT: ("✎", "blue"),
    FAULTY: ("✕", "red"),
    WAITING: ("…", "orange"),
    RETURNED: ("↩", "red"),
    ACCEPTED: ("✓", "green"),
    LOCKED: ("■", "gray"),
    VOID: ("－", "gray"),
    UNCONFIRMED: ("？", "orange"),
}
LEVELS: dict[CheckLevel, str] = {"A": "强制", "B": "需说明", "C": "需核实", "D": "提示"}
LEVEL_COLOURS: dict[CheckLevel, str] = {"A": "red", "B": "orange", "C": "orange", "D": "gray"}


def state(report: Report) -> str:
    """✓ 通过; … 待复核　逾期 3 天."""
    sign = SIGNS[report.state][0]
    return f"{sign} {report.state}"


def lateness(report: Report) -> str:
    """What the calendar says beside the state."""
    if report.days_late is None:
        return "按期" if report.received_at else "未到期" if report.form.has_schedule else "没有期限"
    return f"迟报 {report.days_late} 天" if report.received_at else f"逾期 {report.days_late} 天"


def badge(name: str) -> str:
    sign, colour = SIGNS[name]
    return f":{colour}-badge[{sign} {name}]"


def counts(findings: Sequence[Finding]) -> str:
    """强制 2　需说明 1, as badges; 没有问题 where there are none."""
    told = []
    for level, title in LEVELS.items():
        if number := sum(one.level == level for one in findings):
            told.append(f":{LEVEL_COLOURS[level]}-badge[{title} {number}]")
    return " ".join(told) or ":green-badge[✓ 校验通过]"


def finding_rows(sheet: ReportedSheet) -> list[dict[str, str]]:
    """Every finding as the reporter reads it, the gravest first."""
    ordered = sorted(sheet.findings, key=lambda one: (one.level, one.line or 0))
    return [
        {
            "级别": f"{one.level} {LEVELS[one.level]}",
            "单元格": f"{one.letter}{one.line}"
            if one.letter and one.line
            else (f"第 {one.line} 行" if one.line else "整表"),
            "列": sheet.form.by_code[one.column].title if one.column in sheet.form.by_code else "",
            "填的是": one.typed,
            "问题": one.problem,
            "怎么办": one.fix,
        }
        for one in ordered
    ]


@dataclass(frozen=True)
class Question:
    """Findings of one kind in one column: one explanation does for all of them."""

    findings: tuple[Finding, ...]

    @property
    def least(self) -> int:
        return max(LEAST_EXPLANATION[one.level] for one in self.findings)

    @property
    def words(self) -> str:
        """第 6、9 行　批捕 24 大于抓获 16."""
        lines = [str(one.line) for one in self.findings if one.line]
        where = f"第 {'、'.join(lines[:8])}{'…' if len(lines) > 8 else ''} 行" if lines else "整表"
        more = f"（同类共 {len(self.findings)} 处）" if len(self.findings) > 1 else ""
        return f"{where}　{self.findings[0].problem}{more}"


def questions(sheet: ReportedSheet) -> list[Question]:
    """What has to be explained before the sheet can be handed in; rows set aside need not be."""
    aside = {line for line, out in zip(sheet.lines, sheet.aside, strict=True) if out}
    grouped: dict[tuple[str, str, str], list[Finding]] = {}
    for one in sheet.findings:
        if one.level in LEAST_EXPLANATION and one.line not in aside:
            grouped.setdefault((one.level, one.check, one.column), []).append(one)
    return [Question(tuple(found)) for found in grouped.values()]


def receipt_text(receipt: Receipt, office: str, unit: str, report: str, sample: bool) -> str:
    """回执, to be kept or printed."""
    late = "按期" if receipt.days_late is None else f"迟报 {receipt.days_late} 天"
    aside = f"，其中 {receipt.aside} 行有强制性错误未计入" if receipt.aside else ""
    lines = [
        f"{office}　报送回执" + ("（示例）" if sample else ""),
        "",
        f"回执编号：{receipt.no}",
        f"报送单位：{unit}",
        f"报表：{report}",
        f"收到时间：{receipt.received_at:%Y年%m月%d日 %H:%M:%S}（{late}）",
        f"行数：{receipt.rows} 行{aside}",
        f"文件：{receipt.file_name}",
        f"文件校验值（SHA-256）：{receipt.sha256}",
        "",
        "收到不等于通过：数据经双打办复核通过后才计入考核。",
    ]
    return "\n".join(lines) + "\n"
