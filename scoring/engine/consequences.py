"""Compiles consequences (通报, 约谈, 书面整改 …): which clause a unit's place, grade or total brings upon it.

A consequence fires for a unit whose result is settled. A unit that a clause can take hold of, and cannot as well, is
written down as open, whether it has a total yet or not, so that nobody is called in over a place that may not last; who
is out of reach however the open figures turn out is not named. A clause that leaves units out (`leave_out`)
has a list of its own: places are counted among those that stay in, and while it is not known who does, a place in
that list is a range; the clause is settled only where every place of the range comes to the same.
"""

from __future__ import annotations

from collections.abc import Mapping

from scoring.expressions import names
from scoring.expressions.parse import Compare, Expr, Logic, Name, rebuilt
from scoring.expressions.rows import condition
from scoring.rubric import Rubric
from scoring.rubric.model import CONSEQUENCE_TYPES, Consequence
from scoring.rubric.settings import Names
from scoring.sql.text import Query, identifier, indent, literal

_NONE = """SELECT "group", unit, 0 AS number, '' AS clause, '' AS action, 0::INTEGER AS within_days, FALSE AS settled
FROM stands WHERE FALSE"""
PLACES = frozenset(["place", "place_from_last"])
BY_PLACE = PLACES | {"change_of_place"}
OF_ALL = "place_from_last_of_all"
_PENDING = "state = 'pending' AND NOT unranked"
_ENDS = f"""(
    SELECT "group", unit, {_PENDING} AS waits, total_low AS low, coalesce(total_high, 1000000000000) AS high FROM ranking
    WHERE ({_PENDING}) OR place IS NOT NULL
)"""


def compile_consequences(rubric: Rubric) -> Query:
    """One row per unit and clause that takes hold of it."""
    numbered = list(enumerate(rubric.spec.consequences))
    pieces = [_with_list(number, one) if _has_list(one) else _plain(rubric, number, one) for number, one in numbered]
    lists = [text for number, one in numbered if one.leave_out is not None for text in _list(rubric, number, one)]
    more = "".join(f",\n{text}" for text in lists)
    union = "\nUNION ALL\n".join(pieces or [_NONE])
    if not any(names(one.when.tree) & PLACES for _, one in numbered):
        moves = "SELECT unit, 0 AS surely_below, 0 AS maybe_below, 0 AS surely_above, 0 AS maybe_above FROM ranking WHERE FALSE"
    else:
        moves = _moves(rubric)
    select = f"""WITH moves AS (
{indent(moves)}
), counted AS (
    SELECT r.*, previous_place - place AS change_of_place,
        -- 1 is the last; units that share a place share this one too
        CASE WHEN place IS NOT NULL THEN rank() OVER (PARTITION BY "group" ORDER BY place DESC NULLS LAST) END AS place_from_last,
        -- the same, but of units that share a place all count, so that none of them is left in
        CASE WHEN place IS NOT NULL THEN count(place) OVER (PARTITION BY "group" ORDER BY place DESC NULLS LAST) END
            AS {OF_ALL},
        count(CASE WHEN {_PENDING} THEN unit END) OVER (PARTITION BY "group") AS waiting,
        count(place) OVER (PARTITION BY "group") AS settled_units
    FROM ranking r
), stands AS (
    SELECT c.*, waiting > 0 AS group_open, {_PENDING} AS waits,
        -- how far each can still move: units without a total come above it, or below
        best_place AS place_least, worst_place AS place_most,
        previous_place - worst_place AS change_of_place_least, previous_place - best_place AS change_of_place_most,
        coalesce(place_from_last, 1) + coalesce(surely_below, 0) AS place_from_last_least,
        coalesce(place_from_last, 1) + coalesce(maybe_below, 0) AS place_from_last_most,
        coalesce({OF_ALL}, settled_units) + waiting - coalesce(maybe_above, 0) AS {OF_ALL}_least,
        coalesce({OF_ALL}, settled_units) + waiting - coalesce(surely_above, 0) AS {OF_ALL}_most
    FROM counted c LEFT JOIN moves USING (unit)
){more}
{union}
ORDER BY 1, 3, 2"""
    return Query("consequence", "每个单位每条后果一行：条款、措施、是否已定", select, "detail")


