"""What the server answers besides the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from pages.ui.navigation import NAME
from pages.ui.server import SECURITY_HEADERS
from tests.browser.conftest import ROOT, Server


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/_stcore/metrics"),
        ("GET", "/_stcore/metrics/"),
        ("GET", "/_stcore/script-health-check"),
        ("GET", "/_stcore/agent/openapi.json"),
        ("POST", "/_stcore/agent/interact"),
        ("POST", "/_stcore/agent/mcp"),
    ],
)
def test_built_in_end_points_are_closed(server: Server, method: str, path: str) -> None:
    status, _, body = server.get(path, method)
    assert status == 404
    assert body == "没有这个地址。"


def test_the_pages_need_only_health_and_settings(server: Server) -> None:
    assert server.get("/_stcore/health")[0] == 200
    assert server.get("/_stcore/host-config")[0] == 200


@pytest.mark.parametrize("path", ["/", "/unit", "/nowhere", "/_stcore/health", "/static/none.js"])
def test_security_headers_go_with_every_answer(server: Server, path: str) -> None:
    _, headers, _ = server.get(path)
    for name, value in SECURITY_HEADERS.items():
        assert headers[name.lower()] == value


@pytest.mark.parametrize("path", ["/", "/shortfalls", "/unit", "/rubric"])
def test_the_first_paint_is_chinese(server: Server, path: str) -> None:
    status, headers, body = server.get(path)
    assert status == 200
    assert headers["cache-control"] == "no-cache"
    assert '<html lang="zh-CN">' in body
    assert f"<title>{NAME}</title>" in body
    assert "service-desc" not in body
    assert "You need to enable JavaScript" not in body


def test_off_loopback_nobody_picks_an_identity(start_server: Callable[..., Server], page: Page) -> None:
    server = start_server("app.py", "--server.address", "0.0.0.0", project=ROOT / "tests/projects/small")
    page.goto(server.url)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("演示身份只能在本机使用")
    expect(page.locator("h1")).to_have_count(0)
    expect(page.get_by_role("combobox", name="演示身份")).to_have_count(0)
