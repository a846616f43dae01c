"""Every sentence of the briefing written a second time from plain SQL over the result tables. Uses nothing of the briefing.

A fresh DuckDB connection gets the result tables of this year and the last as they are, and the units, indicators and
forms of the text as plain lists. Each rule has one function that says, for the subject named in the sentence, what the
whole sentence has to be: every number and every name in it comes from a query here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from scoring.engine import Assessment
from scoring.engine.placed import placed
from scoring.rubric.model import Veto

TABLES = ("ranking", "indicator_score", "node_score", "shortfall", "measure", "landing", "adjustment", "consequence", "due")
WHY = {"missing": "未报送", "masked": "脱敏", "pending": "未登记或未到期", "zero_base": "基数为零"}


class Second:
    """The tables of one group of one result, asked again."""

    def __init__(self, result: Assessment, group: str) -> None:
        self.result, self.group = result, group
        self.sql = duckdb.connect()
        for prefix, one in (("", result), ("last_", result.previous or result)):
            for name in TABLES:
                self.sql.register(f"{prefix}{name}", one.tables[name])
        register = result.rubric.register
        self._list("unit", ["unit", "title", "pos"], [(u.code, u.title, n) for n, u in enumerate(register.units)])
        self._list("item", ["code", "clause", "title", "label", "needs", "ratio", "pos", "less", "top", "strict"], self._items())
        self._list("form", ["form", "title", "own"], [(f.code, f.title, f.kept_by == "unit") for f in result.rubric.forms.values()])
        self.sql.execute(f"""
            CREATE TEMP TABLE mine AS SELECT r.*, u.title, u.pos FROM ranking r JOIN unit u USING (unit) WHERE "group" = '{group}';
            CREATE TEMP TABLE past AS SELECT * FROM last_ranking WHERE "group" = '{group}' AND {result.previous is not None};
            CREATE TEMP TABLE fell AS SELECT * FROM shortfall WHERE "group" = '{group}' AND stage <> '数据不全'
            UNION ALL SELECT s.* REPLACE ('未报送' AS stage, t.label AS label) FROM shortfall s JOIN item t ON t.code = s.indicator
            WHERE "group" = '{group}' AND stage = '数据不全' AND state = 'missing' AND points_lost IS NOT NULL AND t.strict AND t.label IS NOT NULL;
            CREATE TEMP TABLE verdict AS
            SELECT i.unit, m.title AS who, m.pos AS seq, i.indicator, t.label, t.title, t.clause, t.pos, t.less, CASE
                WHEN i.state = 'not_applicable' THEN 'na' WHEN f.unit IS NOT NULL THEN 'short'
                WHEN i.state IN ('missing', 'masked', 'pending') THEN 'open' WHEN i.state = 'zero_base' THEN 'none'
                WHEN EXISTS (FROM measure x WHERE x.unit = i.unit AND list_contains(t.needs, x.measure) AND x.state <> 'value')
                THEN 'open' WHEN t.ratio AND i.value IS NULL THEN 'none' ELSE 'clear' END AS told,
                f.stage, f.gap, f.gap_unit, i.actual, i.target, i.points_lost, i.full_marks, i.state
            FROM indicator_score i JOIN mine m USING (unit) JOIN item t ON t.code = i.indicator
            LEFT JOIN fell f USING (unit, indicator) WHERE i."group" = '{group}'""")
        self.over = result.as_of >= result.period.end
        changed = result.previous is not None and result.previous.rubric.spec != result.rubric.spec
        self.changed = "（办法有变）" if changed else ""

    def _list(self, name: str, columns: list[str], rows: list[tuple[Any, ...]]) -> None:
        listed = list(zip(*rows, strict=True)) if rows else [[] for _ in columns]
        self.sql.register(name, pa.table({column: pa.array(list(one)) for column, one in zip(columns, listed, strict=True)}))

    def _items(self) -> list[tuple[Any, ...]]:
        rubric, found = self.result.rubric, []
        tops = {node.section.code: (node.above[0] if node.above else node.section).code for node in rubric.nodes(self.group)}
        for pos, (section, one) in enumerate(rubric.placed(self.group)):
            when = one.flag.when.text if one.flag else ""
            value = one.value.text if one.value else one.actual or ""
            words = set(re.findall(r"[a-z_][\w.]*", when))
            ratio = "value" in words and one.value is not None
            words |= set(re.findall(r"[a-z_][\w.]*", value)) if "value" in words else set()
            words |= {alias for name, alias in (("actual", one.actual), ("target", one.target)) if name in words and alias}
            found.append((one.code, one.clause, one.title, one.flag.label if one.flag else None, sorted(words), ratio, pos,
                          "<" in when, tops[section.code], (one.missing or rubric.spec.missing) == "no_points"))  # fmt: skip
        return found

    def rows(self, text: str) -> list[tuple[Any, ...]]:
        return self.sql.execute(text).fetchall()

    def one(self, text: str) -> Any:
        return self.rows(text)[0][0]

    def column(self, text: str) -> list[Any]:
        return [row[0] for row in self.rows(text)]


def pts(value: Any) -> str:
    """At least two decimals."""
    text = format(Decimal(value).normalize(), "f")
    whole, _, rest = text.partition(".")
    return f"{whole}.{rest.ljust(2, '0')}"


def num(value: Any) -> str:
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def half_up(value: Fraction, decimals: int) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def some(names: list[str]) -> str:
    return "、".join(names) if len(names) <= 3 else f"{'、'.join(names[:3])}等 {len(names)} 个单位"


def bracketed(names: list[str]) -> str:
    return f"{len(names)} 个单位（{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}）"


def inner(label: str) -> str:
    return label.replace("“", "‘").replace("”", "’")


def place_of(clause: str, title: str) -> str:
    return title if title.startswith(clause) else clause + title


def tops(pairs: list[tuple[str, Any]], thing: str, lead: str) -> str:
    """Who has the most; nothing where all have the same, or more than three share it."""
    best, least = max(n for _, n in pairs), min(n for _, n in pairs)
    names = [name for name, n in pairs if n == best]
    if best == least or len(names) > 3:
        return ""
    return f"，{names[0]}{lead}最多（{best} {thing}）" if len(names) == 1 else f"，{'、'.join(names)}并列最多（各 {best} {thing}）"


def mean(s: Second, rose: bool) -> str:
    decimals = s.result.rubric.spec.rounding.total
    count, now, then = s.rows("SELECT count(*), sum(m.total), sum(p.total) FROM mine m JOIN past p USING (unit) "
                              "WHERE m.total IS NOT NULL AND p.total IS NOT NULL")[0]  # fmt: skip
    now, then = (half_up(Fraction(one) / count, 2 if decimals is None else decimals) for one in (now, then))
    assert (now > then) is rose
    whole = s.one("SELECT count(*) FROM mine")
    head = f"两年都有总分的 {count} 个单位，" if count < whole else f"{count} 个单位"
    out, up = "", ("提高到", "提高") if rose else ("降到", "降低")
    for test, why in (
        ("state = 'pending'", "总分暂缺"),
        ("total IS NOT NULL AND unit NOT IN (SELECT unit FROM past WHERE total IS NOT NULL)", "上年没有总分"),
        ("total IS NULL AND state <> 'pending'", "不计总分"),
    ):
        names = s.column(f"SELECT title FROM mine WHERE {test} ORDER BY pos")
        out += f"；{bracketed(names)}{why}，未计入" if names else ""
    return f"{head}平均分由上年的 {pts(then)} 分{up[0]} {pts(now)} 分，{up[1]} {pts(abs(now - then))} 分{s.changed}{out}。"


def gap(s: Second, narrowed: bool) -> str:
    assert not s.one("SELECT (SELECT count(*) FROM mine WHERE total IS NULL) + (SELECT count(*) FROM past WHERE total IS NULL)")
    now, then = s.one("SELECT max(total) - min(total) FROM mine"), s.one("SELECT max(total) - min(total) FROM past")
    assert (now < then) is narrowed
    word = "缩小" if narrowed else "扩大"
    return f"最高分与最低分相差 {pts(now)} 分，比上年的 {pts(then)} 分{word} {pts(abs(now - then))} 分{s.changed}。"


def more_best(s: Second) -> str:
    assert not s.one("SELECT count(*) FROM mine WHERE state = 'pending' OR quota_open")
    assert not s.one("SELECT count(*) FROM past WHERE state = 'pending' OR quota_open")
    best = s.result.rubric.spec.grades[0].title
    now, then = (s.one(f"SELECT count(*) FROM {table} WHERE grade = '{best}'") for table in ("mine", "past"))
    told = f"比上年的 {then} 个多 {now - then} 个" if then else "上年没有"
    return f"等次{best}的单位有 {now} 个，{told}{s.changed}。"


def moved(s: Second, up: bool) -> str:
    sign = "p.place - m.place" if up else "m.place - p.place"
    rows = s.rows(f"SELECT m.title, p.place, m.place, {sign} FROM mine m JOIN past p USING (unit) WHERE m.place IS NOT NULL "
                  "AND p.place IS NOT NULL AND NOT m.provisional AND NOT p.provisional ORDER BY m.pos")  # fmt: skip
    by = max(row[3] for row in rows)
    best = [row for row in rows if row[3] == by]
    among = f"两年名次都已定的 {len(rows)} 个单位中，" if len(rows) < s.one("SELECT count(*) FROM mine") else ""
    short, word, to = ("升", "上升", "升到") if up else ("降", "下降", "降到")
    assert by > 0
    if len(best) == 1:
        name, then, now, _ = best[0]
        return f"{among}{name}由上年第 {then} 名{to}第 {now} 名，{word} {by} 位，{short}幅最大{s.changed}。"
    parts = "、".join(f"{name}（第 {then} 名{to}第 {now} 名）" for name, then, now, _ in best[:3])
    more = f"等 {len(best)} 个单位" if len(best) > 3 else ""
    return f"{among}{parts}{more}比上年各{word} {by} 位，并列{short}幅最大{s.changed}。"


def reached(s: Second, text: str) -> str:
    title, clause = re.match(r"(.+?)（(第?.+?(?:（.+?）)?)）适用的", text).groups()  # type: ignore[union-attr]
    code = s.one(f"SELECT code FROM item WHERE title = '{title}' AND clause = '{clause}'")
    told = {word: s.rows(f"SELECT who, actual, target FROM verdict WHERE indicator = '{code}' AND told = '{word}' ORDER BY seq")
            for word in ("clear", "short", "open", "none")}  # fmt: skip
    clear, whole = len(told["clear"]), sum(len(told[word]) for word in ("clear", "short", "open"))
    assert whole >= 3 and 4 * clear >= 3 * whole
    indicator = s.result.rubric.indicators[code]
    now = "" if s.over else "目前"
    word = "跟上进度" if indicator.flag.by and indicator.flag.pace and not s.over else "达标"  # type: ignore[union-attr]
    out = f"{title}（{clause}）适用的 {whole} 个单位" + (f"{now}全部{word}" if clear == whole else f"中 {clear} 个{now}{word}")
    if told["open"]:
        out += f"；{bracketed([row[0] for row in told['open']])}数据不全，未计入"
    else:
        rows = [*told["clear"], *told["short"]]
        measures = s.result.rubric.measures
        actual, target = (measures.get(name or "") for name in (indicator.actual, indicator.target))
        if actual and target and actual.thing == target.thing and actual.thing not in ("", "分", "%") and all(None not in row for row in rows):
            done, wanted = (sum(row[at] for row in rows) for at in (1, 2))
            out += f"，合计{actual.title} {num(done)} {actual.thing}、{target.title} {num(wanted)} {target.thing}" if wanted else ""
    if told["none"]:
        out += f"；另有 {bracketed([row[0] for row in told['none']])}基数为零，不作比较"
    return f"{out}。"


def all_full(s: Second) -> str:
    titles = s.column("SELECT any_value(title) FROM verdict WHERE state <> 'not_applicable' GROUP BY indicator HAVING count(*) > 1 AND "
                      "bool_and(full_marks > 0 AND state = 'value' AND points_lost = 0) ORDER BY any_value(pos)")  # fmt: skip
    titles = [title for title in titles if title]
    more = f"{'等' if len(titles) > 3 else ''} {len(titles)} 项指标" if len(titles) > 1 else ""
    return f"{'、'.join(titles[:3])}{more}，{'适用的单位全部得满分' if s.over else '适用的单位目前都没有失分'}。"


def no_shortfall(s: Second) -> str:
    names = s.column("SELECT v.who FROM verdict v JOIN mine m USING (unit) WHERE v.label IS NOT NULL AND m.total IS NOT NULL "
                     "GROUP BY v.who, v.seq HAVING bool_or(told = 'clear') AND NOT bool_or(told IN ('short', 'open')) ORDER BY v.seq")  # fmt: skip
    return f"{bracketed(names)}{'' if s.over else '目前'}没有一项短板。"


def no_veto(s: Second) -> str:
    assert not s.one(f"SELECT count(*) FROM adjustment WHERE \"group\" = '{s.group}' AND kind = 'veto'")
    clauses = [one.clause for one in s.result.rubric.adjustments(s.group) if isinstance(one, Veto)]
    return f"没有单位因{'、'.join(dict.fromkeys(clauses))}被一票否决。"


def sections(s: Second) -> list[tuple[str, str, Decimal, Decimal, Fraction]]:
    """Code, title, points, full marks that apply, share."""
    order = {section.code: (at, section.title) for at, section in enumerate(s.result.rubric.sections(s.group))}
    # what a section without full marks of its own is worth is the sum of its items
    rows = s.rows(f"""SELECT section, sum(n.points), sum(coalesce(n.full_marks, i.full) - n.left_out) FROM node_score n JOIN mine m USING (unit)
        LEFT JOIN (SELECT unit, top AS section, sum(full_marks) AS full FROM indicator_score JOIN item ON code = indicator GROUP BY unit, top) i
        USING (unit, section)
        WHERE n."group" = '{s.group}' AND m.total IS NOT NULL AND n.points IS NOT NULL GROUP BY section""")
    rows = sorted((row for row in rows if row[0] in order and row[2]), key=lambda row: order[row[0]])
    return [(code, order[code][1], got, full, Fraction(got) / Fraction(full)) for code, got, full in rows]


def section(s: Second, best: bool) -> str:
    found = sections(s)
    end = (max if best else min)(one[4] for one in found)
    listed = [one for one in found if one[4] == end]
    assert len(listed) < len(found)
    with_total, whole = s.rows("SELECT count(total), count(*) FROM mine")[0]
    who = f"{'已有总分的 ' if with_total < whole else ''}{with_total} 个单位"
    parts = [f"{title}，{who}共得 {pts(got)} 分，为适用满分 {pts(full)} 分的 {half_up(100 * share, 1)}%" for _, title, got, full, share in listed]
    return f"各一级指标中得分率{'并列' if len(listed) > 1 else ''}{'最高' if best else '最低'}的是{'；'.join(parts[:3])}。"


def largest_loss(s: Second) -> str:
    rows = s.rows("SELECT who, clause, title, points_lost, full_marks FROM verdict "
                  "WHERE points_lost = (SELECT max(points_lost) FROM verdict) ORDER BY seq, pos")  # fmt: skip
    is_open = s.one("SELECT count(*) FROM verdict WHERE points_lost IS NULL AND state <> 'not_applicable'")
    parts = [f"{who}{place_of(clause, title)}失 {pts(lost)} 分" + (f"（满分 {pts(full)} 分）" if full else "") for who, clause, title, lost, full in rows]
    more = f"等 {len(rows)} 处" if len(rows) > 3 else ""
    return f"{'已有分数的指标中，' if is_open else ''}{'、'.join(parts[:3])}{more}，{'并列' if len(rows) > 1 else ''}单项失分最多。"


def label_in(s: Second, text: str) -> str:
    told = re.search(r"“(.+?)”", text)[1]  # type: ignore[index]
    return next(label for label in s.column("SELECT DISTINCT label FROM item WHERE label IS NOT NULL") if inner(label) == told)


class Lead(NamedTuple):
    """What the items of a problem lack together, or where they count different things the item that most units have."""

    title: str  # of that item
    of_item: bool  # and not all
    pairs: list[tuple[str, int]]  # gaps by unit, of those that have reported
    thing: str
    less: bool
    silent: bool  # an item of a unit is not reported
    units: int


def lead(s: Second, label: str) -> Lead:
    test = f"label = '{label}' AND told = 'short'"
    items = s.rows(f"SELECT indicator, any_value(title) FROM verdict WHERE {test} GROUP BY indicator ORDER BY count(*) DESC, any_value(pos)")
    for of_item, more in ((False, ""), (True, f" AND indicator = '{items[0][0]}'")):
        kinds = s.rows(f"""SELECT DISTINCT indicator, gap_unit, gap IS NOT NULL, less FROM verdict WHERE {test} AND stage <> '未报送'{more}""")
        things = {(_thing(s, code) if not thing and known else thing, less) for code, thing, known, less in kinds}
        usable = len(things) == 1 and all(known for _, _, known, _ in kinds)
        thing, less = things.pop() if usable else ("", False)
        if usable and thing not in ("", None, "分", "%", "个百分点"):
            pairs = s.rows(f"SELECT who, sum(gap)::INT FROM verdict WHERE {test} AND stage <> '未报送'{more} GROUP BY who, seq ORDER BY seq")
            silent = bool(s.one(f"SELECT count(*) FROM verdict WHERE {test} AND stage = '未报送'{more}"))
            units = int(s.one(f"SELECT count(DISTINCT who) FROM verdict WHERE {test}{more}"))
            return Lead(items[0][1], of_item and len(items) > 1, pairs, thing, less, silent, units)
    return Lead(items[0][1], False, [], "", False, False, 0)


def _thing(s: Second, code: str) -> str:
    """The gap names one measure, and that is counted in something."""
    flag = s.result.rubric.indicators[code].flag
    return next((m.thing for m in s.result.rubric.measures.values() if flag.gap and m.code in flag.gap.text.split()), "")  # type: ignore[union-attr]


def costliest(s: Second, label: str) -> str:
    """At the problem of most units only: the common problem that costs more than it, and more than all others."""
    rows = s.rows("""WITH own AS (SELECT label, who, min(pos) AS first, sum(points_lost) AS lost, count(*) = count(points_lost) AS known
            FROM verdict WHERE told = 'short' AND label IS NOT NULL GROUP BY label, who),
        wide AS (SELECT label, count(DISTINCT who) AS applies, min(pos) AS pos FROM verdict WHERE told IN ('short', 'clear', 'open') GROUP BY label)
        SELECT label, count(*), coalesce(sum(lost) FILTER (known), 0), any_value(applies), bool_and(known)
        FROM own JOIN wide USING (label) GROUP BY label ORDER BY 2 DESC, 3 DESC, min(wide.pos)""")
    first = rows[0]
    common = [row for row in rows if row[1] >= 3 and 2 * row[1] >= row[3]]
    most = max((row[2] for row in common), default=0)
    found = [row for row in common if row[2] == most]
    if label != first[0] or most <= first[2]:
        return ""
    if len(found) > 1:
        return f"。共性问题中失分并列最多的是{'、'.join(f'“{inner(row[0])}”' for row in found[:3])}，各合计失 {pts(most)} 分"
    return f"。共性问题中失分最多的是“{inner(found[0][0])}”，{found[0][1]} 个单位{'' if found[0][4] else '已知'}合计失 {pts(most)} 分"


def problem(s: Second, text: str) -> str:
    label = label_in(s, text)
    names = s.column(f"SELECT who FROM verdict WHERE label = '{label}' AND told = 'short' GROUP BY who, seq ORDER BY seq")
    applies = s.one(f"SELECT count(DISTINCT who) FROM verdict WHERE label = '{label}' AND told IN ('short', 'clear', 'open')")
    # of several items of one unit the one that costs most tells the stage
    slow = s.one(f"""SELECT count(*) FROM (SELECT who, arg_max(stage, (points_lost IS NULL, coalesce(points_lost, 0), -pos)) AS stage
        FROM verdict WHERE label = '{label}' AND told = 'short' GROUP BY who) WHERE stage = '进度滞后'""")
    waits = s.column(f"SELECT who FROM verdict WHERE label = '{label}' GROUP BY who, seq HAVING bool_or(told = 'open') "
                     "AND NOT bool_or(told = 'short') ORDER BY seq")  # fmt: skip
    title, of_item, pairs, thing, less, part, every = lead(s, label)
    out = f"“{inner(label)}”" + (f"方面有 {slow} 个单位进度滞后" if slow == len(names) else f"涉及 {len(names)} 个单位")
    silent = s.one(f"""SELECT count(*) FROM (SELECT who, arg_max(stage, (points_lost IS NULL, coalesce(points_lost, 0), -pos)) AS stage
        FROM verdict WHERE label = '{label}' AND told = 'short' GROUP BY who) WHERE stage = '未报送'""")
    some = [*([f"{slow} 个进度滞后"] if 0 < slow < len(names) else []), *([f"{silent} 个未报送、按规定不得分"] if silent else [])]
    out += f"（适用的共 {applies} 个" + (f"，其中 {'，'.join(some)}" if some else "") + "）"
    out += f"：{'、'.join(names)}" if len(names) <= 3 else ""
    if total := sum(n for _, n in pairs):
        head = f"其中{title}涉及 {every} 个单位、" if of_item else ""
        out += f"，{head}{'已报的' if part else ''}{amount(pairs, total, thing, less)}{tops(pairs, thing, '差得' if less else '')}"
    return out + (f"；另有 {bracketed(waits)}数据不全，未计入" if waits else "") + costliest(s, label) + "。"


def amount(pairs: list[tuple[str, int]], total: int, thing: str, less: bool) -> str:
    return f"{'合计差' if len(pairs) > 1 else '差'} {total} {thing}" if less else f"共 {total} {thing}"


def problem_step(s: Second, text: str) -> str:
    label = label_in(s, text)
    names = s.column(f"SELECT who FROM verdict WHERE label = '{label}' AND told = 'short' GROUP BY who, seq ORDER BY seq")
    title, of_item, pairs, thing, less, part, _ = lead(s, label)
    end = s.result.period.end
    if s.over:
        out = f"请{some(names)}把“{inner(label)}”纳入整改"
    else:
        slow = s.one(f"SELECT count(*) FROM verdict WHERE label = '{label}' AND stage = '进度滞后'")
        out = f"请{some(names)}在 {end.year} 年 {end.month} 月 {end.day} 日前{'赶上进度，' if slow else ''}解决“{inner(label)}”"
    total = sum(n for _, n in pairs)
    if total and less and not of_item:
        out += f"，{'已报的' if part else ''}{amount(pairs, total, thing, less)}"
    best = max((n for _, n in pairs), default=0)
    first = [name for name, n in pairs if n == best]
    if len(first) == 1 and best > min(n for _, n in pairs):
        out += f"，先抓{first[0]}（{title + ' ' if of_item else ''}{best} {thing}）"
    remedies = s.column(f"SELECT DISTINCT f.remedy FROM fell f WHERE label = '{label}'")
    filled = any("{" in (s.result.rubric.indicators[code].remedy or "") for code in s.column(f"SELECT indicator FROM fell WHERE label = '{label}'"))
    told = len(remedies) == 1 and remedies[0] and (not filled or len(names) == 1)
    return out + (f"，具体做法：“{inner(remedies[0].rstrip('。'))}”" if told else "") + "。"


def waiting(s: Second) -> str:
    names = s.column("SELECT title FROM mine WHERE state = 'pending' ORDER BY pos")
    rows = s.rows("""SELECT m.title, m.countable - m.counted, list(DISTINCT f.state) FROM mine m LEFT JOIN shortfall f
        ON f.unit = m.unit AND f.stage = '数据不全' AND f.points_lost IS NULL WHERE m.state = 'pending' GROUP BY m.title, m.countable, m.counted, m.pos ORDER BY m.pos""")
    alike: dict[str, list[str]] = {}
    for name, count, states in rows:
        why = "、".join(word for state, word in WHY.items() if state in states)
        alike.setdefault(f"{count} 项没有分数" + (f"（{why}）" if why else "") if count else "", []).append(name)
    parts = [f"{some(own)}{'各' if len(own) > 1 else ''} {why}" for why, own in [*alike.items()][:3] if why]
    more = f"，其余 {sum(map(len, [*alike.values()][3:]))} 个单位见排名" if len(alike) > 3 else ""
    return f"{bracketed(names)}总分暂缺" + (f"：{'，'.join(parts)}" if parts else "") + f"{more}。"


def waiting_step(s: Second, text: str) -> str:
    """Names and counts of reports; what else is asked for must be a form whose figure is not there."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for unit, name in s.rows("SELECT unit, title FROM mine WHERE state = 'pending' ORDER BY pos"):
        codes = s.column(f"SELECT indicator FROM shortfall JOIN item ON code = indicator WHERE unit = '{unit}' AND stage = '数据不全' "
                         "AND points_lost IS NULL ORDER BY pos")  # fmt: skip
        found, of_others = {}, {}
        for code in codes:
            for measure, state, expected, received, waits in s.rows(
                f"SELECT measure, state, expected, received, waiting FROM measure WHERE unit = '{unit}' AND state IN ('missing', 'masked', 'pending')"
            ):
                if measure in _named(s, code):
                    (of_others if _form(s, measure).derived else found)[_asked(s, measure, state, expected, received, waits)] = 0
        asked = tuple(sorted(found or of_others))
        if asked:
            alike.setdefault(asked, []).append(name)
    body = re.fullmatch(r"请补齐数据：(.+)。齐全后才能定总分和名次。", text)[1]  # type: ignore[index]
    pieces = body.split("；")
    for piece, (asked, names) in zip(pieces, [*alike.items()][:3], strict=False):
        told = piece.removeprefix(some(names))
        assert told != piece, (piece, names)
        told, count = re.sub(r"等 (\d+) 件事$", "", told), re.findall(r"等 (\d+) 件事$", told)
        assert set(told.split("、")) <= set(asked) and len(told.split("、")) == min(3, len(asked)), (told, asked)
        assert count == ([str(len(asked))] if len(asked) > 3 else [])
    rest = sum(map(len, [*alike.values()][3:]))
    assert pieces[3:] == ([f"其余 {rest} 个单位见数据质量"] if rest else [])
    assert len(pieces[:3]) == min(3, len(alike))
    return text


