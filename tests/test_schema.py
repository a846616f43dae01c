"""The JSON Schema that editors read: true to what is read, in Chinese, complete, and the same as the files in docs/schema.

The oracle is the reader itself: what it refuses at the first reading (keys, types, kinds) the schema refuses, what it
takes the schema takes. The files of the repository and the one-mistake rubrics are the cases, besides a table of
scalars as people write them.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from scoring.__main__ import SCORED, WRONG_USE, main
from scoring.expressions.field import FormulaField
from scoring.forms.model import Clock, FormSpec
from scoring.project import Holidays, Office
from scoring.rubric.items import NotApplicable, Section
from scoring.rubric.model import DaysAfter, Decimals, Limit, MeasureSpec, MonthDay, RubricSpec
from scoring.rubric.points import CapField, FullMarksField, PriceField, ThresholdField, WeightField
from scoring.rubric.rules import KINDS, Formula, Piecewise, Steps
from scoring.rubric.samples import ExpectedField, SaidField
from scoring.schema import FILES, gaps, generated, objects, of_field, text
from scoring.source import Code, Day, Exact, Share, Text, Whole, load, loads, read

ROOT = Path(__file__).parent.parent
TESTS = ROOT / "tests"
SCHEMAS = ROOT / "docs" / "schema"
HOW_TO_RENEW = "请运行 python -m scoring schema --write docs/schema"
HOW_TO_EXPLAIN = "请在 scoring/schema/hints.py 里补上中文说明"
CHINESE = re.compile("[\u4e00-\u9fff]")
SCHEMA = {kind: generated(kind) for kind in FILES}
VALIDATORS = {kind: Draft202012Validator(schema) for kind, schema in SCHEMA.items()}
OBJECTS = objects()


def kind_of(path: Path) -> str:
    """Which kind of file it is, by its place in a project."""
    return "form" if path.parent.name == "forms" else path.stem if path.stem in ("units", "office") else "rubric"


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


CONFIG = sorted(
    path for folder in (ROOT, *(ROOT / "examples").iterdir()) for path in (folder / "config").rglob("*.yaml")
)
PROJECTS = sorted(
    path
    for path in (TESTS / "projects").rglob("*.yaml")
    if named(path) != "tests/projects/broken_rubric/config/scoring.yaml"
)
ODD = sorted((TESTS / "odd_rubrics").glob("*.yaml"))
BAD = sorted((TESTS / "bad_rubrics").glob("*.yaml"))


def plain(node: Any) -> Any:
    """Our reading of YAML as JSON sees it: numbers as numbers, days as text."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    if isinstance(node, Decimal) and node == int(node):
        return int(node)
    return node.isoformat() if isinstance(node, date) else node


def refused(kind: str, data: Any) -> list[str]:
    """Where the schema refuses it."""
    return sorted("/".join(str(step) for step in error.absolute_path) for error in VALIDATORS[kind].iter_errors(data))


# --- the files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*CONFIG, *PROJECTS, *ODD], ids=named)
def test_a_good_file_is_taken(path: Path) -> None:
    document, issues = load(path)
    assert document is not None and not issues
    assert refused(kind_of(path), plain(document.data)) == []


