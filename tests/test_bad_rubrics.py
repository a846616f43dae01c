"""One mistake a file: each earns exactly the message its first line states, and nothing is scored."""

from __future__ import annotations

import difflib
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from scoring.__main__ import NOT_SCORED, SCORED, main
from scoring.engine import assess
from scoring.forms import load_forms
from scoring.issues import Issue, errors
from scoring.project import Project, open_project
from scoring.rubric import Rubric, load_rubric
from scoring.rubric.model import Veto
from scoring.units import load_units

HERE = Path(__file__).parent
SMALL = HERE / "projects" / "small"
BASE = SMALL / "config" / "scoring.yaml"
BAD = sorted((HERE / "bad_rubrics").glob("*.yaml"))
ODD = sorted((HERE / "odd_rubrics").glob("*.yaml"))
FORMS, _ = load_forms(SMALL / "config" / "forms", "config/forms")
REGISTER, _ = load_units(SMALL / "config" / "units.yaml", "config/units.yaml")


def read(path: Path) -> tuple[Rubric | None, list[Issue]]:
    assert FORMS is not None and REGISTER is not None
    return load_rubric(path, path.name, FORMS, REGISTER)


def stated(path: Path, mark: str) -> str:
    """What the first line says the file must earn: `# 期望: file.yaml:12: path: 问题。改法。`"""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(f"# {mark}: ")
    return first.removeprefix(f"# {mark}: ")


def changes(path: Path) -> list[tuple[list[str], list[str]]]:
    """Where the file differs from the base, the first line apart."""
    base, own = (one.read_text(encoding="utf-8").splitlines()[1:] for one in (BASE, path))
    steps = difflib.SequenceMatcher(None, base, own, autojunk=False).get_opcodes()
    return [(base[a:b], own[c:d]) for tag, a, b, c, d in steps if tag != "equal"]


def test_the_folders_are_not_empty() -> None:
    assert len(BAD) >= 35
    assert len(ODD) >= 12


def test_the_base_has_no_fault() -> None:
    rubric, issues = read(BASE)
    assert rubric is not None
    assert issues == []


@pytest.mark.parametrize("path", [*BAD, *ODD], ids=lambda path: path.stem)
def test_a_file_is_the_base_but_for_one_place(path: Path) -> None:
    found = changes(path)
    assert len(found) == 1
    assert all(len(lines) <= 2 for lines in found[0])


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_one_mistake_earns_its_message_and_no_other(path: Path) -> None:
    rubric, issues = read(path)
    assert [str(issue) for issue in errors(issues)] == [stated(path, "期望")]
    assert rubric is None
    assert not [issue for issue in issues if "没有用到" in issue.problem], "a consequence told as a second problem"


@pytest.mark.parametrize("path", BAD[::12], ids=lambda path: path.stem)
def test_the_command_line_scores_nothing(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "--project", str(SMALL), "--rubric", str(path), "--as-of", "2025-01-20"]) == NOT_SCORED
    told = capsys.readouterr()
    assert told.out == ""
    assert [line for line in told.err.splitlines() if line.startswith("错误")] == [f"错误 {stated(path, '期望')}"]
    assert told.err.splitlines()[-1] == "没有计分：先改正以上 1 处错误。"


@cache
def small() -> Project:
    return open_project(SMALL)


@pytest.mark.parametrize("path", ODD, ids=lambda path: path.stem)
def test_what_is_odd_is_told_and_scored_all_the_same(path: Path) -> None:
    rubric, issues = read(path)
    assert [f"{issue.level} {issue}" for issue in issues] == [f"warning {stated(path, '提醒')}"]
    assert rubric is not None
    assert rubric.warnings == tuple(issues)
    assessment = assess(small().store, rubric, rubric.period("2024"), date(2025, 1, 20))
    assert {row["unit"] for row in assessment.rows("ranking")} == {"c01", "c02", "c03", "d01", "d02"}


def test_the_command_line_tells_what_is_odd_and_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--project", str(SMALL), "--rubric", str(ODD[0])]) == SCORED
    told = capsys.readouterr().out.splitlines()
    assert told[0] == f"提醒 {stated(ODD[0], '提醒')}"
    assert "办法可以计分：7 个指标，1 处提醒；数据搁置 0 行。" in told


MANY = (
    "form_unknown", "piecewise_unordered", "bands_without_rest", "kind_unknown", "number_with_unit",
    "checklist_points_missing", "measure_unknown_in_veto",
)  # fmt: skip


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    """Unreadable entries (a kind, a number) do not hide what is wrong elsewhere."""
    lines = BASE.read_text(encoding="utf-8").splitlines()
    expected = []
    for name in MANY:
        path = HERE / "bad_rubrics" / f"{name}.yaml"
        ((old, new),) = changes(path)
        at = lines.index(old[0])
        lines[at : at + len(old)] = new + ["# "] * (len(old) - len(new))  # later lines keep their number
        expected.append(stated(path, "期望").replace(path.name, "many.yaml"))
    many = tmp_path / "many.yaml"
    many.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rubric, issues = read(many)
    assert rubric is None
    assert [str(issue) for issue in errors(issues)] == expected


