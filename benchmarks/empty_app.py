"""What Streamlit itself costs: a slider, and twenty pages of which one has a table; benchmarks/pages.py measures it
beside the product's pages. No rubric, no data, nothing of the product."""

import pandas as pd
import streamlit as st


def slider() -> None:
    st.title(f"空页 {st.session_state.get('number', 0)}")
    st.slider("数", 0, 1000, key="number")


def table() -> None:
    st.title("表页")
    st.dataframe(pd.DataFrame({f"第 {column} 列": [f"第 {row} 行" for row in range(30)] for column in range(9)}), hide_index=True)


def title() -> None:
    st.title("只有标题")


pages = [st.Page(slider, title="空页"), st.Page(table, title="表页")]
pages += [st.Page(title, title=f"第 {number} 页", url_path=f"page_{number}") for number in range(18)]
st.navigation(pages, expanded=True).run()
