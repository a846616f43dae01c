"""Compiles the measures: what was due, one grouped pass per form and window, and the table of facts.

Everything here depends on data and measure definitions only, never on points: phase one, kept by data version.
A figure that is not there is NULL in the facts and its state says why; what does not apply is 0 with its state.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from scoring.engine.membership import has_members, mapped, members_sql, membership
from scoring.engine.same_days import comparable
from scoring.expressions import names
from scoring.expressions.parse import Logic, Name
from scoring.expressions.rows import Aggregate, condition, workday_column
from scoring.forms import Derived, Form, Forms
from scoring.rubric import Measure, Rubric
from scoring.rubric.model import WINDOW_TITLES, Period, Window
from scoring.rubric.settings import OWN, aggregate_of, in_year, row_types
from scoring.rubric.weighing import WEIGHT
from scoring.sql.text import Line, Query, columns, identifier, indent, literal, literals, values_table

SUFFIX: dict[str, str] = {
    "this": "",
    "same_days_last_year": "_same_days_last_year",
    "whole_last_year": "_last_year",
}


def suffix(window: Window) -> str:
    """What tells the tables of one window from those of another."""
    year, _, part = window.partition("@")
    return SUFFIX[year] + (f"_{part}" if part else "")


@dataclass(frozen=True)
class Pass:
    """The measures that one grouped pass over one form in one window computes."""

    form: Form
    window: Window
    start: date
    end: date
    last: date  # of the whole window, also while the run is earlier
    received_by: date
    measures: tuple[Measure, ...]
    forms: Forms
    open: frozenset[str] = frozenset()  # measures whose day has not come
    members: tuple[tuple[str, str], ...] = ()  # whose facts count for whom, where not only the own ones do
    whole: tuple[date, date] | None = None  # the year of which this is a month or quarter

    @classmethod
    def of(
        cls, rubric: Rubric, period: Period, as_of: date, form: str, window: Window, measures: Iterable[Measure]
    ) -> Pass:
        """The pass of a run, in which every day has its year."""
        year, _, part = window.partition("@")
        day = comparable(rubric.forms[form], period, as_of) if year == "same_days_last_year" else as_of
        start, end = period.window(window, day)
        last = period.whole_window(window, day)[1]
        first, limit = rubric.year_start(start), min(period.cut_off, as_of)
        pairs = tuple(membership(rubric, period)) if has_members(rubric) else ()
        inside = tuple(in_year(_owned(measure, bool(pairs)), rubric.forms, first) for measure in measures)
        days = [(one.code, rubric.day_of_year(start, *one.known_on)) for one in inside if one.known_on is not None]
        reached = period.window(year, as_of)[1]  # of the year, where only a part of it is looked at
        later = frozenset(code for code, day in days if day > reached)
        whole = period.window(year, day) if part else None
        return cls(rubric.forms[form], window, start, end, last, limit, inside, rubric.forms, later, pairs, whole)

    @property
    def name(self) -> str:
        return f"{self.form.code}__figures{suffix(self.window)}"

    @property
    def unreadable_name(self) -> str:
        return f"{self.form.code}__unreadable{suffix(self.window)}"

    @property
    def facts_name(self) -> str:
        return f"{self.form.code}__facts{suffix(self.window)}"

    @property
    def source(self) -> str:
        """The rows, each under the unit that is scored, as a FROM source."""
        table = identifier(self.form.code)
        return mapped(table, list(self.members)) if self.members else table

    @cached_property
    def aggregates(self) -> dict[str, Aggregate]:
        found = {}
        for measure in self.measures:
            spans = measure.each.spans(self.start, self.end, self.last) if measure.each is not None else None
            found[measure.code] = aggregate_of(measure, self.forms, spans)
        return found

    @property
    def rows(self) -> str:
        """Which rows count: dated in the window, received in time."""
        dated = identifier(self.form.dated_by)
        test = f"{dated} BETWEEN {literal(self.start)} AND {literal(self.end)}"
        if any(source.has_schedule for source in self.forms.sources(self.form)):
            test += f"\n  AND received_on <= {literal(self.received_by)}"
        return test

    def where(self, measure: Measure) -> str:
        """Which rows the measure looks at."""
        if measure.where is None:
            return "TRUE"
        weighing = measure.weighing
        if weighing is not None and weighing.weighs:
            types = weighing.types(row_types(measure, self.forms))
            text = condition(weighing.renamed(measure.where), types)
            return text.replace(identifier(weighing.weight_column), weighing.weight_sql(self.form.row_types))
        return condition(measure.where, row_types(measure, self.forms))


def _owned(measure: Measure, members: bool) -> Measure:
    """With the condition that rows are the scored unit's own, where the measure says so and others count too."""
    if not (measure.own_rows and members):
        return replace(measure, own_rows=False) if measure.own_rows else measure
    own = Name(OWN)
    return replace(measure, where=own if measure.where is None else Logic("and", own, measure.where))


