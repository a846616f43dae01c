"""A visit without a browser: the shell, a page, who is looking, what stands in the address; and all it shows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from pages.ui.identity import OFFICE
from pages.ui.navigation import PAGES

ROOT = Path(__file__).resolve().parents[2]
PROJECTS = ROOT / "tests" / "projects"
SHELL = str(ROOT / "pages" / "shell.py")
SCRIPTS = {page.address: page.script for page in PAGES}
Visit = Callable[..., AppTest]


@pytest.fixture(autouse=True, scope="session")
def _libraries_looked_at_once() -> Iterator[None]:
    """Each visit is a new runtime to Streamlit, which then reads what every installed library says of itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture
def visit(monkeypatch: pytest.MonkeyPatch) -> Visit:
    """`visit("unit", project=None, role="双打办", who=None, database=None, **address)`: the page as it stands after the
    run. Without a database it shows the prepared files. `who_` and `page_` in the address are ?who= and ?page=."""

    def go(
        page: str,
        project: Path | None = None,
        role: str = OFFICE,
        who: str | None = None,
        database: Path | None = None,
        **address: str,
    ) -> AppTest:
        monkeypatch.setenv("SCORING_PROJECT", str(project or ROOT))
        monkeypatch.setenv("SCORING_DATABASE", str(database) if database is not None else "无")
        app = AppTest.from_file(SHELL, default_timeout=120)
        app.session_state["role"] = role
        if who is not None:
            app.session_state[f"unit_of_{role}"] = who
        app.switch_page(SCRIPTS[page])
        for name, value in address.items():
            app.query_params[name.rstrip("_")] = value
        app.run()
        assert not app.exception
        return app

    return go


def drawings(app: AppTest) -> list[str]:
    """The HTML and SVG of every drawing."""
    return [json.loads(one.proto.json) for one in app.main.get("bidi_component")]


def items(app: AppTest) -> dict[str, str]:
    """各项指标 of 单位: by title what else its line says, in order."""
    lines = [line for one in drawings(app) for line in re.findall(r"<li.*?</li>", one) if 'id="item-' in line]
    told = [[re.sub(r"<[^>]+>", " ", part) for part in re.split(r"<b>|</b>", line)] for line in lines]
    return {title: " ".join((before + after).split()) for before, title, after in told}


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The first table with that column, in a grid or drawn."""
    for one in drawings(app):
        lines = [re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", line) for line in re.findall(r"<tr(?: [^>]*)?>(.*?)</tr>", one)]
        if lines and column in lines[0]:
            head, *rows = [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in line] for line in lines]
            return pd.DataFrame(rows, columns=head)
    found: pd.DataFrame = next(one.value for one in [*app.dataframe, *app.main.get("table")] if column in one.value)
    return found


def said(app: AppTest) -> str:
    """Every text on the page, sidebar apart: sentences, labels of what opens, drawings, and the cells of all tables."""
    kinds = ("title", "subheader", "markdown", "caption", "info", "success", "error", "warning", "code")
    texts = [str(one.value) for kind in kinds for one in app.main.get(kind)]
    texts += [one.label for one in app.main.get("expander")]
    texts += [str(one.value) for one in app.main.get("metric")]
    texts += [unescape(re.sub(r"(?s)(<style>.*?</style>|<[^>]+>|\n)+", "\n", one)) for one in drawings(app)]
    for table in [*app.main.get("dataframe"), *app.main.get("table")]:
        texts += [str(cell) for row in table.value.itertuples(index=False) for cell in row]
    return "\n".join(texts)
