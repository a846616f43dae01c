"""再做一件能加多少: what one more of each action of the rubric brings to a unit's total and place. Knows assessments and actions, no page.

The group is scored again by the engine with the unit's figures changed, each action by itself; nothing is reckoned here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from scoring.engine import Assessment
from scoring.engine.printed import between, points
from scoring.engine.sample_results import Outcome
from scoring.insight.path.brought import brought
from scoring.insight.path.ground import Ground, ground_of
from scoring.insight.path.results import Brought, NotOffered, Offer
from scoring.insight.path.search import Search
from scoring.insight.path.standing import Changes, Row, Standing
from scoring.insight.path.things import things
from scoring.rubric.actions import Action

AT_ONCE = 6_000  # imaginary units in one run
DONE = "已经做到，没有可再做的"
_DONE = ("已经是“是”", "已经是 0")


@dataclass(frozen=True)
class More:
    """What comes of something done, nothing else changed. `low`, `high`: what the total gains at least and at most, the same
    where it is known; None is an end without limit. `before`, `after`: rows of the ranking of the unit. `brings`: clause by
    clause, before rescaling and limits."""

    low: Decimal | None
    high: Decimal | None
    before: Row
    after: Row
    brings: tuple[Brought, ...]

    @property
    def gains(self) -> bool:
        """Whether anything moves for the better."""
        return (self.high is None or self.high > 0) or self._better("place") or self.after["grade"] != self.before["grade"]

    @property
    def loses(self) -> bool:
        return not self.gains and self.low is not None and self.low < 0

    def _better(self, name: str) -> bool:
        before, after = self.before[name], self.after[name]
        return before is not None and after is not None and after < before

    @property
    def words(self) -> str:
        """+0.67 分，名次不变; +1.17 分，升到第 5 名. Without full stop."""
        return "，".join([self.gain_words, *self._place(), *self._grade()])

    @property
    def gain_words(self) -> str:
        """+0.67 分; +0.30 至 +1.20 分 while the total is not known."""
        return _signed(self.low, self.high)

    @property
    def moved_words(self) -> str:
        """升到第 5 名，等次由合格变为良好; "" where neither place nor grade changes."""
        moves = self.before["place"] is not None and self.after["place"] is not None and self.before["place"] != self.after["place"]
        return "，".join([*(self._place() if moves else []), *self._grade()])

    def _grade(self) -> list[str]:
        if self.after["grade"] != self.before["grade"] and None not in (self.after["grade"], self.before["grade"]):
            return [f"等次由{self.before['grade']}变为{self.after['grade']}"]
        return []

    def _place(self) -> list[str]:
        before, after = self.before["place"], self.after["place"]
        if self.before["total"] is None or self.after["total"] is None:
            return ["总分仍暂缺，名次不定"]
        if before is None or after is None:
            return ["不排名次"]
        if before == after:
            ties = {(True, False): "，不再并列", (False, True): "（并列）"}.get((self.before["tied"], self.after["tied"]), "")
            return [f"名次不变{ties}"]
        held = "暂列" if self.after["provisional"] else ""
        return [f"{'升到' if after < before else '降到'}{held}{'并列' if self.after['tied'] else ''}第 {after} 名"]


@dataclass(frozen=True)
class OneMore(More):
    """One action done once."""

    action: Action

    @classmethod
    def of(cls, more: More, action: Action) -> OneMore:
        return cls(more.low, more.high, more.before, more.after, more.brings, action)


@dataclass(frozen=True)
class NothingMore:
    """An action that brings nothing, and why (in Chinese, without full stop)."""

    action: Action
    reason: str


@dataclass(frozen=True)
class Further:
    """All actions of one unit on one day, in the order of the text. `why`: where nothing can be said at all."""

    unit: str
    title: str
    day: date
    brings: tuple[OneMore, ...] = ()
    costs: tuple[OneMore, ...] = ()
    nothing: tuple[NothingMore, ...] = ()
    why: str = ""


def one_more(assessment: Assessment, unit: str, day: date | None = None) -> Further:
    """What each action brings if the unit does it once more. `day`: on which it would be done (the day of the assessment
    unless said). Raises ValueError, in Chinese, for a unit that is not assessed."""
    return further(ground_of(assessment, unit, day))


def further(ground: Ground) -> Further:
    """The same, where what the unit can do is known already."""
    standing, day, rubric = ground.standing, ground.day, ground.standing.rubric
    unit, title = standing.unit, rubric.register.title(standing.unit)
    if why := unreckoned(ground):
        return Further(unit, title, day, why=why)
    found, done = ground.offered, each_once(ground)
    useless = [one for one in done if not one.gains and not one.loses]
    nothing = [*_why_nothing(standing, found, useless), *_refused(ground.refused)]
    order = [one.code for one in rubric.spec.actions]
    return Further(
        unit, title, day,
        tuple(sorted((one for one in done if one.gains), key=lambda one: -(one.high if one.high is not None else 10**9))),
        tuple(one for one in done if one.loses),
        tuple(sorted(nothing, key=lambda one: order.index(one.action.code))),
    )  # fmt: skip


def unreckoned(ground: Ground) -> str:
    """Why nothing can be said at all (in Chinese, without full stop); "" where it can."""
    standing, rubric = ground.standing, ground.standing.rubric
    if not [one for one in rubric.spec.actions if one.in_group(standing.group)]:
        return "办法里没有写还能做的事（actions），推算不了再做一件能加多少"
    if standing.row["state"] not in ("complete", "pending"):
        return f"{rubric.register.title(standing.unit)}不计总分，推算不了再做一件能加多少"
    return ""


def each_once(ground: Ground) -> list[OneMore]:
    """Each offer done once, in its whole group."""
    standing, found = ground.standing, ground.offered
    before, *others = _outcomes(standing, found, [1] * len(found))
    return [OneMore.of(compared(standing, before, after), one.action) for one, after in zip(found, others, strict=True)]


def _outcomes(standing: Standing, found: Sequence[Offer], times: Sequence[int]) -> list[Outcome]:
    """As it is, then with each offer done so many times."""
    if not found:
        return [Outcome(row=standing.row)]
    search = Search(standing, found, ())
    return scored(standing, [{}, *(search.figures({one.action.code: count}) for one, count in zip(found, times, strict=True))])


def scored(standing: Standing, rows: Sequence[Changes]) -> list[Outcome]:
    """The unit in its whole group, row by row of changed figures."""
    size = max(1, AT_ONCE // len(standing.ranking))
    answers = [answer for start in range(0, len(rows), size) for answer in standing.whole(rows[start : start + size])]
    return [answer[standing.unit] for answer in answers]


def compared(standing: Standing, before: Outcome, after: Outcome) -> More:
    """What the second has more than the first."""

    def more(end: str) -> Decimal | None:
        then, now = before.row[end], after.row[end]
        return None if then is None or now is None else now - then

    ends = [end for end in (more("total_low"), more("total_high")) if end is not None]
    brings = tuple(brought(standing, before, after))
    return More(min(ends, default=None), max(ends, default=None), before.row, after.row, brings)


# --- why it brings nothing ------------------------------------------------------------------------------


def _why_nothing(standing: Standing, found: Sequence[Offer], useless: Sequence[OneMore]) -> list[NothingMore]:
    """满分; 还不够一档; 已封顶: the last two told apart by scoring as many as can be done."""
    codes = {one.action.code for one in useless}
    listed = [one for one in found if one.action.code in codes]
    most = [one.most for one in listed]
    before, *others = _outcomes(standing, listed, most)
    scores = {row["indicator"]: row for row in standing.assessment.rows("indicator_score", unit=standing.unit)}
    return [
        NothingMore(offer.action, _reason(standing, offer, scores, before.row, after.row))
        for offer, after in zip(listed, others, strict=True)
    ]


def _reason(standing: Standing, offer: Offer, scores: dict[str, dict[str, Any]], before: Row, after: Row) -> str:
    items = [one.code for one in things(standing) if one.kind == "item" and one.needs & offer.changes.keys()]
    moved = [one for one in things(standing) if one.needs & offer.changes.keys()]
    if not moved:
        return "没有哪一项计分用到它"
    full = [code for code in items if scores[code]["points_lost"] == 0]
    if items and len(full) == len([code for code in items if not scores[code]["left_out"]]):
        return "相关指标已满分" if full else "相关指标不适用"
    end = "total_high" if after["total"] is None else "total"
    if None not in (before[end], after[end]) and after[end] > before[end]:
        return f"只做 1 次不够一档，做 {offer.most} 次可加 {points(after[end] - before[end])} 分"
    return "已封顶，或还有别的条件不符"


def _refused(refused: Sequence[NotOffered]) -> list[NothingMore]:
    return [NothingMore(one.action, one.reason) for one in refused]


def _signed(low: Decimal | None, high: Decimal | None) -> str:
    """+0.67 分; +0.30 至 +1.20 分 while the total is not known."""
    if low is None or high is None:
        return "加多少还定不下来"
    told = between(low, high)
    sign = "+" if low >= 0 else ""
    return f"{sign}{told.replace(' 至 ', f' 至 {sign}')} 分"


def reasons(found: Further) -> list[tuple[str, list[str]]]:
    """Those that bring nothing, by their reason, each with the titles of its actions; in the order of the text. What is
    done already, or has nothing left to repair, is one reason."""
    by: dict[str, list[str]] = {}
    for one in found.nothing:
        reason = DONE if one.reason.endswith(_DONE) else one.reason
        by.setdefault(reason, []).append(one.action.title)
    return list(by.items())
