"""Entry of a page with a fault of ours in it."""

import streamlit as st

from pages.ui import server

app = st.App("fault.py", on_script_error=server.show_fault)
