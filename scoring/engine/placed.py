"""One indicator in one group, with its rules at work: what compiling and explaining both look at. No SQL of its own."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from scoring.expressions.figures import Figure
from scoring.expressions.words import number, run_on
from scoring.rubric import Indicator, Rubric, Section
from scoring.rubric.rules import Rule, Timeliness, together
from scoring.rubric.rules.kind import Part, Scored, Setting
from scoring.rubric.settings import Names
from scoring.rubric.words import worth
from scoring.sql.exact import Quantity
from scoring.sql.text import identifier


def standing(indicator: str) -> str:
    """The column that holds the state of an indicator (`__state` is a measure's)."""
    return identifier(indicator + "__standing")


@dataclass(frozen=True)
class Placed:
    """One indicator in one group, with its rules at work."""

    rubric: Rubric
    group: str
    section: Section
    indicator: Indicator
    raised: Decimal = Decimal(0)  # what is added to its full marks where a neighbour does not apply (see spread)

    @cached_property
    def compiled(self) -> dict[tuple[object, ...], Any]:
        """What was compiled of it, by what was asked for: drafts ask for the same again and again."""
        return {}

    @cached_property
    def names(self) -> Names:
        rate = self.rubric.spec.rounding.rate
        known = Names(self.rubric.measures, self.rubric.forms, self.group, self.indicator, rate)
        if self.raised and self.full is not None:
            return dataclasses.replace(known, extra=(("full", Figure(Quantity.constant(self.full)), "满分"),))
        return known

    @property
    def full(self) -> Decimal | None:
        full = self.indicator.full(self.group)
        return full + self.raised if full is not None and self.raised else full

    @property
    def top(self) -> Decimal | None:
        """The most the item can give: its full marks, or more where it says so."""
        return self.indicator.top(self.group, self.raised)

    @cached_property
    def setting(self) -> Setting:
        return self.names.setting(self.full)

    @cached_property
    def scored(self) -> list[tuple[Rule, Scored]]:
        """Rules are added; full marks to start from are there once, however many rules start from them."""
        rules = self.indicator.rules
        return list(zip(rules, together.scored(rules, self.setting), strict=True))

    @cached_property
    def parts(self) -> list[Part]:
        return [part for _, scored in self.scored for part in scored.parts]

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Measures whose state decides this indicator's state."""
        found: dict[str, None] = {}
        for _, scored in self.scored:
            for part in scored.parts:
                found.update(dict.fromkeys(part.needs))
            found.update(dict.fromkeys(scored.gate_needs))
        policy = self.indicator.not_applicable
        if policy is not None and policy.when is not None:
            found.update(dict.fromkeys(self.setting.needs(policy.when.tree)))
        if self.indicator.void is not None:
            found.update(dict.fromkeys(self.setting.needs(self.indicator.void.when.tree)))
        return tuple(found)

    @cached_property
    def void(self) -> str | None:
        """SQL: the event has happened that ends the reckoning of the item; NULL where that is undecided."""
        if self.indicator.void is None:
            return None
        return f"({self.setting.sure(self.indicator.void.when.tree)})"

    @property
    def leaves(self) -> Decimal:
        """Points that remain then."""
        assert self.indicator.void is not None
        return self.setting.price(self.indicator.void.leaves)

    @property
    def doubtful(self) -> str | None:
        """SQL: it cannot be said yet whether the indicator applies."""
        policy = self.indicator.not_applicable
        if policy is None or policy.when is None:
            return None
        return f"({self.setting.sure(policy.when.tree)}) IS NULL"

    @cached_property
    def everything(self) -> tuple[str, ...]:
        """Needs, and what the flag, the target and the condition of not applying look at."""
        found = dict.fromkeys(self.needs)
        one = self.indicator
        trees = [one.not_applicable.when] if one.not_applicable and one.not_applicable.when else []
        trees += [f for f in ((one.flag.when, one.flag.gap) if one.flag else ()) if f is not None]
        for formula in trees:
            found.update(dict.fromkeys(self.setting.needs(formula.tree)))
        for name in (one.actual, one.target):
            if name is not None:
                found.update(dict.fromkeys(self.names.measures_of(name)))
        if one.value is not None:
            found.update(dict.fromkeys(self.names.measures_of("value")))
        for rule in one.rules:
            if isinstance(rule, Timeliness):
                found[f"{rule.form}.due"] = None
        return tuple(found)

    @property
    def words(self) -> str:
        told = together.words(self.indicator.rules, self.setting)
        if self.indicator.void is None:
            return told
        when = self.setting.words(self.indicator.void.when.tree)
        return run_on(f"{told}；{when}", f"的，本项按 {number(self.leaves)} 分计")

    @property
    def heading(self) -> str:
        limited = self.full is not None or self.top is not None
        full = f"（{worth(self.full, self.top)}）" if limited else ""
        return f"{self.indicator.clause} {self.indicator.title}{full}"

    @property
    def policy(self) -> str:
        return self.indicator.missing or self.rubric.spec.missing


Opened = Mapping[str, Collection[str]]  # by group: indicators that are not known for every unit


def rescales(one: Placed) -> bool:
    """Where the indicator does not apply, its full marks are left out and the rest is scaled up."""
    return one.indicator.not_applicable is None or one.indicator.not_applicable.then == "rescale"


def counts_where_absent(one: Placed) -> bool:
    """Where the indicator does not apply, it counts as settled: by full marks, none, an average or a share."""
    policy = one.indicator.not_applicable
    return policy is not None and policy.then not in ("rescale", "spread")


def placed(rubric: Rubric, group: str) -> list[Placed]:
    """The indicators of a group in the order of the text."""

    def work() -> list[Placed]:
        return [Placed(rubric, group, section, indicator) for section, indicator in rubric.placed(group)]

    found: list[Placed] = rubric.once(f"placed {group}", work)
    return found


def placed_one(rubric: Rubric, group: str, code: str) -> Placed:
    """One of `placed`, by its code."""
    found: dict[str, Placed] = rubric.once(
        f"placed by code {group}", lambda: {one.indicator.code: one for one in placed(rubric, group)}
    )
    return found[code]
