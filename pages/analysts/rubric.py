"""办法."""

import streamlit as st

from pages.ui.guard import require_shell

require_shell()
st.title("办法")
