"""工作台: what is odd about the data: rows aside, masked, unexplained; remarks on the 办法. Counts; judges nothing."""

from __future__ import annotations

from collections.abc import Iterator

from pages.ui import words
from pages.ui.today_block import Block, Way
from pages.ui.today_look import Look
from scoring.desk import Desk
from scoring.desk.quality import masked, set_aside, unexplained

TITLE = "数据提醒"


def notices(look: Look) -> Block:
    """Of all units: what keeps a row or a figure from counting concerns everybody who is compared."""
    lines = [*_aside(look), *_masked(look), *_unexplained(look), *_files(look), *_remarks(look), *_calendar(look)]
    if not lines and look.result is None:
        return Block(TITLE, absent=look.no_result)
    ways = [Way("数据质量", "office/quality.py", "see_rows")] if isinstance(look.desk, Desk) else []
    if any(issue.level == "warning" for issue in look.project.issues):
        ways.append(Way("办法", "analysts/rubric.py", "see_place"))
    return Block(TITLE, len(lines), "项", lines, ways, "orange", "数据都已计入，没有要提醒的。")


def _aside(look: Look) -> Iterator[str]:
    if isinstance(look.desk, Desk):
        found = set_aside(look.desk, look.year)
        rows, units = len({(one.no, one.file, one.line) for one in found}), dict.fromkeys(one.unit for one in found if one.unit)
    else:
        aside = [issue for issue in look.project.issues if issue.sets_row_aside]
        rows, units = look.project.rows_set_aside, dict.fromkeys(issue.unit for issue in aside if issue.unit)
    if rows:
        yield f"**搁置的行**　{rows} 行没有计入" + (f"：{look.named(units)}" if units else "")


def _masked(look: Look) -> Iterator[str]:
    """Rows with masked cells where there are records; else the units with figures that cannot be reckoned."""
    if isinstance(look.desk, Desk):
        found = masked(look.desk, look.year)
        count, units = sum(row["masked_rows"] for row in found), dict.fromkeys(row["unit"] for row in found)
        if count:
            yield f"**脱敏的行**　{count} 行，用到的指标算不出：{look.named(units)}"
    elif look.result is not None:
        units = dict.fromkeys(row["unit"] for row in look.result.rows("indicator_score", state="masked"))
        if units:
            yield f"**脱敏的指标**　{len(units)} 个单位有指标算不出：{look.named(units)}"


def _unexplained(look: Look) -> Iterator[str]:
    """Findings of class B in what counts or waits, without a word of the unit."""
    if isinstance(look.desk, Desk):
        rows = unexplained(look.desk, look.year)
        count, units = sum(row["n"] for row in rows), dict.fromkeys(row["unit"] for row in rows if row["unit"])
    else:
        found = [issue for issue in look.project.issues if issue.level == "B"]
        count, units = len(found), dict.fromkeys(issue.unit for issue in found if issue.unit)
    if count:
        yield f"**需说明而没有说明**　{count} 处" + (f"：{look.named(units)}" if units else "")


def _files(look: Look) -> Iterator[str]:
    gone = look.project.files_not_counted
    if gone:
        yield f"**整张没有计入的表**　{len(gone)} 张：{words.plain('、'.join(gone[:3]))}"


def _remarks(look: Look) -> Iterator[str]:
    found = [issue for issue in look.project.issues if issue.level == "warning"]
    if found:
        yield f"**办法和设置**　{len(found)} 处提醒，不妨碍计分：{words.plain(found[0].problem)}"


def _calendar(look: Look) -> Iterator[str]:
    """Years of the period and of its deadlines in which the holidays are not known."""
    calendar = look.project.calendar
    if calendar is None or not look.project.ready:
        return
    period = look.project.period(look.year)
    years = [str(year) for year in calendar.unknown_years if period.start.year <= year <= period.cut_off.year]
    if years:
        yield f"**工作日历**　{'、'.join(years)} 年的放假安排还没有，按周一到周五算"
