"""工作台: one block of it: a heading with its count, at most five lines, where it is done. Draws; knows nothing of the matter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from scoring.access import Act, Actor, may

MOST = 5
SIGNS = {"red": "✕", "orange": "△", "gray": "…"}


@dataclass(frozen=True)
class Way:
    """The page where it is done; `act`: who may not do it sees no link."""

    title: str
    script: str
    act: Act
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """`lines` in Markdown, the most urgent first. `calm`: what is said where there are none. `absent`: why nothing can be
    said at all. `more`: a remark below the lines."""

    title: str
    count: int = 0
    unit: str = "件"
    lines: Sequence[str] = ()
    ways: Sequence[Way] = ()
    colour: str = "orange"
    calm: str = ""
    absent: str = ""
    more: str = ""


def show(block: Block, actor: Actor) -> None:
    """In a frame as high as its neighbours."""
    with st.container(border=True, height="stretch", gap="small"):
        heading(block)
        body(block)
        ways(block.ways, actor)


def heading(block: Block) -> None:
    """要催的 ✕ 28 份; ✓ 没有 where there is nothing."""
    if block.absent:
        badge = ""
    elif block.count:
        badge = f"　:{block.colour}-badge[{SIGNS[block.colour]} {block.count} {block.unit}]"
    else:
        badge = "　:green-badge[✓ 没有]"
    with st.container(horizontal=True):  # without the space above that a heading in a text has
        st.subheader(f"{block.title}{badge}", anchor=False)


def body(block: Block) -> None:
    if block.absent:
        st.markdown(f":gray[{block.absent}]")
        return
    lines = list(block.lines)
    shown = lines if len(lines) <= MOST else lines[: MOST - 1]
    if shown:
        rest = [f":gray[另有 {len(lines) - len(shown)} 条]"] if len(lines) > len(shown) else []
        st.markdown("\n".join(f"- {line}" for line in [*shown, *rest]))
    elif block.calm:
        st.markdown(block.calm)
    if block.more:
        st.markdown(f":gray[{block.more}]")


def ways(listed: Sequence[Way], actor: Actor) -> None:
    """Links to the pages that this visitor may use."""
    found = [one for one in listed if may(actor, one.act)]
    if found:
        with st.container(horizontal=True):
            for one in found:
                st.page_link(
                    one.script, label=f"去“{one.title}”", icon=":material/arrow_forward:", query_params=dict(one.query)
                )