def _moves(rubric: Rubric) -> str:
    """How many units stand below and above each for certain, and perhaps, where one of the two has no total yet."""
    exact = rubric.spec.rounding.places_by == "rounded" and not rubric.spec.places.break_by
    below, above = ("<", ">") if exact else ("<=", ">=")
    return f"""-- pairs of which one has no total yet; totals that are printed alike may still be told apart
SELECT u.unit, count_if(v.high < u.low) AS surely_below, count_if(v.low {below} u.high) AS maybe_below,
    count_if(v.low > u.high) AS surely_above, count_if(v.high {above} u.low) AS maybe_above
FROM {_ENDS} u JOIN {_ENDS} v ON v."group" = u."group" AND v.unit <> u.unit AND (u.waits OR v.waits)
GROUP BY u.unit"""


def said_of_all(one: Consequence) -> bool:
    """Whether the clause is written down for every unit it may take hold of, also for one without a total: by places
    alone. Of the others a unit without a total has nothing written down, and all is open."""
    named = names(one.when.tree)
    return bool(named) and named <= PLACES and one.leave_out is None and _at_end(_when(one), _EASIEST) is not None


def _has_list(one: Consequence) -> bool:
    """Whether places are counted for this clause alone."""
    return one.leave_out is not None and bool(names(one.when.tree) & PLACES)


def _when(one: Consequence) -> Expr:
    if one.edge != "out":
        return one.when.tree
    return rebuilt(one.when.tree, lambda node: Name(OF_ALL) if node == Name("place_from_last") else node)


def _test(tree: Expr) -> str:
    types = CONSEQUENCE_TYPES | {OF_ALL: CONSEQUENCE_TYPES["place_from_last"]}
    ends = {f"{name}_{end}": types[name] for name in (*BY_PLACE, OF_ALL) for end in ("least", "most")}
    return condition(tree, types | ends)


def _settled(rubric: Rubric, one: Consequence) -> list[str]:
    """What of the ranking must be so for the clause to be settled."""
    named, tree = names(one.when.tree), _when(one)
    tests = []
    if named & BY_PLACE:
        worst = _at_end(tree, _HARDEST)
        tests.append("NOT group_open" if worst is None else f"(NOT group_open OR (NOT waits AND ({_test(worst)}) IS TRUE))")
    return tests + (["NOT quota_open"] if "grade" in named or not tests else [])


def _at_end(tree: Expr, which: Mapping[str, str]) -> Expr | None:
    """The condition at that end of each place where it is hardest to meet, so that it holds at every other, or easiest,
    so that it holds at none where it does not hold there; None where one place is asked to be neither only low nor only
    high."""
    ends: dict[str, set[str]] = {}
    if not _directions(tree, ends, which) or any(len(found) > 1 for found in ends.values()):
        return None
    named = {code: Name(f"{code}_{end}") for code, (end,) in ends.items()}
    return rebuilt(tree, lambda node: named.get(node.code, node) if isinstance(node, Name) else node)


def _directions(tree: Expr, ends: dict[str, set[str]], which: Mapping[str, str]) -> bool:
    """For each place the end at which its comparisons are met as `which` says; False where that cannot be said."""
    match tree:
        case Logic(_, left, right):
            return _directions(left, ends, which) and _directions(right, ends, which)
        case Compare(operator, Name(code), right) if not names(right) and operator in which:
            if code in BY_PLACE | {OF_ALL}:
                ends.setdefault(code, set()).add(which[operator])
            return True
    return not names(tree) & (BY_PLACE | {OF_ALL})


_HARDEST = {"<": "most", "<=": "most", ">": "least", ">=": "least"}
_EASIEST = {"<": "least", "<=": "least", ">": "most", ">=": "most"}


def _columns(number: int, one: Consequence, settled: str) -> str:
    return (
        f'"group", unit, {number} AS number, {literal(one.clause)} AS clause, {literal(one.action)} AS action, '
        f"{literal(one.within_days)}::INTEGER AS within_days, {settled} AS settled"
    )


def _groups(one: Consequence) -> str:
    return f' AND "group" IN ({", ".join(literal(code) for code in one.groups)})' if one.groups else ""


def _plain(rubric: Rubric, number: int, one: Consequence) -> str:
    """By the places, grades and totals of the ranking."""
    tests, source, more = _settled(rubric, one), "stands", _groups(one)
    if one.leave_out is not None:
        tests.append("left_out IS FALSE")
        source, more = f"stands JOIN {_name('left_out', number)} USING (unit)", f"{more} AND left_out IS NOT TRUE"
    columns = _columns(number, one, " AND ".join(tests))
    tree = _when(one)
    hit = f"({_test(tree)})"
    if names(tree) & (PLACES | {OF_ALL}) and (possible := _at_end(tree, _EASIEST)) is not None:
        hit = f"CASE WHEN group_open THEN ({_test(possible)}) IS TRUE OR waits AND ({_test(possible)}) IS NULL ELSE {hit} END"
    return f"-- {one.clause}\nSELECT {columns}\nFROM {source} WHERE {hit}{more}"


