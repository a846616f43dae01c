"""汇报 as one drawing: figures, ranking beside the problems, map of tiles, sentences. Text only; reckons nothing, calls no Streamlit.

Every figure is a link to where it comes from.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from decimal import Decimal
from html import escape

from pages.ui import words
from pages.ui.drawn import address
from pages.ui.words import Row
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.insight.briefing import Overview, Problem, Struck, Told, vetoed
from scoring.insight.briefing.naming import WITHOUT

MOST_PROBLEMS, MOST_UNITS = 8, 20  # columns, rows


def tiles(found: Overview) -> str:
    """Units, mean, highest, lowest, gap, grades; mean and gap against last year where there was one."""
    here = {"group": found.title}
    ranking = address("ranking", here)
    listed = [
        _tile("被考核单位", f"{found.units} 个", f"{len(found.open_units)} 个数据不全，暂缺" if found.open_units else "都已有总分", ranking),
        _tile("平均分", _amount(found.mean), _mean_before(found), ranking),
        _end(found, "最高", found.highest, found.highest_open),
        _end(found, "最低", found.lowest, found.lowest_open),
        _tile("首末差距", _amount(found.gap), _gap_before(found), address("gap", here)),
    ]
    if found.grades:
        chips = [f"<span><b>{count}</b> {escape(title)}{_quota(dict(found.quota_open).get(title, 0), count)}</span>" for title, count in found.grades]
        chips += [f"<span><b>{found.without_grade}</b> 暂缺</span>"] if found.without_grade else []
        listed.append(f'<a class="b-tile" href="{ranking}"><span class="b-label">等次</span><span class="b-chips">{"".join(chips)}</span></a>')
    return f'<div class="b-tiles">{"".join(listed)}</div>'


def _quota(undecided: int, count: int) -> str:
    """Of how many units a quota has not been shared out yet."""
    if not undecided:
        return ""
    return f"<i>（{'' if undecided == count else f'{undecided} 个'}名额未定）</i>"


def _tile(label: str, figure: str, note: str, to: str) -> str:
    return (
        f'<a class="b-tile" href="{to}"><span class="b-label">{escape(label)}</span>'
        f'<span class="b-figure">{escape(figure)}</span><span class="b-note">{escape(note)}</span></a>'
    )


def _amount(amount: Decimal | None) -> str:
    return points(amount) if amount is not None else "暂缺"


def _mean_before(found: Overview) -> str:
    """两年都有总分的 10 个单位：85.67 → 83.15; without last year's nothing is set beside."""
    if found.common_mean is None:
        return f"{found.ranked} 个单位的平均" if found.open_units else "没有上年可比"
    then, now = found.common_mean.before, found.common_mean.now
    if found.settled and found.before is not None and found.before.settled:
        return f"上年 {points(then)}{_step(now - then, '提高', '降低')}"
    return f"可比的 {len(found.common_mean.units)} 个：{points(then)} → {points(now)}"


def _gap_before(found: Overview) -> str:
    before = found.before
    if found.gap is None or before is None or before.gap is None:
        return "没有上年可比" if found.gap is not None else "有总分的不到两个"
    told = f"上年 {points(before.gap)}"
    return told + (_step(found.gap - before.gap, "拉大", "缩小") if found.settled and before.settled else "，今年还没定")


def _step(step: Decimal, up: str, down: str) -> str:
    return f"，{up} {points(abs(step))}" if step else "，持平"


def _end(found: Overview, label: str, rows: Sequence[Row], is_open: bool) -> str:
    if not rows:
        return _tile(label, "暂缺", "还没有单位有总分", address("ranking", {"group": found.title}))
    names = [dict(found.titles)[row["unit"]] for row in rows]
    told = "、".join(names[:2]) + (f"等 {len(names)} 个并列" if len(names) > 2 else "并列" if len(names) > 1 else "")
    return _tile(label + ("（暂定）" if is_open else ""), points(rows[0]["total"]), told, address("unit", {"unit": rows[0]["unit"]}))


