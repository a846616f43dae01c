"""bands 分档: the points of the first band whose limit is met (pattern BANDS); limits are inclusive or exclusive as written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from operator import ge, gt, le, lt
from typing import ClassVar, Literal

from pydantic import Field

from scoring.expressions import Expr
from scoring.expressions.field import FormulaField
from scoring.expressions.parse import Name
from scoring.expressions.trend import Trend
from scoring.expressions.words import amount, run_on
from scoring.rubric.points import PriceField, Threshold, ThresholdField
from scoring.rubric.rules.anchors import Anchor, Anchors, gets
from scoring.rubric.rules.kind import Findings, RuleKind, Scored, Setting, of_group
from scoring.rubric.rules.piecewise import check_reach, gives, whole_part
from scoring.rubric.rules.tendency import along, shape
from scoring.source import Loc, Spec, Text
from scoring.sql.exact import Quantity

_TESTS = {"at_least": ">=", "above": ">", "at_most": "<=", "below": "<"}
_MEETS = {"at_least": ge, "above": gt, "at_most": le, "below": lt}
_WORDS = {"at_least": "不低于", "above": "高于", "at_most": "不高于", "below": "低于"}


class Band(Spec):
    """One band: a limit and its points. The last band has no limit."""

    at_least: ThresholdField | None = None
    above: ThresholdField | None = None
    at_most: ThresholdField | None = None
    below: ThresholdField | None = None
    points: PriceField
    title: Text | None = None

    @property
    def written(self) -> list[tuple[str, Threshold]]:
        """The limits it has, by their keys; a band that can be used has one or none."""
        found = [(key, getattr(self, key)) for key in _TESTS]
        return [(key, value) for key, value in found if value is not None]

    def limits(self, setting: Setting) -> list[tuple[str, Decimal]]:
        return [(key, setting.figure_at(value)) for key, value in self.written]


class Bands(RuleKind):
    """The first band that fits, from top to bottom."""

    title_zh: ClassVar[str] = "分档"

    kind: Literal["bands"]
    of: FormulaField | None = None
    bands: tuple[Band, ...] = Field(min_length=2)

    def subject(self) -> Expr:
        return self.of.tree if self.of is not None else Name("value")

    def trees(self) -> Iterator[tuple[Loc, Expr]]:
        yield ("of",) if self.of is not None else (), self.subject()

    def scored(self, setting: Setting) -> Scored:
        x = setting.quantity(self.subject())
        branches: list[tuple[str | None, Quantity]] = []
        for band in self.bands:
            amount = Quantity.constant(setting.price(band.points))
            test = None
            if band.written:
                key, limit = band.limits(setting)[0]
                test = x.compare(_TESTS[key], Quantity.constant(limit))
            branches.append((test, amount))
        values = [setting.price(band.points) for band in self.bands]
        return Scored(Decimal(0), (whole_part(setting, self.subject(), x, tuple(branches), values),))

    def trend(self, setting: Setting, figure: str) -> Trend:
        points = [setting.price(band.points) for band in self.bands]
        upward = self.bands[0].written[0][0] in ("at_least", "above")  # then the first band is that of the most
        return along(shape(points[::-1] if upward else points), setting.trend(self.subject(), figure))

    def anchors(self, setting: Setting) -> Anchors:
        """At each limit, and the least bit on either side of it."""
        tree, found = self.subject(), []
        thing = setting.thing(tree.code) if isinstance(tree, Name) else ""
        step = setting.least_step(tree)
        limits = [limit for band in self.bands for _, limit in band.limits(setting)]
        for x in dict.fromkeys(near for limit in limits for near in (limit, limit - step, limit + step)):
            points = setting.price(self._fitting(setting, x).points)
            note = run_on(setting.words(tree), "为", amount(x, thing), "的", gets(points, setting.top))
            found.append(Anchor(((tree, x),), points, note))
        return Anchors(tuple(found))

    def _fitting(self, setting: Setting, x: Decimal) -> Band:
        """The first band, from top to bottom, that has the figure."""
        fits = (band for band in self.bands if all(_MEETS[key](x, limit) for key, limit in band.limits(setting)))
        return next(fits)

    def check(self, setting: Setting, findings: Findings) -> None:
        last = len(self.bands) - 1
        for index, band in enumerate(self.bands):
            loc: Loc = ("bands", index)
            if len(band.written) > 1:
                findings.error(loc, "一档只写一个界限", "各档由上到下依次判断，写一个界限即可")
            if index < last and not band.written:
                findings.error(loc, "没有界限的一档要放在最后", "请移到末尾，或补上界限")
            if index == last and band.written:
                findings.error(loc, "最后一档不写界限，须兜住其余情形", "请在末尾加一档 {points: 0}")
        self._check_order(setting, findings)
        check_reach(setting, [band.points for band in self.bands], findings, "bands")

    def _check_order(self, setting: Setting, findings: Findings) -> None:
        limited = [(i, *band.limits(setting)[0]) for i, band in enumerate(self.bands) if len(band.written) == 1]
        for (_, key0, limit0), (index, key1, limit1) in pairwise(limited):
            upward = key0 in ("at_least", "above")
            if upward != (key1 in ("at_least", "above")):
                findings.error(
                    ("bands", index), "界限的方向前后不一", "要么都写 at_least/above，要么都写 at_most/below"
                )
            elif (limit1 >= limit0) if upward else (limit1 <= limit0):
                if limit0 == limit1 and key0 in ("above", "below") and key1 in ("at_least", "at_most"):
                    continue
                whose = of_group(setting, *(limit for band in self.bands for _, limit in band.written))
                findings.error(
                    ("bands", index), f"{whose}这一档永远轮不到：上面的档已经包含它", "请按由严到宽的次序排列"
                )

    def words(self, setting: Setting) -> str:
        subject = self.subject()
        thing = setting.thing(subject.code) if isinstance(subject, Name) else ""
        told = []
        for band in self.bands:
            points = gives(setting.price(band.points))
            if band.written:
                key, limit = band.limits(setting)[0]
                told.append(run_on(_WORDS[key], amount(limit, thing), points))
            else:
                told.append(f"其余{points}")
        return run_on(setting.words(subject), "，".join(told))
