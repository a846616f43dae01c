"""The cases of the city: filed, decided, disclosed, handed over. Several ledgers speak of the same cases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo_city.draw import Row, later, quarter_of, stream, strength, workday
from demo_city.plan import (
    CARRIED_OVER,
    CITY_CASES,
    COUNTY_FIELDS,
    CRIMES,
    DEPARTMENT_CASES,
    FIELDS,
    LAST_DECISION,
    LEDGER_YEARS,
    MARK,
    MASKED,
    TOP_TARGET,
)
from scoring.units import Unit


@dataclass
class Case:
    """One case of a ledger."""

    criminal: bool
    sort: str
    party: str
    amount: str
    filed_on: date
    decided_on: date | None = None
    disclosed_on: date | None = None
    not_public: bool = False
    suspect_on: date | None = None
    transferred_on: date | None = None
    doc_no: str = field(default="")

    def row(self, unit: Unit) -> Row:
        return {
            "unit": unit.title,
            "doc_no": self.doc_no,
            "kind": "刑事" if self.criminal else "行政",
            "field": self.sort,
            "party": self.party,
            "amount": self.amount,
            "filed_on": self.filed_on,
            "decided_on": self.decided_on,
            "disclosed_on": self.disclosed_on,
            "not_public": "是" if self.not_public else "否",
            "suspect_on": self.suspect_on,
            "transferred_on": self.transferred_on,
        }


class City:
    """The units and their cases."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self.units = units
        self.people = sum(unit.population or 0 for unit in units)
        organs = self.having("penalty_organ")
        self.cases = {(unit.code, year): self._cases(unit, year) for unit in organs for year in LEDGER_YEARS}

    def having(self, tag: str) -> list[Unit]:
        return [unit for unit in self.units if tag in unit.tags]

    def counties(self) -> list[Unit]:
        return [unit for unit in self.units if unit.kind != "department"]

    def expected(self, unit: Unit, whole: int, departments: dict[str, int]) -> float:
        """Its share of a city figure: by population, or its own."""
        if unit.kind == "department":
            return departments.get(unit.code, 0)
        return max(4.0, whole * (unit.population or 0) / self.people)

    def case_target(self, unit: Unit, year: int) -> int:
        expected = self.expected(unit, CITY_CASES, DEPARTMENT_CASES)
        return max(2, round(expected * (0.94 if year < 2024 else 0.97)))

    def major_target(self, unit: Unit) -> int:
        expected = self.expected(unit, CITY_CASES, DEPARTMENT_CASES)
        return 1 if unit.code == MASKED[0] else round(expected * 0.07)

    def quarter(self, unit: Unit, year: int, quarter: int) -> tuple[int, int]:
        """Administrative cases filed and closed in a quarter, those carried over from last year included."""
        own = [case for case in self.cases[unit.code, year] if not case.criminal]
        filed = sum(quarter_of(case.filed_on) == quarter for case in own)
        closed = sum(case.decided_on is not None and quarter_of(case.decided_on) == quarter for case in own)
        before = self.cases.get((unit.code, year - 1), [])
        carried = sum(not case.criminal and case.decided_on is None for case in before)
        return filed, closed + {1: carried - carried // 3, 2: carried // 3}.get(quarter, 0)

    def _cases(self, unit: Unit, year: int) -> list[Case]:
        random, s = stream("case", unit.code, year), strength(unit.code, year)
        expected = self.expected(unit, CITY_CASES, DEPARTMENT_CASES)
        count = max(1, round(expected * (0.34 + 0.74 * s + random.uniform(-0.04, 0.04))))
        major = min(count, round(self.major_target(unit) * (0.35 + 0.75 * s)))
        top = min(major, round(TOP_TARGET.get(unit.code, 0) * (0.2 + 0.85 * s)))
        sizes = [random.uniform(22, 60) for _ in range(top)]
        sizes += [random.uniform(5.2, 18) for _ in range(major - top)]
        sizes += [min(4.8, max(0.05, random.lognormvariate(-0.6, 0.8))) for _ in range(count - major)]
        cases = [_administrative(random, s, unit, year, size) for size in sizes]
        if (unit.code, year) == (MASKED[0], MASKED[1].year):
            cases.append(Case(False, "商标", "示例网店118", MASKED[2], MASKED[1]))
        crimes = [_criminal(random, year) for _ in range(CRIMES[year].get(unit.code, 0))]
        for listed, word in ((cases, "罚"), (crimes, "刑立")):
            listed.sort(key=lambda case: case.filed_on)
            for number, case in enumerate(listed, 1):
                kind = word if case.criminal or case.decided_on else "立"
                case.doc_no = f"示{MARK[unit.code]}{kind}〔{year}〕{number:03d}号"
        return cases + crimes


def _administrative(random: Random, s: float, unit: Unit, year: int, size: float) -> Case:
    slow = (unit.code, year) == CARRIED_OVER and random.random() < 0.45
    first, lag = (date(year, 10, 15), 60) if slow else (date(year, 1, 5), random.randint(10, 50))
    filed = workday(random, first, date(year, 12, 12))
    trade = random.choice(("商行", "商贸", "超市", "经营部", "网店", "工坊"))
    party = f"示例{trade}{random.randint(100, 999)}"
    case = Case(False, random.choice(FIELDS.get(unit.code, COUNTY_FIELDS)), party, f"{size:.2f}", filed)
    case.not_public = random.random() < 0.02
    decided = later(filed, lag)
    if decided > date(year, *LAST_DECISION) or random.random() > 0.92 + 0.08 * s:
        return case
    case.decided_on = decided
    chance = random.random()
    days = random.randint(3, 18) if chance < 0.62 + 0.36 * s else random.randint(22, 32)
    never = chance > 0.94 + 0.06 * s
    case.disclosed_on = None if never or case.not_public else later(decided, days)
    if size >= 5 and unit.code in CRIMES[2024] and random.random() < 0.5:
        case.suspect_on = later(filed, random.randint(1, 8))
        late = random.random() > 0.3 + 0.75 * s
        case.transferred_on = case.suspect_on + timedelta(
            random.randint(6, 12) if late else random.randint(1, 4)
        )
    return case


def _criminal(random: Random, year: int) -> Case:
    amount = f"{random.uniform(8, 60):.2f}"
    filed = workday(random, date(year, 1, 10), date(year, 11, 30))
    sort = random.choice(("商标", "食品药品", "烟草"))
    return Case(True, sort, f"示例嫌疑人{random.randint(10, 99)}", amount, filed)
