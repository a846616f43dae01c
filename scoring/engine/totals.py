"""Compiles totals: sections, rescaling, bonus, penalties, veto, total, grade, place. All in SQL, all exact.

The order of evaluation is the order of the tables here. Amounts are whole numbers in units of 10^-scale until
the last step shows them as DECIMAL.
"""

from __future__ import annotations

from decimal import Decimal

from scoring.engine.points import UNROUNDED, capped, scale_of, units_of
from scoring.expressions.figures import Figure, condition
from scoring.rubric import Rubric
from scoring.rubric.model import Bonus, Grade, Veto
from scoring.rubric.rules.kind import Part, replaced
from scoring.rubric.settings import Names
from scoring.sql.exact import Quantity
from scoring.sql.text import Query, identifier, literal, values_table

OPEN_END = 10**18  # an upper end that is not limited
UNDECIDED_STATES = "('missing', 'masked', 'pending', 'zero_base')"


def rounding_sql(sql: str, scale: int, decimals: int | None) -> str:
    """An amount in 10^-scale, rounded half up to so many decimals, still in 10^-scale."""
    if decimals is None or decimals >= scale:
        return sql
    step = 10 ** (scale - decimals)
    return f"half_up({sql}, {step}) * {step}"


def compile_totals(rubric: Rubric) -> list[Query]:
    """From earned points to the total of each unit, for all groups."""
    scale = scale_of(rubric)
    groups = list(rubric.groups)
    earned = "\nUNION ALL\n".join(f"SELECT * FROM {identifier(group + '__earned')}" for group in groups)
    landed = "\nUNION ALL\n".join(f"SELECT * FROM {identifier(group + '__landing')}" for group in groups)
    return [
        Query("earned", "每个单位每个指标一行", earned),
        Query("landed", "扣到别处的失分，每笔一行", landed),
        _nodes(rubric, scale),
        _bases(rubric, scale),
        *[_extras(rubric, group, scale) for group in groups],
        _raw_totals(rubric, scale),
        _totals(rubric, scale),
    ]


def _section_rows(rubric: Rubric, scale: int) -> str:
    rows = []
    for group in rubric.groups:
        for position, section in enumerate(rubric.sections(group)):
            full = section.full(group)
            rows.append((group, section.code, position, units_of(full, scale) if full is not None else None))
    return values_table("s", ["grp", "section", "position", "full_marks"], rows)


def _nodes(rubric: Rubric, scale: int) -> Query:
    """Section = Σ items + landings, within [0, full marks], rounded."""
    decimals = rubric.spec.rounding.section

    def limited(side: str) -> str:
        text = f"coalesce(least(full_marks, greatest(0, {side})), greatest(0, {side}))"
        return rounding_sql(text, scale, decimals)

    select = f"""WITH listed AS (
{_section_rows(rubric, scale)}
), items AS (
    SELECT unit, grp, section, sum(points_low)::BIGINT AS low,
        -- an item without an upper end leaves the section without one
        CASE WHEN count(*) = count(points_high) THEN sum(points_high)::BIGINT END AS high,
        sum(CASE WHEN left_out THEN full_marks ELSE 0 END)::BIGINT AS left_out,
        sum(full_marks)::BIGINT AS items_full
    FROM earned GROUP BY ALL
), losses AS (
    SELECT unit, node, sum(points_low)::BIGINT AS low, sum(points_high)::BIGINT AS high FROM landed GROUP BY ALL
), summed AS (
    SELECT i.unit, i.grp, i.section, l.position, l.full_marks, i.items_full, i.left_out,
        i.low + coalesce(x.low, 0) AS sum_low, i.high + coalesce(x.high, 0) AS sum_high
    FROM items i JOIN listed l USING (grp, section) LEFT JOIN losses x ON x.unit = i.unit AND x.node = i.section
)
SELECT *, ({limited("sum_low")})::BIGINT AS low, ({limited("sum_high")})::BIGINT AS high
FROM summed"""
    return Query("node", "每个单位每个一级指标一行", select)


