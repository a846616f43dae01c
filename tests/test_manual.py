"""The manual of rubrics holds: every example comes out as its table says, every quoted sentence is said, every key exists.

Expected numbers are the manual's own, worked by hand in its column 算式. How it is read stands in tests/manual.py.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from scoring.__main__ import main
from scoring.engine.made_up import MadeUp, score
from scoring.engine.sample_results import (
    Ends,
    Outcome,
    grade_problem,
    item_problem,
    outcomes,
    place_problem,
    points_problem,
    total_problem,
    veto_problem,
)
from scoring.expressions.words import number
from scoring.project import Project, open_project
from scoring.rubric import Rubric, words
from scoring.rubric.model import RubricSpec, Veto
from scoring.rubric.parts import at_work
from scoring.rubric.samples import ABSENT, YES_NO, Expected, ExpectedField, SampleUnit
from scoring.schema import objects
from scoring.source import loads
from tests import manual
from tests.manual import Example, Fence, Step, Table, codes
from tests.tiny import Scores

RESULTS = ("得分", "总分", "名次", "等次", "短板", "整改建议", "结果运用", "评先")
FOR_PEOPLE = ("算式", "说明", "意思", "条款")
REGISTER = ("分组", "类别", "代码", "所在")
ROOT = Path(__file__).resolve().parent.parent
FIGURES = "figures"
KINDS = {"县区": "county", "功能区": "zone", "成员单位": "department"}
ALL = {"all": {"title": "县区", "units": {"kinds": ["county"]}, "full_marks": Decimal(100)}}
HEAD = """\
rubric: 手册里的办法
edition: "2024"
document: {number: 示双打办〔2024〕1号, in_force: 2022-01-01}
period: {every: year, starts: 01-01, cut_off: +20d}
rounding: {rate: none, item: 2, section: none, total: 2, places_by: rounded}
places: {ties: 1-1-3, break_by: []}
missing: pending
measures: {}
sections: []
"""


def data_of(text: str) -> Any:
    document, issues = loads(text, "config/scoring.yaml")
    assert document is not None and not issues, [str(issue) for issue in issues]
    return document.data


def flow(node: Any) -> str:
    """Data as YAML on one line."""
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {flow(item)}" for key, item in node.items()) + "}"
    if isinstance(node, (list, tuple)):
        return "[" + ", ".join(flow(item) for item in node) + "]"
    if node is None or isinstance(node, bool):
        return json.dumps(node)
    return format(node, "f") if isinstance(node, Decimal) else json.dumps(node, ensure_ascii=False)


# --- an example as a project ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A column of figures: the code of the figure, its title, its unit of measure, what is written for each unit."""

    code: str
    title: str
    thing: str
    cells: dict[str, str]

    @classmethod
    def of(cls, head: str, cells: dict[str, str]) -> Column:
        title = head.replace(f"`{codes(head)[0]}`", "").strip() or codes(head)[0]
        title, _, thing = title.removesuffix("）").partition("（") if title.endswith("）") else (title, "", "")
        return cls(codes(head)[0], title, thing, {unit: cell.replace("−", "-") for unit, cell in cells.items()})

    @property
    def plain(self) -> bool:
        """Whether it is a figure for every unit, none of them absent or a fraction."""
        return not any(cell in ABSENT or "/" in cell or not cell for cell in self.cells.values())

    @property
    def spec(self) -> dict[str, Any]:
        """A column of a form."""
        found: dict[str, Any] = {"code": self.code, "title": self.title, "type": "boolean"}
        told = [cell for cell in self.cells.values() if cell and cell not in ABSENT and "/" not in cell]
        if not set(told) <= set(YES_NO):
            decimals = max((len(cell.partition(".")[2]) for cell in told), default=0)
            found["type"] = "decimal" if decimals else "integer"
            found |= {"decimals": Decimal(decimals)} if decimals else {}
        return found


_SIDES = re.compile(r"(?:left|right): (\w+)")


def form_title(text: str) -> str:
    return text.splitlines()[1].partition(":")[2].strip()