def _named(s: Second, code: str) -> set[str]:
    """The measures that an indicator looks at, as the engine knows them."""
    return next(set(one.everything) for one in placed(s.result.rubric, s.group) if one.indicator.code == code)


def _form(s: Second, measure: str) -> Any:
    return s.result.rubric.forms[s.result.rubric.measures[measure].form]


def _asked(s: Second, measure: str, state: str, expected: Any, received: Any, waits: Any) -> str:
    form = _form(s, measure)
    if form.derived:
        return f"补齐{form.title}所依据的报表"
    if state == "masked":
        return f"改报{form.title}中脱敏的数字"
    if waits:
        return f"等待{form.title}复核"
    if form.kept_by == "office":
        return f"待登记{form.title}"
    if state == "pending":
        return f"按期报送{form.title}"
    if expected is not None and received is not None and received < expected:
        return f"补报{form.title}（已收 {received}/应收 {expected}）"
    return f"补填{form.title}的{s.result.rubric.measures[measure].title}"


DUE = """FROM due d JOIN mine m USING (unit) JOIN form f ON f.form = d.form AND f.own WHERE d.status <> 'not_yet'"""


def reports(s: Second) -> str:
    whole, late, missing = s.rows(f"SELECT count(*), count_if(status = 'late'), count_if(status = 'missing') {DUE}")[0]
    rows = s.rows("SELECT m.title, coalesce(n, 0) FROM mine m LEFT JOIN (SELECT d.unit, count(*) AS n "
                  f"{DUE} AND d.status IN ('late', 'missing') GROUP BY d.unit) USING (unit) ORDER BY m.pos")  # fmt: skip
    told = "、".join(f"{word} {count} 份" for word, count in (("迟报", late), ("未报", missing)) if count)
    top = max(n for _, n in rows)
    names = [name for name, n in rows if n == top]
    who = "" if len(names) > 3 or len(rows) < 2 else f"，{names[0]}最多（{top} 份）" if len(names) == 1 else f"，{'、'.join(names)}并列最多（各 {top} 份）"
    return f"到期应报的 {whole} 份报表中，{told}{who}。"