@dataclass
class MeasurePlan:
    """Queries of phase one."""

    rubric: Rubric
    period: Period
    as_of: date
    used: tuple[Measure, ...]
    queries: list[Query] = field(default_factory=list)

    @cached_property
    def passes(self) -> list[Pass]:
        grouped: dict[tuple[str, Window], list[Measure]] = defaultdict(list)
        for measure in self.used:
            if measure.schedule_item is None:
                grouped[measure.form, measure.window].append(measure)
        return [
            Pass.of(self.rubric, self.period, self.as_of, form, window, measures)
            for (form, window), measures in grouped.items()
        ]

    @property
    def scheduled(self) -> list[tuple[str, Window]]:
        """Forms whose register of submissions some measure counts, and in which window."""
        found = ((measure.form, measure.window) for measure in self.used if measure.schedule_item is not None)
        return list(dict.fromkeys(found))


def compile_measures(rubric: Rubric, period: Period, as_of: date, used: Iterable[Measure]) -> list[Query]:
    """The queries of phase one, in order."""
    plan = MeasurePlan(rubric, period, as_of, tuple(used))
    queries = [_assessed(rubric, period), _due(plan), *_due_counts(plan)]
    derived = {one.form.code: one.form for one in plan.passes if one.form.derived is not None}
    queries += [_derived(form, plan) for form in derived.values()]
    for one in plan.passes:
        queries.append(_figures(one))
        unreadable = _unreadable(one)
        if unreadable is not None:
            queries.append(unreadable)
        queries.append(_form_facts(one))
    queries += [_schedule_facts(plan, *scheduled) for scheduled in plan.scheduled]
    queries.append(_facts(plan))
    return queries


def _assessed(rubric: Rubric, period: Period) -> Query:
    pieces = [
        f"SELECT unit, {literal(code)} AS grp, position FROM unit WHERE {_chosen(rubric, code, period)}"
        for code in rubric.groups
    ]
    return Query("assessed", "每个被考核单位一行，含分组", "\nUNION ALL\n".join(pieces), "measure")


def _chosen(rubric: Rubric, group: str, period: Period) -> str:
    """SQL that picks the units of a group: by kind, and by name where tags or validity decide."""
    kinds = rubric.groups[group].units.kinds
    chosen = {unit.code for unit in rubric.units(group, period)}
    others = [unit.code for unit in rubric.register.units if not kinds or unit.kind in kinds]
    others = [code for code in others if code not in chosen]
    test = f"kind IN ({literals(kinds)})" if kinds else "TRUE"
    if not others:
        return test
    if len(others) < len(chosen):
        return f"{test} AND unit NOT IN ({literals(others)})"
    return f"unit IN ({literals(sorted(chosen))})" if chosen else "FALSE"


