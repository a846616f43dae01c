"""The frame of every page: settings, who is looking, which period, navigation by audience."""

import streamlit as st

from pages.ui import chinese, guard, identity, navigation, served, state

st.set_page_config(navigation.NAME, navigation.ICON, layout="wide", initial_sidebar_state="auto")
st.logo(navigation.LOGO, size="large")
st.html(
    "<style>[data-testid=stCaptionContainer]{opacity:.85}"  # 0.6 is too pale for a projector
    "[data-testid=stSidebarContent]{display:flex;flex-direction:column}"
    "[data-testid=stSidebarNav]{order:1}"  # below the pickers: whose view and which year come first, however many pages
    "[data-testid=stSidebarUserContent]{padding-block:0 .75rem}[data-testid=stSidebarNavSeparator]{display:none}"
    "[data-testid=stSidebar] [data-testid=stVerticalBlock]{gap:.5rem}"
    "[data-testid=stSidebarNavLinkContainer]{margin-block:0;padding-block:0}"
    "[data-testid=stSidebarNavLink]{padding-block:0;margin-block:.06rem;line-height:1.5rem}"
    "[data-testid=stSidebarNavItems] header,[data-testid=stNavSectionHeader]{padding-top:.1rem;margin-top:.1rem}</style>"
)

chosen = st.navigation(navigation.for_audience(identity.audience()), expanded=True)  # all pages, however many

with served.one_look():
    project = served.project()
    with st.sidebar:
        with st.container(horizontal=True, gap="xsmall"):
            state.pick_period(chosen.url_path)
            role = identity.pick_role(project)
        identity.pick(project, role)
        chinese.speak()
    if project.office is not None and project.office.sample:
        day = project.office.today
        today = f"演示日期当作 {day.year}年{day.month}月{day.day}日。" if day else ""
        st.markdown(f":orange-badge[示例] :gray[{project.office.city}和各单位均为虚构，数据为演示编造。{today}]")

    state.arrive(chosen.url_path)
    with guard.shell():
        chosen.run()
