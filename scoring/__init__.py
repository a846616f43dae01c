"""双打考核: the assessment method as data, compiled to DuckDB, run over what was submitted.

The core. It never imports streamlit, plotly or pages.
"""
