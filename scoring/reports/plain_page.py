"""A page of plain HTML: no script, nothing fetched, readable by a browser of 2012 and on paper. Knows text; computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_STYLE = """
body { font: 16px/1.6 "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "SimSun", sans-serif;
  color: #1f2a37; background: #fff; max-width: 960px; margin: 0 auto; padding: 16px; }
h1 { font-size: 24px; line-height: 1.3; margin: 8px 0; }
h2 { font-size: 19px; margin: 28px 0 4px; }
p, ul, ol { margin: 6px 0; }
a { color: #1d5a96; }
table { border-collapse: collapse; width: 100%; margin: 8px 0 16px; }
caption { text-align: left; font-size: 14px; color: #4a5665; padding: 4px 0; }
th, td { border: 1px solid #b9c4d0; padding: 4px 8px; text-align: left; font-weight: normal; vertical-align: top; }
thead th { background: #eaf0f6; font-weight: bold; }
td { white-space: nowrap; }
td:last-child { white-space: normal; }
tbody th { min-width: 5em; }
.figure { text-align: right; }
.sample { border: 1px solid #b54708; color: #8a3605; padding: 4px 10px; }
.alert { border-left: 4px solid #b54708; background: #fdf3ea; padding: 6px 12px; }
.small { font-size: 14px; color: #4a5665; }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  .screen { display: none; }
  thead { display: table-header-group; }
  tr, caption { page-break-inside: avoid; }
  h2, caption { page-break-after: avoid; }
}
@page { margin: 18mm 16mm; }
"""


@dataclass(frozen=True)
class Table:
    """`names`: the column that says what a row is about, from 0. `figures`: columns set to the right."""

    title: str
    caption: str
    told: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    names: int = 0
    figures: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Link:
    """`address` is ours, never typed by anybody; None: the page one is on."""

    text: str
    address: str | None


@dataclass(frozen=True)
class PlainPage:
    """What stands on the page, from top to bottom; whatever is empty is left out."""

    title: str
    heading: str
    issuer: str = ""
    sample: str = ""  # what is invented, for a demo city
    links: tuple[Link, ...] = ()
    basis: str = ""
    alerts: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()  # what to do, in order
    items: tuple[str, ...] = ()  # one by one, such as what is wrong
    more: tuple[str, tuple[str, ...]] = ("", ())  # a heading and what stands below it
    tables: tuple[Table, ...] = ()
    legend: str = ""
    about: str = ""
    leave: Link | None = None


def html(page: PlainPage) -> str:
    """The whole document, HTML5 in UTF-8. Every text is escaped."""
    links = "　".join(_link(one) for one in page.links)
    parts = [
        _paragraph(page.issuer, "small"),
        f"<h1>{escape(page.heading)}</h1>",
        _paragraph(page.sample, "sample"),
        f'<p class="screen">{links}</p>' if links else "",
        _paragraph(page.basis),
        *(_paragraph(one, "alert") for one in page.alerts),
        _list("ol", page.steps),
        _list("ul", page.items),
        *([f"<h2>{escape(page.more[0])}</h2>", _list("ul", page.more[1])] if page.more[1] else []),
        *(_table(one) for one in page.tables),
        _paragraph(page.legend, "small"),
        _about(page),
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(page.title)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f'<body>\n<div role="main">\n{body}\n</div>\n</body>\n</html>\n'
    )


def _paragraph(text: str, kind: str = "") -> str:
    told = f' class="{kind}"' if kind else ""
    return f"<p{told}>{escape(text)}</p>" if text else ""


def _list(kind: str, texts: Iterable[str]) -> str:
    items = "\n".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<{kind}>\n{items}\n</{kind}>" if items else ""


def _link(link: Link) -> str:
    if link.address is None:
        return f"<b>{escape(link.text)}</b>"
    return f'<a href="{escape(link.address)}">{escape(link.text)}</a>'


def _about(page: PlainPage) -> str:
    leave = _link(page.leave) if page.leave is not None else ""
    return f'<p class="small screen">{escape(page.about)}{leave}</p>' if page.about or leave else ""


def _table(table: Table) -> str:
    """Heading, what is said of it, and the table with its caption and the scope of its headers."""
    head = "".join(_cell(table, column, text, head=True) for column, text in enumerate(table.head))
    rows = "\n".join(
        f"<tr>{''.join(_cell(table, column, text) for column, text in enumerate(row))}</tr>" for row in table.rows
    )
    return (
        f"<h2>{escape(table.title)}</h2>\n{_paragraph(table.told)}\n<table>\n<caption>{escape(table.caption)}</caption>\n"
        f"<thead>\n<tr>{head}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>"
    )


def _cell(table: Table, column: int, text: str, head: bool = False) -> str:
    figure = ' class="figure"' if column in table.figures else ""
    if head:
        return f'<th scope="col"{figure}>{escape(text)}</th>'
    if column == table.names:
        return f'<th scope="row"{figure}>{escape(text)}</th>'
    return f"<td{figure}>{escape(text)}</td>"