def _due(plan: MeasurePlan) -> Query:
    period, as_of = plan.period, plan.as_of
    windows = sorted({one.window for one in plan.passes} | {window for _, window in plan.scheduled} | {"this"})
    spans = []
    for window in windows:
        spans.append((window, *period.whole_window(window, as_of)))
    limit = literal(min(period.cut_off, as_of))
    members = ""
    if has_members(plan.rubric):
        members = f"JOIN {members_sql(membership(plan.rubric, period))} ON m.fact_unit = r.unit\n"
    select = f"""WITH span AS (
{indent(values_table("s", ["win", "starts", "ends"], spans))}
)
SELECT s.win, p.form, a.unit, p.period AS due_period, p.nominal_on, p.due_on, p.deadline, t.received_at,
    CASE WHEN t.received_at <= p.deadline THEN 'on_time'
         WHEN t.received_at IS NOT NULL THEN 'late'
         WHEN p.due_on <= {literal(as_of)} THEN 'missing'
         ELSE 'not_yet' END AS status,
    CASE WHEN t.received_at > p.deadline THEN greatest(1, t.received_at::DATE - p.due_on) END AS days_late,
    {"".join(text + "," + chr(10) + "    " for text in _lateness(plan))}coalesce(t.nil, FALSE) AS nil,
    coalesce(t.accepted, FALSE) AS accepted
FROM span s
JOIN due_period p ON p.belongs_on BETWEEN s.starts AND s.ends
JOIN reporter r ON r.form = p.form
{members}JOIN assessed a ON a.unit = {"m" if members else "r"}.unit
LEFT JOIN receipt t ON t.form = p.form AND t.unit = {"r" if members else "a"}.unit AND t.period = p.period
    AND t.received_at::DATE <= {limit}"""
    return Query("due", f"每个单位每张应报报表的每一期一行（截至 {as_of}）", select, "measure")


# How late, or too early, a report came, in other ways than by days. A begun one counts: the first month ends with the
# day that corresponds to the day it was due, where there is none with the last of its month (民法典第二百零二条).
LATENESS = {
    "workdays_late": """CASE WHEN t.received_at > p.deadline
         THEN greatest(1, workday_no(t.received_at::DATE) - workday_no(p.due_on)) END AS workdays_late""",
    "months_late": """CASE WHEN t.received_at > p.deadline
         THEN greatest(1, 1 + full_months(p.due_on, t.received_at::DATE - 1)) END AS months_late""",
    "early": "coalesce(t.received_at::DATE < p.opens_on, FALSE)::INTEGER AS early",
}


def _lateness(plan: MeasurePlan) -> list[str]:
    """Those that some measure counts."""
    items = {measure.schedule_item for measure in plan.used}
    return [text for item, text in LATENESS.items() if item in items]


def _due_counts(plan: MeasurePlan) -> list[Query]:
    items = [item for item in LATENESS if item in {measure.schedule_item for measure in plan.used}]
    further = "".join(f"    coalesce(sum({item}), 0)::BIGINT AS {item},\n" for item in items)
    # a late report that is as good as none
    late_is_none = [form.code for form in plan.rubric.forms.values() if form.late_rows == "leave_out"]
    on_time = (
        f"WHEN form IN ({literals(late_is_none)}) THEN count_if(status = 'on_time' AND accepted) " if late_is_none else ""
    )
    select = f"""SELECT win, form, unit,
    count_if(status <> 'not_yet')::BIGINT AS due,
    count_if(status = 'on_time')::BIGINT AS on_time,
    count_if(status = 'late')::BIGINT AS late,
    count_if(status = 'missing')::BIGINT AS missing,
    count(received_at) AS received,
    -- reports whose rows are there to be read: accepted ones, none where the file as a whole is not readable
    CASE WHEN form IN (SELECT form FROM unread) THEN 0 {on_time}ELSE count_if(accepted) END AS readable,
    -- received and not yet accepted: the turn of the office
    count_if(received_at IS NOT NULL AND NOT accepted) AS waiting,
    coalesce(sum(days_late), 0)::BIGINT AS days_late,
{further}    count(*) AS in_period
FROM due
GROUP BY win, form, unit"""
    return [Query("due_count", "每个单位每张报表一行：应报、按时、迟报、未报", select, "measure")]


def derived_query(form: Form, rubric: Rubric, period: Period, as_of: date) -> Query:
    """The step that makes a derived form, the same whether or not a measure looks at it."""
    return _derived(form, MeasurePlan(rubric, period, as_of, ()))