def reports_step(s: Second) -> str:
    for status in ("missing", "late"):
        rows = s.rows(f"SELECT m.title, count(*) {DUE} AND d.status = '{status}' GROUP BY m.title, m.pos ORDER BY 2 DESC, m.pos")
        if rows:
            parts = "、".join(f"{name}（{n} 份）" for name, n in rows[:3]) + (f"等 {len(rows)} 个单位" if len(rows) > 3 else "")
            total = sum(n for _, n in rows)
            return f"请{parts}补报未报的 {total} 份报表。" if status == "missing" else f"请{parts}查明 {total} 份报表迟报的原因，今后按期报送。"
    raise AssertionError("no report is late or missing")


class Vetoed(NamedTuple):
    """A unit of which a veto holds. `lost`: what its total is below the sum of all else that is in it; None while that is open."""

    unit: str
    who: str
    why: str
    effects: str
    lost: Decimal | None
    state: str


def vetoes(s: Second) -> list[Vetoed]:
    found = []
    spec = {one.code: one for one in s.result.rubric.spec.adjustments if isinstance(one, Veto)}
    for unit, who, total, state in s.rows("SELECT unit, title, total, state FROM mine ORDER BY pos"):
        held = s.column(f"SELECT adjustment FROM adjustment WHERE unit = '{unit}' AND \"group\" = '{s.group}' AND kind = 'veto' AND holds")
        if not held:
            continue
        parts = s.rows(f"""SELECT points FROM indicator_score WHERE unit = '{unit}' AND state <> 'not_applicable' AND NOT left_out
            UNION ALL SELECT points FROM landing WHERE unit = '{unit}'
            UNION ALL SELECT points FROM adjustment WHERE unit = '{unit}' AND kind <> 'veto'""")
        known = total is not None and all(points is not None for (points,) in parts)
        lost = sum((points for (points,) in parts), Decimal(0)) - total if known else None
        own = [spec[code] for code in spec if code in held]
        why = "、".join(f"“{inner(one.title)}”（{one.clause}）" for one in own)
        found.append(Vetoed(unit, who, why, "，".join(dict.fromkeys(one.effect.words for one in own)), lost, state))
    return found


