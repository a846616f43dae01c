"""Of one unit what stands on top wherever it is shown: place, total, grade, the sentence, what follows. Reckons nothing."""

from __future__ import annotations

import streamlit as st

from pages.ui import tables, words
from scoring.engine import Assessment
from scoring.engine.explain import place_sentence
from scoring.engine.followed import following


def show(result: Assessment, unit: str) -> str:
    """Gives the unit's title."""
    row, title = result.one("ranking", unit=unit), result.rubric.register.title(unit)
    tables.headline(result, row)
    st.markdown(f"**{title}**：{place_sentence(result, row)}")
    if followed := following(result, unit):
        st.markdown(f"**结果运用**　{words.plain(followed)}。")
    return title