def _derived(form: Form, plan: MeasurePlan) -> Query:
    """Each row of the left form beside its row of the right one. 不录 is judged within one assessment period."""
    derived, forms = form.derived, plan.rubric.forms
    assert derived is not None
    left, right = forms[derived.left], forms[derived.right]
    key = identifier(derived.on)
    own = [f"l.{identifier(column.code)}" for column in left.columns]
    own += [f"l.{workday_column(column.code)}" for column in left.columns if column.type == "date"]
    wrong, hidden = _differences(derived, left, right)
    late = "FALSE"
    if derived.late_after is not None:
        since, until = identifier(derived.late_after.from_), identifier(derived.late_after.to)
        span = f"r.{workday_column(until)} - l.{workday_column(since)}"
        if not derived.late_after.workdays:
            span = f"r.{until} - l.{since}"
        late = f"{span} > {derived.late_after.days}"
    where = f" WHERE {condition(derived.where.tree, left.row_types)}" if derived.where is not None else ""
    bit = form.bit["status"]
    dated = identifier(left.dated_by)
    start, before = plan.period.start, plan.period.window("whole_last_year", plan.as_of)[0]
    year = f"CASE WHEN {dated} > {literal(plan.period.end)} THEN 2 WHEN {dated} >= {literal(start)} THEN 1"
    year += f" WHEN {dated} >= {literal(before)} THEN 0 ELSE -1 END"
    limit = literal(min(plan.period.cut_off, plan.as_of))
    arrived = f" WHERE received_on <= {limit}" if right.has_schedule else ""
    select = f"""WITH l AS (
    SELECT *, {year} AS period_no FROM {identifier(left.code)}{where}
), r AS (
    SELECT * FROM {identifier(right.code)}{arrived}
), compared AS (
    SELECT l.*, r.row_id AS other_row,
        count(r.row_id) OVER (PARTITION BY l.row_unit, l.period_no) AS entered_by_unit,
        {wrong} AS is_wrong,
        {hidden} AS is_hidden,
        {late} AS is_late
    FROM l LEFT JOIN r ON r.row_unit = l.row_unit AND r.{key} = l.{key}
)
SELECT row_id, row_unit, source_file, source_row,
    masked | CASE WHEN is_hidden AND NOT is_wrong THEN {bit} ELSE 0 END AS masked, inapplicable,
    {", ".join(text.removeprefix("l.") for text in own)},
    CASE WHEN other_row IS NULL AND entered_by_unit = 0 THEN '不录'
         WHEN other_row IS NULL THEN '漏录'
         WHEN is_wrong THEN '错录'
         WHEN is_hidden THEN NULL
         WHEN is_late THEN '迟录'
         ELSE '相符' END::ENUM({literals(form.by_code["status"].values)}) AS status,
    due_period, received_on
FROM compared"""
    told = f"{left.title}每行一行，与{right.title}按{left.by_code[derived.on].title}核对"
    return Query(form.code, told, select, "measure")


def _differences(derived: Derived, left: Form, right: Form) -> tuple[str, str]:
    wrong, hidden = [], []
    for code in derived.compare:
        column = identifier(code)
        masked = f"l.masked & {left.bit[code]} <> 0 OR coalesce(r.masked, 0) & {right.bit[code]} <> 0"
        hidden.append(f"({masked})")
        wrong.append(f"(l.{column} IS DISTINCT FROM r.{column} AND NOT ({masked}))")
    if not wrong:
        return "FALSE", "FALSE"
    return f"(r.row_id IS NOT NULL AND ({' OR '.join(wrong)}))", f"({' OR '.join(hidden)})"


def _figures(one: Pass) -> Query:
    lines: list[Line] = ["row_unit AS unit", "count(*) AS form_rows"]
    for measure in one.measures:
        found = one.aggregates[measure.code]
        name = identifier(measure.column)
        note = f"{measure.title}（{measure.thing}）" if measure.thing else measure.title
        lines.append((f"{found.sql} AS {name}", note))
        if found.divisor is not None:
            lines.append(f"{found.divisor} AS {identifier(measure.column + '__rows')}")
        if found.value_columns:
            rows = f"count_if({one.where(measure)})::BIGINT" if measure.where is not None else "count(*)"
            if found.several is not None:
                rows = f"CASE WHEN {found.several} THEN 2 ELSE least(1, {rows}) END"
            lines.append(f"{rows} AS {identifier(measure.column + '__n')}")
    select = f"SELECT\n{columns(lines)}\nFROM {_weighed(one)}\nWHERE {one.rows}\nGROUP BY row_unit"
    span = f"{one.start} 至 {one.end}"
    year = one.window.partition("@")[0]
    if year != "this":
        span = f"{WINDOW_TITLES[year]}，{span}"
    return Query(one.name, f"{one.form.title}：每个单位一行（{span}）", select, "measure", _codes(one))


