"""The sixty indicators of the synthetic 办法 as data, and the YAML that says the same. Knows no engine and no frame.

`MASKS` are conditions on a ledger row. `COUNTS` and `SUMS` are measures over them. The peers write each
condition in their own language by hand; the engine reads it from the YAML.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

FIELDS = ("商标", "专利", "版权", "食品", "药品", "农资", "烟草", "种苗", "寄递", "建材", "日化", "其他")
FLAGS = tuple(f"flag_{number}" for number in range(1, 7))
SCORES = ("score_1",)

_HEALTH, _BRANDS = "field in ('食品', '药品', '日化')", "field in ('商标', '专利', '版权')"
MASKS = {
    "adm": "kind = '行政'",
    "crim": "kind = '刑事'",
    "health": _HEALTH,
    "brands": _BRANDS,
    "major": "amount >= 5",
    "top": "amount >= 20",
    "adm_major": "kind = '行政' and amount >= 5",
    "crim_major": "kind = '刑事' and amount >= 5",
    "entered_soon": "days(filed_on, entered_on) <= 7",
    "adm_soon": "kind = '行政' and days(filed_on, entered_on) <= 7",
    "crim_soon": "kind = '刑事' and days(filed_on, entered_on) <= 7",
    "entered_late": "days(filed_on, entered_on) > 7",
    "entered_very_late": "days(filed_on, entered_on) > 30",
    "adm_late": "kind = '行政' and days(filed_on, entered_on) > 14",
    "crim_late": "kind = '刑事' and days(filed_on, entered_on) > 14",
    "published": "published_on is not null",
    "unpublished": "published_on is null",
    "adm_unpublished": "kind = '行政' and published_on is null",
    "adm_in_20_days": "kind = '行政' and days(filed_on, published_on) <= 20",
    "adm_in_20_workdays": "kind = '行政' and workdays(filed_on, published_on) <= 20",
    "late_publication": "workdays(filed_on, published_on) > 40",
    "transferred": "transferred = true",
    "major_transferred": "transferred = true and amount >= 5",
    "health_transferred": f"transferred = true and {_HEALTH}",
    "brands_transferred": f"transferred = true and {_BRANDS}",
    "health_adm": f"kind = '行政' and {_HEALTH}",
    "brands_adm": f"kind = '行政' and {_BRANDS}",
    "health_major": f"amount >= 5 and {_HEALTH}",
    "brands_major": f"amount >= 5 and {_BRANDS}",
    "first_half": "filed_on < '2024-07-01'",
} | {f"field_{number}": f"field = '{title}'" for number, title in enumerate(FIELDS, 1)}

COUNTS = tuple(MASKS)
SUMS = ("adm", "crim", "health", "brands", "transferred", "published", "entered_soon", "first_half", "adm_major",
        "health_adm", "brands_adm", "major_transferred")  # fmt: skip
LAST_YEAR = ("cases", "adm", "crim")


@dataclass(frozen=True)
class Straight:
    """x = times · (num − minus) / (per · den) on straight lines; corners are (x, 0.01 points)."""

    code: str
    full: int
    corners: tuple[tuple[int, int], ...]
    num: str
    den: str | None = None
    minus: str | None = None
    times: int = 100
    per: int = 1
    text: str | None = None

    @property
    def value(self) -> str:
        top = f"({self.num} - {self.minus})" if self.minus else self.num
        scaled = f"{self.times} * {top}" if self.times > 1 else top
        return self.text or (f"{scaled} / {self.den}" if self.den else scaled)


@dataclass(frozen=True)
class Banded:
    """Points of the first limit (in per cent) that 100 · num / den reaches; else 0."""

    code: str
    full: int
    bands: tuple[tuple[int, int], ...]
    num: str
    den: str


@dataclass(frozen=True)
class Less:
    """full − Σ min(cap, each · measure)."""

    code: str
    full: int
    parts: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class More:
    """Σ each · measure / per, whole steps only where `whole`, at most full."""

    code: str
    full: int
    parts: tuple[tuple[str, int, int, bool], ...]


@dataclass(frozen=True)
class Listed:
    """Points of each flag that is set; or all points if every one is."""

    code: str
    full: int
    flags: tuple[str, ...]
    every: bool


Clause = Straight | Banded | Less | More | Listed

_RATES = (("adm_soon", "adm"), ("crim_soon", "crim"), ("adm_in_20_days", "adm"), ("adm_in_20_workdays", "adm"),
          ("major_transferred", "major"), ("health_transferred", "health"), ("brands_transferred", "brands"),
          ("published", "cases"))  # fmt: skip
_CAUSES = (("entered_late", "entered_very_late"), ("adm_late", "unpublished"), ("crim_late", "adm_unpublished"),
           ("late_publication", "entered_very_late"), ("unpublished", "late_publication"), ("adm_unpublished", "adm_late"),
           ("entered_very_late", "crim_late"), ("entered_late", "late_publication"))  # fmt: skip
_PRIZES = ("top", "health_major", "brands_major", "crim_major", "major_transferred", "health_transferred",
           "sum_transferred", "sum_crim")  # fmt: skip


def _clauses() -> Iterator[tuple[str, Clause]]:
    for number in range(1, 13):
        line = ((60, 0), (100, 200))
        yield "s_targets", Straight(f"i_target_{number}", 200, line, f"field_{number}", f"target_{number}")
    steps = ((95, 200), (85, 160), (70, 100), (50, 40))
    for number, (num, den) in enumerate(_RATES, 1):
        yield "s_rates", Banded(f"i_rate_{number}", 200, steps, num, den)
    for number, code in enumerate(SUMS, 1):
        line = ((5, 20), (25, 120), (60, 200))
        yield "s_money", Straight(f"i_money_{number}", 200, line, f"sum_{code}", "sum_all")
    for number, (first, second) in enumerate(_CAUSES, 1):
        yield "s_losses", Less(f"i_loss_{number}", 100, ((first, 3, 60), (second, 5, 70)))
    for number, code in enumerate(_PRIZES, 1):
        money = code.startswith("sum_")
        part = (code, 10, 100, number == 7) if money else (code, 7, 3, False)
        yield "s_prizes", More(f"i_prize_{number}", 100, (part, ("brands_adm", 5, 40, True)))
    for number in range(1, 7):
        three = tuple(FLAGS[(number + step) % 6] for step in range(3))
        yield "s_lists", Listed(f"i_list_{number}", 200, three, number % 2 == 0)
    for number, code in enumerate(LAST_YEAR, 1):
        line = ((-20, 0), (0, 120), (10, 200))
        yield "s_growth", Straight(f"i_growth_{number}", 200, line, code, f"{code}_before", f"{code}_before")
    whole = ((0, 0), (60, 30), (100, 100))
    yield "s_others", Straight("i_score", 100, whole, "score_1", None, None, 1, 10)
    yield (
        "s_others",
        Straight("i_average", 50, ((0, 0), (8, 50)), "sum_all", "cases", None, 1, 100, "average"),
    )
    yield "s_others", Straight("i_fields", 50, ((2, 0), (12, 50)), "distinct_fields", None, None, 1)


CLAUSES: tuple[tuple[str, Clause], ...] = tuple(_clauses())
BONUS, BONUS_POOL = ("top", 5), 300
PENALTY, PENALTY_CAP = ("entered_very_late", 2), 200


def needed() -> frozenset[str]:
    """Every figure that some indicator, the bonus or the penalty looks at."""
    found = {BONUS[0], PENALTY[0]}
    for _, clause in CLAUSES:
        match clause:
            case Straight():
                found |= {code for code in (clause.num, clause.den, clause.minus) if code}
            case Banded():
                found |= {clause.num, clause.den}
            case Less() | More():
                found |= {part[0] for part in clause.parts}
            case Listed():
                found |= set(clause.flags)
    return frozenset(found)


def points(hundredths: int) -> str:
    return f"{hundredths / 100:g}"


def rubric_text(weights: dict[str, int] | None = None) -> str:
    """The 办法 as YAML. `weights`: other full marks by indicator, in 0.01 points; its points stay in proportion."""
    return _HEAD + "".join(_measures()) + "sections:\n" + "".join(_sections(weights or {})) + _TAIL


_HEAD = """rubric: 规模试验办法（合成）
edition: "2024"
document: {number: 试〔2024〕1号, in_force: 2022-01-01}
period: {every: year, starts: 01-01, cut_off: +20d}
rounding: {rate: none, item: 2, section: none, total: 2, places_by: rounded}
places: {ties: 1-1-3, break_by: []}
missing: pending
groups:
  county: {title: 县区, units: {kinds: [county]}, full_marks: 100}
