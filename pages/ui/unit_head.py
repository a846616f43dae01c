"""Of one unit what stands on top wherever it is shown: place, total, grade, the sentence, what follows. Reckons nothing."""

from __future__ import annotations

import streamlit as st

from pages.ui import drawn_table, served, tables, words
from scoring.engine import Assessment
from scoring.engine.explain import place_sentence
from scoring.engine.followed import following
from scoring.engine.summed import sum_rows


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
    """The way to what sets it apart from the one above; the first has nobody above."""
    row = result.one("ranking", unit=unit)
    above = [one for one in result.rows("ranking", group=row["group"]) if one["place"] is not None] if row else []
    above = [one for one in above if row["place"] is not None and one["place"] < row["place"]]
    if not above:
        return
    next_up = max(above, key=lambda one: one["place"])
    title = result.rubric.register.title(next_up["unit"])
    query = {"group": result.rubric.groups[row["group"]].title, "ahead": next_up["unit"], "behind": unit}
    st.page_link("analysts/gap.py", label=f"与前面的{title}逐条比，差在哪里", icon=":material/straighten:", query_params=query)