def _weighed(one: Pass) -> str:
    """The rows of the form, with the weights and the marks of what counts once, where a measure asks for them."""
    types = one.form.row_types
    found = [(measure, measure.weighing) for measure in one.measures if measure.weighing is not None]
    table = one.source
    if not found:
        return table
    weights = [f"{w.weight_sql(types)} AS {identifier(w.weight_column)}" for _, w in found if w.weighs]
    inner = f"SELECT {', '.join(['*', *weights])} FROM {table} WHERE {one.rows}"
    firsts = []
    for measure, weighing in found:
        if weighing.once_by:
            where = weighing.renamed(measure.where) if measure.where is not None else None
            test = condition(where, weighing.types(types)) if where is not None else "TRUE"
            first = weighing.first_sql(test, _looked_at(one, measure))
            firsts.append(f"{first} AS {identifier(weighing.first_column)}")
    if not firsts:
        return f"({inner})"
    return f"(SELECT *, {', '.join(firsts)} FROM ({inner}))"


def _looked_at(one: Pass, measure: Measure) -> list[str]:
    """SQL that orders rows of one thing by what the measure takes from them: the greatest figure first, the earliest day."""
    own = [code for code in one.aggregates[measure.code].value_columns if code in one.form.by_code]
    return [*(f"{identifier(code)} DESC NULLS LAST" for code in own), identifier(one.form.dated_by)]


def _codes(one: Pass) -> tuple[str, ...]:
    return tuple(measure.code for measure in one.measures)


def _unreadable(one: Pass) -> Query | None:
    """Rows with a masked, inapplicable or blank cell that a measure would have needed."""
    lines: list[Line] = ["row_unit AS unit"]
    blanks: set[str] = set()
    for measure in one.measures:
        found, name = one.aggregates[measure.code], measure.column
        where = one.where(measure)
        seen = set(found.value_columns) | set(found.judged_columns) | _where_columns(measure)
        bits = sum(one.form.bit[code] for code in seen)
        if bits:
            test = f"masked & {bits} <> 0 AND ({where}) IS NOT FALSE"
            lines.append((f"count_if({test}) AS {identifier(name + '__masked')}", f"{measure.title}：脱敏行"))
        own = sum(one.form.bit[code] for code in found.value_columns)
        if own:
            test = f"inapplicable & {own} <> 0 AND {_and(where)}"
            lines.append(f"count_if({test}) AS {identifier(name + '__inapplicable')}")
            empty = [
                f"{identifier(code)} IS NULL AND (masked | inapplicable) & {one.form.bit[code]} = 0"
                for code in found.value_columns
            ]
            blanks |= {f"{identifier(code)} IS NULL" for code in found.value_columns}
            lines.append(f"count_if(({' OR '.join(empty)}) AND {_and(where)}) AS {identifier(name + '__blank')}")
        if found.undecided is not None:
            blanks |= {f"{identifier(code)} IS NULL" for code in found.judged_columns}
            test = f"{found.undecided} AND masked & {bits} = 0 AND {_and(where)}"
            lines.append(f"count_if({test}) AS {identifier(name + '__undecided')}")
    if len(lines) == 1:
        return None
    odd = " OR ".join(["masked <> 0", "inapplicable <> 0", *sorted(blanks)])
    select = f"SELECT\n{columns(lines)}\nFROM {one.source}\nWHERE ({odd})\n  AND {one.rows}\nGROUP BY row_unit"
    return Query(one.unreadable_name, f"{one.form.title}：有读不出的格子的单位各一行", select, "measure", _codes(one))


def _and(where: str) -> str:
    return f"({where})"


