"""名次有多稳: how sure the places are, which points they depend on, what each item really counts for."""

import streamlit as st

from pages.ui import certainty_basis, certainty_places, certainty_points, state, states
from pages.ui.guard import require_shell

VIEWS = {
    "名次": certainty_places.show,
    "哪项分值最要紧": certainty_points.what_matters,
    "名义和实际作用": certainty_points.what_counts,
}

require_shell()
st.title("名次有多稳")
project, result = states.assessed()
studied = certainty_basis.studied(project, result)
left, right, _ = st.columns([1, 1.6, 1.4])
with left:
    group = state.pick_group(studied.result)
with right:
    view = state.pick_view(list(VIEWS), "view")
VIEWS[view](studied, group)
