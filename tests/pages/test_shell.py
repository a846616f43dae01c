"""The shell: who is looking, which period, every page through it and none past it."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import identity
from pages.ui.identity import ANALYST, LEADER, OFFICE
from pages.ui.navigation import PAGES
from scoring.access import Actor, may

ROOT = Path(__file__).resolve().parents[2]
SHELL = str(ROOT / "pages" / "shell.py")


def shell() -> AppTest:
    return AppTest.from_file(SHELL, default_timeout=120)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.address)
def test_each_page_runs_inside_the_shell(entry) -> None:
    app = shell().run()
    app.switch_page(entry.script).run()
    assert not app.exception
    assert [title.value for title in app.title] == [entry.title]
    assert any("示例" in line.value for line in app.markdown)


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.address)
def test_no_page_runs_without_the_shell(entry) -> None:
    app = AppTest.from_file(str(ROOT / "pages" / entry.script), default_timeout=120).run()
    assert [error.value for error in app.error] == ["本页不能单独打开。"]
    assert not app.title
    assert not app.exception


def test_the_pages_folder_holds_no_page_that_is_not_listed() -> None:
    """A flat script beside shell.py would be listed and run by Streamlit itself, past the shell."""
    folder = ROOT / "pages"
    assert {path.name for path in folder.glob("*.py")} == {"__init__.py", "shell.py"}
    scripts = {path.relative_to(folder).as_posix() for path in folder.glob("*/*.py") if path.parent.name != "ui"}
    assert scripts - {path for path in scripts if path.endswith("__init__.py")} == {entry.script for entry in PAGES}


def test_one_who_reports_picks_a_unit_and_keeps_it() -> None:
    app = shell().run()
    assert app.sidebar.selectbox(key="role").options[:3] == [OFFICE, LEADER, ANALYST]
    assert app.session_state["visitor"] == Actor(f"{OFFICE}经办人", "office")

    app.sidebar.selectbox(key="role").select("县区").run()
    units = app.sidebar.selectbox(key="unit_of_县区")
    app.sidebar.selectbox(key="unit_of_县区").select_index(2).run()
    picked = app.session_state["visitor"]
    assert picked.role == "reporter" and picked.unit is not None
    assert len(units.options) > 2

    app.switch_page(PAGES[2].script).run()
    assert app.session_state["visitor"] == picked


@pytest.mark.parametrize("role", ["office", "leader", "analyst"])
def test_who_assesses_sees_everything(role) -> None:
    actor = Actor("甲", role)
    assert all(may(actor, act, unit) for act in ("see_place", "see_scores", "see_rows") for unit in ("c01", None))


def test_who_reports_sees_all_places_and_only_its_own_points_and_rows() -> None:
    actor = Actor("甲县", "reporter", "c01")
    assert may(actor, "see_place", "c02")
    for act in ("see_scores", "see_rows"):
        assert may(actor, act, "c01")
        assert not may(actor, act, "c02")
        assert not may(actor, act)
        assert not may(Actor("", "reporter"), act, "c01")


def test_without_loopback_nobody_is_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "on_loopback", lambda: False)
    app = shell().run()
    assert any("演示身份只能在本机使用" in error.value for error in app.error)
    assert not app.title


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("localhost", True), ("::1", True), ("[::1]", True)]
    + [("", False), ("0.0.0.0", False), ("::", False), ("10.0.0.5", False), ("localhost.example.cn", False)],
)
def test_what_counts_as_loopback(host: str, own: bool) -> None:
    assert identity._loopback(host) is own