grades:
  - {title: 优秀, at_least: 85, quota: {share: 30%, round: down, tie: out}}
  - {title: 合格, at_least: 60}
  - {title: 不合格}
measures:
"""

_TAIL = f"""adjustments:
  - {{kind: bonus, code: praised, title: 加分, clause: 第十条, parts: [{{measure: {BONUS[0]}, each: {points(BONUS[1])}}}], pool: {points(BONUS_POOL)}}}
  - {{kind: penalty, code: blamed, title: 扣分, clause: 第十一条, parts: [{{measure: {PENALTY[0]}, each: {points(PENALTY[1])}}}], cap: {points(PENALTY_CAP)}}}
"""


def _measures() -> Iterator[str]:
    def line(code: str, value: str, where: str | None = None, form: str = "case_ledger") -> str:
        test = f', where: "{where}"' if where else ""
        return f"  {code}: {{title: {code}, unit: 件, form: {form}, value: {value}{test}}}\n"

    yield line("cases", "count(*)")
    for code in COUNTS:
        yield line(code, "count(*)", MASKS[code])
    yield line("sum_all", "sum(amount)")
    for code in SUMS:
        yield line(f"sum_{code}", "sum(amount)", MASKS[code])
    yield line("average", "avg(amount)")
    yield line("distinct_fields", "count(distinct field)")
    for code in LAST_YEAR:
        yield f"  {code}_before: {{title: {code}, of: {code}, over: whole_last_year}}\n"
    for number in range(1, 13):
        yield line(f"target_{number}", f"only(target_{number})", None, "targets")
    for code in (*FLAGS, *SCORES):
        yield line(code, f"only({code})", None, "targets")


def _sections(weights: dict[str, int]) -> Iterator[str]:
    current = None
    for number, (section, clause) in enumerate(CLAUSES, 1):
        if section != current:
            yield f"  - code: {section}\n    title: {section}\n    indicators:\n"
            current = section
        full = weights.get(clause.code, clause.full)
        zero = "\n        base_zero: {then: full_marks}" if isinstance(clause, Straight | Banded) and clause.den else ""
        value = f"\n        value: {_value(clause)}" if isinstance(clause, Straight | Banded) else ""
        yield f"""      - code: {clause.code}
        title: {clause.code}
        clause: 第{number}条
        full_marks: {points(full)}{value}{zero}
        rules: [{_rule(clause)}]
