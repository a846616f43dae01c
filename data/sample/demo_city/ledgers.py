"""What the forms are filled with: one function for each form, named as the form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from random import Random

from demo_city.cases import City
from demo_city.draw import Row, later, quarter_of, stream, strength, unreported, workday
from demo_city.filing import came, due_periods
from demo_city.plan import (
    AWARDS,
    CITY_COMPLAINTS,
    DEPARTMENT_COMPLAINTS,
    EVENTS,
    JUSTICE,
    MARK,
    MORE_APPROVED,
    NO_GROUP,
    NO_SUB_ASSESSMENT,
    NO_TARGETS,
    NOT_ENTERED,
    NOT_JUDGED,
    TIED,
    TOP_TARGET,
    YEARS,
)
from scoring.calendar import DuePeriod
from scoring.forms import Form, Forms
from scoring.units import Unit


def _each(units: Iterable[Unit], name: str) -> Iterator[tuple[Unit, int, Random, float]]:
    units = list(units)
    for year in YEARS:
        for unit in units:
            yield unit, year, stream(name, unit.code, year), strength(unit.code, year)


def _numbered(unit: Unit, year: int, random: Random, rows: list[Row], mark: str) -> Iterator[Row]:
    """The rows of a ledger spread over the year and numbered by date."""
    days = sorted(workday(random, date(year, 1, 8), date(year, 12, 20)) for _ in rows)
    random.shuffle(rows)
    for number, (day, row) in enumerate(zip(days, rows, strict=True), 1):
        yield {"unit": unit.title, "no": f"{mark}{year % 100}-{number:02d}", "held_on": day, **row}


# --- cases --------------------------------------------------------------------------------------


def case_ledger(city: City, forms: Forms) -> Iterator[Row]:
    by_code = {unit.code: unit for unit in city.units}
    for (code, _), cases in city.cases.items():
        for case in cases:
            if not unreported(by_code[code], case.filed_on):
                yield case.row(by_code[code])


def platform_export(city: City, forms: Forms) -> Iterator[Row]:
    by_code = {unit.code: unit for unit in city.units}
    for (code, year), cases in city.cases.items():
        if year not in YEARS or (code, year) == NOT_ENTERED:
            continue
        random, s = stream("entry", code, year), strength(code, year)
        for case in cases:
            if case.criminal or case.decided_on is None or random.random() > 0.70 + 0.31 * s:
                continue
            late, wrong = random.random() > 0.72 + 0.27 * s, random.random() > 0.86 + 0.13 * s
            yield {
                "unit": by_code[code].title,
                "doc_no": case.doc_no,
                "party": case.party,
                "amount": f"{float(case.amount) * 10:.2f}"
                if wrong
                else case.amount,  # a slip of the unit: ten times
                "decided_on": case.decided_on,
                "entered_on": later(case.decided_on, random.randint(8, 13) if late else random.randint(1, 6)),
            }


def chain(city: City, forms: Forms) -> Iterator[Row]:
    for unit in city.having("statistics"):
        for year in YEARS:
            rows = [_chain_row(city, unit, year, quarter) for quarter in (1, 2, 3, 4)]
            if (unit.code, year) in MORE_APPROVED:
                rows[2] |= {"caught": 1, "approved": 6, "explained": MORE_APPROVED[unit.code, year]}
            yield from (row for row in rows if not unreported(unit, row["until"]))


_CHAIN = (
    "adm_filed",
    "adm_closed",
    "crim_filed",
    "crim_closed",
    "caught",
    "approved",
    "prosecuted",
    "sentenced",
)


def _chain_row(city: City, unit: Unit, year: int, quarter: int) -> Row:
    until = date(year, quarter * 3, 30 if quarter in (2, 3) else 31)
    row: Row = {"unit": unit.title, "until": until} | dict.fromkeys(_CHAIN, "/")
    random, s = stream("chain", unit.code, year, quarter), strength(unit.code, year)
    if "penalty_organ" in unit.tags:
        row["adm_filed"], row["adm_closed"] = city.quarter(unit, year, quarter)
    if unit.code in JUSTICE:
        filed = max(0, round(JUSTICE[unit.code] / 4 + random.uniform(-1, 1)))
        row |= {"crim_filed": filed, "crim_closed": filed - (filed > 1 and random.random() > s - 0.15)}
        people = sum(random.randint(1, 2) for _ in range(filed))
        row |= {
            "d02": {"caught": people},
            "d03": {"approved": people * 2 // 3, "prosecuted": people},
            "d04": {"sentenced": people},
        }[unit.code]
    elif unit.kind != "department":
        cases = [c for c in city.cases[unit.code, year] if c.criminal and quarter_of(c.filed_on) == quarter]
        people = sum(random.randint(1, 2) for _ in cases)
        row |= {
            "crim_filed": len(cases),
            "crim_closed": len(cases),
            "caught": people,
            "approved": people * 3 // 4,
        }
        row |= {"prosecuted": people * 2 // 3, "sentenced": people // 2}
    return row


# --- reports and registers ----------------------------------------------------------------------


def weekly_report(city: City, forms: Forms) -> Iterator[Row]:
    for unit, due in _campaign(city, forms["weekly_report"]):
        random = stream("week", unit.code, due.nominal)
        size = 4 + (unit.population or 200000) // 25000
        yield {
            "unit": unit.title,
            "until": due.nominal,
            "officers": random.randint(size, size * 3),
            "inspected": random.randint(size * 2, size * 5),
            "leads": random.randint(0, 2),
        }


def stage_report(city: City, forms: Forms) -> Iterator[Row]:
    for unit, due in _campaign(city, forms["stage_report"]):
        last = due.nominal in (date(2023, 11, 30), date(2024, 6, 28))
        yield {
            "unit": unit.title,
            "until": due.nominal,
            "subject": "专项行动工作总结" if last else "阶段工作小结",
        }


def _campaign(city: City, form: Form) -> Iterator[tuple[Unit, DuePeriod]]:
    for due in due_periods(form):
        for unit in city.having("campaign"):
            if came(form.code, unit.code, due):
                yield unit, due


def _news_target(unit: Unit) -> int:
    return 8 if unit.kind == "department" else 12


def news(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, random, s in _each(city.units, "news"):
        sent = round(_news_target(unit) * (0.30 + 0.78 * s + random.uniform(-0.08, 0.08)))
        site = max(0, round(7.2 * s + random.uniform(-1.5, 1.2)))
        channels = ["工作信息"] * sent + ["侵权假冒网"] * site
        random.shuffle(channels)
        days = sorted(workday(random, date(year, 1, 4), date(year, 12, 25)) for _ in channels)
        for number, (day, channel) in enumerate(zip(days, channels, strict=True), 1):
            adopted = random.choices(("未采用", "市级", "省级", "国家级"), (50, 38, 10, 2))[0]
            no = f"X{year % 100}-{number:02d}"
            yield {"unit": unit.title, "no": no, "sent_on": day, "channel": channel, "adopted": adopted}


def _village_target(unit: Unit) -> int:
    return 8 + (unit.population or 0) // 60000


def publicity(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, random, s in _each(city.units, "publicity"):
        rows: list[Row] = []
        if unit.kind != "department":
            target = _village_target(unit)
            reached = min(target, round(target * (0.38 + 0.68 * s + random.uniform(-0.06, 0.06))))
            visits = [*range(1, reached + 1), *random.choices(range(1, reached + 1), k=2)]
            rows += [{"form": "进村（社区）宣传", "village": f"示例{village:02d}村"} for village in visits]
        for _ in range(max(0, round(6.5 * s - 0.6 + random.uniform(-1.5, 1)))):
            level = random.choices(("县级", "市级", "省级", "国家级"), (30, 45, 20, 5))[0]
            rows.append(
                {"form": random.choice(("媒体报道", "媒体报道", "典型案例曝光")), "media_level": level}
            )
        yield from _numbered(unit, year, random, rows, "P")


def training(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, random, s in _each(city.units, "training"):
        linkage = (s + random.uniform(-0.08, 0.08) > 0.64) + (s + random.uniform(-0.08, 0.08) > 0.82)
        other = round(3.6 * s + random.uniform(-0.9, 0.6))
        topics = ["两法衔接"] * linkage + [
            random.choice(("执法业务", "知识产权", "其他")) for _ in range(other)
        ]
        rows: list[Row] = [{"topic": topic, "people": random.randint(12, 80)} for topic in topics]
        yield from _numbered(unit, year, random, rows, "T")


def meeting(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, random, s in _each(city.counties(), "meeting"):
        count = max(1, round(4.6 * s + random.uniform(-0.8, 0.8)))
        days = sorted(workday(random, date(year, 1, 10), date(year, 12, 20)) for _ in range(count))
        for number, day in enumerate(days, 1):
            led = s > 0.5 and (number == 1 or random.random() < s)
            yield {
                "unit": unit.title,
                "doc_no": f"示{MARK[unit.code]}纪要〔{year}〕{number}号",
                "held_on": day,
                "kind": random.choice(("政府常务会议", "领导小组会议", "专题会议", "会商会议")),
                "chair": random.choice(("主要领导", "分管领导")) if led else "部门负责人",
            }


def complaints(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, random, s in _each(city.having("complaints"), "complaint"):
        count = round(
            city.expected(unit, CITY_COMPLAINTS, DEPARTMENT_COMPLAINTS) * random.uniform(0.94, 1.06)
        )
        days = sorted(workday(random, date(year, 1, 5), date(year, 12, 10)) for _ in range(count))
        for number, day in enumerate(days, 1):
            overdue = random.random() > 0.95 + 0.05 * s
            closed = later(day, random.randint(46, 55) if overdue else random.randint(1, 20))
            open_still = random.random() > 0.85 + 0.145 * s or closed > date(year + 1, 1, 6)
            if not unreported(unit, day):
                yield {
                    "unit": unit.title,
                    "no": f"{year % 100}-{number:03d}",
                    "kind": random.choice(("投诉", "投诉", "投诉", "举报")),
                    "accepted_on": day,
                    "closed_on": None if open_still else closed,
                }


def organisation(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, random, s in _each(city.units, "organisation"):
        odds = {"duties_fixed": 0.6, "section_named": 0.75, "sharing": 0.5, "briefing": 0.4, "transfer": 0.6}
        odds["joint_inspection"] = -0.6
        yes = {
            key: "是" if random.random() < low + (1 - low) * s * 1.1 else "否" for key, low in odds.items()
        }
        group = "否" if (unit.code, year) in NO_GROUP else "是"
        heads = {"group_set_up": group, "office_named": group}
        heads["duties_fixed"] = "否" if group == "否" else yes["duties_fixed"]
        if unit.kind == "department":
            heads = dict.fromkeys(heads, "/")
        actions = max(0, round(2.4 * s + random.uniform(-1.5, 0.5)))
        agreement = "是" if s > 0.9 else "否"
        own = {"contact_named": "是", "agreement": agreement, "joint_actions": actions}
        yield {"unit": unit.title, "until": date(year, 12, 31), **yes, **heads, **own}


def targets(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, _, _ in _each(city.units, "targets"):
        if (unit.code, year) == NO_TARGETS:
            continue
        organ = "penalty_organ" in unit.tags
        yield {
            "unit": unit.title,
            "issued_on": date(year, 3, 15),
            "doc_no": f"示双打办〔{year}〕5号",
            "casework": "是" if "statistics" in unit.tags else "否",
            "cases": city.case_target(unit, year) if organ else "/",
            "major": city.major_target(unit) if organ else "/",
            "top": TOP_TARGET.get(unit.code, "/"),
            "news": _news_target(unit),
            "villages": _village_target(unit) if unit.kind != "department" else "/",
        }


def tasks(city: City, forms: Forms) -> Iterator[Row]:
    names = ("网络市场", "重点市场", "重点产品", "农资打假", "软件正版化", "寄递渠道", "集中销毁", "信用惩戒")
    for unit, year, random, s in _each(city.units, "tasks"):
        for number in range(1, random.randint(6, 8) + 1):
            due = date(year, random.choice((6, 9, 11)), 30)
            done = due - timedelta(random.randint(0, 40)) if random.random() < 0.30 + 0.66 * s else None
            name, no = random.choice(names), f"R{year % 100}-{number}"
            yield {"unit": unit.title, "no": no, "campaign": name, "due_on": due, "done_on": done}


def sub_assessment(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, random, s in _each(city.counties(), "sub"):
        if (unit.code, year) not in NO_SUB_ASSESSMENT:
            done = "是" if s > 0.6 else "否"
            applied = "是" if done == "是" and random.random() < s else "否"
            doc = f"示{MARK[unit.code]}考〔{year}〕2号" if done == "是" else ""
            day = date(year, 12, 31)
            yield {
                "unit": unit.title,
                "until": day,
                "scheme": "是",
                "done": done,
                "applied": applied,
                "doc_no": doc,
            }


def rectification(city: City, forms: Forms) -> Iterator[Row]:
    kinds = ("案件公开超期", "平台录入不全", "培训不足", "宣传未到村", "信息报送少", "制度不全")
    for unit, year, random, s in _each(city.units, "rectification"):
        for number in range(1, max(0, round(5.2 * (1 - s) + random.uniform(0, 2.4))) + 1):
            due = workday(random, date(year, 4, 1), date(year, 10, 31))
            closed = due - timedelta(random.randint(1, 30)) if random.random() < 0.25 + 0.75 * s else None
            yield {
                "unit": unit.title,
                "no": f"Z{year % 100}-{number}",
                "source": random.choice(("上年考核", "上年考核", "省级督查", "日常检查")),
                "problem": random.choice(kinds),
                "due_on": due,
                "closed_on": closed,
            }


def satisfaction(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, random, s in _each(city.counties(), "satisfaction"):
        score = f"{61 + 26 * s + random.uniform(-2, 2.5):.2f}"
        answers = 120 + (unit.population or 0) // 2500
        yield {"unit": unit.title, "surveyed_on": date(year, 11, 20), "score": score, "answers": answers}


def awards(city: City, forms: Forms) -> Iterator[Row]:
    titles = {unit.code: unit.title for unit in city.units}
    for unit, day, level, subject in AWARDS:
        no = f"示表〔{day.year}〕{day.month}号"
        yield {"unit": titles[unit], "doc_no": no, "issued_on": day, "level": level, "subject": subject}


def events(city: City, forms: Forms) -> Iterator[Row]:
    titles = {unit.code: unit.title for unit in city.units}
    for number, (unit, day, kind, fact) in enumerate(EVENTS, 1):
        yield {"unit": titles[unit], "no": f"E{number:02d}", "happened_on": day, "kind": kind, "fact": fact}


def review(city: City, forms: Forms) -> Iterator[Row]:
    for unit, year, random, s in _each(city.having("statistics"), "review"):
        if (unit.code, year) == NOT_JUDGED:
            continue
        score = f"{min(5.0, 2.9 + 2.1 * s + random.uniform(-0.25, 0.25)):.1f}"
        on = date(year, 12, random.randint(5, 20))
        yield {
            "unit": unit.title,
            "indicator": "case_quality",
            "score": TIED.get((unit.code, year), score),
            "reason": "抽查案卷评分",
            "judged_by": f"考核组第{'一二三'[on.day % 3]}小组",
            "judged_on": on,
            "doc_no": f"示双打考〔{year}〕1号",
        }


def coordination(city: City, forms: Forms) -> Iterator[Row]:
    host = city.having("host_office")[0].title
    for year in YEARS:
        random = stream("coordination", year)
        visited = [unit.title for unit in city.counties()][: 10 if year == 2023 else 12]
        kinds = [("督促检查", title) for title in visited]
        kinds += [
            ("领导小组会议", "全体会议"),
            ("联络员会议", "联络员会议"),
            ("情况通报", f"示双打办〔{year}〕8号"),
        ]
        days = sorted(workday(random, date(year, 2, 20), date(year, 11, 30)) for _ in kinds)
        for number, (day, (kind, subject)) in enumerate(zip(days, kinds, strict=True), 1):
            yield {
                "unit": host,
                "no": f"B{year % 100}-{number:02d}",
                "held_on": day,
                "kind": kind,
                "subject": subject,
            }


def population(city: City, forms: Forms) -> Iterator[Row]:
    """As the register says; zones are counted in their county."""
    for year in YEARS:
        for unit in city.units:
            if unit.kind == "county":
                yield {"unit": unit.title, "counted_on": date(year, 1, 31), "people": unit.population}


MAKERS: dict[str, Callable[[City, Forms], Iterator[Row]]] = {
    make.__name__: make
    for make in (
        case_ledger, platform_export, chain, weekly_report, stage_report, news, publicity, training, meeting,
        complaints, organisation, targets, tasks, sub_assessment, rectification, satisfaction, awards, events,
        review, coordination, population,
    )
}  # fmt: skip