def _bases(rubric: Rubric, scale: int) -> Query:
    """基础得分 = Σ sections, rescaled for what does not apply: Σ × 满分 ÷（满分 − 不适用）."""
    decimals = rubric.spec.rounding.total if rubric.spec.rounding.total is not None else UNROUNDED
    step = 10 ** (scale - decimals) if decimals < scale else 1
    rows = [(group, units_of(one.full_marks, scale)) for group, one in rubric.groups.items()]

    def rescaled(side: str) -> str:
        text = f"half_up({side}::HUGEINT * g.full_marks, (g.full_marks - left_out)::HUGEINT * {step}) * {step}"
        return f"CASE WHEN left_out = 0 THEN {side} WHEN left_out < g.full_marks THEN ({text})::BIGINT END"

    select = f"""WITH groups AS (
{values_table("g", ["grp", "full_marks"], rows)}
), summed AS (
    SELECT unit, grp, sum(low)::BIGINT AS low,
        CASE WHEN count(*) = count(high) THEN sum(high)::BIGINT END AS high,
        sum(left_out)::BIGINT AS left_out
    FROM node GROUP BY ALL
)
SELECT s.unit, s.grp, g.full_marks, s.left_out, s.low AS sum_low, s.high AS sum_high,
    {rescaled("s.low")} AS low,
    {rescaled("s.high")} AS high
FROM summed s JOIN groups g USING (grp)"""
    return Query("base", "每个单位一行：基础得分（合理缺项已折算）", select)


def _extras(rubric: Rubric, group: str, scale: int) -> Query:
    """Bonus, penalty and veto of each unit; a veto's row only says whether it holds."""
    names = Names(rubric.measures, rubric.forms, group)
    setting = names.setting(rubric.groups[group].full_marks)
    pieces = []
    for position, one in enumerate(rubric.adjustments(group)):
        head = f"-- {one.clause} {one.title}\nSELECT unit, grp, {literal(one.code)} AS adjustment, " \
               f"{literal(one.kind)} AS kind, {position} AS position,"  # fmt: skip
        if isinstance(one, Veto):
            test = condition(one.when.tree, names.figure)
            pieces.append(f"{head}\n    0::BIGINT AS low, 0::BIGINT AS high, ({test}) AS holds,\n    0::BIGINT AS withheld\nFROM facts JOIN base "
                          f"USING (unit, grp) WHERE grp = {literal(group)}")  # fmt: skip
            continue
        sign = 1 if isinstance(one, Bonus) else -1
        limit = one.pool if isinstance(one, Bonus) else one.cap
        cap = setting.price(limit) if limit is not None else None
        parts = tuple(part.part(setting, 1) for part in one.parts)
        low, high = _reach(parts, cap, scale)
        opened, withheld = "TRUE", "0"
        if isinstance(one, Bonus) and one.gate is not None:
            possible = high
            low, high, opened = _gated(one, rubric, group, scale, low, high)
            withheld = f"CASE WHEN {opened} THEN 0 ELSE {possible} END"
        ends = (low, high) if sign > 0 else (f"-({high})", f"-({low})")
        pieces.append(f"{head}\n    ({ends[0]})::BIGINT AS low, ({ends[1]})::BIGINT AS high, {opened} AS holds,\n    ({withheld})::BIGINT AS withheld\n"
                      f"FROM facts JOIN base USING (unit, grp) WHERE grp = {literal(group)}")  # fmt: skip
    if not pieces:
        empty = ["unit", "grp", "adjustment", "kind"]
        nulls = ", ".join(f"NULL::VARCHAR AS {name}" for name in empty)
        pieces = [
            f"SELECT {nulls}, 0 AS position, 0::BIGINT AS low, 0::BIGINT AS high, TRUE AS holds, "
            "0::BIGINT AS withheld WHERE FALSE"
        ]
    codes = tuple(one.code for one in rubric.adjustments(group))
    title = rubric.groups[group].title
    told = f"{title}每个单位每项加分、扣分、否决一行"
    return Query(f"{group}__extra", told, "\nUNION ALL\n".join(pieces), "score", codes)


def _reach(parts: tuple[Part, ...], cap: Decimal | None, scale: int) -> tuple[str, str]:
    """Σ parts within the cap, at least and at most. NULL as upper end where it is open."""
    ends = []
    for side in ("low", "high"):
        total = Quantity.constant(0)
        opens = []
        for part in parts:
            end = part.least if side == "low" else part.most
            if end is None:
                opens.append(f"({part.unknown})")
            total = total + replaced(part.unknown, end or Decimal(0), part.amount)
        if cap is not None:
            total = capped(total, cap)
        text = total.rounded(scale)
        top = str(units_of(cap, scale)) if cap is not None else "NULL"
        ends.append(f"CASE WHEN {' OR '.join(opens)} THEN {top} ELSE {text} END" if opens else text)
    return ends[0], ends[1]


