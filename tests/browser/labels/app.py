"""Entry of a page that holds one of each widget, without our frame: only `chinese.speak()` translates it."""

import streamlit as st

app = st.App("widgets.py")
