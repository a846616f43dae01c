"""/plain, and what a browser gets that cannot run the pages. Places by hand: tests/projects/small/README.md."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from streamlit import config
from streamlit.testing.v1 import AppTest

from pages.ui import chinese, old_browser, plain, served
from pages.ui.navigation import PAGES
from pages.ui.server import SECURITY_HEADERS
from scoring.issues import errors
from scoring.reports.plain_page import Link, PlainPage, Table, html
from tests.browser.conftest import ROOT, Server, quiet
from tests.browser.test_accessibility import serious
from tests.browser.test_pages import settled

PROJECTS = ROOT / "tests" / "projects"
RANKING = next(entry for entry in PAGES if entry.address == "ranking")
TABLE_HEAD = ["名次", "单位", "总分", "等次", "状态"]


class Read(HTMLParser):
    """A document as a reader without CSS has it: its tags, its text, its tables."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.feed(document)

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")

    def handle_data(self, data: str) -> None:
        if not data.strip() or self.tags[-1][0] == "style":
            return
        self.texts.append(data.strip())
        if self.tags[-1][0] in ("td", "th"):
            self.tables[-1][-1][-1] += data.strip()


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """`show(project, period)`: the plain page of a project without records."""

    def of(project: Path = ROOT, period: str | None = None) -> Read:
        monkeypatch.setenv("SCORING_PROJECT", str(project))
        monkeypatch.setenv("SCORING_DATABASE", "无")
        return Read(plain.page(period))

    return of


def ranking_page(**address: str) -> AppTest:
    """排名, of the project that `show` has shown."""
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=120)
    app.switch_page(RANKING.script)
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def test_places_totals_and_grades_as_reckoned_by_hand(show) -> None:
    page = show(PROJECTS / "small", "2024")
    county, department = page.tables
    assert county == [
        TABLE_HEAD,
        ["1", "乙县", "91.50", "优秀", "已定"],
        ["2", "丙区", "60.00", "合格", "已定"],
        ["3", "甲县", "57.25", "不合格", "已定"],
    ]
    assert department == [TABLE_HEAD, ["1", "市文旅局", "40.00", "不合格", "已定"], ["2", "市公安局", "38.00", "不合格", "已定"]]
    assert "2024年考核　数据截至 2025年1月20日　依据《小城双打考核办法（测试）》2024版" in page.text
    assert "示例　小城和各单位均为虚构，数据为演示编造。" in page.text


@pytest.mark.parametrize("period", ["2024", "2023"])
def test_it_says_what_the_ranking_page_says(show, period: str) -> None:
    """Ties, 暂缺 with its range, 暂定 and open quotas are all there in the demo city of 2024."""
    page, states = show(ROOT, period), ""
    for shown, group in zip(page.tables, ("县区", "成员单位"), strict=True):
        app = ranking_page(period=period, group=group)
        table = app.main.get("dataframe")[0].value
        cells = [[*row[:3], "、".join(row[3]), row[4]] for row in table[TABLE_HEAD].itertuples(index=False)]
        assert shown[1:] == [[str(cell).strip() for cell in row] for row in cells]
        states += "".join(row[4] for row in shown)
        counted = app.main.get("markdown")[2].value.split(":gray[")[0].strip()
        assert counted.startswith("共 ") and counted in page.text
    if period == "2024":
        assert all(word in states for word in ("并列", "暂缺：", "分，第 5–12 名", "暂定：补齐后", "等次名额未定"))


def test_nothing_of_single_indicators_is_told(show) -> None:
    text = show(ROOT, "2024").text
    rubric = served.project().edition("2024")
    titles = [one.title for one in rubric.indicators.values()] + [rubric.path(node.section.code) for node in rubric.nodes()]
    assert len(titles) > 20 and [title for title in titles if title in text] == []


def test_the_result_is_the_one_the_pages_have(show) -> None:
    show(ROOT)
    assert served.assessment_of("2024") is served.assessment()


@pytest.mark.parametrize("project", ["broken_rubric", "no_data"])
def test_the_odd_states_in_the_words_of_the_pages(show, project: str) -> None:
    page = show(PROJECTS / project)
    app = ranking_page()
    (told,) = [one.value for kind in ("error", "info") for one in app.main.get(kind)]
    assert told in page.text
    assert page.tables == []
    problems = errors(served.project().issues)
    assert bool(problems) is (project == "broken_rubric")
    for issue in problems:
        assert f"{issue.file}:{issue.line}: " in page.text
        assert issue.problem in page.text and issue.fix in page.text


