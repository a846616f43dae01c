"""Fails after it has begun."""

import streamlit as st

from pages.ui import chinese

chinese.speak()
st.title("有错的页")
raise ValueError("secret detail")
