"""排名: what each total is made of, and the way from last year's places, as drawings whose parts lead on. Reckons nothing."""

from __future__ import annotations

from html import escape

import streamlit as st

from pages.ui import drawn, exports, served, state, words
from pages.ui.words import Row
from scoring.access import Actor, may
from scoring.calendar import label_words
from scoring.engine import Assessment
from scoring.reports.composition import Stack, colours, legend, stacks
from scoring.reports.slope import Line, slope
from scoring.reports.stacked_picture import LINE, stacked

TALLEST = 60  # bars; more are a table
_KEY = """<style>.key{display:inline-block;margin:0 1.2em .35em 0;font-size:.87rem;white-space:nowrap}
.key i{display:inline-block;box-sizing:border-box;width:.85em;height:.85em;margin-right:.45em;vertical-align:-.06em}</style>"""


def composition(result: Assessment, rows: list[Row], actor: Actor) -> None:
    """One bar per unit in the order of the ranking. Sections of a unit only for who may see them."""
    group = rows[0]["group"]
    rows, left_out = rows[:TALLEST], len(rows) - TALLEST

    def opened(unit: str) -> bool:
        return may(actor, "see_scores", unit)

    def to(unit: str, section: str) -> str:
        return drawn.address("unit", {"unit": unit, **({"section": section} if section else {})})

    def told(row: Row) -> str:
        return f"{words.span(row['total_low'], row['total_high'])}　{words.place(row)}"

    title = f"{result.rubric.groups[group].title}总分组成"
    palette, theme = colours(result, group), state.theme()

    def picture() -> str:
        found = stacks(result, rows, opened, told, to)
        return _legend(found, palette, theme) + stacked(found, palette, title, theme)

    drawn.show(served.kept(f"composition {group} {actor.role} {actor.unit} {theme}", picture), f"composition_{group}")
    if left_out > 0:
        st.caption(f"图中只画前 {TALLEST} 个单位，全部 {len(rows) + left_out} 个单位在上面的表里。")

    def on_paper() -> str:
        return stacked(stacks(result, rows, opened, told, lambda unit, section: ""), palette, title, "light")

    exports.pictures(f"{title}_{result.period.label}年", result.as_of, on_paper)


def _legend(found: list[Stack], palette: dict[str, str], theme: str) -> str:
    swatches = []
    for name, colour, kind in legend(found, palette):
        style = {
            "open": f"border:1px solid {LINE[theme]};background:repeating-linear-gradient(135deg,{LINE[theme]} 0 1px,transparent 1px 4px)",
            "lost": f"border:1px solid {LINE[theme]}",
        }.get(kind, f"background:{colour}")
        swatches.append(f'<span class="key"><i style="{style}"></i>{escape(name)}</span>')
    return f"{_KEY}<div>{''.join(swatches)}</div>"


def last_year(result: Assessment, rows: list[Row]) -> None:
    """From last year's place to this year's, for who has both."""
    if result.previous is None or all(None in (row["previous_place"], row["place"]) for row in rows):
        st.info("没有上年的名次可比。", icon=":material/info:")
        return
    heads = label_words(result.previous.period.label), label_words(result.period.label)
    known = [row for row in rows if None not in (row["previous_place"], row["place"])]
    known.sort(key=lambda row: -abs(row["previous_place"] - row["place"]))
    shown = {row["unit"] for row in known[:TALLEST]}
    lines = [_line(result, row, linked=True) for row in rows if row["unit"] in shown]
    drawn.show(slope(lines, heads, state.theme()), f"slope_{rows[0]['group']}")
    told = ["名次是各年按当时施行的办法排的" + ("，两年的办法不同。" if result.edition_changed else "。")]
    without = [result.rubric.register.title(row["unit"]) for row in rows if row["unit"] not in {one["unit"] for one in known}]
    told += [f"缺上年或今年名次的没有画：{'、'.join(without[:8])}{'等' if len(without) > 8 else ''}。"] if without else []
    st.caption("".join(told))
    title = f"{result.rubric.groups[rows[0]['group']].title}名次对比_{result.previous.period.label}至{result.period.label}年"

    def on_paper() -> str:
        return slope([_line(result, row, linked=False) for row in rows if row["unit"] in shown], heads, "light")

    exports.pictures(title, result.as_of, on_paper)


def _line(result: Assessment, row: Row, linked: bool) -> Line:
    unit, before = row["unit"], row["previous_total"]
    totals = (words.span(before, before) if before is not None else "—", words.short_total(row))
    link = drawn.address("unit", {"unit": unit}) if linked else ""
    return Line(result.rubric.register.title(unit), (row["previous_place"], row["place"]), totals, link)