def _gated(one: Bonus, rubric: Rubric, group: str, scale: int, low: str, high: str) -> tuple[str, str, str]:
    """A bonus behind a gate: open, shut, or undecided while the base is a range."""
    assert one.gate is not None
    tests = []
    for side in ("base.low", "base.high"):
        figure = Figure(Quantity.atom(side, -(10**15), 10**15, 10**scale))
        names = Names(rubric.measures, rubric.forms, group, extra=(("base", figure, "基础得分"),))
        tests.append(f"coalesce({condition(one.gate.tree, names.figure)}, FALSE)")
    both, either = f"({tests[0]} AND {tests[1]})", f"({tests[0]} OR {tests[1]})"
    return f"CASE WHEN {both} THEN {low} ELSE 0 END", f"CASE WHEN {either} THEN {high} ELSE 0 END", either


def _raw_totals(rubric: Rubric, scale: int) -> Query:
    """base + bonus − penalty − losses that land on the total, within the rubric's limits, rounded."""
    union = " UNION ALL ".join(f"SELECT * FROM {identifier(group + '__extra')}" for group in rubric.groups)
    limits = rubric.spec.total

    def limited(text: str) -> str:
        if limits.at_most is not None:
            text = f"least({units_of(limits.at_most, scale)}, {text})"
        if limits.at_least is not None:
            text = f"greatest({units_of(limits.at_least, scale)}, {text})"
        return text

    def final(text: str) -> str:
        return rounding_sql(text, scale, rubric.spec.rounding.total)

    select = f"""WITH extra AS (
    {union}
), extras AS (
    SELECT unit, sum(low)::BIGINT AS low, CASE WHEN count(*) = count(high) THEN sum(high)::BIGINT END AS high
    FROM extra GROUP BY unit
), losses AS (
    SELECT unit, sum(points_low)::BIGINT AS low, sum(points_high)::BIGINT AS high
    FROM landed WHERE node = 'total' GROUP BY unit
), summed AS (
    SELECT b.*, b.low + coalesce(x.low, 0) + coalesce(l.low, 0) AS added_low,
        b.high + CASE WHEN x.unit IS NULL THEN 0 ELSE x.high END + coalesce(l.high, 0) AS added_high
    FROM base b LEFT JOIN extras x USING (unit) LEFT JOIN losses l USING (unit)
), within AS (
    SELECT *, ({limited("added_low")})::BIGINT AS within_low,
        CASE WHEN added_high IS NOT NULL THEN ({limited("added_high")})::BIGINT END AS within_high
    FROM summed
)
SELECT *, ({final("within_low")})::BIGINT AS rounded_low, ({final("within_high")})::BIGINT AS rounded_high
FROM within"""
    return Query("before_veto", "每个单位一行：否决之前的总分", select)