@dataclass
class Built:
    """The data of a rubric made of the pieces of an example, and what its table gives."""

    example: Example
    spec: dict[str, Any] = field(default_factory=lambda: data_of(HEAD))
    indicators: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        for text in self.example.pieces:
            self._add(data_of(text))
        if self.indicators:
            self.spec["sections"] = [*self.spec["sections"], {"code": "part", "title": "第一部分", "indicators": self.indicators}]
        self.spec.setdefault("groups", ALL)
        if not self.spec["sections"]:
            self.spec["sections"] = [{"code": "part", "title": "第一部分", "indicators": [self._looking_at_all()]}]
        self.columns = [self._column(head) for head in self.table.head[1:] if codes(head)]
        self.given = [one for one in self.columns if not self._comes_out(one.code)]
        self.declared = [one for one in self.given if one.code not in self.spec["measures"] and "." not in one.code]
        for one in self.declared:
            measure = {"title": one.title, "form": FIGURES, "value": f"only({one.code})"}
            self.spec["measures"][one.code] = measure | ({"unit": one.thing} if one.thing else {})

    def _looking_at_all(self) -> dict[str, Any]:
        """An indicator for an example that only counts: figures that nobody looks at are not worked out."""
        codes_ = list(self.spec["measures"]) + [code for head in self.table.head for code in codes(head) if "." in code]
        parts = [{"measure": code, "each": Decimal(1)} for code in codes_]
        rules = [{"kind": "awards", "parts": parts, "cap": "none"}]
        return {"code": "x", "title": "示例指标", "clause": "第一条", "rules": rules}

    @property
    def table(self) -> Table:
        return self.example.table

    @property
    def units(self) -> list[str]:
        return [row[0] for row in self.table.rows]

    def cell(self, unit: str, head: str) -> str:
        row = self.table.rows[self.units.index(unit)]
        return row[self.table.head.index(head)].strip("*")

    @property
    def kinds(self) -> dict[str, str]:
        """The kind of each unit: written as such, or as its group."""
        head = next((head for head in self.table.head if head in ("类别", "分组")), None)
        titles = {unit: self.cell(unit, head) if head is not None else "县区" for unit in self.units}
        own = {group["title"]: group["units"].get("kinds", [""])[0] for group in self.spec["groups"].values()}
        return {unit: KINDS.get(title) or own[title] for unit, title in titles.items()}

    def _column(self, head: str) -> Column:
        return Column.of(head, {unit: self.cell(unit, head) for unit in self.units})

    def _add(self, data: Any) -> None:
        if isinstance(data, dict):
            wrong = set(data) - set(RubricSpec.model_fields)
            assert not wrong, f"{self.example.name}：{wrong} 不是办法的键，指标请写成列表"
            for key, value in data.items():
                old = self.spec.get(key)
                self.spec[key] = {**old, **value} if isinstance(old, dict) and key == "measures" else value
            return
        for one in data:
            if "rules" in one:
                self.indicators.append(one)
            else:
                found = "sections" if {"indicators", "sections"} & set(one) else "adjustments" if "kind" in one else "consequences"
                self.spec[found] = [*self.spec.get(found, []), one]

    def _comes_out(self, code: str) -> bool:
        """Whether it is a result: of the rubric, or counted from the rows of a file."""
        measure = self.spec["measures"].get(code, {})
        of = self.spec["measures"].get(measure.get("of"), measure)
        if code in self.parts or of.get("form") == FIGURES:
            return True
        sources = [of.get("form"), *_SIDES.findall(self.forms.get(of.get("form"), ""))]
        counted = any(f"{form}.csv" in self.example.files for form in sources)
        return counted or code.partition(".")[0] in self.scheduled or self._entered(code)

    def _entered(self, code: str) -> bool:
        """Whether it is a score that a file of the assessors holds."""
        return code.endswith(".judged") and bool(self.example.files)

    @property
    def scheduled(self) -> list[str]:
        """Forms of which the table of submissions tells when they came."""
        return list(manual.forms() | self.example.forms) if "submissions.csv" in self.example.files else []

    @property
    def parts(self) -> dict[str, str]:
        """Indicators, sections and adjustments, by code."""

        def below(sections: list[Any]) -> Iterator[tuple[str, str]]:
            for section in sections:
                yield section["code"], section["title"]
                yield from ((one["code"], one["title"]) for one in section.get("indicators", []))
                yield from below(section.get("sections", []))

        return dict(below(self.spec["sections"])) | {one["code"]: one["title"] for one in self.spec.get("adjustments", [])}

    @property
    def from_rows(self) -> bool:
        """Scored from rows in files; otherwise from figures, as 标准样例 are."""
        return all(one in self.declared and one.plain for one in self.given)

    @property
    def compares_years(self) -> bool:
        """Whether last year is scored as well."""
        return "change_of_place" in flow(self.spec)

    @cached_property
    def forms(self) -> dict[str, str]:
        """The forms that it speaks of, and those they are made of; every other form of the manual would only cost time."""
        all_of_them = manual.forms() | self.example.forms
        said = " ".join([*self.example.pieces, *self.example.files, self.example.files.get("submissions.csv", "")])
        said += " review" if "judged" in said else ""
        found = {code for code, text in all_of_them.items() if code in said or form_title(text) in said} | set(self.example.forms)
        sides = {code for code in found for code in _SIDES.findall(all_of_them[code])}
        return {code: all_of_them[code] for code in (*sorted(found | sides),)}

    @property
    def figures_will_do(self) -> bool:
        """Whether every figure stands in the table, so that rows would tell nothing else."""
        return not self.example.files and set(self.spec["measures"]) == {one.code for one in self.declared}

    def write(self, folder: Path) -> Path:
        config, data = folder / "config", folder / "data"
        (config / "forms").mkdir(parents=True, exist_ok=True)
        data.mkdir(exist_ok=True)
        periods = ["2024", "2023"] if self.compares_years else ["2024"]
        office = {"office": {"title": "示例双打办", "short": "示例双打办"}, "city": "示例市", "periods": periods}
        units = [self._registered(n, unit) for n, unit in enumerate(self.units, 1)]
        kinds = {kind: title for title, kind in KINDS.items()}
        texts = {"office.yaml": flow(office), "units.yaml": flow({"kinds": kinds, "units": units})}
        texts |= {f"forms/{code}.yaml": text for code, text in self.forms.items()}
        if self.declared:
            on = {"code": "on", "title": "日期", "type": "date", "required": True}
            columns = [on, *(one.spec for one in self.declared)]
            texts[f"forms/{FIGURES}.yaml"] = flow({"form": FIGURES, "title": "数据表", "dated_by": "on", "columns": columns})
        rows = dict(self.example.files)
        if self.declared and self.from_rows:
            rows[f"{FIGURES}.csv"] = self._csv()
        for name, text in {**texts, "scoring.yaml": flow(self.spec)}.items():
            (config / name).write_text(text, encoding="utf-8")
        for name, text in rows.items():
            (data / name).write_text(text, encoding="utf-8")
        return folder

    def _registered(self, number: int, unit: str) -> dict[str, str]:
        """A unit of the register: its code and the unit it lies in, where the table says so."""
        found = {"code": f"c{number}", "title": unit, "kind": self.kinds[unit]}
        for head, key in (("代码", "code"), ("所在", "in")):
            written = codes(self.cell(unit, head)) if head in self.table.head else []
            found |= {key: written[0]} if written else {}
        return found

    def _csv(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["单位", "日期", *(one.title for one in self.declared)])
        writer.writerows([unit, "2024-06-30", *(one.cells[unit] for one in self.declared)] for unit in self.units)
        return out.getvalue()


