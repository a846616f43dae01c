"""The rooms of the house: who may import whom, what each module says of itself, names that tell nothing."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from scoring.engine.plan import make_plan
from scoring.forms.load import SYSTEM_TABLES
from scoring.project import open_project

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def name(self) -> str:
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    def imports(self) -> set[str]:
        """Every module named in an import, in full."""
        found: set[str] = set()
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.name}: relative import"
                module = node.module or ""
                found |= {module} | {f"{module}.{alias.name}" for alias in node.names if self.is_module(module, alias)}
        return found

    @staticmethod
    def is_module(package: str, alias: ast.alias) -> bool:
        path = ROOT.joinpath(*package.split("."), alias.name)
        return path.is_dir() or path.with_suffix(".py").is_file()


SCORING = [Module(path) for path in sorted((ROOT / "scoring").rglob("*.py"))]
PAGES = [Module(path) for path in sorted((ROOT / "pages").rglob("*.py"))]
EVERY = [*SCORING, *PAGES, Module(ROOT / "app.py")]

# Which rooms a room of scoring/ may import from, besides itself. What is not listed here is a room nobody drew.
MAY: dict[str, set[str]] = {
    "issues": set(),
    "source": {"issues"},
    "calendar": {"issues", "source"},
    "sql": {"issues", "source"},
    "expressions": {"issues", "source", "sql"},
    "units": {"issues", "source"},
    "forms": {"issues", "source", "calendar", "sql", "expressions", "units"},
    "rubric": {"issues", "source", "calendar", "sql", "expressions", "units", "forms"},
    "store": {"issues", "source", "calendar", "sql", "expressions", "units", "forms", "rubric"},
    "engine": {"issues", "source", "calendar", "sql", "expressions", "units", "forms", "rubric", "store"},
    "insight": {"issues", "source", "calendar", "sql", "expressions", "units", "forms", "rubric", "store", "engine"},
    "intake": {
        "issues",
        "source",
        "calendar",
        "sql",
        "expressions",
        "units",
        "forms",
        "rubric",
        "store",
        "engine",
    },
    "access": {"issues", "source", "units", "store"},
    "reports": {"issues", "source", "calendar", "expressions", "units", "forms", "rubric", "store", "engine", "insight"},
}
MAY["project"] = {*MAY}  # puts the rooms together
MAY["packs"] = {*MAY}  # a project and its result
MAY["desk"] = {*MAY}  # a project and its records, and the packs it seals
MAY["schema"] = {*MAY}  # the types of every file that is written by hand, office.yaml among them
MAY["commands"] = {*MAY}
MAY["studies"] = {*MAY}  # the commands of analysts
MAY["__main__"] = {*MAY}
MAY["__init__"] = set()
STORES = {"scoring.store.database", "scoring.store.records"}
OWNERS = {"cache_data": "pages.ui.served", "cache_resource": "pages.ui.served", "query_params": "pages.ui.state"}
THIRD_PARTY_OF_THE_PAGES = {"streamlit", "plotly", "pandas", "altair", "starlette", "pages", "app"}


def room(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def named(module: Module) -> str:
    return module.name


@pytest.mark.parametrize("module", SCORING, ids=named)
def test_imports_run_one_way(module: Module) -> None:
    own = room(module.name)
    assert own in MAY, f"no such room in the house: {own}"
    others = {room(name) for name in module.imports() if name == "scoring" or name.startswith("scoring.")}
    assert others - {own} <= MAY[own]


def test_no_two_rooms_import_each_other() -> None:
    """MAY itself is a ladder: nobody above is below as well."""
    for own, others in MAY.items():
        assert not [other for other in others if own in MAY[other] and own not in ("project", "packs", "desk", "commands", "__main__")]


@pytest.mark.parametrize("module", SCORING, ids=named)
def test_the_core_knows_no_page(module: Module) -> None:
    assert not {name.split(".")[0] for name in module.imports()} & THIRD_PARTY_OF_THE_PAGES


def test_only_the_store_opens_the_database() -> None:
    """The engine runs statements on a cursor that it is handed. One module opens the instance that scores, one the file."""
    assert {one.name for one in SCORING if "duckdb" in one.imports()} == STORES
    assert {one.name for one in SCORING if "duckdb" in names_used(one.tree)} == STORES


def names_used(tree: ast.Module) -> set[str]:
    """Names that run, not those of annotations."""
    hints = [
        hint
        for node in ast.walk(tree)
        for hint in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if isinstance(hint, ast.AST)
    ]
    hidden = {id(inner) for hint in hints for inner in ast.walk(hint)}
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in hidden}


def test_only_the_store_connects() -> None:
    calls = {
        module.name
        for module in EVERY
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "duckdb.connect"
    }
    assert calls == STORES


@pytest.mark.parametrize("module", PAGES, ids=named)
def test_pages_import_the_core_and_their_own_tools_only(module: Module) -> None:
    own = {
        name for name in module.imports() if name.split(".")[0] in ("pages", "scoring", "app", "tests", "benchmarks")
    }
    assert not {name for name in own if not name.startswith(("scoring", "pages.ui")) and name != "pages"}


@pytest.mark.parametrize("module", PAGES, ids=named)
def test_only_served_remembers_and_only_state_names_the_address(module: Module) -> None:
    """Caches are named in one module and the address line in one, so that their keys can be looked through in one place."""
    found = {OWNERS[node.attr] for node in ast.walk(module.tree) if isinstance(node, ast.Attribute) and node.attr in OWNERS}
    assert found <= {module.name}


def test_charts_and_words_never_call_streamlit() -> None:
    for module in PAGES:
        if module.name in ("pages.ui.charts", "pages.ui.words"):
            assert not [name for name in module.imports() if name.split(".")[0] == "streamlit"], module.name


@pytest.mark.parametrize("module", EVERY, ids=named)
def test_a_module_says_what_it_is(module: Module) -> None:
    if module.path.name == "__init__.py" and not module.path.read_text(encoding="utf-8").strip():
        return
    told = ast.get_docstring(module.tree)
    assert told
    first = told.splitlines()[0]
    assert len(first) >= 10
    assert first.endswith((".", "。", "?", ")"))


def test_no_name_that_tells_nothing() -> None:
    for module in EVERY:
        for part in module.name.split("."):
            assert part not in ("utils", "util", "helpers", "helper", "manager", "base", "common", "misc")


def test_every_query_has_its_own_name() -> None:
    for folder in (ROOT, *sorted((ROOT / "examples").iterdir()), ROOT / "tests" / "projects" / "small"):
        project = open_project(folder)
        if project.rubric is None:
            continue
        label = project.periods[0]
        period = project.rubric.period(label)
        for as_of in (period.cut_off, date(int(label), 6, 30)):
            names = [query.name for query in make_plan(project.rubric, period, as_of).queries]
            assert len(names) == len(set(names))


def test_no_form_can_take_the_name_of_a_step() -> None:
    """Steps with a double underscore cannot meet a code; the others are on the list that forms are checked against."""
    project = open_project(ROOT / "tests" / "projects" / "small")
    assert project.rubric is not None and project.forms is not None
    plan = make_plan(project.rubric, project.rubric.period("2024"), date(2025, 1, 20))
    plain = {query.name for query in plan.queries if "__" not in query.name} - set(project.forms)
    tables = set(project.store.fetch("SELECT table_name FROM duckdb_tables()").to_pydict()["table_name"])
    tables = {name for name in tables if not name.startswith("incoming_")}
    assert plain | (tables - set(project.forms)) <= SYSTEM_TABLES
