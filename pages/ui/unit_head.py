"""Of one unit what stands on top wherever it is shown: place, total, grade, the sentence, what follows. Reckons nothing."""

from __future__ import annotations

import streamlit as st

from pages.ui import drawn_table, served, tables, words
from scoring.engine import Assessment
from scoring.engine.explain import place_sentence
from scoring.engine.followed import following
from scoring.engine.summed import sum_rows

LINKED = 2  # units of one place


def show(result: Assessment, unit: str) -> str:
    """Gives the unit's title."""
    row, title = result.one("ranking", unit=unit), result.rubric.register.title(unit)
    tables.headline(result, row)
    st.markdown(f"**{title}**：{place_sentence(result, row)}")
    if followed := following(result, unit):
        st.markdown(f"**结果运用**　{words.plain(followed)}。")
    return title


def sums(result: Assessment, unit: str) -> None:
    """How the total comes about, line by line; the last line is the total."""
    parts = served.kept(f"sums {unit}", lambda: words.sum_parts(sum_rows(result, unit)))
    rows = [(what, amount.replace(" ", "\u00a0")) for what, amount in parts]  # a range stays on its line
    drawn_table.show(("项目", "分"), rows, "总分怎么来", f"sums_{unit}", ("分",), total=True)


def compared(result: Assessment, unit: str) -> None:
    """The ways to what sets it apart from those of the same place and of the place above; at most two of each."""
    row = result.one("ranking", unit=unit)
    if row is None or row["place"] is None:
        return
    others = [one for one in result.rows("ranking", group=row["group"]) if one["place"] is not None and one["unit"] != unit]
    above = max((one["place"] for one in others if one["place"] < row["place"]), default=None)
    tied = [one["unit"] for one in others if one["place"] == row["place"]]
    next_up = [one["unit"] for one in others if one["place"] == above]
    listed = [*(("并列", one) for one in tied[:LINKED]), *(("前面", one) for one in next_up[:LINKED])]
    if not listed:
        return
    with st.container(horizontal=True):
        for where, other in listed:
            query = {"group": result.rubric.groups[row["group"]].title, "ahead": other, "behind": unit}
            label = f"与{where}的{result.rubric.register.title(other)}逐条比，差在哪里"
            st.page_link("analysts/gap.py", label=label, icon=":material/straighten:", query_params=query)
