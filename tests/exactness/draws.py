"""Random rubrics with random data: text of a whole project, and the same figures as Fractions for the reference."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from tests.exactness.reference import Unit

GROUPS = {"county": 100, "department": 120}
KINDS = {"county": "县区", "department": "成员单位"}
COUNTS = [f"n{i}" for i in range(8)]  # small whole numbers, often equal
TARGETS = [f"t{i}" for i in range(5)]  # whole numbers, 0 among them
MONEY = [f"m{i}" for i in range(4)]  # two decimals, up to 10^11
SIGNED = [f"s{i}" for i in range(4)]  # four decimals, either sign
SCORES = [f"j{i}" for i in range(3)]  # entered scores, two decimals
TRUTHS = [f"b{i}" for i in range(4)]
LEDGER = {
    "l_all": "count(*)",
    "l_one": "count(*) where kind = '甲'",
    "l_sum": "sum(amount)",
    "l_big": "sum(amount) where amount >= 5",
    "l_avg": "avg(amount)",
}
WEEKS = ["late", "missing", "on_time", "due"]
PLUS = [*COUNTS, *TARGETS, *MONEY, "l_all", "l_one"]  # never negative


@dataclass
class Draw:
    """One random project: files, and the units with their figures."""

    rubric: str
    files: dict[str, str]
    units: list[Unit]

    def write(self, folder: Path) -> Path:
        for name, text in {**self.files, "config/scoring.yaml": self.rubric}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return folder


def draw(seed: int, size: int = 200, indicators: int = 30) -> Draw:
    """Everything about one random case follows from its seed."""
    rng = random.Random(seed)
    traits = Traits(
        absent=rng.random() < 0.4,
        item=rng.choice(["none", "0", "1", "2", "2", "2", "3", "4"]),
        section=rng.choice(["none", "none", "0", "1", "2", "3"]),
        total=rng.choice(["none", "0", "1", "2", "2", "3"]),
        rate=rng.choice(["none", "none", "0", "1", "2", "4"]),
    )
    files, units = _data(rng, size, traits)
    spec = _rubric(rng, indicators, traits)
    return Draw(yaml.safe_dump(spec, allow_unicode=True, sort_keys=False), files, units)


@dataclass(frozen=True)
class Traits:
    absent: bool
    item: str
    section: str
    total: str
    rate: str

    @property
    def decimals(self) -> int:
        """Full marks have no more decimals than any stage keeps."""
        return min(int(d) if d != "none" else 4 for d in (self.item, self.section, self.total))


# --- data -------------------------------------------------------------------------------------------


def _decimal(value: Fraction, decimals: int) -> str:
    scaled = value * 10**decimals
    assert scaled.denominator == 1
    sign, digits = ("-" if scaled < 0 else ""), str(abs(scaled.numerator)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits


def _data(rng: random.Random, size: int, traits: Traits) -> tuple[dict[str, str], list[Unit]]:
    columns = [*COUNTS, *TARGETS, *MONEY, *SIGNED, *SCORES, *TRUTHS]
    scales = dict.fromkeys(MONEY + SCORES, 2) | dict.fromkeys(SIGNED, 4)
    rows, ledger, submissions, units, register = [], [], [], [], []
    for number in range(size):
        code, group = f"u{number}", rng.choice(list(GROUPS))
        register.append(f"  - {{code: {code}, title: 单位{number}, kind: {group}}}")
        unit = Unit(code, group, {}, {})
        cells = []
        for name in columns:
            value = _figure(rng, name)
            given = not traits.absent or rng.random() > 0.03
            unit.figures[name] = value if given else None
            unit.states[name] = "value" if given else "missing"
            text = {0: "否", 1: "是"}[int(value)] if name in TRUTHS else _decimal(value, scales.get(name, 0))
            cells.append(text if given else "")
        rows.append(",".join([f"单位{number}", "2024-05-01", *cells]))
        _ledger(rng, number, unit, ledger)
        _weeks(rng, number, unit, submissions)
        units.append(unit)
    types = dict.fromkeys(TRUTHS, "boolean") | dict.fromkeys(scales, "decimal")
    listed = [
        {"code": name, "title": name, "type": types.get(name, "integer")}
        | ({"decimals": scales[name]} if name in scales else {})
        for name in columns
    ]
    day = {"code": "seen_on", "title": "日期", "type": "date", "required": True}
    figures = {"form": "figures", "title": "数据表", "dated_by": "seen_on", "columns": [day, *listed]}
    book = {
        "form": "ledger",
        "title": "台账",
        "dated_by": "seen_on",
        "columns": [
            day,
            {"code": "kind", "title": "类别", "type": "choice", "values": ["甲", "乙"]},
            {"code": "amount", "title": "金额", "type": "decimal", "decimals": 2},
        ],
    }
    week = {
        "form": "weekly",
        "title": "周报",
        "dated_by": "seen_on",
        "due": {"every": "week", "weekday": 5, "from": "2024-03-01", "to": "2024-04-26"},
        "columns": [day],
    }
    files = {
        "config/office.yaml": "office: {title: 试验办, short: 试验办}\ncity: 试验市\nperiods: ['2024']\n",
        "config/units.yaml": f"kinds: {{{', '.join(f'{k}: {v}' for k, v in KINDS.items())}}}\nunits:\n" + "\n".join(register),
        "data/figures.csv": "\n".join([",".join(["单位", "日期", *columns]), *rows]) + "\n",
        "data/ledger.csv": "\n".join(["单位,日期,类别,金额", *ledger]) + "\n",
        "data/submissions.csv": "\n".join(["报表,单位,报送期,收到时间,结果,零报告", *submissions]) + "\n",
    }
    for form in (figures, book, week):
        files[f"config/forms/{form['form']}.yaml"] = yaml.safe_dump(form, allow_unicode=True, sort_keys=False)
    return files, units


def _figure(rng: random.Random, name: str) -> Fraction:
    if name in COUNTS:
        return Fraction(rng.choice([rng.randint(0, 12), rng.randint(0, 200)]))
    if name in TARGETS:
        return Fraction(rng.choice([rng.randint(0, 12), rng.choice([0, 20, 25, 40, 50, 100, 1000])]))
    if name in MONEY:
        return Fraction(rng.choice([rng.randint(0, 10**4), rng.randint(0, 10**13)]), 100)
    if name in SIGNED:
        return Fraction(rng.choice([rng.randint(-40, 40) * 10**4, rng.randint(-(10**8), 10**8)]), 10**4)
    if name in SCORES:
        return Fraction(rng.randint(0, 1200), 100)
    return Fraction(rng.randint(0, 1))


def _ledger(rng: random.Random, number: int, unit: Unit, ledger: list[str]) -> None:
    rows = [(rng.choice("甲乙"), Fraction(rng.randint(-500, 3000), 100)) for _ in range(rng.randint(1, 6))]
    ledger += [f"单位{number},2024-0{rng.randint(1, 9)}-15,{kind},{_decimal(amount, 2)}" for kind, amount in rows]
    amounts = [amount for _, amount in rows]
    unit.figures |= {
        "l_all": Fraction(len(rows)),
        "l_one": Fraction(sum(kind == "甲" for kind, _ in rows)),
        "l_sum": sum(amounts, Fraction(0)),
        "l_big": sum((amount for amount in amounts if amount >= 5), Fraction(0)),
        "l_avg": sum(amounts, Fraction(0)) / len(rows),
    }
    unit.states |= dict.fromkeys(LEDGER, "value")


def _weeks(rng: random.Random, number: int, unit: Unit, submissions: list[str]) -> None:
    counts = dict.fromkeys(WEEKS, 0)
    friday = date(2024, 3, 1)
    while friday <= date(2024, 4, 26):
        year, week, _ = friday.isocalendar()
        how = rng.choice(["on_time", "on_time", "on_time", "late", "missing"])
        counts[how] += 1
        counts["due"] += 1
        if how != "missing":
            came = friday - timedelta(rng.randint(0, 3)) if how == "on_time" else friday + timedelta(rng.randint(1, 9))
            submissions.append(f"weekly,单位{number},{year}-W{week:02d},{came},已收,否")
        friday += timedelta(7)
    unit.figures |= {f"weekly.{item}": Fraction(count) for item, count in counts.items()}
    unit.states |= {f"weekly.{item}": "value" for item in counts}


# --- rubric -----------------------------------------------------------------------------------------


def _rubric(rng: random.Random, indicators: int, traits: Traits) -> dict[str, Any]:
    measures: dict[str, Any] = {}
    for name in [*COUNTS, *TARGETS, *MONEY, *SIGNED, *SCORES, *TRUTHS]:
        measures[name] = {"title": name, "form": "figures", "value": f"only({name})"}
    for name, text in LEDGER.items():
        value, _, where = text.partition(" where ")
        measures[name] = {"title": name, "form": "ledger", "value": value} | ({"where": where} if where else {})
    sections: list[dict[str, Any]] = []
    rescaled = not traits.absent and rng.random() < 0.4
    writer = _Writer(rng, traits, rescaled)
    for number in range(indicators):
        if not sections or (len(sections) < 6 and rng.random() < 0.2):
            sections.append({"code": f"part{len(sections)}", "title": f"第{len(sections)}部分", "indicators": []})
        sections[-1]["indicators"].append(writer.indicator(number))
    for section in sections:
        if rng.random() < 0.4:
            section["full_marks"] = {group: writer.number(5, 40) for group in GROUPS}
    steps = [traits.item, traits.section, traits.total]
    exact = traits.total != "none" and rng.random() < 0.3 and not rescaled
    return {
        "rubric": "随机办法",
        "edition": "2024",
        "document": {"number": "试〔2024〕1号", "in_force": "2022-01-01"},
        "period": {"every": "year", "starts": "01-01", "cut_off": "+20d"},
        "rounding": {"rate": _plain(traits.rate), **dict(zip(("item", "section", "total"), map(_plain, steps), strict=True)),
                     "places_by": "exact" if exact else "rounded"},
        "places": {"ties": rng.choice(["1-1-3", "1-1-2"]), "break_by": rng.sample([s["code"] for s in sections], rng.choice([0, 0, 1]))},
        "missing": rng.choice(["pending", "no_points"]),
        "total": {"at_least": 0} | ({"at_most": 60} if rng.random() < 0.2 else {}),
        "groups": {code: {"title": KINDS[code], "units": {"kinds": [code]}, "full_marks": 1000 if rescaled else full}
                   for code, full in GROUPS.items()},
        "grades": [
            {"title": "优秀", "at_least": 60, "quota": {"share": rng.choice(["30%", "7.5%", "12.5%"]),
             "round": rng.choice(["down", "up", "half_up"]), "tie": rng.choice(["out", "in"])}},
            {"title": "良好", "at_least": 50} | ({"quota": {"share": "25%"}} if rng.random() < 0.5 else {}),
            {"title": "合格", "at_least": 40},
            {"title": "不合格"},
        ],
        "measures": measures,
        "sections": sections,
        "adjustments": writer.adjustments(),
    }  # fmt: skip


def _plain(decimals: str) -> Any:
    return decimals if decimals == "none" else int(decimals)


@dataclass
class _Writer:
    """Indicators and adjustments, as an analyst might write them."""

    rng: random.Random
    traits: Traits
    rescaled: bool

    def number(self, low: float, high: float, decimals: int | None = None) -> Any:
        """A number with at most so many decimals, as YAML would hold it."""
        places = self.traits.decimals if decimals is None else decimals
        value = Fraction(self.rng.randint(int(low * 10**places), int(high * 10**places)), 10**places)
        text = _decimal(value, places)
        return int(text) if places == 0 else _Exact(text)

    def price(self, low: float, high: float, decimals: int = 3, share: bool = True) -> Any:
        how = self.rng.random()
        if share and how < 0.15:
            return f"{self.rng.randint(1, 100)}% of full"
        if how < 0.3:
            return {group: self.number(low, high, decimals) for group in GROUPS}
        return self.number(low, high, decimals)

    def indicator(self, number: int) -> dict[str, Any]:
        rng = self.rng
        one: dict[str, Any] = {"code": f"i{number}", "title": f"指标{number}", "clause": f"第{number}条"}
        groups = rng.choice([list(GROUPS), list(GROUPS), list(GROUPS), ["county"], ["department"]])
        one["full_marks"] = {group: self.number(1, 12) for group in groups}
        if rng.random() < 0.2 and len(groups) == 2:
            one["full_marks"] = self.number(1, 12)
        kinds = ["piecewise"] * 4 + ["bands"] * 2 + ["deductions"] * 3 + ["awards"] * 2 + ["checklist"] * 2
        kind = rng.choice([*kinds, "timeliness", "judged"])
        one["rules"] = [getattr(self, f"_{kind}")(one)]
        if rng.random() < 0.2 and kind in ("piecewise", "bands", "judged"):
            one["rules"].append(self._awards(one))
        if rng.random() < 0.15 and kind == "awards":
            one["rules"].append(self._checklist(one))
        if rng.random() < 0.3:
            one["missing"] = rng.choice(["pending", "no_points"])
        if not self.traits.absent and rng.random() < 0.15:
            then = rng.choice(["full_marks", "no_points", {"share": "60%"}, *(["rescale"] * 3 if self.rescaled else [])])
            one["not_applicable"] = {"when": f"{rng.choice(COUNTS)} < 4", "then": then, "reason": "无此职责"}
        return one

    def _subject(self, one: dict[str, Any]) -> None:
        """actual, target, value of a ratio, a growth, or a plain figure."""
        rng = self.rng
        how = rng.random()
        if how < 0.5:
            one |= {"actual": rng.choice([*COUNTS, *MONEY, "l_one"]), "target": rng.choice([*TARGETS, *TARGETS, *MONEY])}
            one["value"] = rng.choice(["100 * actual / target", "actual / target * 100", "100 * (actual - target) / target"])
        elif how < 0.6:
            a, b, c, d = rng.sample(COUNTS, 4)
            one |= {"actual": a, "value": f"100 * (actual - {b}) / ({c} - {d})"}
        elif how < 0.7:
            a, b = rng.sample([*COUNTS, "l_sum", "l_big"], 2)
            one |= {"actual": a, "value": f"actual + 2 * {b}"}
        elif how < 0.8:
            one |= {"actual": "l_avg"}
        else:
            one |= {"actual": rng.choice([*COUNTS, *SIGNED, "l_sum"])}
        ratio = "/" in one.get("value", "")
        if ratio and rng.random() < 0.6:
            allowed = ["no_points", "full_marks", *(["not_applicable"] if self.rescaled else [])]
            one["base_zero"] = {"then": rng.choice(allowed)}

    def _piecewise(self, one: dict[str, Any]) -> dict[str, Any]:
        rng = self.rng
        self._subject(one)
        xs = sorted(rng.sample(range(-50, 130, 5), rng.randint(2, 4)))
        if rng.random() < 0.25:
            xs.insert(1, xs[1])  # a jump
            xs = sorted(xs)
        ys: list[Any] = sorted(Fraction(rng.randint(0, 1000), 100) for _ in xs)
        if rng.random() < 0.3:
            ys.reverse()
        rule: dict[str, Any] = {"kind": "piecewise", "straight": [[x, _Exact(_decimal(y, 2))] for x, y in zip(xs, ys, strict=True)]}
        if rng.random() < 0.4:
            rule["straight"][-1][1] = "full"
        for key in ("below", "above"):
            if rng.random() < 0.3:
                rule[key] = self.price(0, 9)
        return rule

    def _bands(self, one: dict[str, Any]) -> dict[str, Any]:
        rng = self.rng
        self._subject(one)
        up = rng.random() < 0.7
        limits = sorted(rng.sample(range(-20, 120), rng.randint(1, 4)), reverse=up)
        words = ("at_least", "above") if up else ("at_most", "below")
        bands = [{rng.choice(words): limit, "points": self.price(0, 12)} for limit in limits]
        return {"kind": "bands", "bands": [*bands, {"points": self.price(0, 2)}]}

    def _parts(self, measures: list[str]) -> list[dict[str, Any]]:
        rng = self.rng
        parts: list[dict[str, Any]] = []
        for _ in range(rng.randint(1, 3)):
            if rng.random() < 0.25:
                parts.append({"if": self._condition(), "points": self.price(0, 4), **self._times()})
                continue
            part: dict[str, Any] = {"measure": rng.choice(measures), "each": self.price(0, 2)}
            if rng.random() < 0.4:
                part["cap"] = self.price(0, 5)
            if rng.random() < 0.3:
                part["per"] = rng.choice([2, 3, 7, 10, _Exact("0.5")])
                part["whole_steps"] = part["measure"] in PLUS and rng.random() < 0.6
            if rng.random() < 0.3:
                step = part["per"] if part.get("whole_steps") and isinstance(part["per"], int) else 1
                part["again"] = {"from": step * rng.randint(1, 4) + 1, "each": self.price(0, 3)}
            parts.append({**part, **self._times()})
        return parts

    def _times(self) -> dict[str, Any]:
        if self.rng.random() > 0.2:
            return {}
        return {"times": {"when": self._condition(), "by": self.rng.choice([2, 3, _Exact("1.5"), _Exact("0.5")])}}

    def _condition(self) -> str:
        rng = self.rng
        one = lambda: f"{rng.choice([*COUNTS, *TARGETS])} {rng.choice(['<', '<=', '>', '>=', '=', '<>'])} {rng.randint(0, 12)}"  # noqa: E731
        text = rng.choice(TRUTHS) if rng.random() < 0.2 else one()
        if rng.random() < 0.4:
            text = f"{text} {rng.choice(['and', 'or'])} {one()}"
        if rng.random() < 0.15:
            text = f"{rng.choice(TRUTHS)} or not ({text})"
        return text

    def _deductions(self, one: dict[str, Any]) -> dict[str, Any]:
        rng = self.rng
        some = [*COUNTS[:3], "l_one", "l_all", "weekly.late", "weekly.missing", *SIGNED[:1]]
        lands = rng.choice(["item", "item", "item", "section", "total"])
        rule: dict[str, Any] = {"kind": "deductions", "parts": self._parts(some), "lands_on": lands}
        if rng.random() < 0.2:
            rule["base"] = "80% of full"
        if lands != "item" or self.traits.absent:
            rule["parts"] = list(rule["parts"])
        return rule

    def _awards(self, one: dict[str, Any]) -> dict[str, Any]:
        rng = self.rng
        rule: dict[str, Any] = {"kind": "awards", "parts": self._parts([*COUNTS[3:6], "l_one", *SIGNED[1:2], "l_sum"])}
        if rng.random() < 0.5:
            rule["cap"] = rng.choice(["full", "50% of full"])
        if rng.random() < 0.3:
            rule["only_if"] = self._condition()
        return rule

    def _checklist(self, one: dict[str, Any]) -> dict[str, Any]:
        rng = self.rng
        need = rng.choice(["each", "all", "any"])
        items = []
        for _ in range(rng.randint(1, 4)):
            item: dict[str, Any] = {"if": rng.choice(TRUTHS) if rng.random() < 0.5 else self._condition()}
            if need == "each":
                item["points"] = self.price(0, 4)
            items.append(item)
        rule: dict[str, Any] = {"kind": "checklist", "need": need, "items": items}
        if need != "each" and rng.random() < 0.5:
            rule["points"] = self.price(0, 6)
        return rule

    def _timeliness(self, one: dict[str, Any]) -> dict[str, Any]:
        return {"kind": "timeliness", "form": "weekly", "late": self.price(0, 1), "missing": self.price(1, 2)}

    def _judged(self, one: dict[str, Any]) -> dict[str, Any]:
        one["actual"] = self.rng.choice(SCORES)
        return {"kind": "judged", "measure": one["actual"], "limit": self.rng.choice(["full", 5, "80% of full"])}

    def adjustments(self) -> list[dict[str, Any]]:
        rng = self.rng
        out: list[dict[str, Any]] = []
        if rng.random() < 0.7:
            bonus = {"kind": "bonus", "code": "praise", "title": "表扬", "clause": "第九十条", "parts": self._counted(COUNTS[6:])}
            if rng.random() < 0.7:
                bonus["pool"] = self.number(1, 6)
            if rng.random() < 0.5 and not self.rescaled:
                bonus["gate"] = f"base >= {rng.randint(20, 60)}"
            out.append(bonus)
        if rng.random() < 0.7:
            penalty = {"kind": "penalty", "code": "exposed", "title": "曝光", "clause": "第九十一条", "parts": self._counted([COUNTS[0], "weekly.missing"])}
            if rng.random() < 0.7:
                penalty["cap"] = self.number(1, 6)
            out.append(penalty)
        if rng.random() < 0.6:
            effect = rng.choice([{"grade": "不合格", "score_at_most": 39}, {"score_at_most": 45}, {"grade": "合格"}])
            out.append({"kind": "veto", "code": "false", "title": "弄虚作假", "clause": "第九十二条", "when": f"{COUNTS[1]} = 7", "effect": effect})
        return out

    def _counted(self, measures: list[str]) -> list[dict[str, Any]]:
        """Parts whose points need no rounding: whole counts, prices with the decimals that every stage keeps."""
        return [{"measure": name, "each": self.number(0, 2)} for name in measures]


class _Exact(str):
    """A decimal that YAML writes as a plain number."""


def _exact(dumper: yaml.SafeDumper, value: _Exact) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:float", str(value))


yaml.SafeDumper.add_representer(_Exact, _exact)
