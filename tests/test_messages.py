"""Every message about configuration has been seen: its longest piece of Chinese stands in some file under tests/.

What a message says is in the one-mistake files (bad_rubrics, odd_rubrics, bad_config, lint); here only that there is
one. Reads source text alone; runs nothing.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SCORING = HERE.parent / "scoring"
ROOMS = ("rubric", "expressions", "forms", "source.py", "units.py", "project.py")
CALLS = {"Issue", "issue", "error", "warning", "refusal", "misread", "_yes_or_no", "_Unbounded", "ExpressionError"}
NAMES = {"told", "problem", "note", "reason"}  # what a message is called before it is passed on
CHINESE = re.compile(r"[一-鿿]")
LEAST = 4  # Chinese characters; a shorter piece says nothing of which message it is

# With the reason: no text that can be written earns it.
UNSEEN = {
    "改后的办法与要改的对不上，没有改": "a second look at what was written, for whatever the first did not foresee",
    "填写的内容不对": "what pydantic may say one day that no type of ours makes it say",
}


def pieces(node: ast.AST) -> list[str]:
    """The written pieces of a text: all of a constant, what stands between the braces of an f-string."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.split(r"\{\d\}", node.value)
    if isinstance(node, ast.JoinedStr):
        return [piece for part in node.values if isinstance(part, ast.Constant) for piece in pieces(part)]
    return []


def problems(tree: ast.AST) -> Iterator[tuple[int, list[str]]]:
    """Line and pieces of every text that tells what is wrong: the first text of a call, of a tuple with a fix."""
    for node in ast.walk(tree):
        texts: list[ast.AST] = []
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            texts = list(node.args) if name in CALLS else []
        elif isinstance(node, ast.Tuple):
            texts = list(node.elts) if sum(bool(pieces(one)) for one in node.elts) > 1 else []
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMES:
            texts = [node.value]
        for text in texts:
            either = [text.body, text.orelse] if isinstance(text, ast.IfExp) else [text]
            found = [pieces(one) for one in either if CHINESE.search("".join(pieces(one)))]
            yield from ((node.lineno, one) for one in found)
            if found:
                break  # the texts after it are the fix


def messages() -> list[tuple[str, str]]:
    """(where, longest piece) of every message in the rooms that read configuration."""
    found: dict[str, str] = {}
    for path in sorted(SCORING.rglob("*.py")):
        if path.relative_to(SCORING).parts[0] in ROOMS:
            for line, texts in problems(ast.parse(path.read_text(encoding="utf-8"))):
                longest = max(texts, key=lambda text: len(CHINESE.findall(text))).strip()
                if len(CHINESE.findall(longest)) >= LEAST:
                    found.setdefault(longest, f"{path.relative_to(SCORING)}:{line}")
    return [(where, text) for text, where in found.items()]


def seen() -> str:
    kinds = (".py", ".yaml", ".csv", ".md")
    files = (path for path in sorted(HERE.rglob("*")) if path.suffix in kinds and path != Path(__file__))
    return "\n".join(path.read_text(encoding="utf-8", errors="ignore") for path in files)


def test_every_message_has_been_seen() -> None:
    told, text = messages(), seen()
    assert len(told) > 250
    assert [f"{where} {piece}" for where, piece in told if piece not in text and piece not in UNSEEN] == []


def test_what_is_unseen_is_still_there_and_still_unseen() -> None:
    pieces_told, text = {piece for _, piece in messages()}, seen()
    assert [piece for piece in UNSEEN if piece not in pieces_told or piece in text] == []
