"""What an analyst may write: accepted and refused forms, as SQL, in words; no text ever brings the reader down."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scoring.expressions import ExpressionError, names, parse
from scoring.expressions.figures import Figure, column_figure, quantity
from scoring.expressions.figures import condition as figure_condition
from scoring.expressions.parse import (
    FUNCTIONS,
    Compare,
    In,
    IsBlank,
    Logic,
    Name,
    Negative,
    Not,
    Number,
    String,
    Truth,
)
from scoring.expressions.ranges import shut_out
from scoring.expressions.rows import RowType, aggregate
from scoring.expressions.rows import condition as row_condition
from scoring.expressions.words import run_on, words

COLUMNS = {
    "doc_no": RowType("text", title="文号"),
    "kind": RowType("text", 0, ("行政", "刑事"), title="类别"),
    "amount": RowType("decimal", 2, (), True, "案值"),
    "fine": RowType("decimal", 2, (), True, "罚没"),
    "parties": RowType("integer", 0, (), True, "当事人数"),
    "change": RowType("integer", title="增减"),
    "filed_on": RowType("date", title="立案日期"),
    "closed_on": RowType("date", title="结案日期"),
    "major": RowType("boolean", title="大案"),
}
TITLES = {code: kind.title for code, kind in COLUMNS.items()} | {
    "actual": "办结数", "target": "受理数", "value": "办结率", "set_up": "成立领导小组", "weekly.late": "迟报次数",
}  # fmt: skip


def title(code: str) -> str:
    return TITLES.get(code, code)


def figure(code: str) -> Figure:
    """Measures of one unit: two counts, an amount in hundredths that may be negative, and a yes or no."""
    known = {
        "actual": column_figure("actual", 0, 10**9),
        "target": column_figure("target", 0, 10**9),
        "growth": column_figure("growth", -(10**9), 10**9, 100),
        "set_up": column_figure("set_up", 0, 1, is_truth=True),
    }
    if code not in known:
        raise ExpressionError(f"没有数据项“{code}”")
    return known[code]


# --- grammar --------------------------------------------------------------------------------------

TREES = {
    "1": Number(Decimal(1)),
    "0.50": Number(Decimal("0.50")),
    "'行政'": String("行政"),
    "'it''s'": String("it's"),
    "true": Truth(True),
    "a": Name("a"),
    "weekly.late": Name("weekly.late"),
    "-a": Negative(Name("a")),
    "(a)": Name("a"),
    "a = 1": Compare("=", Name("a"), Number(Decimal(1))),
    "a != 1": Compare("<>", Name("a"), Number(Decimal(1))),
    "A AND b": Logic("and", Name("A"), Name("b")),
    "not a": Not(Name("a")),
    "a is null": IsBlank(Name("a")),
    "a is not null": Not(IsBlank(Name("a"))),
    "a in (1, 2)": In(Name("a"), (Number(Decimal(1)), Number(Decimal(2)))),
    "a not in (1)": Not(In(Name("a"), (Number(Decimal(1)),))),
    "a between 1 and 2": Logic(
        "and", Compare(">=", Name("a"), Number(Decimal(1))), Compare("<=", Name("a"), Number(Decimal(2)))
    ),
}
BINDING = {
    "a + b * c": "a + (b * c)",
    "a - b - c": "(a - b) - c",
    "a / b * c": "(a / b) * c",
    "-a * b": "(-a) * b",
    "a or b and c": "a or (b and c)",
    "not a and b": "(not a) and b",
    "not a = b": "not (a = b)",
    "a + b > c": "(a + b) > c",
    "a between 1 and 2 and b": "(a between 1 and 2) and b",
    "a\n  and\tb": "a and b",
}


@pytest.mark.parametrize("text", TREES)
def test_reads(text: str) -> None:
    assert parse(text) == TREES[text]


@pytest.mark.parametrize("text", BINDING)
def test_binds_as_school_does(text: str) -> None:
    assert parse(text) == parse(BINDING[text])


REFUSED = {
    "": "没有写完",
    "   ": "没有写完",
    "a +": "没有写完",
    "(a": "没有写完",
    "a)": "“)”处读不懂",
    "a b": "“b”处读不懂",
    "a = b = c": "比较不能连写",
    "60 <= a < 80": "比较不能连写",
    "a in 1": "此处应为“(”",
    "a in ()": "“)”处读不懂",
    "a not 1": "not 后面应为 in 或 between",
    "'a": "引号不成对",
    '"a"': "引号不成对",
    "kind = 行政": "“行政”没有加引号",
    "a ＝ 1": "全角字符“＝”",
    "a ＞ ８": "全角字符“＞”",
    "a > ８": "全角字符“８”",
    "kind = ‘行政’": "全角字符“‘”",
    "（a）": "全角字符“（”",
    "a -- note": "注释",
    "a /* note */": "注释",
    "a; drop table b": "不能有“;”",
    "a::double": "不能有“::double”",
    "a % 2": "不能有“%”",
    "a || b": "不能有“||”",
    "a[1]": "不能有“[1]”",
    "$1": "不能有“$1”",
    "a.b.c": "不能有“.c”",
    "1.5.2": "不能有",
    "1e3": "不能有",
    "12件": "“12件”带了单位。数字后面不写单位，请只写 12",
    "a > 12个工作日": "“12个工作日”没有加引号",
    "96%": "百分数直接写数字，例如 96；作乘数时写小数，例如 0.96",
    "a >= 2.5％": "百分数直接写数字，例如 2.5；作乘数时写小数，例如 0.025",
    "a ≤ 1": "请写成 <=",
    "a ≠ 1": "请写成 <>",
    "a ÷ 2": "请写成 /",
    "a − 2": "请写成 -",
    "a && b": "请写成 and",
    "a 或 b": "请写成 or",
    "a 不低于 1": "请写成 >=",
    "a ＞＝ 1": "请改为半角“>=”",
    "a，b": "请写成 ,",
    "a\u3000> 1": "有全角空格或别的空白。请改为半角空格",
    "a > 1\u3000": "有全角空格",
    "kind = “行政”": "请改为半角“'”",
    "a => 1": "请写成 >=",
    "a =< 1": "请写成 <=",
    "a > = 1": "请写成 >=",
    "a < > 1": "请写成 <>",
    "d < 2024年6月3日": "请写成 '2024-06-03'",
    "办结数 > 1": "“办结数”没有加引号",
    "read_csv('x')": "没有函数“read_csv”",
    "getenv('HOME')": "没有函数“getenv”",
    "query('select 1')": "没有函数“query”",
    "pg_read_file('x')": "没有函数“pg_read_file”",
    "COUNT(*)": "没有函数“COUNT”",
    "count(": "没有写完",
    "count(**)": "读不懂",
    "a in (select b from c)": "不能有“select”",
    "exists (select 1)": "没有函数“exists”",
    "case when a then b end": "不能有“case”",
    "doc_no like '甲%'": "不能有“like”",
    "a == 1": "多了一个“=”",
    "(" * 100 + "a" + ")" * 100: "嵌套太深",
    "not " * 100 + "a": "嵌套太深",
    "-" * 1 + " -" * 100 + "a": "嵌套太深",
    "a + " * 1000 + "a": "超过 2000 字",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:24] or "empty")
def test_refuses_with_a_reason(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        parse(text)
    assert REFUSED[text] in f"{refused.value.problem}。{refused.value.fix}"
    assert refused.value.fix


def test_names_are_those_that_occur() -> None:
    assert names(parse("100 * actual / target > weekly.late and not set_up")) == {
        "actual", "target", "weekly.late", "set_up",
    }  # fmt: skip


# --- rows -----------------------------------------------------------------------------------------

ROW_CONDITIONS = {
    "kind = '行政'": "kind = '行政'",
    "amount >= 50": "amount >= 50",
    "2 * amount < fine": "(2 * amount) < fine",
    "filed_on < '2024-07-01'": "filed_on < DATE '2024-07-01'",
    "kind in ('行政', '刑事')": "kind IN ('行政', '刑事')",
    "not kind in ('行政')": "kind NOT IN ('行政')",
    "closed_on is null": "closed_on IS NULL",
    "major": "major",
    "not major": "NOT (major)",
    "days(filed_on, closed_on) > 30": "(closed_on - filed_on) > 30",
    "workdays(filed_on, closed_on) > 7": "(closed_on__workday - filed_on__workday) > 7",
    "doc_no = 'it''s'": "doc_no = 'it''s'",
}
ROW_REFUSALS = {
    "knd = '行政'": "没有列“knd”。是不是“kind”？",
    "kind = '民事'": "“民事”不是“类别”的选项。可选：行政、刑事",
    "kind in ('行政', '民事')": "“民事”不是“类别”的选项",
    "kind = 1": "“类别”（文字）不能与“1”（数字）比较",
    "amount > '50'": "不能与",
    "major = 1": "不能与",
    "filed_on > 2024": "不能与",
    "filed_on > '2024-13-01'": "“2024-13-01”不是日期",
    "filed_on <= 06-30": "日期 06-30 没有加引号。请写成 '06-30'",
    "filed_on <= 2024-06-30": "请写成 '2024-06-30'",
    "2024/6/30 < filed_on": "请写成 '2024-06-30'",
    "filed_on between 01-01 and '06-30'": "日期 01-01 没有加引号",
    "filed_on <= 50-10": "不能与",
    "amount / parties > 1": "不能用除法",
    "amount * parties > 1": "不能把两列相乘",
    "kind + 1 > 2": "四则运算只能用于数字",
    "count(*) > 1": "条件里不能用汇总函数 count",
    "least(amount, fine) > 1": "这里不能用 least",
    "amount": "不能单独作条件",
    "1": "这里须是条件",
    "days(amount, filed_on) > 1": "两端须是日期列",
    "days(filed_on) > 1": "要两个日期",
}
# Four rows: 行政 10.50 万元 1 人 2024-03-01 否; 行政 20 万元 2 人 2024-01-01 是; 刑事 5.05 万元, 人数空白, 2024-02-01 否;
# 刑事 案值空白, 4 人, 2024-02-02 是. By hand, in the smallest unit (hundredths for 案值):
ROWS = """(VALUES ('甲1', '行政', 10.50, 1, DATE '2024-03-01', FALSE, 1), ('甲2', '行政', 20.00, 2, DATE '2024-01-01', TRUE, 2),
    ('甲2', '刑事', 5.05, NULL, DATE '2024-02-01', FALSE, 3), ('甲4', '刑事', NULL, 4, DATE '2024-02-02', TRUE, 4)
    ) t(doc_no, kind, amount, parties, filed_on, major, row_id)"""
AGGREGATES = {
    ("count(*)", None): 4,
    ("count(*)", "kind = '行政'"): 2,
    ("count(*)", "amount > 5"): 3,  # a blank satisfies no comparison
    ("count(distinct doc_no)", None): 3,
    ("count(distinct doc_no)", "kind = '刑事'"): 2,
    ("sum(amount)", None): 3555,
    ("sum(amount)", "kind = '行政'"): 3050,
    ("sum(parties)", None): 7,
    ("sum(2 * parties + 1)", None): 17,
    ("min(amount)", None): 505,
    ("max(amount)", None): 2000,
    ("only(parties)", "doc_no = '甲1'"): 1,
    ("only(major)", "doc_no = '甲4'"): 1,
    ("latest(parties)", None): 1,
    ("latest(amount)", "kind = '刑事'"): 505,
}
AGGREGATE_REFUSALS = {
    "parties": "value 须是一个汇总",
    "1 + count(*)": "value 须是一个汇总",
    "sum(kind)": "sum 只能用于数字列",
    "sum(amount, fine)": "只接受一列",
    "count(doc_no)": "count(列) 的含义不清",
    "sum(distinct amount)": "distinct 只能用在 count 里",
    "sum(count(*))": "这里不能用 count",
    "only(amnt)": "是不是“amount”？",
    "days(filed_on, closed_on)": "value 须是一个汇总",
}


@pytest.mark.parametrize("text", ROW_CONDITIONS)
def test_a_condition_over_rows_as_sql(text: str) -> None:
    assert row_condition(parse(text), COLUMNS) == ROW_CONDITIONS[text]


@pytest.mark.parametrize("text", ROW_REFUSALS)
def test_a_condition_over_rows_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        row_condition(parse(text), COLUMNS)
    assert ROW_REFUSALS[text] in f"{refused.value.problem}。{refused.value.fix}"


@pytest.mark.parametrize(("text", "where"), AGGREGATES)
def test_an_aggregate_is_an_exact_whole_number(text: str, where: str | None) -> None:
    found = aggregate(parse(text), parse(where) if where else None, COLUMNS, "filed_on")
    assert duckdb.sql(f"SELECT {found.sql} FROM {ROWS}").fetchall() == [(AGGREGATES[text, where],)]
    assert str(duckdb.sql(f"SELECT {found.sql} FROM {ROWS}").types[0]) in ("BIGINT", "INTEGER")


def test_an_average_keeps_sum_and_count_apart() -> None:
    found = aggregate(parse("avg(amount)"), parse("kind = '行政'"), COLUMNS, "filed_on")
    assert duckdb.sql(f"SELECT {found.sql}, {found.divisor} FROM {ROWS}").fetchall() == [(3050, 2)]
    assert found.scale == 100


@pytest.mark.parametrize("text", AGGREGATE_REFUSALS)
def test_an_aggregate_refused(text: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        aggregate(parse(text), None, COLUMNS, "filed_on")
    assert AGGREGATE_REFUSALS[text] in f"{refused.value.problem}。{refused.value.fix}"


# --- figures --------------------------------------------------------------------------------------

FIGURE_REFUSALS: dict[str, tuple[Callable[..., object], str]] = {
    "cases + 1": (quantity, "没有数据项“cases”"),
    "set_up + 1": (quantity, "“set_up”是是否项，不能参加计算"),
    "'行政' + 1": (quantity, "不能参加计算"),
    "actual / 0": (quantity, "除数是常数 0"),
    "sum(actual)": (quantity, "这里不能用 sum"),
    "least(actual / target, 1)": (quantity, "least 里不能有比率"),
    "actual > target": (quantity, "这里须是数值"),
    " * ".join(["growth"] * 12): (quantity, "可能超过 38 位"),
    "actual": (figure_condition, "是数值，不能单独作条件"),
    "actual is null": (figure_condition, "不能用 is null"),
    "actual + 1": (figure_condition, "这里须是条件"),
    "actual / 0 > 1": (figure_condition, "除数是常数 0"),
}


@pytest.mark.parametrize("text", FIGURE_REFUSALS)
def test_an_expression_over_figures_refused(text: str) -> None:
    read, told = FIGURE_REFUSALS[text]
    with pytest.raises(ExpressionError) as refused:
        read(parse(text), figure)
    assert told in refused.value.problem


def test_a_condition_that_divides_by_nothing_is_undecided() -> None:
    sql = figure_condition(parse("100 * actual / target < 95"), figure)
    found = duckdb.sql(f"SELECT ({sql}) FROM (VALUES (1, 0), (19, 20), (1, 2), (NULL, 2)) t(actual, target)").fetchall()
    assert found == [(None,), (False,), (True,), (None,)]


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(-(10**9), 10**9))
def test_a_quantity_is_exact(actual: int, target: int, growth: int) -> None:
    found = quantity(parse("100 * (actual - target) / (target + 1) - growth"), figure)
    row = duckdb.execute(
        f"SELECT ({found.num.sql()})::HUGEINT, ({found.den.sql()})::HUGEINT "
        "FROM (SELECT ?::BIGINT AS actual, ?::BIGINT AS target, ?::BIGINT AS growth)", [actual, target, growth],
    ).fetchone()  # fmt: skip
    assert row is not None
    assert Fraction(row[0], row[1]) == Fraction(100 * (actual - target), target + 1) - Fraction(growth, 100)


# --- words ----------------------------------------------------------------------------------------

WORDS = {
    "100 * actual / target": "100 × 办结数 ÷ 受理数",
    "100 * (actual - 1) / target": "100 ×（办结数 − 1）÷ 受理数",
    "value < 100": "办结率低于 100",
    "value <= 100": "办结率不高于 100",
    "value >= 99.50": "办结率不低于 99.5",
    "weekly.late = 0": "迟报次数等于 0",
    "kind = '行政'": "类别为“行政”",
    "kind <> '行政'": "类别不等于“行政”",
    "kind in ('行政', '刑事')": "类别为“行政”或“刑事”",
    "kind not in ('行政')": "类别不属于“行政”",
    "parties in (1, 2)": "当事人数为 1 或 2",
    "actual < target": "办结数低于受理数",
    "0 < actual": "0 低于办结数",
    "filed_on >= '2024-01-01'": "立案日期不早于 2024-01-01",
    "filed_on < '2024-01-01'": "立案日期早于 2024-01-01",
    "filed_on between '2024-01-01' and '2024-03-31'": "立案日期不早于 2024-01-01 且立案日期不晚于 2024-03-31",
    "'2024-01-01' < filed_on": "2024-01-01 早于立案日期",
    "filed_on = '2024-01-01'": "立案日期为 2024-01-01",
    "filed_on <> '2024-01-01'": "立案日期不等于 2024-01-01",
    "closed_on is null": "结案日期为空",
    "closed_on is not null": "结案日期已填",
    "set_up and value > 1": "成立领导小组且办结率高于 1",
    "set_up and (value > 1 or value < 0)": "成立领导小组且（办结率高于 1 或办结率低于 0）",
    "not set_up": "“成立领导小组”为否",
    "count(*)": "行数",
    "count(distinct doc_no)": "不同的文号数",
    "sum(amount)": "案值合计",
    "only(parties)": "当事人数",
    "workdays(filed_on, closed_on) > 7": "立案日期至结案日期的工作日数高于 7",
    "least(actual, target)": "办结数、受理数中的较小者",
    "-1": "−1",
}


@pytest.mark.parametrize("text", WORDS)
def test_in_words(text: str) -> None:
    assert words(parse(text), title) == WORDS[text]


MEASURED = {
    "value < 100": "办结率低于 100%",
    "100 > value": "100% 高于办结率",
    "value < 80 and actual < 3": "办结率低于 80% 且办结数低于 3 件",
    "value >= 60 and value < 80": "办结率不低于 60% 且办结率低于 80%",
    "actual in (0, 1)": "办结数为 0 件或 1 件",
    "actual > -1": "办结数高于 −1 件",
    "actual + target < 3": "办结数 + 受理数低于 3",
    "actual < target": "办结数低于受理数",
    "closed_on > filed_on": "结案日期晚于立案日期",
    "closed_on >= filed_on": "结案日期不早于立案日期",
    "closed_on = filed_on": "结案日期为立案日期",
}


@pytest.mark.parametrize("text", MEASURED)
def test_in_words_with_units_of_measure_and_dates(text: str) -> None:
    thing = {"value": "%", "actual": "件"}
    told = words(parse(text), title, lambda code: thing.get(code, ""), ["filed_on", "closed_on"])
    assert told == MEASURED[text]


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        (("不低于", "20 件", "得", "10 分"), "不低于 20 件得 10 分"),
        (("不低于", "80%", "得", "6 分"), "不低于 80% 得 6 分"),
        (("不低于", "20", "得", "6 分"), "不低于 20 得 6 分"),
        (("不低于", "20 kg", "得", "6 分"), "不低于 20 kg 得 6 分"),
        (("不高于", "−0.5", "，其余"), "不高于 −0.5，其余"),
        ((), ""),
    ],
)
def test_a_space_stands_where_a_figure_meets_chinese(pieces: tuple[str, ...], told: str) -> None:
    assert run_on(*pieces) == told


def test_every_function_has_words() -> None:
    for function in FUNCTIONS:
        arguments = "filed_on, closed_on" if function in ("workdays", "days", "months", "least", "greatest") else "parties"
        told = words(parse(f"{function}({arguments})"), title)
        assert not [code for code in COLUMNS if code in told]
        assert function not in told


# --- anything at all ------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["a", "kind", "amount", "filed_on", "major", "actual", "value", "1", "0.5", "'行政'", "'2024-01-01'", "(", ")", ",",
     "+", "-", "*", "/", "=", "<", ">=", "and", "or", "not", "in", "between", "is", "null", "true", "count", "sum",
     "only", "days", "least", "distinct", "select", ";", "--", "'", "＝", "行", "\n", "."]
)  # fmt: skip


def refusal(read: Callable[[], object]) -> ExpressionError | None:
    """How it was refused; None when it was not. Anything else that is raised goes through."""
    try:
        read()
    except ExpressionError as refused:
        return refused
    return None


def survives(text: str) -> None:
    """Reading, typing and wording end in a result or in an ExpressionError with a problem in Chinese."""
    refused = refusal(lambda: parse(text))
    if refused is not None:
        assert refused.problem
        assert refused.fix
        return
    tree = parse(text)
    assert words(tree, title)
    for read in (
        lambda: row_condition(tree, COLUMNS),
        lambda: aggregate(tree, None, COLUMNS, "filed_on").sql,
        lambda: quantity(tree, figure).num.sql(),
        lambda: figure_condition(tree, figure),
    ):
        refused = refusal(read)
        assert refused is None or refused.problem


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
@example("'" * 7)
@example("\x00")
@example("a" * 2001)
@example("²")
@example("a\u2028b")
def test_random_text_raises_nothing_else(text: str) -> None:
    survives(text)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=14))
@example(["least", "(", "1", ")"])
@example(["sum", "(", "distinct", "amount", ")"])
@example(["days", "(", "'2024-01-01'", ",", "filed_on", ")", ">", "1"])
@example(["not", "not", "major"])
@example(["major", "=", "true"])
@example(["words", "(", ")"])
def test_random_sentences_raise_nothing_else(pieces: list[str]) -> None:
    survives(" ".join(pieces))


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=9))
def test_what_is_accepted_runs(pieces: list[str]) -> None:
    """A condition over rows that passes the check is one the database can run."""
    try:
        sql = row_condition(parse(" ".join(pieces)), COLUMNS)
    except ExpressionError:
        return
    types = {
        "text": "VARCHAR",
        "integer": "BIGINT",
        "decimal": "DECIMAL(18, 2)",
        "date": "DATE",
        "boolean": "BOOLEAN",
    }
    row = ", ".join(f"NULL::{types[kind.kind]} AS {code}" for code, kind in COLUMNS.items())
    row += "".join(f", NULL::INT AS {code}__workday" for code, kind in COLUMNS.items() if kind.kind == "date")
    with duckdb.connect(config={"threads": "1"}) as database:
        database.execute("CREATE MACRO workday_no(d) AS date_diff('day', DATE '2020-01-01', d)")
        database.execute(f"SELECT ({sql}) FROM (SELECT {row})").fetchall()


# --- conditions that shut each other out; places and what is not so in words --------------------------------

APART = {
    ("value >= 90", "value < 90"): True,
    ("value > 90", "value <= 90"): True,
    ("value >= 90", "value <= 90"): False,  # 90 is both
    ("value >= 80 and value < 90", "value >= 90"): True,
    ("value >= 80 and value < 90", "value >= 85"): False,
    ("value = 1", "value = 2"): True,
    ("value = 1", "value <> 1"): True,
    ("value = 1", "1 < value"): True,
    ("value in (1, 2)", "value in (3, 4)"): True,
    ("value in (1, 2)", "value >= 2"): False,
    ("set_up", "not set_up"): True,
    ("set_up = false", "set_up"): True,
    ("set_up and value > 3", "value < 0 or not set_up"): True,
    ("value > 3", "actual < 3"): False,  # two figures
    ("kind = '行政'", "kind = '刑事'"): True,
    ("value < 3", "not (value >= 3)"): False,
}


@pytest.mark.parametrize(("one", "other"), APART)
def test_whether_two_conditions_can_hold_at_once(one: str, other: str) -> None:
    assert shut_out(parse(one), parse(other)) is APART[one, other]
    assert shut_out(parse(other), parse(one)) is APART[one, other]


SAID = {
    "place(value) <= 3": "办结率排在本组前 3 名",
    "place(value) < 3": "办结率排在本组前 2 名",
    "place(value) = 1": "办结率排在本组第 1 名",
    "place(value) > 10": "办结率排在本组第 10 名之后",
    "place_from_last(value) <= 2": "办结率排在本组后 2 名",
    "place_from_last(value) > 2": "办结率排在本组倒数第 2 名之前",
    "actual > 0": "办结数大于 0",
    "not (actual >= 3)": "办结数低于 3",
    "not (set_up and actual > 3)": "并非（成立领导小组且办结数高于 3）",
    "set_up = false": "“成立领导小组”为否",
    "set_up <> false": "成立领导小组",
    "actual - (target - 1)": "办结数 −（受理数 − 1）",
    "actual / (target * 2)": "办结数 ÷（受理数 × 2）",
    "2 * least(actual, 10)": "2 ×（办结数，超过 10 的按 10 计）",
    "greatest(target - actual, 0)": "受理数 − 办结数，不足 0 的按 0 计",
    "greatest(0, actual) > 3": "（办结数，不足 0 的按 0 计）高于 3",
    "highest(actual + target) / 2": "本组最高的（办结数 + 受理数）÷ 2",
}


@pytest.mark.parametrize("text", SAID)
def test_what_reads_one_way_only(text: str) -> None:
    assert words(parse(text), title) == SAID[text]


def test_a_title_that_is_a_formula_is_bracketed() -> None:
    """`full * value / highest(value)`, where the 指标值 has no title but its formula."""
    told = words(parse("full * value / highest(value)"), {"full": "满分", "value": "主持 + 参与"}.__getitem__)
    assert told == "满分 ×（主持 + 参与）÷ 本组最高的（主持 + 参与）"


# --- two columns multiplied ---------------------------------------------------------------------------------

BOUNDED = COLUMNS | {"hours": RowType("decimal", 1, (), True, "学时", Decimal(100))}


def test_two_columns_are_multiplied_and_summed_exactly() -> None:
    """人数 × 学时: 1 × 1.5 + 2 × 1.5 + 4 × 1.5 = 10.5, in tenths 105; the blank 人数 counts nothing."""
    found = aggregate(parse("sum(parties * hours)"), None, BOUNDED, "filed_on")
    sql = f"SELECT {found.sql} FROM (SELECT *, 1.5::DECIMAL(18, 1) AS hours FROM {ROWS})"
    with duckdb.connect(":memory:") as own:  # the connection of the module may still hold another test's result
        assert own.execute(sql).fetchall() == [(105,)]
    # Σ 人数 ≤ 10^13 as intake sees to it, 学时 at most 100 (101 whole ones, in tenths)
    assert (found.scale, found.low, found.high) == (10, 0, 10**13 * 1010)


def test_a_product_that_has_no_bound_is_refused_with_what_to_do() -> None:
    with pytest.raises(ExpressionError) as refused:
        aggregate(parse("sum(amount * parties)"), None, COLUMNS, "filed_on")
    assert refused.value.problem == "相乘的结果可能超过 18 位，无法保证精确"
    assert refused.value.fix == "请在报表定义里为相乘的列写 at_least: 0 和 at_most，或减少小数位"


def test_a_constant_factor_widens_the_bound() -> None:
    assert aggregate(parse("sum(3 * parties)"), None, COLUMNS, "filed_on").high == 3 * 10**13
