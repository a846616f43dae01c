"""SQL written by hand over the raw CSV files of the demo city, beside what was compiled from the rubric.

A second oracle: a fresh DuckDB connection reads the files as text; nothing of the compiler, of the store or of the
expressions is used, and no number is taken from the rubric file: the clauses are written out here a second time.
What does not apply adds 0 points there, and its full marks leave the total.
Three indicators of different kinds (办案任务完成率, 平台录入, 专项行动周报), the way from indicator points to
the place, and the sum Σ items + landings + adjustments = total.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

import chinese_calendar
import duckdb
import pyarrow as pa
import pytest
import yaml

from tests.demo import ROOT, SAMPLE, YEARS, scored
from tests.tiny import Scores

FILES = ("case_ledger", "platform_export", "complaints", "targets", "submissions", "awards", "events")


@dataclass(frozen=True)
class Run:
    """A year, the day until which data are received, and how many quarters are due by then."""

    year: str
    until: date
    quarters: int
    as_of: date | None = None

    def __str__(self) -> str:
        return str(self.as_of or self.year)


ENDED = {"2024": Run("2024", date(2025, 1, 20), 4), "2023": Run("2023", date(2024, 1, 20), 4)}  # 20 January: cut-off
# on 15 June only the first quarter is due (10 April; the platform 15 April)
RUNS = [*ENDED.values(), Run("2024", date(2024, 6, 15), 1, date(2024, 6, 15))]


@dataclass
class Raw:
    """A connection of its own with the raw files as tables of text."""

    connection: duckdb.DuckDBPyConnection

    def rows(self, sql: str, run: Run) -> list[dict[str, Any]]:
        found = self.connection.execute(filled(sql, run))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def by_unit(self, sql: str, run: Run) -> dict[str, dict[str, Any]]:
        rows = self.rows(sql, run)
        assert len(rows) == len({row["unit"] for row in rows})
        return {row["unit"]: row for row in rows}


def filled(sql: str, run: Run) -> str:
    told = {"$year": f"'{run.year}'", "$until": f"DATE '{run.until}'", "$quarters": str(run.quarters)}
    for name, text in told.items():
        sql = sql.replace(name, text)
    return sql


@pytest.fixture(scope="module")
def raw() -> Iterator[Raw]:
    connection = duckdb.connect()
    for name in FILES:
        path = SAMPLE / f"{name}.csv"
        connection.execute(f"CREATE TABLE {name} AS FROM read_csv('{path}', header = true, all_varchar = true)")
    units = yaml.safe_load((ROOT / "config" / "units.yaml").read_text(encoding="utf-8"))["units"]
    connection.execute("CREATE TABLE unit (unit TEXT, grp TEXT, penalty BOOLEAN, campaign BOOLEAN, complaints BOOLEAN)")
    connection.execute("CREATE TABLE named (title TEXT, unit TEXT)")
    for one in units:
        if one["kind"] == "city":  # scored by the province's rubric only
            continue
        tags = one.get("tags", [])
        grp = "department" if one["kind"] == "department" else "county"  # 功能区与县区同组
        told = (one["code"], grp, "penalty_organ" in tags, "campaign" in tags, "complaints" in tags)
        connection.execute("INSERT INTO unit VALUES (?, ?, ?, ?, ?)", told)
        for title in (one["title"], one["code"], *one.get("aliases", [])):
            connection.execute("INSERT INTO named VALUES (?, ?)", [title, one["code"]])
    days = [date(2022, 1, 1) + timedelta(number) for number in range(4 * 365)]
    works = [chinese_calendar.is_workday(day) for day in days]
    table = pa.table({"day": days, "works": works, "number": list(accumulate(works, initial=0))[1:]})
    connection.register("workday", table)
    yield Raw(connection)
    connection.close()


def compiled(scores: Scores, indicator: str) -> dict[str, dict[str, Any]]:
    return {row["unit"]: row for row in scores.assessment.rows("indicator_score", indicator=indicator)}


# Reports of a unit that were accepted by the day, one row per unit, form and due period.
ACCEPTED = """accepted AS (
    SELECT n.unit, s.报表 AS form, s.报送期 AS label, min(s.收到时间::TIMESTAMP) AS came
    FROM submissions s JOIN named n ON n.title = s.单位
    WHERE s.结果 = '已收' AND s.收到时间::TIMESTAMP::DATE <= $until
    GROUP BY ALL
)"""


# --- 第六条（一） 办案任务完成率：完成一半以下不得分，满额得 8 分，中间按比例 -----------------------------

CASE_VOLUME = f"""WITH {ACCEPTED},
quarters AS (
    SELECT unit, count(*) AS received FROM accepted WHERE form = '案件台账' AND left(label, 4) = $year GROUP BY unit
), cases AS (
    SELECT n.unit, count(*) AS done
    FROM case_ledger c JOIN named n ON n.title = c.单位
    JOIN accepted a ON a.unit = n.unit AND a.form = '案件台账'
        AND a.label = $year || 'Q' || quarter(c.立案日期::DATE)
    WHERE c.案件类别 = '行政' AND left(c.立案日期, 4) = $year AND c.立案日期::DATE <= $until
    GROUP BY n.unit
), target AS (
    SELECT n.unit, t.行政案件 AS told FROM targets t JOIN named n ON n.title = t.单位 WHERE left(t.下达日期, 4) = $year AND t.下达日期::DATE <= $until
), figures AS (
    SELECT u.unit,
        CASE WHEN NOT u.penalty OR t.told = '/' THEN 'not_applicable'
             WHEN coalesce(q.received, 0) < $quarters THEN 'missing'
             WHEN t.told IS NULL THEN 'pending'
             ELSE 'value' END AS state,
        coalesce(c.done, 0) AS done, try_cast(t.told AS BIGINT) AS aim
    FROM unit u LEFT JOIN quarters q USING (unit) LEFT JOIN cases c USING (unit) LEFT JOIN target t USING (unit)
)
SELECT unit, state, done, aim,
    -- 100 × done ÷ aim, half up to four decimals
    CASE WHEN state = 'value' THEN ((2000000 * done + aim) // (2 * aim))::DECIMAL(18, 0) * 0.0001 END AS value,
    -- 8 × (100 × done ÷ aim − 50) ÷ 50 = 8 × (2 × done − aim) ÷ aim, in 0.01 points, half up
    CASE state WHEN 'not_applicable' THEN 0.00 WHEN 'value' THEN
        CASE WHEN done >= aim THEN 8.00
             WHEN 2 * done < aim THEN 0.00
             ELSE ((2 * 800 * (2 * done - aim) + aim) // (2 * aim))::DECIMAL(18, 0) * 0.01 END END AS points
FROM figures"""


@pytest.mark.parametrize("run", RUNS, ids=str)
def test_case_volume_by_hand(raw: Raw, run: Run) -> None:
    own = compiled(scored(run.year, run.as_of), "case_volume")
    by_hand = raw.by_unit(CASE_VOLUME, run)
    assert by_hand.keys() == own.keys() and len(own) == 29
    for unit, row in by_hand.items():
        assert (row["state"], row["points"]) == (own[unit]["state"], own[unit]["points"]), (unit, row)
        if row["state"] == "value":
            assert (row["value"], row["done"], row["aim"]) == (
                own[unit]["value"], own[unit]["actual"], own[unit]["target"],
            ), unit  # fmt: skip
    kinds = {"full" if row["points"] == 8 else "part" for row in by_hand.values() if row["state"] == "value"}
    assert kinds == ({"part"} if run.as_of else {"full", "part"})  # the example decides something
    assert ("pending" in {row["state"] for row in by_hand.values()}) == (run.year == "2024")


# --- 第七条（一） 平台录入：不录扣完；漏录每件 0.5（单位 0.8）至多 4；迟录每件 0.2 至多 2 -----------------

ENTRY_CHECK = f"""WITH {ACCEPTED},
decided AS (  -- administrative cases filed in the year, decided, of a quarter that was reported
    SELECT n.unit, c.*
    FROM case_ledger c JOIN named n ON n.title = c.单位
    JOIN accepted a ON a.unit = n.unit AND a.form = '案件台账'
        AND a.label = $year || 'Q' || quarter(c.立案日期::DATE)
    WHERE c.案件类别 = '行政' AND c.处罚决定日期 IS NOT NULL AND left(c.立案日期, 4) = $year
        AND c.立案日期::DATE <= $until
), closed AS (  -- quarters for which the office exported the platform
    SELECT 报送期 AS label FROM submissions
    WHERE 报表 = '两法衔接平台导出' AND 结果 = '已关账' AND 收到时间::TIMESTAMP::DATE <= $until
), entry AS (
    SELECT n.unit, p.*
    FROM platform_export p JOIN named n ON n.title = p.单位
    JOIN closed k ON k.label = left(p.录入日期, 4) || 'Q' || quarter(p.录入日期::DATE)
), beside AS (
    SELECT d.unit, e.unit IS NOT NULL AS entered,
        e.当事人 IS DISTINCT FROM d.当事人 OR e.处罚决定日期 IS DISTINCT FROM d.处罚决定日期
            OR e.案值::DECIMAL(18, 2) IS DISTINCT FROM d.案值::DECIMAL(18, 2) AS differs,
        later.number - earlier.number > 7 AS slow
    FROM decided d
    LEFT JOIN entry e ON e.unit = d.unit AND e.处罚决定书文号 = d.处罚决定书文号
    LEFT JOIN workday earlier ON earlier.day = d.处罚决定日期::DATE
    LEFT JOIN workday later ON later.day = e.录入日期::DATE
), counted AS (
    SELECT unit, count_if(entered) AS entries, count_if(NOT entered) AS without,
        count_if(entered AND differs) AS wrong, count_if(entered AND NOT differs AND slow) AS late
    FROM beside GROUP BY unit
), quarters AS (
    SELECT unit, count(*) AS received FROM accepted WHERE form = '案件台账' AND left(label, 4) = $year GROUP BY unit
), checked AS (
    SELECT u.unit, u.grp,
        CASE WHEN NOT u.penalty THEN 'not_applicable'
             WHEN coalesce(q.received, 0) < $quarters THEN 'missing'
             WHEN (SELECT count(*) FROM closed WHERE left(label, 4) = $year) < $quarters THEN 'pending'
             ELSE 'value' END AS state,
        -- 不录: cases, and not one entry; 漏录: some entered, these not
        CASE WHEN c.entries = 0 THEN c.without ELSE 0 END AS never,
        CASE WHEN c.entries > 0 THEN c.without ELSE 0 END AS omitted,
        coalesce(c.wrong, 0) AS wrong, coalesce(c.late, 0) AS late
    FROM unit u LEFT JOIN counted c USING (unit) LEFT JOIN quarters q USING (unit)
)"""
PLATFORM_ENTRY = f"""{ENTRY_CHECK}
SELECT unit, state, never, omitted, wrong, late,
    CASE state WHEN 'not_applicable' THEN 0.00 WHEN 'value' THEN greatest(0.00, 6.00
        - CASE WHEN never > 0 THEN 6.00 ELSE 0.00 END
        - least(4.00, omitted::DECIMAL(9, 0) * CASE WHEN grp = 'county' THEN 0.50 ELSE 0.80 END)
        - least(2.00, late::DECIMAL(9, 0) * 0.20)) END AS points
FROM checked"""


@pytest.mark.parametrize("run", RUNS, ids=str)
def test_platform_entry_by_hand(raw: Raw, run: Run) -> None:
    scores = scored(run.year, run.as_of)
    own = compiled(scores, "platform_entry")
    by_hand = raw.by_unit(PLATFORM_ENTRY, run)
    assert by_hand.keys() == own.keys()
    measures = {(row["unit"], row["measure"]): row["value"] for row in scores.assessment.rows("measure")}
    for unit, row in by_hand.items():
        assert (row["state"], row["points"]) == (own[unit]["state"], own[unit]["points"]), (unit, row)
        if row["state"] == "value":
            for name, measure in (
                ("never", "never_entered"), ("omitted", "omitted"), ("wrong", "entered_wrong"), ("late", "entered_late"),
            ):  # fmt: skip
                assert row[name] == measures[unit, measure], (unit, name)
    counts = {name: sum(row[name] for row in by_hand.values()) for name in ("omitted", "wrong", "late")}
    assert all(counts.values()) or run.as_of, counts  # every kind occurs


# --- 第八条（二） 周报：迟报每次扣 0.2，未报每次扣 0.5，3 分扣完为止 --------------------------------------

WEEKLY_REPORTS = f"""WITH {ACCEPTED},
friday AS (  -- the campaign ran from September to November 2023 and from January to June 2024
    SELECT unnest(CASE WHEN $year = '2024'
        THEN generate_series(DATE '2024-01-12', DATE '2024-06-28', INTERVAL 7 DAY)
        ELSE generate_series(DATE '2023-09-01', DATE '2023-11-24', INTERVAL 7 DAY) END)::DATE AS named_day
), due AS (  -- a Friday off goes back to the working day before
    SELECT strftime(named_day, '%G-W%V') AS label, (SELECT max(day) FROM workday WHERE works AND day <= named_day) AS due_on
    FROM friday
), counted AS (
    SELECT u.unit, count(*) AS due, count_if(a.came::DATE > d.due_on) AS late, count_if(a.came IS NULL) AS missing
    FROM unit u CROSS JOIN due d
    LEFT JOIN accepted a ON a.unit = u.unit AND a.form = '专项行动周报' AND a.label = d.label
    WHERE u.campaign AND (d.due_on <= $until OR a.came IS NOT NULL) GROUP BY u.unit
)
SELECT u.unit, CASE WHEN c.unit IS NULL THEN 'not_applicable' ELSE 'value' END AS state, c.due, c.late, c.missing,
    CASE WHEN c.unit IS NULL THEN 0.00 ELSE
        greatest(0.00, 3.00 - c.late::DECIMAL(9, 0) * 0.20 - c.missing::DECIMAL(9, 0) * 0.50) END AS points
FROM unit u LEFT JOIN counted c USING (unit)"""


@pytest.mark.parametrize(("run", "weeks"), list(zip(RUNS, (25, 13, 23), strict=True)), ids=str)
def test_weekly_reports_by_hand(raw: Raw, run: Run, weeks: int) -> None:
    scores = scored(run.year, run.as_of)
    own = compiled(scores, "weekly_reports")
    by_hand = raw.by_unit(WEEKLY_REPORTS, run)
    assert by_hand.keys() == own.keys()
    measures = {(row["unit"], row["measure"]): row["value"] for row in scores.assessment.rows("measure")}
    for unit, row in by_hand.items():
        assert (row["state"], row["points"]) == (own[unit]["state"], own[unit]["points"]), (unit, row)
        if row["state"] == "value":
            assert row["due"] == weeks == measures[unit, "weekly_report.due"]
            assert row["late"] == measures[unit, "weekly_report.late"]
            assert row["missing"] == measures[unit, "weekly_report.missing"]
    assert any(row["late"] for row in by_hand.values())


# --- losses that land elsewhere: 错录 each 0.4 from 两法衔接, 超期 each 0.1 at most 2 from the total ------

LANDINGS = f"""{ENTRY_CHECK},
slow AS (
    SELECT n.unit, count(*) AS overdue
    FROM complaints c JOIN named n ON n.title = c.单位
    JOIN accepted a ON a.unit = n.unit AND a.form = '投诉举报' AND a.label = $year || 'Q' || quarter(c.受理日期::DATE)
    JOIN workday earlier ON earlier.day = c.受理日期::DATE
    JOIN workday later ON later.day = c.办结日期::DATE
    WHERE left(c.受理日期, 4) = $year AND later.number - earlier.number > 45
    GROUP BY n.unit
)
SELECT c.unit, c.wrong * 40 AS from_section, least(200, coalesce(s.overdue, 0) * 10) AS from_total
FROM checked c LEFT JOIN slow s USING (unit)"""


@pytest.mark.parametrize("year", YEARS)
def test_landed_losses_by_hand(raw: Raw, year: str) -> None:
    assessment = scored(year).assessment
    landed = {(row["unit"], row["node"]): row["points"] for row in assessment.rows("landing")}
    complete = {row["unit"] for row in assessment.rows("unit_score", state="complete")}
    by_hand = raw.by_unit(LANDINGS, ENDED[year])
    for unit in complete:
        row = by_hand[unit]
        assert landed.get((unit, "linkage"), Decimal(0)) * 100 == -row["from_section"], unit
        assert landed.get((unit, "total"), Decimal(0)) * 100 == -row["from_total"], unit
    assert any(row["from_section"] for row in by_hand.values()) and any(row["from_total"] for row in by_hand.values())


# --- from indicator points to the place -------------------------------------------------------------------

# Amounts are whole 0.01 points. `earned` holds the engine's indicator points, `lost` the landings by hand.
TOTALS = """WITH section AS (
    SELECT * FROM (VALUES
        ('county', 'organisation', 1400), ('county', 'enforcement', 2600), ('county', 'linkage', 1400),
        ('county', 'reporting', 1700), ('county', 'publicity', 1000), ('county', 'public', 900), ('county', 'campaign', 1000),
        ('department', 'organisation', 1300), ('department', 'enforcement', 2900), ('department', 'linkage', 1200),
        ('department', 'reporting', 1900), ('department', 'publicity', 900), ('department', 'public', 500),
        ('department', 'campaign', 1300)) s (grp, section, full_marks)
), item AS (
    SELECT unit, section, (points * 100)::BIGINT AS points, (full_marks * 100)::BIGINT AS full_marks, state
    FROM earned
), complete AS (  -- every indicator has its points, and no loss is open
    SELECT unit FROM item GROUP BY unit
    HAVING bool_and(points IS NOT NULL OR state = 'not_applicable') AND unit NOT IN (SELECT unit FROM open_loss)
), part AS (
    SELECT u.unit, u.grp, s.section, s.full_marks,
        coalesce(sum(i.points) FILTER (WHERE i.state <> 'not_applicable'), 0) AS items,
        coalesce(sum(i.full_marks) FILTER (WHERE i.state = 'not_applicable'), 0) AS left_out
    FROM complete JOIN unit u USING (unit) JOIN section s USING (grp)
    LEFT JOIN item i ON i.unit = u.unit AND i.section = s.section
    GROUP BY ALL
), node AS (  -- a section: items less landed losses, within nothing and its full marks
    SELECT p.*, least(full_marks, greatest(0, items - CASE WHEN section = 'linkage' THEN l.from_section ELSE 0 END)) AS points
    FROM part p JOIN lost l USING (unit)
), base AS (  -- 合理缺项折算: × 100 ÷ (100 − what does not apply), kept as numerator and denominator
    SELECT unit, grp, sum(points)::BIGINT * 10000 AS num, 10000 - sum(left_out)::BIGINT AS den FROM node GROUP BY ALL
), praise AS (
    SELECT n.unit, least(300, sum(CASE a.级别 WHEN '国家级' THEN 150 WHEN '省级' THEN 50 END)) AS points
    FROM awards a JOIN named n ON n.title = a.单位 WHERE left(a.印发日期, 4) = $year GROUP BY n.unit
), blame AS (
    SELECT n.unit, least(500, sum(CASE e.事项 WHEN '媒体曝光' THEN 200 WHEN '通报批评' THEN 100 ELSE 0 END)) AS points,
        bool_or(e.事项 = '弄虚作假') AS falsified
    FROM events e JOIN named n ON n.title = e.单位 WHERE left(e.日期, 4) = $year GROUP BY n.unit
), added AS (  -- the bonus only from 80 points on
    SELECT b.unit, b.grp, b.num, b.den, coalesce(x.falsified, FALSE) AS falsified,
        CASE WHEN b.num >= 8000 * b.den THEN coalesce(p.points, 0) ELSE 0 END - coalesce(x.points, 0) - l.from_total AS change
    FROM base b JOIN lost l USING (unit) LEFT JOIN praise p USING (unit) LEFT JOIN blame x USING (unit)
), rounded AS (  -- half up to 0.01, then 一票否决
    SELECT unit, grp, falsified, (2 * (num + change * den) + den) // (2 * den) AS sum FROM added
), total AS (
    SELECT *, CASE WHEN falsified THEN least(5900, sum) ELSE sum END AS total FROM rounded
), graded AS (
    SELECT *, CASE WHEN falsified THEN '不合格' WHEN total >= 9000 THEN '优秀' WHEN total >= 8000 THEN '良好'
        WHEN total >= 6000 THEN '合格' ELSE '不合格' END AS by_score
    FROM total
), size AS (  -- 优秀 for at most 30 %, rounded down; only once everybody has a total
    SELECT grp, count(*) AS units, count(*) = count(total) AS decided
    FROM unit LEFT JOIN total USING (unit, grp) GROUP BY grp
)
SELECT g.unit, (g.total::DECIMAL(18, 0) * 0.01) AS total,
    (SELECT count(*) FROM total h WHERE h.grp = g.grp AND h.total > g.total) + 1 AS place,
    (SELECT count(*) FROM total h WHERE h.grp = g.grp AND h.total = g.total) > 1 AS tied,
    ((SELECT min(h.total) FROM total h WHERE h.grp = g.grp AND h.total > g.total) - g.total)::DECIMAL(18, 0) * 0.01 AS to_next,
    -- whoever shares a total with the first one outside stays outside
    CASE WHEN by_score = '优秀' AND z.decided AND (SELECT count(*) FROM graded h
            WHERE h.grp = g.grp AND h.by_score = '优秀' AND h.total >= g.total) > z.units * 30 // 100
        THEN '良好' ELSE by_score END AS grade,
    by_score
FROM graded g JOIN size z USING (grp)"""


def totals(raw: Raw, year: str) -> dict[str, dict[str, Any]]:
    """Totals and places by hand, from the engine's indicator points and the raw registers."""
    tables = scored(year).assessment.tables
    earned = tables["indicator_score"].select(["unit", "section", "indicator", "points", "full_marks", "state"])
    raw.connection.register("earned", earned)
    landing = tables["landing"].select(["unit", "points"])
    raw.connection.register("landing", landing)
    raw.connection.execute("CREATE OR REPLACE TEMP TABLE open_loss AS SELECT unit FROM landing WHERE points IS NULL")
    raw.connection.execute(f"CREATE OR REPLACE TEMP TABLE lost AS {filled(LANDINGS, ENDED[year])}")
    return raw.by_unit(TOTALS, ENDED[year])


@pytest.mark.parametrize("year", YEARS)
def test_totals_grades_and_places_by_hand(raw: Raw, year: str) -> None:
    assessment = scored(year).assessment
    by_hand = totals(raw, year)
    own = {row["unit"]: row for row in assessment.rows("unit_score", state="complete")}
    placed = {row["unit"]: row for row in assessment.rows("ranking") if row["place"] is not None}
    assert by_hand.keys() == own.keys() == placed.keys()
    assert len(own) == {"2024": 25, "2023": 29}[year]
    for unit, row in by_hand.items():
        assert (row["total"], row["grade"]) == (own[unit]["total"], own[unit]["grade"]), (unit, row)
        for name in ("total", "place", "tied", "to_next", "grade"):
            assert row[name] == placed[unit][name], (unit, name, row)


def test_the_totals_by_hand_meet_every_turn(raw: Raw) -> None:
    """Rescaling, bonus, withheld bonus, penalty, veto, quota and tie all occur, so that none is agreed on idly."""
    rows = {year: totals(raw, year) for year in YEARS}
    assert any(row["grade"] != row["by_score"] for row in rows["2023"].values())  # the quota took somebody's grade
    assert any(row["tied"] for row in rows["2024"].values())
    kinds = {row["kind"] for year in YEARS for row in scored(year).assessment.rows("adjustment")}
    assert {"rescale", "bonus", "penalty", "veto", "rounding"} <= kinds
    assert any(row["withheld"] for row in scored("2024").assessment.rows("adjustment", kind="bonus"))


PLACES = """SELECT t.unit,
    1 + (SELECT count(*) FROM reach h WHERE h."group" = t."group" AND h.unit <> t.unit AND h.total_low > t.total_high) AS best,
    1 + (SELECT count(*) FROM reach h WHERE h."group" = t."group" AND h.unit <> t.unit AND h.total_high > t.total_low) AS worst,
    t.state = 'complete' AND EXISTS (
        SELECT 1 FROM reach h WHERE h."group" = t."group" AND h.state = 'pending' AND h.total_high > t.total) AS provisional
FROM reach t"""


@pytest.mark.parametrize(("year", "as_of"), [("2024", None), ("2023", None), ("2024", date(2024, 6, 15))])
def test_places_a_unit_may_still_take_by_hand(raw: Raw, year: str, as_of: date | None) -> None:
    """At best behind whoever surely has more, at worst behind whoever may have more; never across the groups."""
    assessment = scored(year, as_of).assessment
    raw.connection.register("reach", assessment.tables["unit_score"])
    by_hand = raw.by_unit(PLACES, ENDED[year])
    for row in assessment.rows("ranking"):
        told = (row["best_place"], row["worst_place"], row["provisional"])
        assert told == tuple(by_hand[row["unit"]][name] for name in ("best", "worst", "provisional")), row["unit"]
        assert row["place"] is None or row["best_place"] <= row["worst_place"]


# --- Σ items + landings + adjustments = total -------------------------------------------------------------

DAYS = [
    ("2024", None),
    ("2023", None),
    ("2024", date(2024, 6, 15)),
    ("2024", date(2024, 1, 5)),
    ("2023", date(2023, 10, 31)),
]


@pytest.mark.parametrize("side", ["low", "high"])
@pytest.mark.parametrize(("year", "as_of"), DAYS)
def test_items_landings_and_adjustments_add_up_to_the_total(year: str, as_of: date | None, side: str) -> None:
    """Exactly, at both ends of every range. An end without limit is closed by its section, whose own end then counts."""
    assessment = scored(year, as_of).assessment
    end = f"points_{side}"
    amounts: dict[str, list[Decimal | None]] = {}
    sections: dict[tuple[str, str], list[Decimal | None]] = {}
    for row in assessment.rows("indicator_score"):
        sections.setdefault((row["unit"], row["section"]), []).append(row[end])
    for row in assessment.rows("landing"):
        if row["node"] == "total":
            amounts.setdefault(row["unit"], []).append(row[end])
        else:
            sections[row["unit"], row["node"]].append(row[end])
    for row in assessment.rows("adjustment"):
        if row["kind"] == "section_limit":
            sections[row["unit"], row["adjustment"]].append(row[end])
        else:
            amounts.setdefault(row["unit"], []).append(row[end])
    open_ends = set()
    nodes = {(row["unit"], row["section"]): row[end] for row in assessment.rows("node_score")}
    assert nodes.keys() == sections.keys()
    for (unit, section), found in sections.items():
        if None in found:
            open_ends.add((unit, section))
            assert found.count(None) >= 2, (unit, section)  # the loss without limit, and the floor that stops it
        else:
            assert sum(found, Decimal(0)) == nodes[unit, section], (unit, section)
        amounts.setdefault(unit, []).append(nodes[unit, section])
    # only 错录 has no cap, and only where the cases are not all reported
    unknown = {
        row["unit"] for row in assessment.rows("landing", indicator="platform_accuracy") if row["points"] is None
    }
    assert open_ends == ({(unit, "linkage") for unit in unknown} if side == "low" else set())
    totals_of = {row["unit"]: row[f"total_{side}"] for row in assessment.rows("unit_score")}
    assert len(totals_of) == 29
    for unit, total in totals_of.items():
        assert sum(amounts[unit], Decimal(0)) == total, unit


@pytest.mark.parametrize(("year", "as_of"), DAYS)
def test_a_complete_unit_has_one_total_and_a_pending_one_a_range(year: str, as_of: date | None) -> None:
    for row in scored(year, as_of).assessment.rows("unit_score"):
        if row["state"] == "complete":
            assert row["total"] == row["total_low"] == row["total_high"], row["unit"]
        else:
            assert row["total"] is None and row["total_low"] <= row["total_high"], row["unit"]
