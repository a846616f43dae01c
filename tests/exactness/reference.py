"""A second scorer, slow and plain: a rubric as dictionaries of text, figures as Fractions, one unit at a time.

Written from the words of the method, not from the compiler: it imports nothing of `scoring`. It knows the
stages in their order — rule with its inner caps, item limit, landed losses, section limit, rescaling, bonus gate
and pool, penalties, limits of the total, veto, grade, quota, place — and rounds only where the rubric says so.
An absent figure is None; a rule then gives a pair (least, most), where `most` None means without end.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import yaml

CARRIED = 12  # decimals where the rubric rounds nowhere
Number = Fraction | None
Pair = tuple[Fraction, Fraction | None]
NOTHING = Fraction(0)


class ZeroBase(Exception):
    """A divisor is 0."""


def half_away(value: Fraction, decimals: int) -> Fraction:
    """四舍五入: half away from zero."""
    scaled = abs(value) * 10**decimals
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    return Fraction(whole, 10**decimals) * (1 if value >= 0 else -1)


def stage(value: Fraction, decimals: str) -> Fraction:
    """Rounded at a stage of the rubric, or not."""
    return value if decimals == "none" else half_away(value, int(decimals))


def load(text: str) -> dict[str, Any]:
    """YAML with every scalar left as its text."""
    return yaml.load(text, Loader=yaml.BaseLoader)


# --- expressions: Python's own grammar is the same for what we write ---------------------------------


def tree(text: str) -> ast.expr:
    for ours, python in (("<>", "!="), (" = ", " == ")):
        text = text.replace(ours, python)
    return ast.parse(text, mode="eval").body


def figure(node: ast.expr, names: Mapping[str, Number]) -> Number:
    """The exact number, None where a name is absent. Raises ZeroBase."""
    match node:
        case ast.Constant(value):
            return Fraction(str(value))
        case ast.Name(name):
            return names[name]
        case ast.Attribute(ast.Name(form), item):
            return names[f"{form}.{item}"]
        case ast.UnaryOp(ast.USub(), inner):
            found = figure(inner, names)
            return None if found is None else -found
        case ast.BinOp(left, operator, right):
            a, b = figure(left, names), figure(right, names)
            if isinstance(operator, ast.Div) and b == 0:
                raise ZeroBase
            if a is None or b is None:
                return None
            match operator:
                case ast.Add():
                    return a + b
                case ast.Sub():
                    return a - b
                case ast.Mult():
                    return a * b
                case ast.Div():
                    return a / b
    raise AssertionError(ast.dump(node))


def holds(node: ast.expr, names: Mapping[str, Number]) -> bool | None:
    """Three-valued: a condition with an unknown operand is undecided."""
    match node:
        case ast.BoolOp(operator, values):
            found = [holds(value, names) for value in values]
            decisive = isinstance(operator, ast.Or)
            if decisive in found:
                return decisive
            return None if None in found else not decisive
        case ast.UnaryOp(ast.Not(), inner):
            found = holds(inner, names)
            return None if found is None else not found
        case ast.Compare(left, [operator], [right]):
            try:
                a, b = figure(left, names), figure(right, names)
            except ZeroBase:
                return None
            if a is None or b is None:
                return None
            match operator:
                case ast.Lt():
                    return a < b
                case ast.LtE():
                    return a <= b
                case ast.Gt():
                    return a > b
                case ast.GtE():
                    return a >= b
                case ast.Eq():
                    return a == b
                case ast.NotEq():
                    return a != b
        case ast.Name(name):
            value = names[name]
            return None if value is None else value == 1
    raise AssertionError(ast.dump(node))


def mentioned(text: str) -> set[str]:
    found = set()
    for node in ast.walk(tree(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
        elif isinstance(node, ast.Name):
            found.add(node.id)
    return found


# --- one unit ---------------------------------------------------------------------------------------


@dataclass
class Item:
    """What one unit has in one indicator."""

    state: str
    low: Fraction
    high: Fraction | None
    full: Fraction | None
    left_out: bool = False
    section_loss: Pair = (NOTHING, NOTHING)
    total_loss: Pair = (NOTHING, NOTHING)


@dataclass
class Unit:
    """Figures of one unit and what becomes of them."""

    code: str
    group: str
    figures: dict[str, Number]
    states: dict[str, str]
    items: dict[str, Item] = field(default_factory=dict)
    sections: dict[str, Pair] = field(default_factory=dict)
    base: Pair = (NOTHING, NOTHING)
    exact: Pair = (NOTHING, NOTHING)
    total: Pair = (NOTHING, NOTHING)
    forced: int = 0
    veto_undecided: bool = False
    grade: int | None = None
    place: int | None = None

    @property
    def complete(self) -> bool:
        return self.total[0] == self.total[1] and not self.veto_undecided


def add(a: Pair, b: Pair) -> Pair:
    return a[0] + b[0], None if a[1] is None or b[1] is None else a[1] + b[1]


def each_end(pair: Pair, change: Callable[[Fraction], Fraction]) -> Pair:
    return change(pair[0]), None if pair[1] is None else change(pair[1])


class Reference:
    """The method of one rubric text."""

    def __init__(self, text: str) -> None:
        self.spec = load(text)
        self.rounding = self.spec["rounding"]
        self.item_decimals = self.rounding["item"]

    # -- points as written ---------------------------------------------------------------------------

    def price(self, written: Any, group: str, full: Fraction | None) -> Fraction:
        if isinstance(written, dict):
            written = written.get(group, "0")
        if written == "full":
            return full or NOTHING
        if written.endswith("of full"):
            return Fraction(written.split("%")[0].strip()) / 100 * (full or NOTHING)
        return Fraction(written)

    def full(self, written: Any, group: str) -> Fraction | None:
        if written is None or (isinstance(written, dict) and group not in written):
            return None
        return self.price(written, group, None)

    def indicators(self, group: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        return [
            (section, one)
            for section in self.spec["sections"]
            for one in section["indicators"]
            if not isinstance(one.get("full_marks"), dict) or group in one["full_marks"]
        ]

    # -- one indicator -------------------------------------------------------------------------------

    def item(self, unit: Unit, one: dict[str, Any]) -> Item:
        full = self.full(one.get("full_marks"), unit.group)
        names, needs = self._names(unit, one)
        absent = one.get("not_applicable")
        if absent and "when" in absent and holds(tree(absent["when"]), names):
            return self._instead(absent, full)
        zero = False
        total: Pair = (NOTHING, NOTHING)
        section_loss: Pair = (NOTHING, NOTHING)
        total_loss: Pair = (NOTHING, NOTHING)
        known = True
        for rule in one["rules"]:
            start, parts, cap, gate = self._rule(rule, unit, one, names, full)
            zero = zero or any(part == "zero" for part in parts)
            ends = self._bounds(rule, unit, full)
            pairs = [ends[i] if part in ("zero", None) else part for i, part in enumerate(parts)]
            known = known and not any(part in ("zero", None) for part in parts) and gate is not None
            known = known and all(p[0] == p[1] for p in pairs)
            summed: Pair = (NOTHING, NOTHING)
            for pair in pairs:
                summed = add(summed, pair)
            if cap is not None:
                summed = (min(summed[0], cap), cap if summed[1] is None else min(summed[1], cap))
            if gate is not True:
                summed = (NOTHING if gate is not True else summed[0], NOTHING if gate is False else summed[1])
            lands = rule.get("lands_on", "item")
            if lands == "item":
                total = add(total, (start + summed[0], None if summed[1] is None else start + summed[1]))
            else:
                total = add(total, (start, start))
                # a loss never becomes a gain, whatever the sign of a count
                loss = each_end(summed, lambda x: min(NOTHING, half_away(x, self._item_scale)))
                section_loss = add(section_loss, loss) if lands == "section" else section_loss
                total_loss = add(total_loss, loss) if lands == "total" else total_loss
        if known:
            state = "value"
        else:
            states = {unit.states[code] for code in needs}
            state = next((s for s in ("missing", "masked", "pending") if s in states), "zero_base" if zero else "pending")
        low, high = each_end(total, lambda x: self._limited(x, full))
        high = full if high is None else high
        if state == "zero_base" and "base_zero" in one:
            then = one["base_zero"]["then"]
            if then == "not_applicable":
                return self._instead(absent or {"then": "rescale"}, full)
            low = high = NOTHING if then == "no_points" else full  # type: ignore[assignment]
        if state == "missing" and one.get("missing", self.spec["missing"]) == "no_points":
            low = high = NOTHING
            # decided: of the losses that land elsewhere, those that are known count
            section_loss, total_loss = (section_loss[1], section_loss[1]), (total_loss[1], total_loss[1])  # type: ignore[assignment]
        return Item(state, low, high, full, False, section_loss, total_loss)

    @property
    def _item_scale(self) -> int:
        return CARRIED if self.item_decimals == "none" else int(self.item_decimals)

    def _limited(self, value: Fraction, full: Fraction | None) -> Fraction:
        value = half_away(value, self._item_scale)
        value = max(NOTHING, value)
        return value if full is None else min(full, value)

    def _instead(self, absent: dict[str, Any], full: Fraction | None) -> Item:
        then = absent["then"]
        share = {"rescale": NOTHING, "no_points": NOTHING, "full_marks": Fraction(1)}.get(
            then if isinstance(then, str) else "", NOTHING
        )
        if isinstance(then, dict):
            share = Fraction(then["share"].rstrip("%")) / 100
        points = half_away((full or NOTHING) * share, self._item_scale)
        return Item("not_applicable", points, points, full, then == "rescale")

    def _names(self, unit: Unit, one: dict[str, Any]) -> tuple[dict[str, Number], set[str]]:
        names: dict[str, Number] = dict(unit.figures)
        behind: dict[str, set[str]] = {code: {code} for code in unit.figures}
        for alias in ("actual", "target"):
            if alias in one:
                names[alias] = unit.figures[one[alias]]
                behind[alias] = {one[alias]}
        written = one.get("value") or ("actual" if "actual" in one else None)
        if written is not None:
            behind["value"] = set().union(*(behind[name] for name in mentioned(written)))
        needs: set[str] = set()
        for rule in one["rules"]:
            for name in self._looked_at(rule, one):
                needs |= behind[name]
        return names, needs

    def _looked_at(self, rule: dict[str, Any], one: dict[str, Any]) -> set[str]:
        kind = rule["kind"]
        if kind in ("piecewise", "bands"):
            return mentioned(rule.get("of", "value"))
        if kind == "judged":
            return {rule["measure"]}
        if kind == "timeliness":
            return {f"{rule['form']}.late", f"{rule['form']}.missing"}
        found: set[str] = set()
        for part in rule.get("parts", []) + rule.get("items", []):
            found |= {part["measure"]} if "measure" in part else mentioned(part["if"])
            found |= mentioned(part["times"]["when"]) if "times" in part else set()
        return found | (mentioned(rule["only_if"]) if "only_if" in rule else set())

    def _value(self, text: str, one: dict[str, Any], names: Mapping[str, Number]) -> Any:
        """Figure of an expression: a number, None, or "zero"."""
        try:
            if text == "value":
                written = one.get("value", "actual")
                found = figure(tree(written), names)
                ratio = any(isinstance(node, ast.Div) for node in ast.walk(tree(written)))
                return stage(found, self.rounding["rate"]) if found is not None and ratio else found
            return figure(tree(text), names)
        except ZeroBase:
            return "zero"

    # -- kinds of rule -------------------------------------------------------------------------------

    def _rule(
        self, rule: dict[str, Any], unit: Unit, one: dict[str, Any], names: Mapping[str, Number], full: Fraction | None
    ) -> tuple[Fraction, list[Any], Fraction | None, bool | None]:
        """(start, parts: pair / None / "zero", cap on their sum, gate)."""
        group = unit.group
        kind = rule["kind"]
        if kind == "piecewise":
            x = self._value(rule.get("of", "value"), one, names)
            return NOTHING, [x if x in ("zero", None) else self._sure(self._line(rule, x, group, full))], None, True
        if kind == "bands":
            x = self._value(rule.get("of", "value"), one, names)
            return NOTHING, [x if x in ("zero", None) else self._sure(self._band(rule, x, group, full))], None, True
        if kind == "judged":
            x = names[rule["measure"]]
            limit = self.price(rule.get("limit", "full"), group, full)
            return NOTHING, [None if x is None else self._sure(min(limit, max(NOTHING, x)))], None, True
        if kind == "timeliness":
            late, missing = names[f"{rule['form']}.late"], names[f"{rule['form']}.missing"]
            assert late is not None and missing is not None and full is not None
            loss = late * self.price(rule["late"], group, full) + missing * self.price(rule["missing"], group, full)
            return full, [self._sure(-loss)], None, True
        if kind == "checklist":
            return NOTHING, self._checklist(rule, names, group, full), None, True
        sign = -1 if kind == "deductions" else 1
        parts = [self._counted(part, names, group, full, sign) for part in rule["parts"]]
        if kind == "deductions":
            start = self.price(rule["base"], group, full) if "base" in rule else full or NOTHING
            return start, parts, None, True
        cap = self.price(rule["cap"], group, full) if "cap" in rule else None
        return NOTHING, parts, cap, holds(tree(rule["only_if"]), names) if "only_if" in rule else True

    @staticmethod
    def _sure(value: Fraction) -> Pair:
        return value, value

    def _line(self, rule: dict[str, Any], x: Fraction, group: str, full: Fraction | None) -> Fraction:
        corners = [(Fraction(at), self.price(points, group, full)) for at, points in rule["straight"]]
        if x < corners[0][0]:
            return self.price(rule["below"], group, full) if "below" in rule else corners[0][1]
        if x > corners[-1][0]:
            return self.price(rule["above"], group, full) if "above" in rule else corners[-1][1]
        found = None
        for (x0, y0), (x1, y1) in zip(corners, corners[1:], strict=False):
            if x0 <= x < x1:
                found = y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        return corners[-1][1] if found is None else found

    def _band(self, rule: dict[str, Any], x: Fraction, group: str, full: Fraction | None) -> Fraction:
        for band in rule["bands"]:
            tests = {
                "at_least": lambda limit: x >= limit,
                "above": lambda limit: x > limit,
                "at_most": lambda limit: x <= limit,
                "below": lambda limit: x < limit,
            }
            if all(test(Fraction(band[key])) for key, test in tests.items() if key in band):
                return self.price(band["points"], group, full)
        raise AssertionError(rule)

    def _checklist(
        self, rule: dict[str, Any], names: Mapping[str, Number], group: str, full: Fraction | None
    ) -> list[Any]:
        found = [holds(tree(one["if"]), names) for one in rule["items"]]
        if rule["need"] == "each":
            prices = [self.price(one["points"], group, full) for one in rule["items"]]
            return [
                None if met is None else self._sure(price if met else NOTHING)
                for met, price in zip(found, prices, strict=True)
            ]
        price = self.price(rule.get("points", "full"), group, full)
        decisive = rule["need"] == "any"
        met = decisive if decisive in found else None if None in found else not decisive
        return [None if met is None else self._sure(price if met else NOTHING)]

    def _counted(
        self, part: dict[str, Any], names: Mapping[str, Number], group: str, full: Fraction | None, sign: int
    ) -> Pair | str | None:
        times = self._times(part, names)
        if "if" in part:
            met = holds(tree(part["if"]), names)
            if met is None or (met and times is None):
                return None
            return self._sure(sign * self.price(part["points"], group, full) * (times or 1) * met)
        count = names[part["measure"]]
        if count is None or (count and times is None):
            return None
        amount = self._priced(part, count, group, full) * (times or 1)
        if "cap" in part:
            amount = min(amount, self.price(part["cap"], group, full))
        return self._sure(sign * amount)

    def _priced(self, part: dict[str, Any], count: Fraction, group: str, full: Fraction | None) -> Fraction:
        """The first ones at one price, those from the n-th on at another."""

        def steps(things: Fraction) -> Fraction:
            found = things / Fraction(part.get("per", "1"))
            return Fraction(found.numerator // found.denominator) if part.get("whole_steps") == "true" else found

        price = self.price(part["each"], group, full)
        if "again" not in part:
            return steps(count) * price
        before = Fraction(part["again"]["from"]) - 1
        dearer = self.price(part["again"]["each"], group, full)
        return steps(min(count, before)) * price + (steps(count - before) * dearer if count > before else 0)

    def _times(self, part: dict[str, Any], names: Mapping[str, Number]) -> Fraction | None:
        """What the price is multiplied with; None where the condition is undecided."""
        if "times" not in part:
            return Fraction(1)
        met = holds(tree(part["times"]["when"]), names)
        return None if met is None else Fraction(part["times"]["by"]) if met else Fraction(1)

    def _most(self, part: dict[str, Any], group: str, full: Fraction | None) -> Fraction | None:
        """What a part can come to; None where it has no limit."""
        if "if" in part:
            return self.price(part["points"], group, full) * max(1, Fraction(part.get("times", {}).get("by", 1)))
        return self.price(part["cap"], group, full) if "cap" in part else None

    def _bounds(self, rule: dict[str, Any], unit: Unit, full: Fraction | None) -> list[Pair]:
        """What an unknown part can be."""
        group, kind = unit.group, rule["kind"]
        if kind == "piecewise":
            values = [self.price(points, group, full) for _, points in rule["straight"]]
            values += [self.price(rule[key], group, full) for key in ("below", "above") if key in rule]
            return [(min(values), max(values))]
        if kind == "bands":
            values = [self.price(band["points"], group, full) for band in rule["bands"]]
            return [(min(values), max(values))]
        if kind == "judged":
            return [(NOTHING, self.price(rule.get("limit", "full"), group, full))]
        if kind == "checklist":
            if rule["need"] != "each":
                return [(NOTHING, self.price(rule.get("points", "full"), group, full))]
            return [(NOTHING, self.price(one["points"], group, full)) for one in rule["items"]]
        if kind == "timeliness":
            return [(NOTHING, NOTHING)]
        out: list[Pair] = []
        for part in rule["parts"]:
            most = self._most(part, group, full)
            if kind == "awards":
                out.append((NOTHING, most))
            else:  # a loss without its own cap may take everything the item has
                out.append((-most if most is not None else Fraction(-(10**30)), NOTHING))
        return out

    # -- all units -----------------------------------------------------------------------------------

    def run(self, units: list[Unit]) -> None:
        for unit in units:
            self._sections(unit)
            self._total(unit)
        for group in {unit.group for unit in units}:
            inside = [unit for unit in units if unit.group == group]
            self._grades(inside)
            self._places(inside)

    def _sections(self, unit: Unit) -> None:
        sums: dict[str, Pair] = {}
        self._total_loss: Pair = (NOTHING, NOTHING)
        apart: dict[str, Fraction] = {}
        listed: dict[str, list[Fraction | None]] = {}
        fulls: dict[str, Fraction | None] = {}
        for section, one in self.indicators(unit.group):
            code = section["code"]
            found = unit.items[one["code"]] = self.item(unit, one)
            sums[code] = add(add(sums.get(code, (NOTHING, NOTHING)), (found.low, found.high)), found.section_loss)
            self._total_loss = add(self._total_loss, found.total_loss)
            apart[code] = apart.get(code, NOTHING) + ((found.full or NOTHING) if found.left_out else NOTHING)
            listed.setdefault(code, []).append(found.full)
            fulls[code] = self.full(section.get("full_marks"), unit.group)
        summed: Pair = (NOTHING, NOTHING)
        for code, pair in sums.items():
            full = fulls[code]

            def limited(x: Fraction, full: Fraction | None = full) -> Fraction:
                x = max(NOTHING, x)
                return stage(x if full is None else min(x, full), self.rounding["section"])

            unit.sections[code] = each_end(pair, limited)
            summed = add(summed, unit.sections[code])
        # What can be reached: of each section what it states, or what its items come to if that is less. Items that do
        # not apply lessen it only as far as the others cannot fill the section.
        whole, left_out = NOTHING, NOTHING
        for code, items in listed.items():
            stated, below = fulls[code], None if None in items else sum((one for one in items if one is not None), NOTHING)
            ends = [one for one in (stated, below) if one is not None]
            if not ends:
                whole = None
            elif whole is not None:
                whole += min(ends)
            surplus = max(NOTHING, below - stated) if stated is not None and below is not None else NOTHING
            left_out += max(NOTHING, apart[code] - surplus)
        whole = Fraction(self.spec["groups"][unit.group]["full_marks"]) if whole is None else whole
        if left_out:
            assert left_out < whole
            summed = each_end(summed, lambda x: half_away(x * whole / (whole - left_out), CARRIED))
        unit.base = summed

    def _total(self, unit: Unit) -> None:
        total = add(unit.base, self._total_loss)
        effects = []
        for one in self.spec["adjustments"]:
            if "groups" in one and unit.group not in one["groups"]:
                continue
            if one["kind"] == "veto":
                effects.append((one["effect"], holds(tree(one["when"]), unit.figures)))
                continue
            pair = self._adjusted(unit, one)
            if one["kind"] == "bonus" and "gate" in one:
                open_at = [holds(tree(one["gate"]), {**unit.figures, "base": end}) for end in unit.base]
                pair = (pair[0] if all(open_at) else NOTHING, pair[1] if any(o is not False for o in open_at) else NOTHING)
            if one["kind"] == "penalty":
                pair = (-pair[1] if pair[1] is not None else Fraction(-(10**30)), -pair[0])
            total = add(total, pair)
        limits = self.spec.get("total", {"at_least": "0"})

        def limited(x: Fraction) -> Fraction:
            if limits.get("at_most", "none") != "none":
                x = min(x, Fraction(limits["at_most"]))
            if limits.get("at_least", "0") != "none":
                x = max(x, Fraction(limits.get("at_least", "0")))
            return x

        unit.exact = each_end(total, limited)
        if total[1] is None and limits.get("at_most", "none") != "none":  # an open end ends at the limit
            unit.exact = (unit.exact[0], Fraction(limits["at_most"]))
        unit.total = each_end(unit.exact, lambda x: stage(x, self.rounding["total"]))
        titles = [grade["title"] for grade in self.spec["grades"]]
        for effect, met in effects:
            if met is None:
                unit.veto_undecided = True
            if met is not False and "score_at_most" in effect:
                top = Fraction(effect["score_at_most"])
                low, high = unit.total
                unit.total = (min(low, top), (top if high is None else min(high, top)) if met else high)
                low, high = unit.exact
                unit.exact = (min(low, top), (top if high is None else min(high, top)) if met else high)
            if met and "grade" in effect:
                unit.forced = max(unit.forced, titles.index(effect["grade"]))

    def _adjusted(self, unit: Unit, one: dict[str, Any]) -> Pair:
        full = Fraction(self.spec["groups"][unit.group]["full_marks"])
        total: Pair = (NOTHING, NOTHING)
        for part in one["parts"]:
            found = self._counted(part, unit.figures, unit.group, full, 1)
            if found is None:
                most = self.price(part["points"], unit.group, full) if "if" in part else None
                most = self.price(part["cap"], unit.group, full) if "cap" in part else most
                found = (NOTHING, most)
            total = add(total, found)  # type: ignore[arg-type]
        # nor does a bonus take away, nor a penalty give
        total = (max(NOTHING, total[0]), None if total[1] is None else max(NOTHING, total[1]))
        limit = one.get("pool", one.get("cap"))
        if limit is None:
            return total
        top = self.price(limit, unit.group, full)
        return min(total[0], top), top if total[1] is None else min(total[1], top)

    def key(self, unit: Unit) -> Fraction:
        return unit.total[0] if self.rounding["places_by"] == "rounded" else unit.exact[0]

    def _grades(self, units: list[Unit]) -> None:
        grades = self.spec["grades"]
        if not grades:
            return
        for unit in units:
            if unit.complete:
                score = unit.total[0]
                reached = [i for i, g in enumerate(grades) if "at_least" not in g or score >= Fraction(g["at_least"])]
                unit.grade = max(reached[0], unit.forced)
        if not all(unit.complete for unit in units):
            return
        for rank, grade in enumerate(grades):
            if "quota" not in grade:
                continue
            quota = grade["quota"]
            share = Fraction(quota["share"].rstrip("%")) / 100 * len(units)
            allowed = {
                "down": share.numerator // share.denominator,
                "up": -(-share.numerator // share.denominator),
                "half_up": int(half_away(share, 0)),
            }[quota.get("round", "down")]
            inside = sorted((u for u in units if u.grade == rank), key=self.key, reverse=True)
            at_score: dict[Fraction, list[Unit]] = defaultdict(list)
            for unit in inside:
                at_score[self.key(unit)].append(unit)
            taken = 0
            for _, tied in sorted(at_score.items(), reverse=True):
                fits = taken + len(tied) <= allowed if quota.get("tie", "out") == "out" else taken < allowed
                taken += len(tied)
                for unit in tied:
                    if not fits:
                        unit.grade = rank + 1

    def _places(self, units: list[Unit]) -> None:
        ranked = [unit for unit in units if unit.complete]
        breakers = self.spec["places"].get("break_by", [])

        def order(unit: Unit) -> tuple[Fraction, ...]:
            return (self.key(unit), *(unit.sections[code][0] for code in breakers if code in unit.sections))

        keys = sorted({order(unit) for unit in ranked}, reverse=True)
        for unit in ranked:
            above = [other for other in ranked if order(other) > order(unit)]
            dense = self.spec["places"]["ties"] == "1-1-2"
            unit.place = keys.index(order(unit)) + 1 if dense else len(above) + 1
