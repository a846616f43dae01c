"""One of each widget a page of ours may use, labelled in Chinese, so that any English seen is Streamlit's."""

import time
from datetime import date

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages.ui import chinese

st.set_page_config("控件", layout="wide")
with st.sidebar:
    chinese.speak()
    st.selectbox("单选", ["甲", "乙"], index=None)


@st.dialog("对话框")
def ask() -> None:
    st.write("内容")


st.title("控件")
st.header("小节")
if st.button("弹出"):
    ask()
if st.button("慢"):
    time.sleep(3)
if st.button("提示"):
    st.toast("已保存", duration="infinite")
table = pd.DataFrame({"单位": ["甲县", "乙县"], "得分": [92.5, 88.0]})
st.dataframe(table, key="表", on_select="rerun", selection_mode="multi-row")
st.data_editor(table, key="编辑", num_rows="dynamic")
st.table(table)
st.multiselect("多选", ["甲", "乙", "丙"], max_selections=2)
st.multiselect("空的", [])
st.text_input("文字", key="文字")
st.text_area("长文字", key="长文字")
st.number_input("数字", 0, 10, key="数字")
st.date_input("日期", (date(2024, 1, 1), date(2024, 12, 31)), key="日期")
st.file_uploader("上传", ["xlsx"], key="上传")
st.download_button("下载", "内容", "内容.txt")
st.tabs(["一", "二"])
st.expander("展开看").write("内容")
st.metric("总分", "92.50", "1.2", border=True)
st.code("select 1", language="sql")
st.pills("标签", ["甲", "乙"], key="标签")
st.plotly_chart(go.Figure(go.Bar(x=table["单位"], y=table["得分"])), key="图")
