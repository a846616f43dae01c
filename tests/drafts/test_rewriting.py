"""A YAML text with some scalars written anew: no other byte moves. What may differ is worked out here by other means."""

from __future__ import annotations

import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from scoring.rubric.rewriting import NotRewritten, Text, rewritten
from scoring.source import Loc
from tests.town import ROOT

DEMO = (ROOT / "config" / "scoring.yaml").read_bytes().decode()
FIGURES = ["0", "7", "12.5", "-3", "100", "0.25", "60% of full", "full"]
WORDS = ["优良", "示双打办〔2025〕9号", "案件办理（示例）", "a b", "2025-02-03", "𠮷林", "较好 # 以上"]
IN_QUOTES = ["含“引号”的", 'he said "no"', "it's", "a: b, {c} # d", "反斜\\杠", "[1, 2]", "&x *y"]


def plain(text: str) -> Any:
    """The data as text, by a loader that is not ours."""
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


def flat(node: Any, loc: Loc = ()) -> dict[Loc, Any]:
    """Every entry by its place; of what holds others only how many."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found: dict[Loc, Any] = {loc: len(node) if isinstance(node, (dict, list)) else node}
    for key, item in inside:
        found |= flat(item, (*loc, key))
    return found


@cache
def spans() -> dict[Loc, tuple[int, int]]:
    """Where each scalar of the demo rubric begins and ends, by the slow composer."""

    def below(node: yaml.Node, loc: Loc) -> dict[Loc, tuple[int, int]]:
        found: dict[Loc, tuple[int, int]] = {}
        if isinstance(node, yaml.ScalarNode):
            return {loc: (node.start_mark.index, node.end_mark.index)}
        pairs = [(key.value, item) for key, item in node.value] if isinstance(node, yaml.MappingNode) else enumerate(node.value)
        for key, item in pairs:
            found |= below(item, (*loc, key))
        return found

    root = yaml.compose(DEMO, Loader=yaml.SafeLoader)
    assert root is not None
    return below(root, ())


def choices(source: Text, rng: random.Random, count: int) -> list[tuple[Loc, str]]:
    """Scalars with what is to be written; what looks like a figure, or has quotation marks, gets its like."""
    found = []
    for loc in rng.sample(sorted(source.scalars, key=str), count):
        node = source.scalars[loc]
        figure = not node.style and node.value.replace(".", "").replace("-", "").isdigit()
        found.append((loc, rng.choice(IN_QUOTES if node.style else FIGURES if figure else WORDS[:-1])))
    return found


def test_random_changes_move_no_other_byte() -> None:
    move_no_other_byte(12, 5)


@pytest.mark.trial
def test_300_random_changes_move_no_other_byte() -> None:
    move_no_other_byte(60, 6)


def move_no_other_byte(drafts: int, seed: int) -> None:
    """Drafts of five scalars each: between the scalars every character is the one that was there."""
    source, before, rng = Text.of(DEMO), flat(plain(DEMO)), random.Random(seed)
    for _ in range(drafts):
        changes = dict(choices(source, rng, 5))
        result = rewritten(DEMO, changes)
        at, here = 0, 0  # how far both have been compared: in DEMO, in the result
        for loc in sorted(changes, key=lambda loc: spans()[loc]):
            start, end = spans()[loc]
            assert result[here : here + start - at] == DEMO[at:start], loc
            here += start - at
            old, new = DEMO[start:end], changes[loc]
            length = len(new) if old[:1] not in ("'", '"') else len(quoted(new, old[0]))
            written = result[here : here + length]
            assert written == (new if old[:1] not in ("'", '"') else quoted(new, old[0])), "quotation marks stay"
            at, here = end, here + length
        assert result[here:] == DEMO[at:]
        assert flat(plain(result)) == before | changes


def quoted(text: str, mark: str) -> str:
    """As YAML 1.2 has it (7.3.1, 7.3.2)."""
    return f"'{text.replace(mark, mark * 2)}'" if mark == "'" else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_many_at_once_with_other_line_ends_and_a_byte_order_mark(ends: str, mark: str) -> None:
    text = mark + DEMO.replace("\n", ends)
    rng = random.Random(11)
    changes = dict(choices(Text.of(DEMO), rng, 60))
    result = rewritten(text, changes)
    assert result.startswith(mark) and result.count("\ufeff") == len(mark)
    assert result.count("\r\n") == text.count("\r\n") and result.count("\n") == text.count("\n")
    changed = {Text.of(DEMO).scalars[loc].start_mark.line for loc in changes}
    pairs = zip(text.split(ends), result.split(ends), strict=True)
    assert {at for at, (old, new) in enumerate(pairs) if old != new} == changed
    assert flat(plain(result.removeprefix("\ufeff"))) == flat(plain(DEMO)) | changes


def test_comments_and_layout_stay_and_only_the_scalar_is_another() -> None:
    text = (
        "# 头上的注释\n"
        "points:   {county: 8, department:  8}   # 两组\n"
        "  \n"
        "list:\n"
        "  - [60,0]\n"
        "  -   [100, full]#不是注释\n"
        'title: "甲" # 名\n'
    ).replace("]#不是注释", "]  # 满分")
    result = rewritten(text, {("points", "county"): "9.5", ("list", 1, 1): "80% of full", ("title",): '乙"丙'})
    assert result == (
        "# 头上的注释\n"
        "points:   {county: 9.5, department:  8}   # 两组\n"
        "  \n"
        "list:\n"
        "  - [60,0]\n"
        "  -   [100, 80% of full]  # 满分\n"
        'title: "乙\\"丙" # 名\n'
    )


def test_quotation_marks_stay_as_they_are() -> None:
    text = "a: '甲'\nb: \"乙\"\nc: 丙\nd: '2024'\n"
    assert rewritten(text, {("a",): "it's"}) == text.replace("'甲'", "'it''s'")
    assert rewritten(text, {("b",): "a\\b"}) == text.replace('"乙"', '"a\\\\b"')
    assert rewritten(text, {("d",): "2025"}) == text.replace("2024", "2025")
    assert rewritten(text, {("c",): "丙"}) == text, "the same again"
    assert rewritten(text, {}) == text


def test_text_over_several_lines_in_one_pair_of_quotation_marks() -> None:
    assert rewritten('a: "甲\n  乙"\nb: 1\n', {("a",): "丙"}) == 'a: "丙"\nb: 1\n'
    assert rewritten("a: 甲\n  乙\nb: 1\n", {("a",): "丙"}) == "a: 丙\nb: 1\n"


REFUSED = [
    ("a: &x 8\nb: *x\n", ("a",), "5", "这一处的值用 & 和 * 与别处共用，改了别处也会跟着变"),
    ("a: &x 8\nb: *x\n", ("b",), "5", "这一处的值用 & 和 * 与别处共用，改了别处也会跟着变"),
    ("a: &x {p: 8}\nb: *x\n", ("b", "p"), "5", "这一处的值用 & 和 * 与别处共用，改了别处也会跟着变"),
    ("a: &x 8\n", ("a",), "5", "这一处的值带有 & 或 ! 标记"),
    ("a: !!str 8\n", ("a",), "5", "这一处的值带有 & 或 ! 标记"),
    ("a: &x {p: 8}\nb:\n  <<: *x\n  q: 1\n", ("b", "p"), "5", "这一处的值是用 << 从别处并过来的，不能单独改"),
    ("a: |\n  成段\n  文字\n", ("a",), "5", "这一处是用 | 或 > 写的成段文字，不能只改一个值"),
    ("a: >\n  成段\n", ("a",), "5", "这一处是用 | 或 > 写的成段文字，不能只改一个值"),
    ("a: {p: 8}\n", ("a", "q"), "5", "办法文件里没有写这一项，没有可以改的地方"),
    ("a: {p: 8}\n", ("a",), "5", "这一处是一组内容，不是一个值"),
    ("a: [1, 2]\n", ("a", 2), "5", "办法文件里没有写这一项，没有可以改的地方"),
    ("a:\nb: 1\n", ("a",), "5", "这一处在办法文件里是空的"),
    ("a: 1\n", ("a",), "5\n6", "新的值里有换行或不可见的字符"),
    ("a: 1\n", ("a",), " ", "新的值是空的"),
    ("a: 1\n", ("a",), "x: y", "“x: y”不加引号写不进这一处"),
    ("a: 1\n", ("a",), "5 # 注", "“5 # 注”不加引号写不进这一处"),
    ("a: {p: 甲}\n", ("a", "p"), "甲, 乙", "“甲, 乙”不加引号写不进这一处"),
    ("a: [甲, 乙]\n", ("a", 0), "[丙", "“[丙”不加引号写不进这一处"),
    ("a: 甲\n", ("a",), "*丙", "“*丙”不加引号写不进这一处"),
    ("a: 1\na: 2\n", ("a",), "3", "写了两次"),
    ("a: [1\n", ("a", 0), "3", "YAML 写法有误"),
]


@pytest.mark.parametrize("text, loc, new, told", REFUSED)
def test_what_cannot_be_changed_is_refused_with_what_to_do(text: str, loc: Loc, new: str, told: str) -> None:
    with pytest.raises(NotRewritten) as refused:
        rewritten(text, {loc: new}, "config/scoring.yaml")
    assert told in str(refused.value)
    for issue in refused.value.issues:
        assert issue.fix and issue.file == "config/scoring.yaml"


def test_all_that_cannot_be_changed_is_told_at_once_with_its_place() -> None:
    text = "a: &x 8\nb: *x\nitems:\n- {code: one, p: 1}\n"
    with pytest.raises(NotRewritten) as refused:
        rewritten(text, {("b",): "5", ("items", 0, "q"): "5", ("items", 0, "p"): "2"})
    assert [(issue.line, issue.path) for issue in refused.value.issues] == [(2, "b"), (4, "items.one.q")]


def test_a_value_beside_an_anchor_can_be_changed() -> None:
    text = "a: &x {p: 8}\nb: *x\nc: 3   # 自己的\n"
    assert rewritten(text, {("c",): "4"}) == text.replace("c: 3", "c: 4")


def test_places_are_found_again_by_their_path() -> None:
    source = Text.of(DEMO)
    path = "sections.enforcement.indicators.case_volume.full_marks.county"
    assert source.written[source.locs[path]] == "8"
    assert source.locs["samples[2].units[0].figures.weekly_report.late"] == ("samples", 2, "units", 0, "figures", "weekly_report.late")
    assert "sections.enforcement.indicators.nothing" not in source.locs
    twice = Text.of("items:\n- {code: one, p: 1}\n- {code: one, p: 2}\n")
    assert "items.one.p" not in twice.locs, "a path that fits two places is none"


@pytest.mark.parametrize("file", sorted((ROOT / "examples").glob("*/config/scoring.yaml")), ids=lambda file: file.parts[-3])
def test_real_rubrics_too(file: Path) -> None:
    text = file.read_bytes().decode()
    source, before, rng = Text.of(text), flat(plain(text)), random.Random(3)
    able = [loc for loc, node in source.scalars.items() if node.style not in ("|", ">")]
    for loc in rng.sample(able, 12):
        new = "别的" if source.scalars[loc].style else "17"
        assert flat(plain(rewritten(text, {loc: new}))) == before | {loc: new}