def vetoed(s: Second) -> str:
    found = vetoes(s)
    parts = [
        f"{one.who}因{one.why}被一票否决（{one.effects}）"
        + ("，总分暂缺" if one.state == "pending" else f"，总分因此减少 {pts(one.lost)} 分" if one.lost else "")
        for one in found[:3]
    ]
    return f"{'；'.join(parts)}{f'；被一票否决的共 {len(found)} 个单位' if len(found) > 3 else ''}。"


def vetoed_step(s: Second) -> str:
    found = vetoes(s)
    told = "；".join(f"{one.who}就{one.why}整改到位、举一反三" for one in found[:3])
    return f"请{told}{f'；被一票否决的 {len(found)} 个单位都要整改' if len(found) > 3 else ''}。"


def penalties(s: Second) -> list[tuple[str, Decimal, Decimal, str, str]]:
    """Who, points taken off, points to the next better place, title, clause: the largest of those that are no less than that."""
    assert not vetoes(s)
    rows = s.rows(f"""SELECT m.title, -a.points, (SELECT min(o.total) FROM mine o WHERE o.place < m.place) - m.total AS short, a.adjustment
        FROM adjustment a JOIN mine m USING (unit) WHERE a."group" = '{s.group}' AND a.kind = 'penalty' AND a.points < 0
        AND -a.points >= short ORDER BY m.pos, a.step""")
    spec = {one.code: one for one in s.result.rubric.spec.adjustments}
    most = max(row[1] for row in rows)
    return [(who, off, short, spec[code].title, spec[code].clause) for who, off, short, code in rows if off == most]


