"""How a group stands as a whole: mean, ends, grades, and the same of last year. Reads totals and places; makes none.

The mean is that of the units with a total, each counted once; it is rounded half away from zero to the decimals of a
total. Differences between two years are those of the figures as printed, so that they add up on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from scoring.calendar import label_words
from scoring.engine import Assessment
from scoring.engine.printed import points
from scoring.insight.briefing.reading import Reading, Row
from scoring.insight.briefing.told import listed, rounded

AMONG = "已有总分的单位中"


@dataclass(frozen=True)
class CommonMean:
    """Of the units with a total in both years."""

    before: Decimal
    now: Decimal
    units: tuple[str, ...]

    @property
    def difference(self) -> Decimal:
        return self.now - self.before


@dataclass(frozen=True)
class Overview:
    """One group at a glance. Units are told by title, rows are those of `ranking`.

    `open_units`: without a total because figures are not there. `highest_open`, `lowest_open`: one of them may still
    come to stand above or below. `grades`: in the order of the text; `without_grade` have none, because they have no total or
    are not counted; of `grades_open` the grade may still change with the quota, by title in `quota_open`. `risen`, `fallen`, `same`: places that
    are known in both years, `moves_open` of them provisional. `comparable`: both years are over and have the same
    full marks.
    """

    group: str
    title: str
    period: str
    as_of: date
    units: int
    ranked: int
    open_units: tuple[str, ...]
    mean: Decimal | None
    highest: tuple[Row, ...]
    lowest: tuple[Row, ...]
    highest_open: bool
    lowest_open: bool
    gap: Decimal | None
    settled: bool
    grades: tuple[tuple[str, int], ...]
    without_grade: int
    grades_open: int
    quota_open: tuple[tuple[str, int], ...]
    before: Overview | None
    edition_changed: bool
    comparable: bool
    common_mean: CommonMean | None
    risen: int
    fallen: int
    same: int
    moves_open: int
    titles: tuple[tuple[str, str], ...]

    @property
    def highest_told(self) -> str:
        """最高 96.36 分（丙县）; with 已有总分的单位中 where that may change; "" without totals."""
        return self._end("最高", self.highest, self.highest_open)

    @property
    def lowest_told(self) -> str:
        return self._end("最低", self.lowest, self.lowest_open)

    def _end(self, word: str, rows: tuple[Row, ...], is_open: bool) -> str:
        if not rows:
            return ""
        names = dict(self.titles)
        told = listed([names[row["unit"]] for row in rows])
        tied = "，并列" if len(rows) > 1 else ""
        return f"{AMONG if is_open else ''}{word} {points(rows[0]['total'])} 分（{told}{tied}）"


def overview(result: Assessment, group: str) -> Overview:
    """Of one group, by code."""
    return overview_of(Reading(result, group))


def overview_of(seen: Reading) -> Overview:
    total = seen.total
    ends = (max(total.values()), min(total.values())) if total else (None, None)
    highest, lowest = (tuple(row for row in seen.ranking if total and row["total"] == end) for end in ends)
    moves = _moves(seen)
    titles = [one.title for one in seen.result.rubric.spec.grades]
    given = [row["grade"] for row in seen.ranking if row["grade"] is not None]
    return Overview(
        seen.group, seen.title, label_words(seen.result.period.label), seen.result.as_of, len(seen.ranking),
        sum(row["place"] is not None for row in seen.ranking), tuple(seen.names(seen.pending)),
        mean([*total.values()], seen.decimals), highest, lowest,
        any(_may(seen, unit, "total_high", ends[0]) for unit in seen.pending),
        any(_may(seen, unit, "total_low", ends[1]) for unit in seen.pending), distance(seen), seen.settled,
        tuple((title, given.count(title)) for title in titles), len(seen.ranking) - len(given) if titles else 0,
        sum(row["quota_open"] for row in seen.ranking), _quota_open(seen, titles), overview_of(seen.before) if seen.before is not None else None,
        seen.result.edition_changed, seen.then is not None, common_mean(seen),
        sum(now < then for now, then, _ in moves), sum(now > then for now, then, _ in moves),
        sum(now == then for now, then, _ in moves), sum(is_open for _, _, is_open in moves),
        tuple((unit, seen.name(unit)) for unit in seen.units),
    )  # fmt: skip


def _quota_open(seen: Reading, titles: list[str]) -> tuple[tuple[str, int], ...]:
    """The grades whose quota is not shared out yet, and how many of those that have them may still lose them."""
    found = [row["grade"] for row in seen.ranking if row["quota_open"] and row["grade"] is not None]
    return tuple((title, found.count(title)) for title in titles if title in found)


def mean(totals: list[Decimal], decimals: int) -> Decimal | None:
    """Rounded half away from zero; None of nothing."""
    return rounded(sum(map(Fraction, totals), Fraction(0)) / len(totals), decimals) if totals else None


def distance(seen: Reading) -> Decimal | None:
    """Between the highest and the lowest total; None of fewer than two units with a total."""
    found = seen.total.values()
    return max(found) - min(found) if len(found) > 1 else None


def common_mean(seen: Reading) -> CommonMean | None:
    """Of the units of the group with a total in both years; None where the years cannot be set side by side."""
    if seen.then is None:
        return None
    then = seen.then.total
    both = [unit for unit in seen.units if unit in seen.total and unit in then]
    before, now = (mean([totals[unit] for unit in both], seen.decimals) for totals in (then, seen.total))
    return CommonMean(before, now, tuple(both)) if before is not None and now is not None else None


def _may(seen: Reading, unit: str, end: str, than: Decimal | None) -> bool:
    """Whether a unit without a total can come to stand outside the range of those that have one."""
    limit = seen.by_unit[unit][end]
    if than is None or limit is None:
        return True
    return bool(limit > than if end == "total_high" else limit < than)


def _moves(seen: Reading) -> list[tuple[int, int, bool]]:
    """Place now, place then, and whether one of them is provisional."""
    before = seen.before.by_unit if seen.before is not None else {}
    pairs = [(row, before[row["unit"]]) for row in seen.ranking if row["unit"] in before]
    return [
        (now["place"], then["place"], bool(now["provisional"] or then["provisional"]))
        for now, then in pairs
        if now["place"] is not None and then["place"] is not None
    ]