def _totals(rubric: Rubric, scale: int) -> Query:
    """The total after vetoes, and the grade by score (before quota)."""
    union = " UNION ALL ".join(f"SELECT * FROM {identifier(group + '__extra')}" for group in rubric.groups)
    tops, forced = [], []
    titles = [grade.title for grade in rubric.spec.grades]
    for one in rubric.spec.adjustments:
        if isinstance(one, Veto):
            rank = titles.index(one.effect.grade) if one.effect.grade is not None else None
            score = one.effect.score_at_most
            tops.append((one.code, units_of(score, scale) if score is not None else None))
            forced.append((one.code, rank))
    effect = values_table("v", ["adjustment", "score_at_most"], tops)
    grades = values_table("f", ["adjustment", "grade_rank"], forced)
    select = f"""WITH extra AS (
    {union}
), effect AS (
{effect}
), forced AS (
{grades}
), vetoes AS (
    SELECT x.unit,
        min(CASE WHEN x.holds THEN e.score_at_most END) AS top_if_true,
        min(CASE WHEN x.holds IS DISTINCT FROM FALSE THEN e.score_at_most END) AS top_if_possible,
        max(CASE WHEN x.holds THEN f.grade_rank END) AS forced_rank,
        bool_or(x.holds IS NULL) AS undecided
    FROM extra x JOIN effect e USING (adjustment) JOIN forced f USING (adjustment)
    GROUP BY x.unit
), counted AS (
    SELECT unit, count(*) AS countable, count(points) AS counted,
        count_if(state IN {UNDECIDED_STATES} AND points IS NULL) AS open_items
    FROM earned WHERE NOT left_out GROUP BY unit
), ends AS (
    SELECT b.*, v.forced_rank, coalesce(v.undecided, FALSE) AS veto_undecided, c.counted, c.countable,
        CASE WHEN v.top_if_possible < b.rounded_low THEN v.top_if_possible ELSE b.rounded_low END AS total_low,
        CASE WHEN v.top_if_true < b.rounded_high THEN v.top_if_true ELSE b.rounded_high END AS total_high
    FROM before_veto b LEFT JOIN vetoes v USING (unit) LEFT JOIN counted c USING (unit)
), decided AS (
    SELECT *, total_low = total_high AND NOT veto_undecided AS complete,
        CASE WHEN total_low = total_high AND NOT veto_undecided THEN total_low END AS total,
        {_exact_key(rubric)} AS exact_total
    FROM ends
)
SELECT *, CASE WHEN total IS NOT NULL THEN {_grade_rank(rubric, scale)} END AS grade_rank, FALSE AS by_quota
FROM decided"""
    return Query("settled", "每个单位一行：总分（或范围）和按分数线的等次", select)


def _exact_key(rubric: Rubric) -> str:
    """What places are decided by: the rounded total, or the total before its rounding."""
    if rubric.spec.rounding.places_by == "rounded":
        return "total_low"
    return "CASE WHEN total_low < rounded_low THEN total_low ELSE within_low END"


def _grade_rank(rubric: Rubric, scale: int) -> str:
    if not rubric.spec.grades:
        return "NULL::INTEGER"
    cases = []
    for rank, grade in enumerate(rubric.spec.grades):
        if grade.at_least is not None:
            cases.append(f"WHEN total >= {units_of(grade.at_least, scale)} THEN {rank}")
    by_score = f"CASE {' '.join(cases)} ELSE {len(rubric.spec.grades) - 1} END" if cases else "0"
    return f"greatest({by_score}, coalesce(forced_rank, 0))"


def compile_ranking(rubric: Rubric) -> list[Query]:
    """Quotas, places, ranges of places, distance to the next place, and last year's place."""
    return [*_quotas(rubric), _places(rubric)]


def _quotas(rubric: Rubric) -> list[Query]:
    """Grades with a quota, from the best down; surplus takes the next grade. Not while a unit is undecided."""
    queries: list[Query] = []
    source = "settled"
    for rank, grade in enumerate(rubric.spec.grades):
        if grade.quota is None:
            continue
        name = f"grade_{rank + 1}"
        queries.append(Query(name, f"每个单位一行：“{grade.title}”按名额取定", _quota(grade, rank, source)))
        source = name
    queries.append(Query("graded", "每个单位一行：等次取定", f"SELECT * FROM {source}"))
    return queries


def _quota(grade: Grade, rank: int, source: str) -> str:
    assert grade.quota is not None
    share = Quantity.constant(grade.quota.share)
    places = Quantity.atom("ranked", 0, 10**6) * share
    number = {
        "down": f"({places.num.sql()}) // ({places.den.sql()})",
        "up": places.ceiling(),
        "half_up": places.rounded(0),
    }[grade.quota.round]
    counted = "count(*)" if grade.quota.tie == "out" else "rank()"  # with peers, or without
    return f"""WITH sizes AS (
    SELECT grp, count(*) AS ranked, bool_and(complete) AS all_complete FROM {source} GROUP BY grp
), ordered AS (
    SELECT unit, grp, {counted} OVER (PARTITION BY grp ORDER BY exact_total DESC) AS position
    FROM {source} WHERE grade_rank = {rank}
), surplus AS (
    SELECT o.unit FROM ordered o JOIN sizes z USING (grp) WHERE z.all_complete AND o.position > {number}
)
SELECT s.* EXCLUDE (grade_rank, by_quota),
    CASE WHEN x.unit IS NOT NULL THEN {rank + 1} ELSE s.grade_rank END AS grade_rank,
    s.by_quota OR x.unit IS NOT NULL AS by_quota
FROM {source} s LEFT JOIN surplus x USING (unit)"""