def penalty(s: Second) -> str:
    rows = penalties(s)
    told = "；".join(f"{who}因“{inner(title)}”（{clause}）扣 {pts(off)} 分，比前一名少 {pts(short)} 分" for who, off, short, title, clause in rows[:3])
    return f"{told}{f'；这样的共 {len(rows)} 处' if len(rows) > 3 else ''}。"


def penalty_step(s: Second) -> str:
    rows = penalties(s)[:3]
    return f"请{'；'.join(f'{who}就“{inner(title)}”（{clause}）所扣的 {pts(off)} 分查明原因、完成整改' for who, off, _, title, clause in rows)}。"


def mean_step(s: Second) -> str:
    rows = s.rows("SELECT m.title, p.total - m.total FROM mine m JOIN past p USING (unit) WHERE m.total < p.total ORDER BY 2 DESC, m.pos")
    known = {one.who: one.lost for one in vetoes(s) if one.lost}
    asked = [row for row in rows if row[0] not in known]
    if not asked:
        more = f"等 {len(rows)} 个单位" if len(rows) > 3 else ""
        return f"请总分比上年低的{'、'.join(f'{name}（减 {pts(known[name])} 分）' for name, _ in rows[:3])}{more}先整改一票否决事项。"
    first = [name for name, by in asked if by == asked[0][1]]
    of = f"中未因一票否决减分的 {len(asked)} 个" if len(asked) < len(rows) else ""
    return f"请总分比上年低的 {len(rows)} 个单位{of}逐项查找原因，先抓{some(first)}（{'各' if len(first) > 1 else ''}低 {pts(asked[0][1])} 分）。"