# --- what comes out ---------------------------------------------------------------------------------------


@dataclass
class Ran:
    """A scored example: what came out by title of the unit; rows of further tables where it was scored from files."""

    built: Built
    project: Project
    found: dict[str, Outcome]
    scores: Scores | None = None

    @classmethod
    def opened(cls, example: Example, folder: Path) -> Ran:
        """Read, not scored."""
        built = Built(example)
        project = open_project(built.write(folder))
        assert project.ready, "\n".join(str(issue) for issue in project.issues)
        wrong = [str(issue) for issue in project.issues if issue.level in "ABC"]
        assert not wrong, "\n".join(wrong)
        return cls(built, project, {})

    @classmethod
    def of(cls, example: Example, folder: Path, by_rows: bool = True) -> Ran:
        """Scored from rows where there are rows, or, where that is the same, from the figures themselves (much faster)."""
        opened = cls.opened(example, folder)
        built, project = opened.built, opened.project
        assert project.rubric is not None
        period = project.rubric.period("2024")
        day = date.fromisoformat(example.table.mark[1]) if example.table.mark[0] == "截至" else period.cut_off
        if not built.from_rows:
            assert day == period.cut_off, f"{example.name}：直接给数的例子只能算到截止日"
            assert not example.files, f"{example.name}：{[one.code for one in built.given]} 要么由文件里数出，要么不带文件"
            return cls(built, project, cls._made_up(built, at_work(project.rubric, period, period.end)))
        if not by_rows and built.figures_will_do and day == period.cut_off:
            return cls(built, project, cls._made_up(built, at_work(project.rubric, period, period.end)))
        scores = Scores(project, project.assess("2024", day, "change_of_place" in flow(built.spec)))
        tables = {name: scores.assessment.rows(name) for name in ("indicator_score", "landing", "node_score", "adjustment", "ranking")}
        assert project.register is not None
        titles = {unit.code: unit.title for unit in project.register.units}
        return cls(built, project, {titles[code]: one for code, one in outcomes(tables).items()}, scores)

    @staticmethod
    def _made_up(built: Built, rubric: Rubric) -> dict[str, Outcome]:
        wanted = frozenset(["total", "grade", "place", *built.parts])
        units = []
        for unit in built.units:
            said = {one.code: one.cells[unit] for one in built.given if one.cells[unit]}
            figures = SampleUnit.model_validate({"name": unit, "figures": {code: _said(text) for code, text in said.items()}}).figures
            group = next(code for code, one in rubric.groups.items() if built.kinds[unit] in one.units.kinds)
            units.append(MadeUp(unit, "", group, figures, wanted))
        return outcomes(score(rubric, units))

    @property
    def rubric(self) -> Rubric:
        assert self.project.rubric is not None
        return self.project.rubric

    @property
    def only(self) -> str:
        codes = list(self.rubric.indicators)
        assert len(codes) == 1, f"{self.built.example.name}：有几个指标时，结果写在指标代码下面，不写“得分”"
        return codes[0]

    def problem(self, unit: str, head: str, text: str) -> str | None:
        """What is wrong with one expected result."""
        one = self.found[unit]
        if head == "得分" or head in self.rubric.indicators:
            code = self.only if head == "得分" else head
            if text == "—":
                return None if code not in one.items else f"“{code}”不应考，却计了分"
            return item_problem(code, expected(text), one.items[code], lambda title: title)
        if head in ("短板", "整改建议", "结果运用"):
            return self._listed(unit, head, text)
        if head == "总分":
            return total_problem(expected(text), one)
        if head == "名次":
            return place_problem(expected(text), one)
        if head == "等次":
            return grade_problem(expected(text), one, len(self.built.units))
        if head == "评先":
            found = "取消" if one.row["no_awards"] else "—"
            return None if found == text else f"评先应为“{text}”，算出“{found}”"
        if head in self.rubric.measures:
            return self._measure(unit, head, text)
        veto = next((a for a in self.rubric.spec.adjustments if a.code == head and isinstance(a, Veto)), None)
        if veto is not None:
            return veto_problem(veto.title, expected(text), head in one.adjustments)
        ends = one.nodes.get(head) or one.adjustments.get(head) or Ends()
        return points_problem(head, expected(text), ends, one.withheld.get(head, Decimal(0)))

    def _listed(self, unit: str, head: str, text: str) -> str | None:
        assert self.scores is not None, f"{self.built.example.name}：“{head}”要从文件里的行算出"
        table, column = {"短板": ("shortfall", "label"), "整改建议": ("shortfall", "remedy"), "结果运用": ("consequence", "action")}[head]
        rows = self.scores.assessment.rows(table, unit=self.scores._code(unit))
        found = "、".join(row[column] for row in rows if row[column] and row.get("settled", True)) or "—"
        return None if found == text else f"“{head}”应为“{text}”，算出“{found}”"

    def _measure(self, unit: str, code: str, text: str) -> str | None:
        assert self.scores is not None
        row = self.scores.measure(unit, code)
        word = {state: word for word, state in ABSENT.items()}.get(row["state"])
        found = word if word is not None else number(row["value"])
        if self.rubric.measures[code].value is not None and text in YES_NO:
            found = {value: word for word, value in YES_NO.items()}[bool(row["value"])]
        return None if found == text.replace("-", "−") else f"数据项“{code}”应为 {text}，数出 {found}"

    def sentences(self) -> set[str]:
        """All that the product says of the rubric, as the manual quotes it."""
        rubric, told = self.rubric, set()
        for group in rubric.groups:
            told |= {f"读作：{words.rules(rubric, group, one)}。" for _, one in rubric.placed(group)}
            told |= {f"加扣分：{words.adjustment(rubric, group, one)}。" for one in rubric.adjustments(group)}
            told |= {f"办法：{words.gathered(rubric, group, node.section)}。" for node in rubric.nodes(group)}
            for _, one in rubric.placed(group):
                for tell in (words.flag, words.not_applicable, words.void, words.looked_at):
                    told.add(f"办法：{tell(rubric, group, one)}。")
        told |= {f"数据项：{words.measure(rubric, code)}。" for code, one in rubric.measures.items() if one.form in rubric.forms}
        told |= {f"办法：{words.grades(rubric)}。", f"办法：{words.ties(rubric)}。", f"办法：{words.rounding(rubric.spec.rounding)}。"}
        return told | {f"办法：{words.total_limits(rubric.spec.total)}。", f"办法：{words.period(rubric)}。"}


