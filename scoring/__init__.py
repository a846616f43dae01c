"""双打考核: the assessment method as data, compiled to DuckDB, run over what was submitted.

The core. It never imports streamlit, plotly or pages.
"""

import os

# openpyxl behaves otherwise where lxml is there (which python-docx brings): a cell far below costs it all of a sheet.
os.environ.setdefault("OPENPYXL_LXML", "False")