def worst(s: Second, which: str, units: list[str]) -> str:
    parts = []
    for unit in units[:3]:
        rows = s.rows(f"SELECT who, clause, title, points_lost FROM verdict WHERE unit = '{unit}' AND points_lost > 0 AND "
                      f"points_lost = (SELECT max(points_lost) FROM verdict WHERE unit = '{unit}') ORDER BY pos")  # fmt: skip
        veto = next((one for one in vetoes(s) if one.unit == unit), None)
        if veto is not None and veto.lost and (not rows or veto.lost > rows[0][3]):
            parts.append(f"{veto.who}先整改{veto.why}（一票否决减 {pts(veto.lost)} 分）")
        elif rows:
            told = "、".join(place_of(row[1], row[2]) for row in rows[:3]) + (f"等 {len(rows)} 项" if len(rows) > 3 else "")
            parts.append(f"{rows[0][0]}先整改失分最多的{told}（{'各' if len(rows) > 1 else ''}失 {pts(rows[0][3])} 分）")
    return f"请{which}{'、'.join(parts)}。"


def lowest_step(s: Second) -> str:
    return worst(s, "总分最低的", s.column("SELECT unit FROM mine WHERE total = (SELECT min(total) FROM mine) ORDER BY pos"))


def fallen_step(s: Second) -> str:
    rows = s.rows("SELECT m.unit, m.place - p.place FROM mine m JOIN past p USING (unit) WHERE NOT m.provisional AND NOT p.provisional "
                  "AND m.place IS NOT NULL AND p.place IS NOT NULL ORDER BY m.pos")  # fmt: skip
    by = max(row[1] for row in rows)
    return worst(s, "名次下降最多的", [unit for unit, n in rows if n == by])