def _said(text: str) -> Any:
    return text if text in ABSENT or text in YES_NO or "/" in text else Decimal(text)


def expected(text: str) -> Expected:
    """8; 0 至 10; 3 至 不封顶; a word."""
    text = text.replace("−", "-").replace(" 分", "")
    ends = [_end(end) for end in text.split(" 至 ")]
    found: Expected = TypeAdapter(ExpectedField).validate_python(ends if len(ends) == 2 else ends[0])
    return found


def _end(text: str) -> Any:
    if text == "不封顶":
        return "none"
    return Decimal(text) if text.lstrip("-").replace(".", "", 1).isdigit() else text


# --- examples ---------------------------------------------------------------------------------------------

EXAMPLES = {one.name: one for one in manual.examples()}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_comes_out(name: str, tmp_path: Path) -> None:
    ran = Ran.of(EXAMPLES[name], tmp_path)
    problems, told = [], 0
    given = {one.code for one in ran.built.given}
    for head in ran.built.table.head[1:]:
        code = codes(head)[0] if codes(head) else head
        if head in (*FOR_PEOPLE, *REGISTER) or code in given:
            continue
        assert codes(head) or head in RESULTS, f"不认识的表头“{head}”"
        for unit in ran.built.units:
            text = ran.built.cell(unit, head)
            problem = ran.problem(unit, code, text) if text else None
            problems += [f"{unit}：{problem}"] if problem else []
            told += bool(text)
    assert told, "没有期望值"
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("name", [name for name, one in EXAMPLES.items() if one.told])
def test_the_rule_is_told_in_these_words(name: str, tmp_path: Path) -> None:
    said = Ran.opened(EXAMPLES[name], tmp_path).sentences()
    for text in EXAMPLES[name].told:
        assert text in said, f"{text}\n产品说：\n" + "\n".join(sorted(said))