# --- a list of its own ----------------------------------------------------------------------------------


def _name(what: str, number: int) -> str:
    return f"{what}_{number}"


def _list(rubric: Rubric, number: int, one: Consequence) -> list[str]:
    """CTEs: who is left out; the places among the others, from and to."""
    found = [f"{_name('left_out', number)} AS (\n{indent(_left_out(rubric, one))}\n)"]
    if _has_list(one):
        found.append(f"{_name('listed', number)} AS (\n{indent(_listed(rubric, number, one))}\n)")
    return found


def _left_out(rubric: Rubric, one: Consequence) -> str:
    """Whether a unit is left out; NULL where that is undecided."""
    assert one.leave_out is not None
    pieces = []
    for group in rubric.groups:
        if one.in_group(group):
            test = Names(rubric.measures, rubric.forms, group).setting(None).sure(one.leave_out.when.tree)
            pieces.append(f"SELECT unit, {test} AS left_out FROM facts WHERE grp = {literal(group)}")
    return f"-- {one.clause}：{one.leave_out.reason}\n" + "\nUNION ALL\n".join(pieces)


def _listed(rubric: Rubric, number: int, one: Consequence) -> str:
    """Places among the units that stay in: `least` where who is undecided is left out, `most` where he stays."""
    above = "RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    below = "RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING"
    level = "RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING"
    dense = rubric.spec.places.ties == "1-1-2"
    lines = []
    for end, stays in (("least", "left_out IS FALSE"), ("most", "left_out IS NOT TRUE")):
        placed = f"CASE WHEN {stays} THEN place END"  # count, not count_if: over no row at all that is NULL
        lines.append(f"1 + count({'DISTINCT ' if dense else ''}{placed}) OVER ({_WINDOW} {above}) AS in_list_{end}")
        if one.edge == "out":  # with all who share the place; the unit itself is one of them, whatever is known of it
            himself = " + CASE WHEN left_out IS NULL THEN 1 ELSE 0 END" if end == "least" else ""
            lines.append(f"count({placed}) OVER ({_WINDOW} {level}){himself} AS in_list_from_last_{end}")
        else:
            lines.append(f"1 + count({placed}) OVER ({_WINDOW} {below}) AS in_list_from_last_{end}")
    listed = ",\n    ".join(lines)
    return f"""SELECT * EXCLUDE (place_from_last, {OF_ALL}),
    bool_or({_PENDING} AND left_out IS NOT TRUE) OVER (PARTITION BY "group") AS list_open,
    {listed}
FROM stands JOIN {_name("left_out", number)} USING (unit)"""


_WINDOW = 'PARTITION BY "group" ORDER BY place'


def _with_list(number: int, one: Consequence) -> str:
    """Every place that the unit can have in the list; settled where all of them come to the same."""
    last = identifier(OF_ALL if one.edge == "out" else "place_from_last")
    tests = ["holds", "left_out IS FALSE", "NOT list_open"]
    tests += ["NOT group_open"] if "change_of_place" in names(one.when.tree) else []
    tests += ["NOT quota_open"] if "grade" in names(one.when.tree) else []
    known = f"bool_and({' AND '.join(tests)})"
    inner = f"""SELECT * EXCLUDE (place), {_each("place", "in_list")} AS place
FROM {_name("listed", number)} WHERE left_out IS NOT TRUE{_groups(one)}"""
    outer = f"SELECT *, {_each('place', 'in_list_from_last')} AS {last}\nFROM (\n{indent(inner)}\n)"
    tested = f"SELECT *, coalesce({_test(_when(one))}, FALSE) AS holds\nFROM (\n{indent(outer)}\n)"
    columns = _columns(number, one, known)
    return (
        f'-- {one.clause}\nSELECT {columns}\nFROM (\n{indent(tested)}\n)\nGROUP BY "group", unit HAVING bool_or(holds)'
    )


def _each(place: str, what: str) -> str:
    """One row for each place of the range; a unit without a place keeps its one row."""
    return f"unnest(CASE WHEN {place} IS NULL THEN [NULL] ELSE range({what}_least, {what}_most + 1) END)"