def _places(rubric: Rubric) -> Query:
    spec = rubric.spec
    ranker = "rank" if spec.places.ties == "1-1-3" else "dense_rank"
    breakers = [f"b{index}.low DESC" for index in range(len(spec.places.break_by))]
    joins = "".join(
        f"\n    LEFT JOIN node b{index} ON b{index}.unit = g.unit AND b{index}.section = {literal(code)}"
        for index, code in enumerate(spec.places.break_by)
    )
    order = ", ".join(["g.exact_total DESC", *breakers])
    keys = ", ".join(["g.grp", "g.exact_total", *(f"b{i}.low" for i in range(len(breakers)))])
    select = f"""WITH complete AS (
    SELECT g.unit, {ranker}() OVER (PARTITION BY g.grp ORDER BY {order}) AS place,
        count(*) OVER (PARTITION BY {keys}) > 1 AS tied,
        -- the nearest total above
        min(g.total) OVER (PARTITION BY g.grp ORDER BY g.total RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
            - g.total AS to_next
    FROM graded g{joins}
    WHERE g.complete
), ends AS (
    SELECT unit, grp, total_low AS amount, 'low' AS side FROM graded
    UNION ALL
    SELECT unit, grp, coalesce(total_high, {OPEN_END}), 'high' FROM graded
), above AS (
    -- for each end: how many lower ends, and how many upper ends, lie strictly above it
    SELECT unit, side, count_if(side = 'low') OVER higher AS lows_above, count_if(side = 'high') OVER higher AS highs_above
    FROM ends
    WINDOW higher AS (PARTITION BY grp ORDER BY amount DESC RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
), undecided AS (
    SELECT grp, max(coalesce(total_high, {OPEN_END})) AS highest FROM graded WHERE NOT complete GROUP BY grp
)
SELECT g.unit, g.grp, c.place, coalesce(c.tied, FALSE) AS tied, g.total, g.total_low, g.total_high, g.complete,
    g.grade_rank, g.by_quota, g.counted, g.countable, g.full_marks,
    g.complete AND coalesce(u.highest > g.total, FALSE) AS provisional,
    (1 + coalesce(h.lows_above, 0))::BIGINT AS best_place,
    (1 + coalesce(l.highs_above, 0) - CASE WHEN coalesce(g.total_high, {OPEN_END}) > g.total_low THEN 1 ELSE 0 END)::BIGINT
        AS worst_place,
    c.to_next
FROM graded g
JOIN above h ON h.unit = g.unit AND h.side = 'high'
JOIN above l ON l.unit = g.unit AND l.side = 'low'
LEFT JOIN complete c ON c.unit = g.unit
LEFT JOIN undecided u ON u.grp = g.grp"""
    return Query("placed", "每个单位一行：名次", select)


def shown_tables(rubric: Rubric) -> list[Query]:
    """The result tables as people read them: DECIMAL points, no integers in hidden units."""
    scale = scale_of(rubric)

    def points(name: str) -> str:
        return f"({name}::DECIMAL(18, 0) * {_unit(scale)})::DECIMAL(38, {scale})"

    grades = values_table("t", ["grade_rank", "grade"], [(i, g.title) for i, g in enumerate(rubric.spec.grades)])
    node = f"""SELECT grp AS "group", unit, section, CASE WHEN low = high THEN {points("low")} END AS points,
    {points("low")} AS points_low, {points("high")} AS points_high, {points("full_marks")} AS full_marks
FROM node JOIN assessed USING (unit, grp) ORDER BY grp, assessed.position, node.position"""
    score = f"""WITH titles AS (
{grades}
)
SELECT g.grp AS "group", g.unit, {points("b.low")} AS base_low, {points("b.high")} AS base_high,
    {points("g.total")} AS total, {points("g.total_low")} AS total_low, {points("g.total_high")} AS total_high,
    g.counted, g.countable, CASE WHEN g.complete THEN 'complete' ELSE 'pending' END AS state, t.grade,
    g.by_quota, {points("g.full_marks")} AS full_marks
FROM graded g JOIN base b USING (unit) LEFT JOIN titles t USING (grade_rank)"""
    ranking = f"""WITH titles AS (
{grades}
)
SELECT p.grp AS "group", p.unit, p.place, p.tied, {points("p.total")} AS total, {points("p.total_low")} AS total_low,
    {points("p.total_high")} AS total_high, t.grade, p.by_quota, p.provisional, p.best_place,
    p.worst_place, {points("p.to_next")} AS to_next, p.counted, p.countable,
    CASE WHEN p.complete THEN 'complete' ELSE 'pending' END AS state,
    v.place AS previous_place, v.total AS previous_total
FROM placed p JOIN assessed a USING (unit) LEFT JOIN titles t USING (grade_rank)
LEFT JOIN previous_ranking v ON v.unit = p.unit
ORDER BY p.grp, p.place NULLS LAST, p.total_high DESC, a.position"""
    return [
        Query("node_score", "每个单位每个一级指标一行", node),
        Query("unit_score", "每个单位一行：总分、等次、已计项数", score),
        Query("ranking", "每个单位一行：名次、与上一名的差距、上年名次", ranking),
        _landing_table(scale),
        _adjustment_table(rubric, scale),
    ]


