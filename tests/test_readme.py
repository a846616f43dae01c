"""The README names every command and every page there is, and no library is pinned without a reason in it."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from pages.ui.navigation import PAGES
from scoring.__main__ import parser

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    (found,) = [one for one in parser()._actions if isinstance(one, argparse._SubParsersAction)]
    return list(found.choices)


def test_every_command_is_named() -> None:
    lacking = [name for name in commands() if not re.search(rf"python -m scoring {name}\b|[（，]{name} ", README)]
    assert not lacking


def test_every_command_that_is_named_exists() -> None:
    named = set(re.findall(r"python -m scoring (\w+)", README))
    assert named <= set(commands())


def test_every_page_is_named() -> None:
    assert not [page.title for page in PAGES if page.title not in README]


def test_every_library_chosen_has_its_reason() -> None:
    """Those above the line “brought in by the above”; names as on the package index."""
    for file in ("requirements.txt", "requirements-dev.txt"):
        chosen = (ROOT / file).read_text(encoding="utf-8").split("# --- brought in by the above")[0]
        for name in re.findall(r"^([\w.-]+)==", chosen, re.MULTILINE):
            told = README.lower()
            assert name.lower() in told or name.lower().replace("types-", "") in told, f"{file}: {name}"