VARIANTS = [(name, t, r) for name, one in EXAMPLES.items() for t, table in enumerate(one.variants) for r in range(len(table.rows))]


@pytest.mark.parametrize(("name", "table", "row"), VARIANTS)
def test_the_variant_comes_out(name: str, table: int, row: int, tmp_path: Path) -> None:
    example = EXAMPLES[name]
    variants = example.variants[table]
    cells = dict(zip(variants.head, variants.rows[row], strict=True))
    actions = any(head.startswith("“") for head in variants.head)  # consequences are told of rows only
    ran = Ran.of(varied(example, variants, cells["写成"]), tmp_path, by_rows=actions)
    told = 0
    for head, text in cells.items():
        if head in ran.built.units:
            problem = ran.problem(head, "得分", text.strip("*"))
            assert problem is None, f"{head}：{problem}"
            told += 1
        elif head == "读作":
            said = ran.sentences()
            assert f"读作：{text}。" in said, "\n".join(sorted(said))
            told += 1
        elif head not in (*FOR_PEOPLE, "写成"):
            assert not (problem := compared(ran, head, text.strip("*"))), problem
            told += 1
    assert told, "没有期望值"


def varied(example: Example, table: Table, cell: str) -> Example:
    """As a row of 写成 changes it: `旧` → `新`, or the place that the line above names; 照上 changes nothing."""
    if cell == "照上":
        return example
    if "→" in cell:
        return example.changed(*codes(cell))
    assert table.replaced, f"第 {table.line} 行的表前面没有“把 `…` 换成：”"
    return example.changed(table.replaced, "\n".join(codes(cell)))


