"""The frame of every page: settings, who is looking, which period, navigation by audience."""

import streamlit as st

from pages.ui import chinese, guard, identity, look, navigation, served, state, words

st.set_page_config(navigation.NAME, navigation.ICON, layout="wide", initial_sidebar_state="auto")
st.logo(navigation.LOGO, size="large")
st.html(look.STYLE)

chosen = st.navigation(navigation.for_audience(identity.audience()), expanded=True)  # all pages, however many

with served.one_look():
    project = served.project()
    with st.sidebar:
        with st.container(horizontal=True, gap="xsmall"):
            state.pick_period(chosen.url_path)
            role = identity.pick_role(project)
        identity.pick(project, role)
        chinese.speak()
    if project.office is not None and (told := words.sample_told(project.office)):
        st.markdown(f":orange-badge[示例] :gray[{told}]")

    state.arrive(chosen.url_path)
    with guard.shell():
        chosen.run()
