"""What the theme cannot say of the frame: distances, order, narrow screens. One style sheet; knows Streamlit's marks, no page."""

from __future__ import annotations

STYLE = """<style>
[data-testid=stCaptionContainer]{opacity:.85} /* 0.6 is too pale for a projector */
[data-testid=stSidebarContent]{display:flex;flex-direction:column}
[data-testid=stSidebarNav]{order:1} /* below the pickers: whose view and which year come first, however many pages */
[data-testid=stSidebarUserContent]{padding-block:0 .75rem}
[data-testid=stSidebarNavSeparator]{display:none}
[data-testid=stSidebar] [data-testid=stVerticalBlock]{gap:.5rem}
[data-testid=stSidebarNavLinkContainer]{margin-block:0;padding-block:0}
[data-testid=stSidebarNavLink]{padding-block:0;margin-block:.06rem;line-height:1.5rem}
[data-testid=stSidebarNavItems] header,[data-testid=stNavSectionHeader]{padding-top:.1rem;margin-top:.1rem}
@media(max-width:640px){ /* figures, two in a row */
[data-testid=stHorizontalBlock]:has(>[data-testid=stColumn]>[data-testid=stVerticalBlock]>*>[data-testid=stMetric])
>[data-testid=stColumn]{flex:1 1 40%;min-width:40%}
[data-testid=stImage],.drawn{overflow-x:auto} /* pictures keep letters one can read, and move under the finger */
[data-testid=stImage] img,.drawn>svg{min-width:44rem;max-width:none}}
</style>"""