def section_step(s: Second) -> str:
    found = sections(s)
    code, title = next((one[0], one[1]) for one in found if one[4] == min(one[4] for one in found))
    rows = s.rows(f"""SELECT v.clause, v.title, sum(v.points_lost), list(v.who ORDER BY v.seq) FROM verdict v JOIN item t ON t.code = v.indicator
        JOIN mine m USING (unit) WHERE t.top = '{code}' AND m.total IS NOT NULL AND v.points_lost <> 0
        GROUP BY v.clause, v.title, v.pos ORDER BY 3 DESC, v.pos""")
    clause, item, lost, names = rows[0]
    who = "、".join(names[:3]) + ("等单位" if len(names) > 3 else "")
    return f"{title}先抓{place_of(clause, item)}：{len(names)} 个单位共失 {pts(lost)} 分，请{who}整改。"


def loss_step(s: Second) -> str:
    rows = s.rows("""SELECT v.who, v.clause, v.title, f.remedy FROM verdict v LEFT JOIN fell f USING (unit, indicator)
        WHERE v.points_lost = (SELECT max(points_lost) FROM verdict) ORDER BY v.seq, v.pos""")
    parts = [f"{who}整改{place_of(clause, title)}" + (f"：“{inner(remedy.rstrip('。'))}”" if remedy else "") for who, clause, title, remedy in rows[:3]]
    return f"请{'；'.join(parts)}。"