def board(
    result: Assessment, rows: Sequence[Row], problems: Sequence[Problem], columns: int = MOST_PROBLEMS, units: int = MOST_UNITS
) -> str:
    """One row per unit in the order of places: place, total, move; then which of the most widespread problems it has."""
    listed, shown = list(problems[:columns]), rows[:units]
    group = result.rubric.groups[rows[0]["group"]].title
    moves = any(row["previous_place"] is not None for row in rows)
    heads = "".join(_head(one, group) for one in listed)
    struck = vetoed(result, rows[0]["group"])
    lines = "".join(_line(result, row, listed, moves, struck) for row in shown)
    rest = f'<p class="b-rest">另有 {len(rows) - len(shown)} 个单位，见“排名”。</p>' if len(rows) > len(shown) else ""
    return (
        '<div class="b-scroll" tabindex="0" role="region" aria-label="名次和问题"><table class="b-board"><thead><tr><th scope="col">名次</th><th scope="col">单位</th>'
        f'<th scope="col" class="b-total">总分</th>{"<th scope=col class=b-move>名次<br>升降</th>" if moves else ""}{heads}</tr></thead><tbody>{lines}</tbody></table>{rest}</div>'
    )


def below(group: str, problems: Sequence[Problem], issued: Container[str], columns: int = MOST_PROBLEMS) -> str:
    """What has no column: tasks that were not fulfilled, and the way to all problems. `issued`: indicators with a target that
    was issued. "" where all have a column."""
    if len(problems) <= columns:
        return ""
    to = address("shortfalls", {"group": group, "view": "一览"})
    every = f'问题共 {len(problems)} 类，列涉及单位最多的 {columns} 类，<a class="b-more" href="{to}">看一览</a>'
    return f'<p class="b-below">{_unfinished(group, problems[columns:], issued)}<span>{every}</span></p>'


def _unfinished(group: str, problems: Sequence[Problem], issued: Container[str]) -> str:
    """下达任务未完成：案件办案量不达标 3 个单位，合计差 5 件，1 个数据不全."""
    told = []
    for one in problems:
        if one.is_flag and any(code in issued for code in one.indicators):
            amount = f"，{'合计' if len(one.cells) > 1 else ''}差 {one.total[0]} {one.total[1]}" if one.total and one.total[0] else ""
            waits = f"，{len(one.open)} 个数据不全" if one.open else ""
            to = address("shortfalls", {"group": group, "label": one.label})
            told.append(f'<a href="{to}">{escape(one.label)} {len(one.cells)} 个单位{amount}{waits}</a>')
    return f'<span class="b-tasks">下达任务未完成：{"；".join(told)}</span>' if told else ""


def _head(one: Problem, group: str) -> str:
    query = {"group": group, "label": one.label}
    return (
        f'<th scope="col"><a href="{address("shortfalls", query)}">{escape(one.label)}</a>'
        f"<span>{len(one.cells)} 个单位</span></th>"
    )


def _line(result: Assessment, row: Row, columns: Sequence[Problem], moves: bool, struck: Mapping[str, Struck]) -> str:
    unit, title = row["unit"], result.rubric.register.title(row["unit"])
    place = words.short_place(row) + ('<i title="暂定">暂</i>' if row["provisional"] and row["place"] is not None else "")
    total = words.short_total(row) if row["total"] is not None else words.span(row["total_low"], row["total_high"])
    link = address("unit", {"unit": unit})
    cells = "".join(_cell(unit, title, one) for one in columns)
    mark = f'<i class="b-veto" title="{escape(struck[unit].why)}">一票否决</i>' if unit in struck else ""
    return (
        f'<tr><td class="b-place">{place}</td><th scope="row"><a href="{link}">{escape(title)}</a>{mark}</th>'
        f'<td class="b-total">{escape(total)}</td>{_move(row) if moves else ""}{cells}</tr>'
    )


