"""影响省对市: what each county and member unit costs the city where the province scores the city itself."""

import streamlit as st

from pages.ui import influence, states
from pages.ui.guard import require_shell

require_shell()
st.title("影响省对市")
project, result = states.assessed()
influence.show(project, result)