def compared(ran: Ran, head: str, text: str) -> str:
    """What is wrong under 丙县总分, 丙县 `cases`, 各单位名次, 得“优秀”的, “约谈”的."""
    units = ran.built.units
    if head.startswith("各单位"):
        pairs = zip(units, text.split("、"), strict=True)
        return "\n".join(filter(None, (ran.problem(unit, head.removeprefix("各单位"), one) for unit, one in pairs)))
    unit = next((unit for unit in units if head.startswith(unit)), "")
    if unit:
        return ran.problem(unit, (codes(head) or [head.removeprefix(unit).strip()])[0], text) or ""
    assert "“" in head, f"不认识的表头“{head}”"
    word = head.partition("“")[2].partition("”")[0]
    if head.startswith("得"):
        found = [unit for unit in units if ran.found[unit].row["grade"] == word]
    else:
        found = [unit for unit in units if ran._listed(unit, "结果运用", word) is None]
    told = "、".join(found) or "—"
    return "" if told == text else f"{head}应为 {text}，算出 {told}"


def test_rows_that_are_said_to_differ_do() -> None:
    """Under a line that says 各不相同 no two rows have the same results."""
    for example in EXAMPLES.values():
        given = {one.code for one in Built(example).given}
        for table in (example.table, *example.variants):
            if "各不相同" in table.caption:
                kept = [
                    n for n, head in enumerate(table.head)
                    if n and head not in (*FOR_PEOPLE, *REGISTER) and not set(codes(head)) & given
                ]  # fmt: skip
                results = [tuple(row[n] for n in kept) for row in table.rows]
                assert len(set(results)) == len(results) > 1, results


MISTAKES = [(name, t, r) for name, one in EXAMPLES.items() for t, table in enumerate(one.mistakes) for r in range(len(table.rows))]


@pytest.mark.parametrize(("name", "table", "row"), MISTAKES)
def test_check_says_so(name: str, table: int, row: int, tmp_path: Path) -> None:
    old, new, said = EXAMPLES[name].mistakes[table].rows[row]
    example = EXAMPLES[name].changed(codes(old)[0], "".join(codes(new)))
    project = open_project(Built(example).write(tmp_path))
    messages = [str(issue) for issue in project.issues]
    assert any(said.strip("“”") in message for message in messages), "\n".join([said, "check 说：", *messages])


# --- warnings ---------------------------------------------------------------------------------------------


def test_every_warning_is_told_and_none_that_is_not_given() -> None:
    """The tables of 提醒 quote what the one-mistake files of tests/lint and tests/odd_rubrics must earn, and all of it."""
    tables = [table for table in manual.every(Table) if table.mark[0] == "提醒"]
    quoted = {row[0]: re.compile(".*".join(map(re.escape, row[0].split("…")))) for table in tables for row in table.rows}
    files = [path for folder in ("lint", "odd_rubrics") for path in sorted((ROOT / "tests" / folder).glob("*.yaml"))]
    said = {path.name: path.read_text(encoding="utf-8").splitlines()[0] for path in files}
    untold = {name: text for name, text in said.items() if not any(one.search(text) for one in quoted.values())}
    assert not untold, f"手册的提醒表里没有：{untold}"
    idle = [quote for quote, one in quoted.items() if not any(one.search(text) for text in said.values())]
    assert quoted and not idle, f"没有哪个提醒这样说：{idle}"


# --- projects ---------------------------------------------------------------------------------------------

STEPS = {f"{step.line} {step.console.splitlines()[0] if step.console else '把…写成'}": step for step in manual.steps()}