class DaysAsDays(yaml.SafeLoader):
    """An editor that reads 2024-01-31 as a day, and only true and false as truth values."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:bool" or first in "tf"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@pytest.mark.parametrize("path", [*CONFIG, *PROJECTS], ids=named)
def test_a_good_file_is_taken_by_an_editor_that_knows_days(path: Path) -> None:
    assert refused(kind_of(path), plain(yaml.load(path.read_text(encoding="utf-8"), DaysAsDays))) == []


# Refused at the first reading, but by the grammar of expressions or by the calendar, which no schema knows.
BEYOND_A_SCHEMA = {
    "bracket_too_many", "chinese_without_quotes", "comment_in_expression", "comparison_in_a_row", "date_impossible",
    "day_in_chinese", "double_quotes", "equals_twice", "expression_not_finished", "expression_too_deep",
    "expression_too_long", "file_access", "foreign_function", "full_width_in_expression", "full_width_space_in_expression",
    "not_without_in", "percent_as_factor", "percent_in_a_condition", "semicolon", "sign_at_least", "sign_times",
    "sign_turned_round", "subquery", "title_instead_of_code", "title_instead_of_code_nearly", "title_of_a_column",
    "title_of_nothing", "title_of_the_base_in_gate", "unit_behind_a_number", "value_without_quotes", "word_instead_of_and",
}  # fmt: skip


def first_reading(path: Path) -> str:
    """`unreadable`: no YAML, or a key twice; `refused`: keys, types, kinds; `taken`: only its meaning is wrong."""
    document, issues = load(path)
    if document is None or issues:
        return "unreadable"
    _, found = read(RubricSpec, document)
    return "refused" if found else "taken"


def test_mistakes_of_form_are_refused_and_mistakes_of_meaning_taken() -> None:
    stages = {path.stem: first_reading(path) for path in BAD}
    expected = {stem for stem, stage in stages.items() if stage == "refused"} - BEYOND_A_SCHEMA
    readable = [path for path in BAD if stages[path.stem] != "unreadable"]
    found = {path.stem for path in readable if refused("rubric", plain(load(path)[0].data))}  # type: ignore[union-attr]
    assert found == expected
    assert len(expected) >= 41, "mistakes of key, type or kind"
    assert {stages[stem] for stem in BEYOND_A_SCHEMA} == {"refused"}


@pytest.mark.parametrize("path", CONFIG, ids=named)
def test_a_file_names_its_schema_in_its_first_line(path: Path) -> None:
    schema = os.path.relpath(SCHEMAS / f"{kind_of(path)}.json", path.parent).replace(os.sep, "/")
    assert path.read_text(encoding="utf-8").splitlines()[0] == f"# yaml-language-server: $schema={schema}"


# --- one value at a time ------------------------------------------------------------------------------------

WRITTEN = (
    "0", "1", "-1", "0.5", "1.5", "2.0", "7", "60", "+5", "full", "50% of full", "12.5% of full", "none", "30%", "150%",
    "+10d", "10d", "+d", "01-01", "1-1", "13-01", "02-28", "02-29", "2-30", "06-30", "06-31", "12-31", "2024-01-31", "2024-13-01", "2024-1-1", "15:00", "24:00", "25:00", "true",
    "false", "甲", "case_volume", "Case", "a__b", "_a", "'on'", "'5'", "'  '", "2分", "八", "[]", "[1]", "[1, 2]", "[甲]", "{}",
    "{county: 1}", "{county: -1}", "{county: full}", "{county: none}", "{county: 甲}", "{county: 60%}", "{share: 60%}",
    "{share: 2}", "{2027-01-01: 休}", "{2027-01-01: 放假}", "{元旦: 休}", "rescale", "average", "[[60, 0], [100, full]]",
    "[[60, 0]]", "[[60], [100]]", "[[60, 0], [100, 5, 1]]", "{each: 1, lose: 0.5}", "[{each: 1, lose: 0.5}]", "{lose: half}",
    "3/8", "1/0", "是", "未报送", "暂缺", "[1, none]", "[2, 1]", "[甲, 2]", "{国家级: 3, other: 0}", "{国家级: 三}", "[15%, 85%]", "[15, 85]",
)  # fmt: skip

FIELDS: dict[str, Any] = {
    "text": Text, "number": Exact, "whole number": Whole, "day": Day, "code": Code, "share": Share, "expression": FormulaField,
    "price": PriceField, "cap": CapField, "full marks": FullMarksField, "threshold": ThresholdField, "weight": WeightField,
    "decimals": Decimals, "limit": Limit, "month and day": MonthDay, "days after": DaysAfter, "clock": Clock,
    "holidays": Holidays, "figure of a sample": SaidField, "result of a sample": ExpectedField,
    **{
        f"{model.__name__}.{key}": model.model_fields[key].rebuild_annotation()
        for model, key in (
            (NotApplicable, "then"), (Piecewise, "straight"), (Steps, "below"), (Formula, "most"), (MeasureSpec, "weights"),
            (Section, "part_weights"), (FormSpec, "due"), (Office, "periods"),
        )
    },
}  # fmt: skip


# The reader takes, by accident, 01-01 as one o'clock and a share without its key: nobody is told to write that. And no
# schema sees that a range ends before it begins.
APART = {
    "clock": {"01-01", "13-01"}, "NotApplicable.then": {"0", "1", "-1", "0.5", "1.5", "2.0", "7", "60", "+5"},
    "result of a sample": {"[2, 1]"},
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_takes_what_its_reader_takes(name: str) -> None:
    """Of an expression the schema knows only that it is one word or more."""
    adapter, validator = TypeAdapter(FIELDS[name]), Draft202012Validator(of_field(FIELDS[name]))
    differ = []
    for written in WRITTEN:
        document, _ = loads(f"x: {written}\n", "x")
        assert document is not None
        value = document.data["x"]
        by_schema, by_reader = validator.is_valid(plain(value)), read_by(adapter, value)
        if by_schema != by_reader and not (name == "expression" and by_schema) and written not in APART.get(name, ()):
            differ.append(f"{written}: {'taken' if by_reader else 'refused'} by the reader")
    assert differ == []


def read_by(adapter: TypeAdapter[Any], value: Any) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


# --- the schema as such -------------------------------------------------------------------------------------


def parts(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema inside a schema, with its place."""
    if not isinstance(node, dict):
        return
    yield path, node
    for key in ("properties", "$defs"):
        for name, inner in node.get(key, {}).items():
            yield from parts(inner, f"{path}/{key}/{name}")
    for key in ("items", "additionalProperties", "propertyNames"):
        yield from parts(node.get(key), f"{path}/{key}")
    for key in ("anyOf", "oneOf", "prefixItems"):
        for index, inner in enumerate(node.get(key, [])):
            yield from parts(inner, f"{path}/{key}/{index}")


