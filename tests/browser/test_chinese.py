"""No English label of Streamlit's own is left: in text, tooltips, placeholders or names for screen readers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Server, running, still, visit

# Words of two Latin letters or more in visible text, in names and in the title of the window, also in shadow trees and
# drawings; icons are drawn from ligatures, code is code. Gives pairs: where it stands, what it says.
ENGLISH = """() => {
  const found = [], word = /[A-Za-z]{2,}/, kept = "script, style, noscript, plaintext, code, pre";
  const names = ["aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "title", "placeholder", "alt", "data-title"];
  const note = (where, text) => { if (text && word.test(text)) found.push([where, text.trim()]); };
  const read = (root) => {
    const all = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (all.nextNode()) {
      const node = all.currentNode, place = node.parentElement;
      if (node.nodeType === Node.TEXT_NODE) {
        const icon = place && getComputedStyle(place).fontFamily.includes("Symbols");
        if (!icon && !place?.closest(kept)) note("", node.nodeValue);
      } else {
        if (node.shadowRoot) read(node.shadowRoot);
        for (const name of names) note(name, node.getAttribute(name));
      }
    }
  };
  read(document.body);
  note("window", document.title);
  return found;
}"""
PRODUCT_NAMES = (
    *("Streamlit", "SQL", "CSV", "JSON", "XLSX", "MB", "PNG", "SVG", "Word", "Excel", "YAML", "Ctrl", "Esc"),
    *("Chrome", "Edge", "Firefox", "Safari", "QQ", "JavaScript", "PDF", "JPG", "OFD", "DOCX", "DOC", "XLS"),
)


def english(page: Page) -> list[str]:
    """What a reader would still see or hear in English, product and format names apart."""
    left = []
    for where, text in page.evaluate(ENGLISH):
        rest = text
        for name in PRODUCT_NAMES:
            rest = rest.replace(name, "")
        if any(char.isascii() and char.isalpha() for char in rest):
            left.append(f"{where}: {text}" if where else text)
    return list(dict.fromkeys(left))


@pytest.fixture(scope="module")
def labels(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Someone at a page with one of each widget, and the toolbar that shows most of Streamlit's own words."""
    log = tmp_path_factory.mktemp("labels") / "app.log"
    entry = ROOT / "tests/browser/labels/app.py"
    with running(entry, log, "--client.toolbarMode", "viewer") as server, visit(chromium) as context:
        page = context.new_page()
        page.goto(server.url)
        expect(page.locator("h1")).to_have_text("控件")
        expect(page.get_by_test_id("stPlotlyChart")).to_be_attached()
        yield page


@pytest.fixture
def widgets(labels: Page) -> Iterator[Page]:
    """The page, which takes seconds to build, with nothing open; each test leaves it so."""
    yield labels
    for _ in range(2):
        labels.keyboard.press("Escape")
    labels.locator("h1").click()
    labels.mouse.move(0, 0)


def test_widgets_speak_chinese(widgets: Page) -> None:
    expect(widgets.get_by_test_id("stPlotlyChart").locator("svg").first).to_be_visible()
    assert widgets.evaluate("document.documentElement.lang") == "zh-CN"
    assert english(widgets) == []


@pytest.mark.parametrize("editable", [False, True], ids=["dataframe", "data_editor"])
def test_the_toolbar_of_a_table_speaks_chinese(widgets: Page, editable: bool) -> None:
    table = widgets.get_by_test_id("stDataFrame").nth(int(editable))
    table.hover()
    buttons = table.get_by_test_id("stElementToolbarButton").get_by_role("button")
    assert buttons.count() >= 4
    for button in buttons.all():
        button.hover()
        expect(widgets.get_by_test_id("stTooltipContent").first).to_be_visible()
        assert english(widgets) == []
    table.get_by_role("button", name="查找").click()
    expect(widgets.get_by_role("button", name="关闭查找").first).to_be_visible()
    assert english(widgets) == []


def test_the_column_menu_speaks_chinese(widgets: Page) -> None:
    canvas = widgets.get_by_test_id("stDataFrame").first.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    menu = widgets.get_by_test_id("stDataFrameColumnMenu")
    header_end = (box["x"] + box["width"] - 18, box["y"] + 17)  # the arrow is painted, not an element
    widgets.mouse.move(*header_end)
    still(widgets)
    widgets.mouse.click(*header_end)
    expect(menu).to_contain_text("升序")
    assert english(widgets) == []
    for item in ("格式", "统计"):
        if menu.get_by_text(item).count():
            menu.get_by_text(item).hover()
            still(widgets)
            assert english(widgets) == [], item


@pytest.mark.parametrize("name", ["单选", "多选"])
def test_choosing_speaks_chinese(widgets: Page, name: str) -> None:
    box = widgets.get_by_label(name, exact=True).first
    box.click()
    still(widgets)
    assert english(widgets) == []
    widgets.keyboard.type("找不到")
    still(widgets)
    assert english(widgets) == []


def test_dates_speak_chinese(widgets: Page) -> None:
    widgets.get_by_test_id("stDateInput").get_by_role("button").last.click()
    still(widgets)
    assert english(widgets) == []


@pytest.mark.parametrize("name", ["文字", "长文字", "数字"])
def test_typing_speaks_chinese(widgets: Page, name: str) -> None:
    widgets.get_by_label(name, exact=True).first.click()
    widgets.keyboard.type("1")
    still(widgets)
    assert english(widgets) == []


def test_dialogs_and_toasts_speak_chinese(widgets: Page) -> None:
    widgets.get_by_role("button", name="弹出").click()
    expect(widgets.get_by_role("dialog")).to_be_visible()
    assert english(widgets) == []
    widgets.get_by_role("dialog").get_by_role("button", name="关闭").click()
    widgets.get_by_role("button", name="提示").click()
    expect(widgets.get_by_test_id("stToast")).to_be_visible()
    assert english(widgets) == []


def test_the_menu_and_a_long_run_speak_chinese(widgets: Page) -> None:
    widgets.get_by_test_id("stMainMenu").get_by_role("button").click()
    expect(widgets.get_by_text("打印")).to_be_visible()
    assert english(widgets) == []
    widgets.keyboard.press("Escape")
    widgets.get_by_role("button", name="慢", exact=True).click()
    expect(widgets.get_by_text("停止")).to_be_visible()
    assert english(widgets) == []


def test_a_lost_server_is_reported_in_chinese(tmp_path: Path, page: Page) -> None:
    with running(ROOT / "app.py", tmp_path / "app.log", project=ROOT / "tests/projects/small") as server:
        page.goto(f"{server.url}/unit")
        expect(page.locator("h1")).to_be_visible()
        # everything the page needs has come before the server goes: the figure is the last
        expect(page.locator(".drawn svg").first).to_be_visible()
        page.wait_for_load_state("networkidle")
    expect(page.get_by_role("dialog")).to_contain_text("连接中断")
    assert english(page) == []


def test_the_sidebar_and_a_sentence_of_ours(server: Server, first_page: Page) -> None:
    """Only a whole label is replaced: data that merely contain such a word stay as they are."""
    page = first_page  # whether the sidebar is shut is remembered
    page.goto(server.url)
    expect(page.locator("h1")).to_be_visible()
    page.get_by_test_id("stSidebar").hover()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    still(page)
    page.get_by_role("button", name="展开侧边栏").hover()
    still(page)
    assert english(page) == []

    page.evaluate("""() => {
      document.body.insertAdjacentHTML("beforeend", "<p id=ours>Search 有限公司</p><pre id=code>Search</pre><p id=label>Search</p>");
    }""")
    expect(page.locator("#label")).to_have_text("查找")
    assert page.locator("#ours").inner_text() == "Search 有限公司"
    assert page.locator("#code").inner_text() == "Search"


@pytest.mark.parametrize("path", ["/plain", "/plain?period=2023"])
def test_the_plain_page_speaks_chinese(server: Server, page: Page, path: str) -> None:
    page.goto(server.url + path)
    expect(page.get_by_role("table")).to_have_count(2)
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert english(page) == []


def test_an_old_browser_is_spoken_to_in_chinese(server: Server, page: Page) -> None:
    page.add_init_script("delete Object.hasOwn")
    page.goto(server.url)
    expect(page.locator("h1")).to_have_text("这个浏览器太旧，打不开看板")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    assert english(page) == []


def test_nothing_is_overlooked(server: Server, page: Page) -> None:
    """English wherever a reader might meet it, so that the other tests can fail."""
    page.goto(f"{server.url}/plain")
    page.evaluate("""() => {
      document.body.insertAdjacentHTML("beforeend", `<p>plain text</p><img alt="of an image"><b title="of a tooltip"></b>
        <svg aria-label="of a drawing"><text>in a drawing</text></svg><input placeholder="to be typed"><div id=host></div>
        <pre>code</pre><p>导出 Excel</p>`);
      const shadow = document.getElementById("host").attachShadow({mode: "open"});
      shadow.innerHTML = `<p aria-label="of a shadow">in a shadow</p>loose`;
      document.title = "of a window";
    }""")
    assert sorted(english(page)) == [
        "alt: of an image", "aria-label: of a drawing", "aria-label: of a shadow", "in a drawing", "in a shadow", "loose",
        "placeholder: to be typed", "plain text", "title: of a tooltip", "window: of a window",
    ]  # fmt: skip