ALONE = """  - code: alone
    title: 单项
    full_marks: {county: 10}
    indicators:
      - {code: unread, title: 月报, clause: 第九条, full_marks: 10, rules: [{kind: timeliness, RULE}]}
adjustments:
"""
BESIDE = """      - {code: spread, title: 积案, clause: 第九条, full_marks: 10, rules: [{kind: formula, points: cases}],
         not_applicable: {when: task = 0, reason: 没有任务, then: spread}}
adjustments:
"""  # what it is worth goes to the other one


@pytest.mark.parametrize("beside", ["adjustments:\n", BESIDE], ids=["alone", "spread"])
@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ("form: brief, late: 1, missing: -1", "分值不能是负数"),
        ("form: 月报, late: 1, missing: 1", "代码“月报”不合规"),
    ],
)
def test_a_section_is_not_empty_because_what_stands_in_it_cannot_be_read(
    rule: str, problem: str, beside: str, tmp_path: Path
) -> None:
    path = tmp_path / "r.yaml"
    added = ALONE.replace("RULE", rule).replace("adjustments:\n", beside)
    path.write_text(BASE.read_text(encoding="utf-8").replace("adjustments:\n", added, 1), encoding="utf-8")
    assert [issue.problem for issue in errors(read(path)[1])] == [problem]


def test_a_full_width_colon_leaves_its_value_a_number(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(BASE.read_text(encoding="utf-8").replace("late: 1,", "late：1,"), encoding="utf-8")
    assert [issue.problem for issue in errors(read(path)[1])] == ["“late”后面用了全角冒号"]


def aliases(lines: int, each: int) -> bytes:
    """A mapping in which every line but the first names the line before it so many times."""
    rows = ["a0: &a0 [1]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * each)}]" for n in range(1, lines)]
    return ("\n".join(rows) + "\n").encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "r.yaml:1: 文件是空的。请照手册填写内容。"),
        (b"# \xe8\xaf\xb4\xe6\x98\x8e\n", "r.yaml:1: 文件是空的。请照手册填写内容。"),
        ("rubric: 办法\n".encode("gb18030"), "r.yaml:1: 文件不是 UTF-8 编码。请用 UTF-8 另存后再试。"),
        ("- 甲\n- 乙\n".encode(), "r.yaml:1: 须为一组“键: 值”。请照手册的例子分行写。"),
        ("rubric: 办\x07法\n".encode(), "r.yaml:1: 这一行含有不可见的控制字符。请删去它。"),
        (
            "rubric: 办法\nnote: &n [*n]\n".encode(),
            "r.yaml:2: 这一处用 * 引用了它自己，读不完。请不用 & 和 *，把内容写全。",
        ),
        (b"note: " + b"[" * 3000 + b"]" * 3000, "r.yaml:1: 括号或缩进嵌套太深。请照手册的例子分行写。"),
        (aliases(9, 10), "r.yaml:6: 到这一处，用 * 引用的内容展开后超过 20 万项，读不完。请不要层层引用，把内容写全。"),
        (aliases(2000, 1), "r.yaml:59: 用 * 引用的内容嵌套太深。请少用 & 和 *，把内容写全。"),
    ],
    ids=[
        "empty", "only a comment", "GB18030", "a list", "control character", "contains itself", "too deep",
        "aliases of aliases", "a chain of aliases",
    ],
)  # fmt: skip
def test_what_is_no_rubric_at_all(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_bytes(content)
    rubric, issues = read(path)
    assert rubric is None
    assert [str(issue) for issue in errors(issues)] == [told]


def test_aliases_in_use_are_read_as_if_written_out(tmp_path: Path) -> None:
    """A number and a part of a bonus, written once and named again."""
    text = BASE.read_text(encoding="utf-8")
    for written, named in (
        ("title: 快报, clause: 第四条, full_marks: 10,", "title: 快报, clause: 第四条, full_marks: &ten 10,"),
        ("title: 积案, clause: 第五条, full_marks: 10,", "title: 积案, clause: 第五条, full_marks: *ten,"),
        ("{measure: praised, each: 2}], pool: 3", "&praise {measure: praised, each: 2}, *praise], pool: 3"),
    ):
        assert text.count(written) == 1
        text = text.replace(written, named)
    path = tmp_path / "r.yaml"
    path.write_text(text, encoding="utf-8")
    rubric, issues = read(path)
    base, _ = read(BASE)
    assert issues == []
    assert rubric is not None and base is not None
    assert rubric.spec.sections == base.spec.sections
    praise = rubric.spec.adjustments[0]
    assert not isinstance(praise, Veto) and praise.parts[0] == praise.parts[1]


@pytest.mark.parametrize("written", ["true", "false", "[a]", "{a: 1}"])
def test_a_kind_is_shown_as_it_was_written(written: str, tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(BASE.read_text(encoding="utf-8").replace("kind: timeliness", f"kind: {written}"), encoding="utf-8")
    _, issues = read(path)
    assert [issue.problem for issue in issues] == [f"没有“{written}”这种 kind"]


def test_a_rubric_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "--project", str(SMALL), "--rubric", "no_such.yaml"]) == NOT_SCORED
    assert "no_such.yaml: 找不到文件。" in capsys.readouterr().err