def _form_facts(one: Pass) -> Query:
    """Value and state of each measure of one form, for every assessed unit: found, then states, then values."""
    found: list[Line] = ["a.unit", "f.* EXCLUDE (unit)"]
    joins = [f"LEFT JOIN {identifier(one.name)} f ON f.unit = a.unit"]
    has_odd = _unreadable(one) is not None
    if has_odd:
        found.append("o.* EXCLUDE (unit)")
        joins.append(f"LEFT JOIN {identifier(one.unreadable_name)} o ON o.unit = a.unit")
    cases: list[str] = []
    absent = literal(_absent(one.form))
    for number, source in enumerate(one.forms.sources(one.form), 1):
        code = literal(source.code)
        if not source.reported_by.everybody:
            reporters = "reporter"
            if one.members:
                whose = members_sql(list(one.members))
                reporters = f"(SELECT DISTINCT m.unit, r.form FROM reporter r JOIN {whose} ON m.fact_unit = r.unit)"
            joins.append(f"LEFT JOIN {reporters} r{number} ON r{number}.unit = a.unit AND r{number}.form = {code}")
            cases.append(f"WHEN r{number}.unit IS NULL THEN 'not_applicable'")
        if source.has_schedule:
            on = f"d{number}.unit = a.unit AND d{number}.form = {code} AND d{number}.win = {literal(one.window)}"
            joins.append(f"LEFT JOIN due_count d{number} ON {on}")
            cases.append(f"WHEN d{number}.in_period IS NULL THEN 'not_applicable'")
            if source.kept_by == "unit":
                enough = f"d{number}.readable + d{number}.waiting >= d{number}.due"
                cases.append(f"WHEN d{number}.readable < d{number}.due AND d{number}.waiting > 0 AND {enough} THEN 'pending'")
            cases.append(f"WHEN d{number}.readable < d{number}.due THEN {absent}")
            cases.append(f"WHEN d{number}.due = 0 THEN 'pending'")
        elif number > 1:  # compared with a file that is not there, every row would seem not to be entered
            cases.append(f"WHEN {code} IN (SELECT form FROM unread) THEN {absent}")
    if not any(source.has_schedule for source in one.forms.sources(one.form)):
        seen = "f.form_rows"
        if one.whole is not None:  # a ledger that was received in the year has no rows in a month without events
            dated = f"{identifier(one.form.dated_by)} BETWEEN {literal(one.whole[0])} AND {literal(one.whole[1])}"
            joins.append(f"LEFT JOIN (SELECT DISTINCT row_unit FROM {one.source} WHERE {dated}) y ON y.row_unit = a.unit")
            seen = "y.row_unit"
        cases.append(f"WHEN {seen} IS NULL THEN {absent}")
    told = "报表本身不在的状态：不适用、未报送、暂缺；报齐了为空"
    found.append(("CASE " + "\n     ".join(cases) + " END::state AS report_state", told))
    states: list[Line] = ["*", *(_state_of(measure, one, has_odd) for measure in one.measures)]
    values: list[Line] = ["unit"]
    for measure in one.measures:
        values += _value_of(measure, one)
    select = (
        f"WITH found AS (\n    SELECT\n{indent(columns(found))}\n    FROM assessed a\n{indent(chr(10).join(joins))}\n"
        f"), told AS (\n    SELECT\n{indent(columns(states))}\n    FROM found\n)\n"
        f"SELECT\n{columns(values)}\nFROM told"
    )
    told = f"{one.form.title}：每个被考核单位一行，各数据项的状态和数值"
    return Query(one.facts_name, told, select, "measure", _codes(one))


def _facts(plan: MeasurePlan) -> Query:
    lines: list[Line] = ["a.unit", "a.grp"]
    joins: list[str] = []
    for number, one in enumerate(plan.passes, 1):
        lines.append(f"f{number}.* EXCLUDE (unit)")
        joins.append(f"LEFT JOIN {identifier(one.facts_name)} f{number} ON f{number}.unit = a.unit")
    for number, (code, window) in enumerate(plan.scheduled, 1):
        lines.append(f"s{number}.* EXCLUDE (unit)")
        joins.append(f"LEFT JOIN {_schedule_name(code, window)} s{number} ON s{number}.unit = a.unit")
    select = f"SELECT\n{columns(lines)}\nFROM assessed a\n" + "\n".join(joins)
    told = "每个被考核单位一行：各数据项的数值（整数，按最小计量）和状态"
    return Query("facts", told, select, "measure")


def _schedule_name(code: str, window: Window) -> str:
    return identifier(f"{code}__schedule{suffix(window)}")