"""


def _value(clause: Straight | Banded) -> str:
    return clause.value if isinstance(clause, Straight) else f"100 * {clause.num} / {clause.den}"


def _rule(clause: Clause) -> str:
    def share(hundredths: int) -> str:
        return f"{100 * hundredths / clause.full:g}% of full"

    match clause:
        case Straight():
            corners = ", ".join(f"[{x}, {share(y)}]" for x, y in clause.corners)
            return f"{{kind: piecewise, straight: [{corners}]}}"
        case Banded():
            bands = ", ".join(f"{{at_least: {x}, points: {share(y)}}}" for x, y in clause.bands)
            return f"{{kind: bands, bands: [{bands}, {{points: 0}}]}}"
        case Less():
            parts = ", ".join(f"{{measure: {m}, each: {points(e)}, cap: {points(c)}}}" for m, e, c in clause.parts)
            return f"{{kind: deductions, parts: [{parts}]}}"
        case More():
            parts = ", ".join(
                f"{{measure: {m}, each: {points(e)}, per: {per}, whole_steps: {str(whole).lower()}}}"
                for m, e, per, whole in clause.parts
            )
            return f"{{kind: awards, parts: [{parts}], cap: full}}"
        case Listed():
            if clause.every:
                items = ", ".join(f"{{if: {flag}}}" for flag in clause.flags)
                return f"{{kind: checklist, need: all, points: full, items: [{items}]}}"
            each = share(clause.full // len(clause.flags))
            items = ", ".join(f"{{if: {flag}, points: {each}}}" for flag in clause.flags)
            return f"{{kind: checklist, need: each, items: [{items}]}}"