def _landing_table(scale: int) -> Query:
    unit = _unit(scale)

    def points(name: str) -> str:
        return f"({name}::DECIMAL(18, 0) * {unit})::DECIMAL(38, {scale})"

    select = f"""SELECT grp AS "group", unit, indicator, node,
    CASE WHEN points_low = points_high THEN {points("points_low")} END AS points,
    {points("points_low")} AS points_low, {points("points_high")} AS points_high
FROM landed WHERE points_low <> 0 OR points_high <> 0"""
    return Query("landing", "扣到一级指标或总分的失分，每笔一行", select)


def _adjustment_table(rubric: Rubric, scale: int) -> Query:
    """Everything between Σ items and the total, so that Σ items + landings + adjustments = total."""
    unit = _unit(scale)
    union = " UNION ALL ".join(f"SELECT * FROM {identifier(group + '__extra')}" for group in rubric.groups)

    def points(name: str) -> str:
        return f"({name}::DECIMAL(18, 0) * {unit})::DECIMAL(38, {scale})"

    select = f"""WITH extra AS (
    {union}
), steps AS (
    -- a section held within its limits, or rounded
    SELECT unit, grp, 'section_limit' AS kind, section AS adjustment, 1 AS step, low - sum_low AS low, high - sum_high AS high,
        0::BIGINT AS withheld
    FROM node WHERE low <> sum_low OR high <> sum_high
    UNION ALL
    SELECT unit, grp, 'rescale', 'rescale', 2, low - sum_low, high - sum_high, 0 FROM base WHERE left_out > 0
    UNION ALL
    SELECT unit, grp, kind, adjustment, 3 + position, low, high, withheld FROM extra
    WHERE kind <> 'veto' AND (low <> 0 OR high <> 0 OR high IS NULL OR withheld <> 0)
    UNION ALL
    SELECT unit, grp, 'total_limit', 'total_limit', 900, within_low - added_low, within_high - added_high, 0
    FROM before_veto WHERE within_low <> added_low OR within_high <> added_high
    UNION ALL
    SELECT unit, grp, 'rounding', 'rounding', 901, rounded_low - within_low, rounded_high - within_high, 0
    FROM before_veto WHERE rounded_low <> within_low OR rounded_high <> within_high
    UNION ALL
    SELECT x.unit, x.grp, 'veto', x.adjustment, 902 + x.position,
        CASE WHEN x.adjustment = first_one THEN g.total_low - g.rounded_low ELSE 0 END,
        CASE WHEN x.adjustment = first_one THEN g.total_high - g.rounded_high ELSE 0 END, 0
    FROM (SELECT *, first(adjustment ORDER BY position) OVER (PARTITION BY unit) AS first_one
          FROM extra WHERE kind = 'veto' AND holds IS DISTINCT FROM FALSE) x
    JOIN settled g USING (unit)
)
SELECT s.grp AS "group", s.unit, s.adjustment, s.kind, s.step,
    CASE WHEN s.low = s.high THEN {points("s.low")} END AS points, {points("s.low")} AS points_low,
    {points("s.high")} AS points_high, {points("s.withheld")} AS withheld
FROM steps s ORDER BY s.grp, s.unit, s.step"""
    return Query("adjustment", "每个单位每次加减一行，使 指标得分 + 落到别处的失分 + 加减 = 总分", select)


def _unit(scale: int) -> str:
    return "1" if scale == 0 else "0." + "0" * (scale - 1) + "1"