def _schedule_facts(plan: MeasurePlan, code: str, window: Window) -> Query:
    lines: list[Line] = ["a.unit"]
    used = [one for one in plan.used if one.schedule_item is not None and (one.form, one.window) == (code, window)]
    for measure in used:
        state = identifier(f"{measure.column}__state")
        cases = "WHEN d.in_period IS NULL THEN 'not_applicable' WHEN d.due = 0 THEN 'pending'"
        text = f"CASE {cases} ELSE 'value' END::state AS {state}"
        lines.append((text, measure.title))
        value = f"CASE {state} WHEN 'value' THEN d.{measure.schedule_item} WHEN 'not_applicable' THEN 0 END"
        lines.append(f"{value} AS {identifier(measure.column)}")
    join = f"LEFT JOIN due_count d ON d.unit = a.unit AND d.form = {literal(code)} AND d.win = {literal(window)}"
    select = f"SELECT\n{columns(lines)}\nFROM assessed a\n{join}"
    told = f"{plan.rubric.forms[code].title}：每个被考核单位一行，报送次数"
    return Query(f"{code}__schedule{suffix(window)}", told, select, "measure", tuple(measure.code for measure in used))


def _absent(form: Form) -> str:
    """The state of a figure that is not there: the unit's fault, or the office's."""
    return "pending" if form.kept_by == "office" else "missing"


def _state_of(measure: Measure, one: Pass, has_odd: bool) -> Line:
    """SQL of the state of one figure."""
    found, name = one.aggregates[measure.code], measure.column
    state, absent = identifier(f"{name}__state"), literal(_absent(one.form))
    cases: list[str] = []
    if measure.code in one.open:
        return f"coalesce(report_state, 'pending'::state) AS {state}", measure.title
    looked_at = found.value_columns or found.judged_columns or _where_columns(measure)
    if has_odd and looked_at and not measure.skip_unreadable:
        cases.append(f"WHEN {identifier(name + '__masked')} > 0 THEN 'masked'")
    if has_odd and found.value_columns:
        inapplicable = identifier(name + "__inapplicable")
        every = "0" if found.needs_row else f"0 AND {inapplicable} = {identifier(name + '__n')}"
        cases.append(f"WHEN {inapplicable} > {every} THEN 'not_applicable'")
        if not measure.skip_unreadable:
            cases.append(f"WHEN {identifier(name + '__blank')} > 0 THEN {absent}")
    if has_odd and found.undecided is not None and not measure.skip_unreadable:
        cases.append(f"WHEN {identifier(name + '__undecided')} > 0 THEN {absent}")
    if found.needs_row:
        rows = identifier(name + "__n")
        test = f"{rows} = 1" if found.one_row_only else f"{rows} > 0"
        if measure.none_if_closed:
            test = f"coalesce({rows}, 0) <= 1"
        cases.append(f"WHEN ({test}) IS NOT TRUE THEN {absent}")
    inner = "CASE " + "\n     ".join([*cases, "ELSE 'value' END"]) if cases else "'value'"
    return f"coalesce(report_state, ({inner})::state) AS {state}", measure.title


def _value_of(measure: Measure, one: Pass) -> list[Line]:
    """State, value where it is known, and the divisor of an average."""
    name, state = identifier(measure.column), identifier(f"{measure.column}__state")
    empty = one.aggregates[measure.code].empty
    value = f"CASE {state} WHEN 'value' THEN coalesce({name}, {empty}) WHEN 'not_applicable' THEN 0 END AS {name}"
    out: list[Line] = [state, value]
    if one.aggregates[measure.code].divisor is not None:
        rows = identifier(f"{measure.column}__rows")
        nothing = one.aggregates[measure.code].divisor if measure.each is not None else "0"
        out.append(f"CASE {state} WHEN 'value' THEN coalesce({rows}, {nothing}) END AS {rows}")
    return out


def _where_columns(measure: Measure) -> set[str]:
    return names(measure.where) - {WEIGHT, OWN} if measure.where is not None else set()


