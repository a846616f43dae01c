"""Entry: `streamlit run app.py`. Names pages/shell.py as the script that every visit passes through."""

import os

# Before numpy is imported: its spinning threads starve the other sessions.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import streamlit as st

from pages.ui import server

app = st.App(
    "pages/shell.py",
    routes=server.routes(),
    middleware=server.middleware(),
    lifespan=server.warm,
    on_script_error=server.show_fault,
)