def consequence(s: Second, text: str) -> str:
    for number in s.column(f"SELECT DISTINCT number FROM consequence WHERE \"group\" = '{s.group}' ORDER BY 1"):
        # in the order of the ranking
        rows = s.rows(f"SELECT c.clause, c.action, c.within_days, c.settled, m.title FROM consequence c JOIN mine m USING (unit) "
                      f"WHERE c.number = {number} ORDER BY m.place NULLS LAST, m.total_high DESC, m.pos")  # fmt: skip
        clause, action, days = rows[0][:3]
        sure, may = ("、".join(row[4] for row in rows if row[3] is settled) for settled in (True, False))
        within = f"，{days} 日内" if days is not None else ""
        told = "；".join([*([sure] if sure else []), *([f"待定：{may}"] if may else [])])
        if text == (line := f"按{clause}{action}{within}：{told}。"):
            return line
    return ""


CHECKS: dict[str, Callable[[Second, str], str]] = {
    "mean_rose": lambda s, _: mean(s, True),
    "mean_fell": lambda s, _: mean(s, False),
    "gap_narrowed": lambda s, _: gap(s, True),
    "gap_widened": lambda s, _: gap(s, False),
    "more_best": lambda s, _: more_best(s),
    "rose_most": lambda s, _: moved(s, True),
    "fell_most": lambda s, _: moved(s, False),
    "reached": reached,
    "all_full": lambda s, _: all_full(s),
    "no_shortfall": lambda s, _: no_shortfall(s),
    "no_veto": lambda s, _: no_veto(s),
    "best_section": lambda s, _: section(s, True),
    "weakest_section": lambda s, _: section(s, False),
    "largest_loss": lambda s, _: largest_loss(s),
    "vetoed": lambda s, _: vetoed(s),
    "vetoed_step": lambda s, _: vetoed_step(s),
    "penalty": lambda s, _: penalty(s),
    "penalty_step": lambda s, _: penalty_step(s),
    "problem": problem,
    "waiting": lambda s, _: waiting(s),
    "reports": lambda s, _: reports(s),
    "problem_step": problem_step,
    "waiting_step": waiting_step,
    "mean_step": lambda s, _: mean_step(s),
    "lowest_step": lambda s, _: lowest_step(s),
    "fallen_step": lambda s, _: fallen_step(s),
    "section_step": lambda s, _: section_step(s),
    "loss_step": lambda s, _: loss_step(s),
    "reports_step": lambda s, _: reports_step(s),
    "consequence": consequence,
}


def numbers(text: str, names: Iterable[str]) -> list[str]:
    """The numbers of a text, without those of titles."""
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    return re.findall(r"\d+(?:\.\d+)?", text)