def measure_table(rubric: Rubric, period: Period, as_of: date, used: Iterable[Measure]) -> Query:
    """The long table of measures, for people: value, state, partial figure, how much of what was due came."""
    plan = MeasurePlan(rubric, period, as_of, tuple(used))
    pieces: list[str] = []
    sources: list[tuple[str, str, str]] = []
    for one in plan.passes:
        joins = f"FROM {identifier(one.facts_name)} f\nLEFT JOIN {identifier(one.name)} p ON p.unit = f.unit"
        has_odd = _unreadable(one) is not None
        if has_odd:
            joins += f"\nLEFT JOIN {identifier(one.unreadable_name)} o ON o.unit = f.unit"
        lines: list[Line] = ["f.unit"]
        for measure in one.measures:
            lines += _shown_measure(measure, one, has_odd)
        pieces.append(_long(one.measures, lines, joins))
        for source in one.forms.sources(one.form):
            if source.has_schedule:
                sources += [(measure.code, source.code, one.window) for measure in one.measures]
    for code, window in plan.scheduled:
        inside = tuple(m for m in plan.used if m.schedule_item is not None and (m.form, m.window) == (code, window))
        lines = ["f.unit"]
        for measure in inside:
            lines += _shown_columns(
                measure, f"f.{identifier(measure.column)}::HUGEINT * 1000000", "NULL", "NULL", "NULL"
            )
        pieces.append(_long(inside, lines, f"FROM {_schedule_name(code, window)} f"))
    number = "({0}::DECIMAL(30, 0) * 0.000001)::DECIMAL(38, 6)"
    union = "\nUNION ALL\n".join(pieces)
    select = f"""WITH every_measure AS (
{indent(union)}
), reports AS (
{indent(values_table("s", ["measure", "form", "win"], sources))}
), counts AS (
    SELECT d.unit, r.measure, sum(d.due)::BIGINT AS expected, sum(d.readable)::BIGINT AS received,
        sum(d.waiting)::BIGINT AS waiting
    FROM reports r JOIN due_count d USING (form, win) GROUP BY ALL
)
SELECT w.unit, w.measure, CASE WHEN state = 'value' THEN {number.format("v")} END AS value, state,
    CASE WHEN state <> 'value' THEN {number.format("p")} END AS partial, c.expected, c.received, c.waiting, masked_rows,
    rows_found
FROM every_measure w LEFT JOIN counts c USING (unit, measure)"""
    return Query("measure", "每个单位每个数据项一行", select, "detail")


def _long(measures: tuple[Measure, ...], lines: list[Line], source: str) -> str:
    pieces = []
    for measure in measures:
        heads = ", ".join(identifier(f"{measure.column}__{part}") for part in "vpsmn")
        pieces.append(f"({heads}) AS {literal(measure.code)}")
    inside = indent(f"SELECT\n{columns(lines)}\n{source}")
    listed = ",\n    ".join(pieces)
    return f"""SELECT unit, measure, v, p, state, masked_rows, rows_found FROM (
{inside}
) UNPIVOT INCLUDE NULLS ((v, p, state, masked_rows, rows_found) FOR measure IN (
    {listed}
))"""


def _shown_measure(measure: Measure, one: Pass, has_odd: bool) -> list[Line]:
    found, name = one.aggregates[measure.code], identifier(measure.column)
    factor = 10**6 // found.scale
    value, partial = f"f.{name}::HUGEINT * {factor}", f"p.{name}::HUGEINT * {factor}"
    if found.divisor is not None:
        rows = identifier(measure.column + "__rows")
        value = f"CASE WHEN f.{rows} > 0 THEN half_up_signed(f.{name}::HUGEINT * {factor}, f.{rows}) END"
        partial = "NULL"
    odd = has_odd and bool(found.value_columns or found.judged_columns or _where_columns(measure))
    masked = f"o.{identifier(measure.column + '__masked')}" if odd else "NULL"
    found_rows = f"coalesce(p.{identifier(measure.column + '__n')}, 0)" if found.one_row_only else "NULL"
    return _shown_columns(measure, value, partial, masked, found_rows)


def _shown_columns(measure: Measure, value: str, partial: str, masked: str, rows: str) -> list[Line]:
    m = measure.column
    return [
        f"({value})::HUGEINT AS {identifier(m + '__v')}",
        f"({partial})::HUGEINT AS {identifier(m + '__p')}",
        f"f.{identifier(m + '__state')} AS {identifier(m + '__s')}",
        f"({masked})::BIGINT AS {identifier(m + '__m')}",
        f"({rows})::BIGINT AS {identifier(m + '__n')}",
    ]
