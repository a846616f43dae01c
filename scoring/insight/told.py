"""The differences of two editions, and who moved by them, as text and as JSON. Chooses words; compares nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scoring.calendar import label_words
from scoring.engine.assessment import WITHOUT_RESULT
from scoring.engine.explain import place_range
from scoring.engine.printed import between, points
from scoring.engine.trace import plain
from scoring.insight.moved import Change, Ends, Move, Moved, Other, Row
from scoring.rubric import Rubric
from scoring.rubric.diff import Difference
from scoring.rubric.editions import Editions, Stopped

_CENT = Decimal("0.01")


def difference_text(found: Moved) -> list[str]:
    """What differs, then who moved."""
    old, new = found.old.rubric, found.new.rubric
    lines = [f"旧版：{document_words(old)}", f"新版：{document_words(new)}"]
    lines += ["", "一、办法的不同", *difference_lines(found.differences)]
    return [*lines, "", "二、名次的变动", *moved_lines(found)]


def not_one_edition(editions: Editions, name: str, named: Sequence[Rubric | Stopped]) -> str:
    """Why a label or a path does not say which rubric is meant."""
    if named:
        files = "、".join(one.file if isinstance(one, Stopped) else one.document.file for one in named)
        return f"版本“{name}”不止一份：{files}。请写文件路径。"
    labels = [f"{one.spec.edition}（{one.document.file}）" for one in editions.all]
    labels += [f"{one.edition}（{one.file}，有错误）" for one in editions.stopped if one.edition is not None]
    return f"没有“{name}”这一版办法，也没有这个文件。可用的版本：{'、'.join(labels)}。"


def difference_lines(told: Sequence[Difference]) -> list[str]:
    """The differences in words, numbered."""
    if not told:
        return ["两版办法没有不同。"]
    return [f"{number}. {one.words}。" for number, one in enumerate(told, 1)]


def document_words(rubric: Rubric) -> str:
    """Which edition: title, label, number, the day it came into force."""
    spec = rubric.spec
    day = spec.document.in_force
    since = f"{day.year}年{day.month}月{day.day}日起施行"
    return f"{spec.rubric} {spec.edition}版（{spec.document.number}，{since}）"


def moved_lines(found: Moved) -> list[str]:
    """Who moved, from where to where, because of which clause."""
    new = found.new
    head = f"{label_words(new.period.label)}的同一批数据（截至 {new.as_of}）按两版办法分别计分"
    if not found.moves:
        return [f"{head}，没有单位名次变动。"]
    lines = [f"{head}，{len(found.moves)} 个单位名次变动。"]
    titles = {code: group.title for one in (found.old, new) for code, group in one.rubric.groups.items()}
    heading = ""
    for move in found.moves:
        row = move.after or move.before
        if row is not None and titles[row["group"]] != heading:
            heading = titles[row["group"]]
            lines += ["", heading]
        lines += _move_lines(move, titles)
    return lines


def _move_lines(move: Move, titles: dict[str, str]) -> list[str]:
    places = f"{_place(move.before)} → {_place(move.after)}"
    lines = [f"{move.title}　{places}　总分 {_total(move.before)} → {_total(move.after)}{_more(*move.totals)}"]
    if move.before is not None and move.after is not None and move.before["group"] != move.after["group"]:
        lines.append(f"  考核分组由{titles[move.before['group']]}改为{titles[move.after['group']]}")
    lines += [f"  {_change(change)}" for change in _steps_together(move.changes)]
    for told, others in (
        ("被超过", [one for one in move.passed_by if one.places[0] is not None]),
        ("新排在前面", [one for one in move.passed_by if one.places[0] is None]),
        ("赶上或超过", [one for one in move.passed if one.places[1] is not None]),
        ("不再排在前面", [one for one in move.passed if one.places[1] is None]),
        ("前面的单位同分情况有变", list(move.above)),
    ):
        if others:
            lines.append(f"  {told}：{'；'.join(_other(one, bool(move.changes)) for one in others)}")
    if not move.changes:
        lines.insert(1, "  本单位各项得分没有变")
    return lines + [f"  {rule.words}" for rule in move.rules]


def _steps_together(changes: Sequence[Change]) -> list[Change]:
    """The steps of the sum as one where they have longer decimals, so that what is printed adds up."""
    steps = [one for one in changes if one.is_step]
    ends = [end for one in steps for end in (one.before, one.after)]
    if len(steps) < 2 or any(end is None or end.known is None for end in ends):
        return list(changes)
    first, *rest = steps
    title = f"{first.title}（含{'、'.join(one.title for one in rest)}）"
    before, after = (
        sum((end.known for end in side if end is not None and end.known is not None), Decimal(0))
        for side in ([one.before for one in steps], [one.after for one in steps])
    )
    behind = tuple(dict.fromkeys(clause for one in steps for clause in one.behind))
    together = replace(first, title=title, before=Ends(before, before), after=Ends(after, after), behind=behind)
    return [*(one for one in changes if not one.is_step), together]


def _place(row: Row | None) -> str:
    """第 3 名, 并列第 2 名, 暂缺（第 5–7 名）, 不考核."""
    if row is None:
        return "不考核"
    if row["place"] is None:
        return f"暂缺（{place_range(row)}）" if row["state"] == "pending" else "不排名次"
    return f"{'并列' if row['tied'] else ''}第 {row['place']} 名"


def _total(row: Row | None) -> str:
    if row is None:
        return "—"
    return points(row["total"]) if row["total"] is not None else between(row["total_low"], row["total_high"])


def _more(before: Decimal | None, after: Decimal | None) -> str:
    return "" if before is None or after is None or before == after else f"（{_signed(after - before)}）"


def _signed(amount: Decimal) -> str:
    """+0.81, −1.00; with 约 where more decimals follow than are printed."""
    short = amount.quantize(_CENT, ROUND_HALF_UP) + 0
    told = f"{'+' if amount > 0 else ''}{points(short)}"
    return told if short == amount else f"约 {told}"


def _short(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(_CENT, ROUND_HALF_UP) + 0  # no −0.00


def _change(change: Change) -> str:
    head = f"{'→'.join(change.clauses)} " if change.clauses and not change.is_step else ""
    kind = {"landing": "失分（扣在别处）"}.get(change.kind, "")
    told = f"{head}{change.title}{kind} {_ends(change.before)} → {_ends(change.after)}"
    if change.difference is not None:
        told += f"（{_signed(change.difference)}）"
    if change.behind:
        told += f"，不适用的满分有变：{'、'.join(change.behind)}"
    return told


def _ends(ends: Ends | None) -> str:
    if ends is None:
        return "没有这一项"
    told = between(_short(ends.low), _short(ends.high))
    if ends.state == "not_applicable":
        return f"不适用 {told}"
    return told if ends.known is not None else f"{WITHOUT_RESULT} {told}"


def _other(one: Other, brief: bool) -> str:
    """Another unit, and unless brief the largest change of its own."""
    places = " → ".join("暂缺" if place is None else f"第 {place} 名" for place in one.places)
    named = [change for change in one.changes if not change.is_step] or list(one.changes)
    why = f"，{_change(named[0])}" if named and not brief else ""
    return f"{one.title}（{places}{why}）"


# --- JSON -----------------------------------------------------------------------------------------------


def difference_document(found: Moved) -> dict[str, Any]:
    """Differences and moves; numbers are exact decimal strings."""
    return {
        "old": _edition(found.old.rubric),
        "new": _edition(found.new.rubric),
        "period": found.new.period.label,
        "as_of": found.new.as_of.isoformat(),
        "differences": [
            {
                "what": one.what, "subject": one.subject, "code": one.code, "group": one.group,
                "clause_old": one.clause_old, "clause_new": one.clause_new,
                "before": one.before, "after": one.after, "words": one.words,
            }
            for one in found.differences
        ],
        "moved": [_move_document(move) for move in found.moves],
    }  # fmt: skip


def _edition(rubric: Rubric) -> dict[str, Any]:
    spec = rubric.spec
    return {
        "rubric": spec.rubric,
        "edition": spec.edition,
        "document": spec.document.number,
        "in_force": spec.document.in_force.isoformat(),
        "file": rubric.document.file,
    }


def _move_document(move: Move) -> dict[str, Any]:
    return {
        "unit": move.unit,
        "title": move.title,
        "before": None if move.before is None else plain(move.before),
        "after": None if move.after is None else plain(move.after),
        "clauses": list(move.clauses),
        "changes": [_change_document(change) for change in move.changes],
        **{
            name: [_other_document(one) for one in others]
            for name, others in (("passed_by", move.passed_by), ("passed", move.passed), ("above", move.above))
        },
        "rules": [rule.words for rule in move.rules],
    }


def _change_document(change: Change) -> dict[str, Any]:
    ends = {
        side: None if one is None else {"points_low": one.low, "points_high": one.high, "state": one.state}
        for side, one in (("before", change.before), ("after", change.after))
    }
    return {
        "kind": change.kind,
        "code": change.code,
        "title": change.title,
        "clauses": list(change.clauses),
        **{side: None if one is None else plain(one) for side, one in ends.items()},
        **plain({"difference": change.difference}),
    }


def _other_document(one: Other) -> dict[str, Any]:
    changes = [_change_document(change) for change in one.changes]
    return {"unit": one.unit, "title": one.title, "places": list(one.places), "changes": changes}
