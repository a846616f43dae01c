"""The settings that keep the product offline, on loopback and repeatable to install."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from streamlit import config

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = tomllib.loads((ROOT / ".streamlit/config.toml").read_text(encoding="utf-8"))


def flat(table: dict, prefix: str = "") -> dict[str, object]:
    """`{"server.address": …}`."""
    found: dict[str, object] = {}
    for key, value in table.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("server.address", "127.0.0.1"),
        ("server.headless", True),
        ("server.fileWatcherType", "none"),
        ("server.enableAgentApi", False),
        ("server.enableXsrfProtection", True),
        ("server.enableCORS", True),
        ("browser.gatherUsageStats", False),
        ("client.showErrorDetails", "none"),
        ("client.showErrorLinks", False),
        ("runner.postScriptGC", False),
    ],
)
def test_a_setting_that_must_not_be_lost(option: str, value: object) -> None:
    assert flat(SETTINGS)[option] == value


def test_streamlit_knows_every_setting() -> None:
    """An unknown one would be passed over in silence."""
    assert not [option for option in flat(SETTINGS) if option not in config._config_options_template]


def test_no_setting_names_another_host() -> None:
    assert not [option for option, value in flat(SETTINGS).items() if "://" in str(value)]


def pins(name: str) -> dict[str, str]:
    """Package → exact version, as a requirements file says."""
    found: dict[str, str] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        text = re.sub(r"\s*#.*", "", line)
        if text and not text.startswith("-r"):
            one = Requirement(text)
            (spec,) = one.specifier
            assert spec.operator == "==", f"{name}: {text}: not an exact version"
            found[canonicalize_name(one.name)] = spec.version
    return found


def brought_in_by(name: str) -> set[str]:
    """What a package brings with it here, all the way down."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = canonicalize_name(waiting.pop())
        if one in found:
            continue
        found.add(one)
        wanted = (Requirement(text) for text in requires(one) or [])
        waiting += [
            want.name for want in wanted if want.marker is None or want.marker.evaluate({"extra": ""})
        ]
    return found


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_everything_installed_is_pinned(name: str) -> None:
    known = pins("requirements.txt") | pins(name)
    here = {}
    for package in known:
        try:
            here[package] = version(package)
        except PackageNotFoundError:
            assert "win32" in (ROOT / name).read_text(encoding="utf-8").split(package)[1].splitlines()[0]
    assert {package: known[package] for package in here} == here
    needed = set().union(*(brought_in_by(package) for package in here))
    assert needed <= known.keys()


def test_what_only_tests_need_is_not_installed_to_run() -> None:
    assert (
        not {"pytest", "hypothesis", "ruff", "mypy", "playwright", "polars"} & pins("requirements.txt").keys()
    )