def test_an_unknown_period_is_said_and_the_newest_shown(show) -> None:
    page = show(ROOT, '1999"><script>')
    assert "链接里的考核期“1999\"><script>”不在可选的考核期之内，现在显示的是 2024 年。" in page.text
    assert "script" not in [tag for tag, _ in page.tags]
    assert page.tables == show(ROOT, "2024").tables == show(ROOT).tables
    warning = ranking_page(period="1999").main.get("warning")[0].value
    assert warning in show(ROOT, "1999").text


def test_every_text_is_escaped() -> None:
    evil = '<b onclick="x">&amp;\'</b>'
    table = Table(evil, evil, evil, [evil], [[evil]])
    page = PlainPage(evil, evil, evil, evil, (Link(evil, evil), Link(evil, None)), evil, (evil,), (evil,), (evil,), (evil, (evil,)),
                     (table,), evil, evil, Link(evil, evil))  # fmt: skip
    read = Read(html(page))
    assert [attributes for _, attributes in read.tags if "onclick" in attributes] == []
    assert read.text.count(evil) == 20
    assert [attributes["href"] for tag, attributes in read.tags if tag == "a"] == [evil, evil]


def test_it_is_for_browsers_of_2012(show) -> None:
    """HTML 5 without scripts; CSS 2.1, @media print, and the few selectors every browser of then knows."""
    for page in (show(ROOT), show(PROJECTS / "broken_rubric"), show(PROJECTS / "no_data")):
        tags = {tag for tag, _ in page.tags}
        assert tags <= {*("html", "head", "meta", "title", "style", "body", "div", "h1", "h2", "p", "a", "b", "ol", "ul", "li"),
                        *("table", "caption", "thead", "tbody", "tr", "th", "td")}  # fmt: skip
    document = plain.page(None)
    assert document.startswith("<!DOCTYPE html>\n<html lang=\"zh-CN\">") and '<meta charset="utf-8">' in document
    style = document.split("<style>")[1].split("</style>")[0]
    assert not re.search(r"flex|grid|var\(|calc\(|\bgap\b|rem\b|:is\(|:has\(|url\(|@import", style)


def test_tables_have_captions_and_scopes(show) -> None:
    tags = show(ROOT).tags
    assert sum(tag == "caption" for tag, _ in tags) == 2
    assert {attributes.get("scope") for tag, attributes in tags if tag == "th"} == {"col", "row"}


def test_on_this_machine_only(server: Server, show) -> None:
    show(PROJECTS / "small")

    def status(**headers: str) -> tuple[int, str]:
        request = urllib.request.Request(f"{server.url}/plain", headers={k.replace("_", "-"): v for k, v in headers.items()})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    assert status()[0] == 200
    for headers in ({"Host": "town.example"}, {"X_Forwarded_For": "10.0.0.7"}, {"Forwarded": "for=10.0.0.7"}):
        code, body = status(**headers)
        assert code == 403 and "简版只能在本机使用" in body and "<table" not in body
    before = config.get_option("server.address")
    try:
        config.set_option("server.address", "0.0.0.0")
        assert not plain.local("localhost", False)
    finally:
        config.set_option("server.address", before)
    assert plain.local("localhost", False)