EVERY = [(kind, path, part) for kind in FILES for path, part in parts(SCHEMA[kind])]


@pytest.mark.parametrize("kind", FILES)
def test_it_is_a_schema_of_the_draft_it_names(kind: str) -> None:
    schema = SCHEMA[kind]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_nothing_is_looked_up_elsewhere() -> None:
    for kind, path, part in EVERY:
        assert not {"$id", "$anchor", "$dynamicRef"} & set(part), path
        if "$ref" in part:
            where, _, name = part["$ref"].rpartition("/")
            assert where == "#/$defs" and name in SCHEMA[kind]["$defs"]


def test_every_part_says_what_may_be_written() -> None:
    """A validator beside a type must say what it takes: WithJsonSchema, or json_schema_input_type."""
    silent = [
        f"{kind}{path}"
        for kind, path, part in EVERY
        if not {"type", "enum", "const", "anyOf", "oneOf", "$ref", "pattern"} & set(part)
    ]
    assert silent == []


def test_unknown_keys_are_refused_everywhere() -> None:
    assert [name for name, one in OBJECTS.items() if one["additionalProperties"] is not False] == []


def test_every_key_and_type_is_explained_in_chinese() -> None:
    assert gaps() == [], HOW_TO_EXPLAIN
    told = [
        (f"{kind}{path}.{key}", part[key])
        for kind, path, part in EVERY
        for key in ("title", "description")
        if key in part
    ]
    assert [where for where, words in told if not CHINESE.search(words)] == []


def choices(part: dict[str, Any]) -> list[str]:
    """The words a key can choose from."""
    own = [*part.get("enum", []), *([part["const"]] if "const" in part else [])]
    return own + [word for inner in part.get("anyOf", []) for word in choices(inner)]


def test_every_choice_is_explained_by_name() -> None:
    silent = [
        f"{name}.{key}: {word}"
        for name, one in OBJECTS.items() for key, part in one["properties"].items() if key != "kind"
        for word in choices(part) if word not in part.get("description", "")
    ]  # fmt: skip
    assert silent == [], HOW_TO_EXPLAIN


def test_a_default_can_be_written() -> None:
    for kind, path, part in EVERY:
        if "default" in part:
            assert Draft202012Validator({**part, "$defs": SCHEMA[kind]["$defs"]}).is_valid(part["default"]), path


def test_kinds_are_told_apart_by_their_word() -> None:
    shapes = SCHEMA["rubric"]["$defs"]

    def kinds(listed: dict[str, Any]) -> set[str]:
        return {
            shapes[one["$ref"].rpartition("/")[2]]["properties"]["kind"]["const"] for one in listed["items"]["oneOf"]
        }

    assert len(kinds(shapes["Indicator"]["properties"]["rules"])) == len(KINDS)
    assert kinds(SCHEMA["rubric"]["properties"]["adjustments"]) == {"bonus", "penalty", "veto"}


# --- the command and its files ------------------------------------------------------------------------------


def test_the_files_are_those_that_the_command_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--write", str(tmp_path / "new")]) == SCORED
    assert capsys.readouterr().out.startswith("已写 ")
    own, kept = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in (tmp_path / "new", SCHEMAS))
    assert sorted(own) == sorted(kept) == sorted(f"{kind}.json" for kind in FILES)
    assert [name for name in own if own[name] != kept[name]] == [], HOW_TO_RENEW


@pytest.mark.parametrize("kind", FILES)
def test_the_command_prints_one(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Anywhere: it needs no project."""
    monkeypatch.chdir(tmp_path)
    assert main(["schema", kind]) == SCORED
    told = capsys.readouterr()
    assert (told.out, told.err) == (text(kind), "")
    assert json.loads(told.out) == SCHEMA[kind]


def test_without_a_kind_it_is_the_rubric(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == SCORED
    assert json.loads(capsys.readouterr().out)["title"] == "考核办法"


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["schema", "--write", str(tmp_path / "file")]) == WRONG_USE
    assert capsys.readouterr().err == f"用法有误：写不进文件夹 {tmp_path / 'file'}。\n"