def written(step: Step, folder: Path, old: str = "", new: str = "") -> Path:
    assert not old or sum(text.count(old) for text in step.files.values()) == 1, f"“{old}”在项目里不是一处"
    for name, text in step.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new) if old else text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.console])
def test_the_commands_print_this(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(written(STEPS[name], tmp_path))
    for part in STEPS[name].console.split("$ ")[1:]:
        command, _, output = part.partition("\n")
        words_ = shlex.split(command)
        assert words_[:3] == ["python", "-m", "scoring"], command
        main(words_[3:])
        assert capsys.readouterr().out.strip() == output.strip()


@pytest.mark.parametrize("name", [name for name, step in STEPS.items() if step.mistakes])
def test_check_says_so_of_the_project(name: str, tmp_path: Path) -> None:
    step = STEPS[name]
    assert step.mistakes is not None
    for position, (old, new, said) in enumerate(step.mistakes.rows):
        project = open_project(written(step, tmp_path / str(position), codes(old)[0], "".join(codes(new))))
        messages = [str(issue) for issue in project.issues]
        assert any(said.strip("“”") in message for message in messages), "\n".join([said, "check 说：", *messages])


# --- nothing left out -------------------------------------------------------------------------------------


def test_everything_written_is_run() -> None:
    """Each piece of YAML is part of an example or a project, each table of figures and each quoted sentence is used."""
    used = {text for one in manual.examples() for text in (*one.pieces, *one.forms.values())} | set(manual.forms().values())
    used |= {text for step in manual.steps() for text in step.files.values()}
    for fence in manual.every(Fence):
        if fence.mark:
            document, issues = loads(fence.text, "rubric.md")
            assert document is not None and not issues, f"第 {fence.line} 行 {[str(issue) for issue in issues]}"
        elif fence.info != "console":
            assert fence.info in ("yaml", "csv"), f"第 {fence.line} 行：代码块要写明 yaml、csv 或 console"
            assert fence.text in used or fence.info == "csv", f"第 {fence.line} 行：这一段没有例子用到"
    run = {id(table) for one in manual.examples() for table in (one.table, *one.variants, *one.mistakes)}
    run |= {id(step.mistakes) for step in manual.steps()}
    for table in manual.every(Table):
        assert table.head[0] not in ("单位", "写成", "把") or table.file or id(table) in run, f"第 {table.line} 行：这张表没有用到"
    told = {text for one in manual.examples() for text in one.told}
    for quote in manual.every(manual.Quote):
        assert not quote.text.startswith(manual._TOLD) or quote.text in told, f"第 {quote.line} 行：前面没有例子"
    files = {file for one in manual.examples() for file in one.files}
    assert all(file == "submissions.csv" or file.removesuffix(".csv") in manual.forms() for file in files), files


def anchor(heading: str) -> str:
    """The name of a heading in links, as web pages of Markdown make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_link_leads_somewhere() -> None:
    headings = {anchor(block.text) for block in manual.every(manual.Heading)}
    for text, target in re.findall(r"\[([^\]\n]+)\]\(([^)\s]+)\)", manual.MANUAL.read_text(encoding="utf-8")):
        file, _, name = target.partition("#")
        assert not file or (manual.DOCS / file).exists(), f"[{text}]({target})"
        assert file or name in headings, f"[{text}]({target}) 没有这一节"


@cache
def types() -> dict[str, Any]:
    """Every type with keys, of all kinds of files, as an editor knows it."""
    return objects()


@cache
def keys() -> dict[str, set[str]]:
    """The keys that the manual tells, by type."""
    found: dict[str, set[str]] = {}
    for name, table in manual.key_tables():
        found.setdefault(name, set()).update(key for row in table.rows for key in codes(row[0]))
    return found


@pytest.mark.parametrize("name", types())
def test_every_key_is_in_the_manual(name: str) -> None:
    assert name in keys(), f"手册没有写 {name} 的键"
    assert set(types()[name]["properties"]) - keys()[name] == set()


@pytest.mark.parametrize("name", keys())
def test_every_key_in_the_manual_exists(name: str) -> None:
    assert name in types(), f"没有 {name} 这个类型"
    assert keys()[name] - set(types()[name]["properties"]) == set()