def test_the_headers_are_those_of_the_pages(server: Server) -> None:
    status, headers, body = server.get("/plain")
    assert status == 200 and "<table" in body
    assert headers["content-type"] == "text/html; charset=utf-8" and headers["cache-control"] == "no-cache"
    assert {name: headers[name.lower()] for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert server.get("/plain", "POST")[0] == 405


def test_it_leads_to_other_periods_and_to_the_pages_and_prints(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/plain")
    expect(page.get_by_role("heading", level=1)).to_have_text("2024年排名")
    assert asked == [f"{server.url}/plain"], "nothing is fetched"
    page.get_by_role("link", name="2023年").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2023年排名")
    assert page.get_by_role("link", name="完整的看板").get_attribute("href") == "./?period=2023"
    page.emulate_media(media="print")
    expect(page.get_by_role("link")).to_have_count(0)
    expect(page.get_by_role("table")).to_have_count(2)
    context.close()


# --- a browser that cannot run the pages ------------------------------------------------------

# What has come to JavaScript since Chrome 94, taken away again.
SINCE_94 = """
for (const [home, names] of [
  [window, "structuredClone Iterator navigation scheduler Float16Array"],
  [AbortSignal, "timeout any"], [AbortSignal.prototype, "throwIfAborted"],
  [Promise, "withResolvers try"], [Object, "groupBy"], [Map, "groupBy"], [RegExp, "escape"], [URL, "canParse parse"],
  [Array, "fromAsync"], [Array.prototype, "findLast findLastIndex toSorted toReversed toSpliced with"],
  [Object.getPrototypeOf(Int8Array.prototype), "findLast findLastIndex toSorted toReversed with"],
  [Set.prototype, "union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom"],
  [Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())), "map filter take drop flatMap reduce toArray forEach some every find"],
  [String.prototype, "isWellFormed toWellFormed"], [Intl, "DurationFormat"],
  [Element.prototype, "checkVisibility setHTMLUnsafe"], [HTMLElement.prototype, "showPopover togglePopover"],
  [Document.prototype, "startViewTransition"],
]) for (const name of names.split(" ")) delete home[name];
{
  const given = RegExp, refuse = (flags) => { if (String(flags).includes("v")) throw new SyntaxError("Invalid flags"); };
  window.RegExp = new Proxy(given, {
    construct(target, args, made) { refuse(args[1]); return Reflect.construct(target, args, made === window.RegExp ? target : made); },
    apply(target, self, args) { refuse(args[1]); return Reflect.apply(target, self, args); },
  });
}
"""
NO_STATIC_BLOCKS = "Function = new Proxy(Function, {construct() { throw new SyntaxError('Unexpected token {'); }});"


@pytest.mark.parametrize(
    "missing",
    ["delete Object.hasOwn", "delete Array.prototype.at", NO_STATIC_BLOCKS],
    ids=["hasOwn", "at", "static blocks"],
)
def test_an_old_browser_is_told_so_and_led_to_the_plain_page(server: Server, page: Page, missing: str) -> None:
    asked: list[str] = []
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.add_init_script(missing)
    page.goto(f"{server.url}/shortfalls?group=县区&period=2023")
    expect(page.get_by_role("heading", level=1)).to_have_text("这个浏览器太旧，打不开看板")
    expect(page.get_by_text("360、QQ、搜狗等浏览器请先切换到“极速模式”")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert page.locator("#root").count() == 0 and asked == [], "the pages do not even start"
    assert serious(page) == []
    page.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2023年排名")


def test_chrome_94_is_lent_what_it_lacks(server: Server, page: Page) -> None:
    page.add_init_script(SINCE_94)
    with quiet(page, server):
        page.goto(f"{server.url}/ranking")
        settled(page, "排名")
        page.get_by_text("成员单位", exact=True).first.click()
        expect(page).to_have_url(re.compile("group="))
        settled(page, "排名")
        for address, title in (("unit", "单位"), ("lab", "权重实验室")):
            page.goto(f"{server.url}/{address}?period=2023")
            settled(page, title)
            expect(page.get_by_role("combobox", name="考核期")).to_have_value("2023")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("[3, 1, 2].toSorted().concat([3, 1, 2].toSorted((a, b) => b - a))") == [1, 2, 3, 3, 2, 1]
    assert page.evaluate("[new RegExp('a', 'gv').flags, RegExp('a').test('a'), new RegExp(/b/g).flags, /a/ instanceof RegExp]") == [
        "gu", True, "g", True,
    ]  # fmt: skip


def test_a_good_browser_is_left_alone(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/ranking")
    settled(page, "排名")
    assert page.evaluate("[new RegExp('a', 'v').flags, /native code/.test([].toSorted), /native code/.test(RegExp)]") == ["v", True, True]
    assert page.evaluate("window.RegExp === /a/.constructor")


def test_a_stricter_house_does_not_make_a_browser_old(server: Server, page: Page) -> None:
    """A proxy may forbid `new Function`: that says nothing of the browser."""

    def stricter(route: Route) -> None:
        answer = route.fetch()
        policy = SECURITY_HEADERS["Content-Security-Policy"].replace(" 'unsafe-eval'", "")
        route.fulfill(response=answer, headers=answer.headers | {"content-security-policy": policy})

    page.route(f"{server.url}/drafts", stricter)
    page.goto(f"{server.url}/drafts")
    expect(page.get_by_text("跳到正文")).to_be_attached()  # Streamlit has begun; its socket does not take a page from a test
    assert "太旧" not in page.locator("body").inner_text()


def test_without_scripts(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("浏览器没有启用脚本")
    page.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2024年排名")
    context.close()


def test_the_test_of_the_browser_comes_first_and_is_read_by_all() -> None:
    """ES5 at most: one newer word, and an old browser would not run it at all."""
    frame = chinese.frame()
    assert frame.index("<script") == frame.index(old_browser.script()) == frame.index("<head>") + len("<head>")
    body = old_browser.script().removeprefix("<script>").removesuffix("</script>")
    code = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', body)  # what stands in quotes is only tried or shown
    assert code.count('"') < body.count('"') and "<" not in code
    newer = r"=>|`|\.\.\.|\?\.|\?\?|\*\*|\b(?:let|const|class|of|async|await|yield|import|export|super)\b|function\s*\*"
    assert re.findall(newer, code) == []
    assert not re.search(r"[{,]\s*\w+\s*\([^)]*\)\s*\{", code), "methods are written as functions"
    assert not re.search(r",\s*[)\]}]", code), "no trailing commas"