def _move(row: Row) -> str:
    before, now = row["previous_place"], row["place"]
    if before is None or now is None:
        return f'<td class="b-move b-same">{"上年无" if before is None else "—"}</td>'
    told = words.moved(before, now)
    return f'<td class="b-move {"b-up" if "↑" in told else "b-down" if "↓" in told else "b-same"}">{told}</td>'


def _cell(unit: str, title: str, one: Problem) -> str:
    if unit not in one.applies:
        return '<td class="b-none">不适用</td>'
    if unit not in one.cells:
        return '<td class="b-none">待定</td>' if unit in one.open else '<td class="b-good">—</td>'
    cell = one.cells[unit]
    kind = {WITHOUT: "b-absent", "进度滞后": "b-late"}.get(cell.stage, "b-bad")
    told = cell.gap_words or (f"失 {cell.lost_words}" if cell.lost_words != "待定" else "待定")
    link = address("unit", {"unit": unit, "indicator": cell.indicator})
    label = escape(f"{title}，{one.label}：{told}")
    return f'<td class="{kind}"><a href="{link}" aria-label="{label}">{escape(told)}</a></td>'


def tile_map(result: Assessment, rows: Sequence[Row]) -> str:
    """格网示意图: a tile per unit where the register gives one, darker the higher the total. "" where no unit has a tile."""
    register = result.rubric.register
    spots = {unit.code: unit.tile for unit in register.units if unit.tile is not None}
    placed = [row for row in rows if row["unit"] in spots]
    if not placed:
        return ""
    size, step = 88, 94
    top, left = (min(spots[row["unit"]][axis] for row in placed) for axis in (0, 1))
    height, width = (max(spots[row["unit"]][axis] for row in placed) for axis in (0, 1))
    known = sorted({row["total"] for row in placed if row["total"] is not None})
    drawn = []
    for row in placed:
        line, column = spots[row["unit"]]
        x, y = (column - left) * step, (line - top) * step
        shade = 1 + 4 * known.index(row["total"]) // max(1, len(known) - 1) if row["total"] is not None else 0
        title, total = register.title(row["unit"]), words.short_total(row)
        drawn.append(
            f'<a href="{address("unit", {"unit": row["unit"]})}" aria-label="{escape(f"{title}，{words.place(row)}，{total}")}">'
            f'<g class="b-shade{shade}"><rect x="{x}" y="{y}" width="{size}" height="{size}" rx="6"/>'
            f'<text x="{x + size // 2}" y="{y + 38}">{escape(title)}</text><text x="{x + size // 2}" y="{y + 64}">{escape(total)}</text></g></a>'
        )
    box = f"0 0 {(width - left + 1) * step - 6} {(height - top + 1) * step - 6}"
    return (
        f'<figure class="b-map"><svg viewBox="{box}" role="group" aria-label="格网示意图：各单位的总分">{"".join(drawn)}</svg>'
        "<figcaption>格网示意图，不表示边界；颜色越深总分越高</figcaption></figure>"
    )


def consequences(lines: Sequence[str], group: str) -> str:
    """结果运用 clause by clause: of whom it takes hold, and of whom that is not settled."""
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines) or "<li>没有单位达到结果运用的条件。</li>"
    return f'<section class="b-follow"><h2><a href="{address("ranking", {"group": group})}">结果运用</a></h2><ul>{listed}</ul></section>'


def part(kind: str, told: Sequence[Told], large: bool = False) -> str:
    """成绩, 不足 or 下一步. Large: as a screen of its own, a few words and the whole sentence below them."""
    listed = "".join(f'<li><a href="{address(one.link.page, one.link.query)}">{_said(one, large)}</a></li>' for one in told)
    name = "b-step" if large else "b-part"
    return f'<section class="{name}"><h2>{kind}</h2><ol>{listed or "<li>从现有数据看不出。</li>"}</ol></section>'


def _said(one: Told, large: bool) -> str:
    return f"<b>{escape(one.short)}</b><span>{escape(one.text)}</span>" if large else escape(one.text)
