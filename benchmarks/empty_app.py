"""One title, one slider: what Streamlit itself costs; benchmarks/pages.py measures it beside the product's pages."""

import streamlit as st

st.title(f"空页 {st.session_state.get('number', 0)}")
st.slider("数", 0, 1000, key="number")
