"""Streamlit's own English labels in Chinese: one dictionary and one small script.

The script is sent twice on purpose and runs once: `frame()` carries it from the first paint, `speak()` puts
it into the page wherever the frame was not ours (another entry, a base path). It replaces a whole label
found in the dictionary and nothing else, so a sentence or a figure of ours is never touched. Besides, it mends
what axe finds in Streamlit's own elements: each section of the sidebar is a list with its name (Streamlit puts a
<div> between <ul> and <li>), and code that is wider than its box can be reached and scrolled by keyboard.
"""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st

from pages.ui import going_back, old_browser, phone_menu
from pages.ui.navigation import NAME

WORDS = {
    # frame and sidebar
    "Sidebar": "侧边栏",
    "App pages": "页面导航",
    "Collapse sidebar": "收起侧边栏",
    "Expand sidebar": "展开侧边栏",
    "View less": "收起",
    "Main menu": "菜单",
    "Navigate to home page": "回到首页",
    "Logo": "标志",
    "Skip to main content": "跳到正文",
    "Notifications": "通知",
    "Page not found": "没有这个页面",
    "The page that you have requested does not seem to exist. Running the app's main page.": "地址里的页面不存在，已转到首页。",
    "Link to heading": "本节链接",
    "Close": "关闭",
    "Dismiss": "关闭",
    "Cancel": "取消",
    "Done": "完成",
    "Help": "说明",
    "Copy": "复制",
    "Copied": "已复制",
    "Copy to clipboard": "复制",
    "Theme": "外观",
    "Light": "浅色",
    "Dark": "深色",
    "System": "跟随系统",
    "Use system setting": "跟随系统",
    "Custom Theme": "外观",
    "Custom Theme Light": "浅色",
    "Custom Theme Dark": "深色",
    "Custom Theme Auto": "跟随系统",
    "Settings": "设置",
    "Print": "打印",
    "Record screen": "录屏",
    "Record a screencast": "录屏",
    "About": "关于",
    "Made with Streamlit v": "Streamlit 版本 ",
    "Copy version to clipboard": "复制版本号",
    "Get help": "帮助",
    "Report a bug": "报告问题",
    "Rerun": "刷新",
    "Clear cache": "清除缓存",
    "Scroll tabs left": "标签左移",
    "Scroll tabs right": "标签右移",
    "Toolbar action": "工具",
    # running and connection
    "Running...": "正在计算",
    "Stop": "停止",
    "Stopping...": "正在停止",
    "Connecting": "正在连接",
    "Connecting to Streamlit server": "正在连接服务器",
    "Unable to connect to Streamlit server": "连接不上服务器",
    "Reconnected to server.": "已重新连接。",
    "Please wait...": "请稍候…",
    "Loading...": "正在加载…",
    "Connection error": "连接中断",
    "Connection timed out.": "连接超时。",
    "Connection lost. Please wait for the app to reconnect, then try again.": "连接中断，请等重新连上后再试。",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": "看板服务可能已停止。请在服务器上重新启动：",
    "Streamlit server is not responding. Are you connected to the internet?": "服务器没有响应，请检查网络。",
    "Network issue": "网络问题",
    "Network error": "网络错误",
    "Try again": "重试",
    "Retry": "重试",
    "Continue anyway": "继续",
    "Warning": "提醒",
    "Unknown error": "未知错误",
    "Script execution error": "页面出错",
    "Bad message format": "数据传输出错",
    # choosing
    "Open": "展开",
    "Choose an option": "请选择",
    "Choose options": "请选择（可多选）",
    "Choose or add an option": "请选择或填写",
    "Choose or add options": "请选择或填写（可多选）",
    "Add an option": "请填写",
    "Select...": "请选择",
    "No results": "没有符合的选项",
    "No options": "没有选项",
    "No options to select": "没有可选的选项",
    "No options to select.": "没有可选的选项。",
    "Select all": "全选",
    "Clear all": "全部清除",
    "Clear value": "清除",
    "Clear entry": "清除",
    "Clear date": "清除日期",
    "Clear dates": "清除日期",
    "Selected values": "已选",
    "Selectbox options": "选项",
    "Multiselect options": "选项",
    "All selected options have been cleared.": "已全部清除。",
    "Increment": "加",
    "Decrement": "减",
    "Show password": "显示密码",
    "Hide password": "隐藏密码",
    "Press Enter to apply": "按回车生效",
    "Press Enter to submit form": "按回车提交",
    "Press Ctrl+Enter to apply": "按 Ctrl+回车生效",
    "Press ⌘+Enter to apply": "按 ⌘+回车生效",
    "Number is above the allowed range.": "超出上限。",
    "Number is below the allowed range.": "低于下限。",
    "Invalid input.": "填写有误。",
    "Choose date": "选择日期",
    "Choose date range": "选择起止日期",
    "Date range": "起止日期",
    "Quick select a date range": "快速选择",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "用方向键移动，回车选定，Esc 关闭。",
    "Start Date": "开始日期",
    "End Date": "结束日期",
    "Calendar": "日历",
    "Next month": "下个月",
    "Previous month": "上个月",
    "Past Week": "近一周",
    "Past Month": "近一个月",
    "Past Year": "近一年",
    "Pagination": "翻页",
    "Next page": "下一页",
    "Previous page": "上一页",
    # tables
    "Search": "查找",
    "Type to search": "输入要查找的文字",
    "Next Result": "下一个",
    "Previous Result": "上一个",
    "Close Search": "关闭查找",
    "Download as CSV": "下载 CSV",
    "Show/hide columns": "显示或隐藏列",
    "Fullscreen": "全屏",
    "Close fullscreen": "退出全屏",
    "Clear selection": "取消选择",
    "Add row": "增加一行",
    "Delete row(s)": "删除所选行",
    "Dataframe column menu": "列菜单",
    "text": "文字",
    "number": "数字",
    "checkbox": "是否",
    "selectbox": "选项",
    "multiselect": "多个选项",
    "date": "日期",
    "datetime": "日期时间",
    "time": "时间",
    "list": "列表",
    "link": "链接",
    "object": "对象",
    "progress": "进度",
    "Sort ascending": "升序",
    "Sort descending": "降序",
    "Pin column": "固定此列",
    "Unpin column": "取消固定",
    "Hide column": "隐藏此列",
    "Autosize": "自动列宽",
    "Copy column name": "复制列名",
    "Format": "格式",
    "Statistics": "统计",
    "Automatic": "自动",
    "Localized": "按地区",
    "Plain": "原样",
    "Compact": "简写",
    "Percent": "百分比",
    "Dollar": "美元",
    "Euro": "欧元",
    "Yen": "日元",
    "Accounting": "会计",
    "Scientific": "科学计数",
    "Distance": "相对时间",
    "Duration": "时长",
    "Values": "个数",
    "Distinct": "不同值",
    "Empty": "空值",
    "Count": "计数",
    "Sum": "合计",
    "Average": "平均",
    "Median": "中位数",
    "Minimum": "最小",
    "Maximum": "最大",
    "Range": "范围",
    "Standard deviation": "标准差",
    "Average length": "平均长度",
    "Minimum length": "最短",
    "Maximum length": "最长",
    "Based on sample": "按抽样",
    "Vega visualization": "图",
    "visualization": "图",
    "group mark container": "图层",
    "rect mark container": "一组柱形",
    "bar": "柱形",
    "Distribution histogram": "分布图",
    "Top values frequency chart": "常见值",
    "True/false distribution chart": "是否分布",
    "Scrollable table": "可滚动的表格",
    "No data": "没有数据",
    "No content": "没有内容",
    "Failed to load data": "数据加载失败",
    "Failed to export data as CSV": "CSV 导出失败",
    # files
    "Upload": "选择文件",
    "Browse files": "选择文件",
    "Add files": "选择文件",
    "Drag and drop a file here": "把文件拖到这里",
    "Drag and drop files here": "把文件拖到这里",
    "file upload": "选择文件",
    "Only one file is allowed.": "只能选一个文件。",
    "Too many files": "文件太多",
    "Upload failed": "上传失败",
    "Uploading...": "正在上传…",
    "Download failed": "下载失败",
    "Failed to generate file for download": "文件没有生成，请再试一次",
    # charts
    "Autoscale": "自动缩放",
    "Box Select": "框选",
    "Lasso Select": "圈选",
    "Pan": "平移",
    "Zoom": "缩放",
    "Zoom in": "放大",
    "Zoom out": "缩小",
    "Reset": "还原",
    "Reset axes": "还原坐标轴",
    "Download plot": "下载图片",
    "Download plot as a PNG": "下载图片",
    "Download as PNG": "下载图片",
    "Show data": "查看数据",
    "Show chart": "查看图",
    "Toggle Spike Lines": "参考线",
    "Compare data on hover": "对比显示",
    "Show closest data on hover": "就近显示",
    "Double-click to zoom back out": "双击还原",
    "Image download succeeded": "图片已下载",
    "Preparing image - this may take a few seconds": "正在生成图片…",
}

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PATTERNS = (
    (r"^View (\d+) more$", "再显示 $1 页"),
    (r"^Remove (.+)$", "去掉 $1"),
    (r"^Choose date(?: range)?, (.+)$", "选择日期，$1"),
    (r"^year, (.+)$", "年，$1"),
    (r"^month, (.+)$", "月，$1"),
    (r"^day, (.+)$", "日，$1"),
    *((rf"^Selected Date: {name} (\d+), (\d+)$", f"已选 $2年{month}月$1日") for month, name in enumerate(_MONTHS, 1)),
    *((rf"^\d+ – {name}$", f"{month}月") for month, name in enumerate(_MONTHS, 1)),
    (r"^binStart: .+; Range: (.+); Count: (\d+)$", "$1：$2 个"),
    (r"^Fullscreen: (.+)$", "全屏：$1"),
    (r"^Help for (.+)$", "$1的说明"),
    (r"^(\d+)th percentile$", "第 $1 百分位"),
    (r"^([XY])-axis .*$", "$1 轴"),
    (r"^(.+) start date$", "$1（开始）"),
    (r"^(.+) end date$", "$1（结束）"),
    (r"^Select (\d+) matches$", "选中 $1 项"),
    (r"^Page (\d+)$", "第 $1 页"),
    (r"^(\d+) options? available\.$", "有 $1 个选项。"),
    (r"^Add: (.+)$", "添加：$1"),
    (r"^Save \((.+)\+Enter\)$", "保存（$1+回车）"),
    (r"^([\d.]+ ?[KMG]?B) per file$", "每个文件不超过 $1"),
    (r"^(\S+) files are not allowed\.$", "不接受 $1 文件。"),
    (r"^Limit (.+) per file(.*)$", "每个文件不超过 $1$2"),
    (
        r"^You can only select up to (\d+) options?\. Remove an option first\.$",
        "最多选 $1 项，请先去掉一项。",
    ),
    (r"^Press (.+)\+Enter to submit form$", "按 $1+回车提交"),
)

# No tag may be written out in it, not even in a comment: what st.html cleans would then throw all of it away.
_SCRIPT = """
(() => {
  document.documentElement.lang = "zh-CN";
  if (window.inChinese) return;
  window.inChinese = true;
  const words = new Map(Object.entries(WORDS));
  const patterns = PATTERNS.map(([from, to]) => [new RegExp(from), to]);
  const attributes = ["aria-label", "title", "placeholder", "alt", "data-title", "aria-description",
    "aria-valuetext", "aria-roledescription"];
  const kept = "pre, code, textarea, canvas, [contenteditable=true]";
  const inChinese = (text) => {
    if (!text || text.length > 200) return null;
    const label = text.trim();
    if (!/[A-Za-z]/.test(label)) return null;
    if (words.has(label)) return text.replace(label, () => words.get(label));
    for (const [from, to] of patterns)
      if (from.test(label)) return text.replace(label, () => label.replace(from, to));
    return null;
  };
  const say = (node) => {
    const word = inChinese(node.nodeValue);
    if (word !== null && !node.parentElement?.closest(kept)) node.nodeValue = word;
  };
  const name = (element, attribute) => {
    const word = inChinese(element.getAttribute(attribute));
    if (word !== null) element.setAttribute(attribute, word);
  };
  const names = (element) => {
    for (const attribute of attributes) name(element, attribute);
    if (element.getAttribute("data-testid") === "stNavSectionHeader") listed(element);
    if (element.tagName === "PRE" && element.closest("[data-testid=stCode]")) element.tabIndex = 0;
  };
  const listed = (header) => {
    const section = header.parentElement, list = header.closest("ul"), label = header.querySelector("p");
    if (!section || section.parentElement !== list) return;
    list.setAttribute("role", "presentation");
    section.setAttribute("role", "list");
    if (label) section.setAttribute("aria-label", label.textContent);
  };
  const all = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return say(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    names(root);
    const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (node.nodeType === Node.TEXT_NODE) say(node); else names(node);
    }
  };
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "attributes") name(change.target, change.attributeName);
      else if (change.type === "characterData") say(change.target);
      else change.addedNodes.forEach(all);
    }
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributes,
  });
  all(document.documentElement);
})();
"""

_SERVER = """<script>
window.__streamlit = {BACKEND_BASE_URL: `${location.origin}/`, MAIN_PAGE_BASE_URL: `${location.origin}/`};
</script>"""


def script() -> str:
    """The `<script>` element. `</` is split, so that no word can end it."""
    body = _SCRIPT.replace("WORDS", _json(WORDS), 1).replace("PATTERNS", _json(PATTERNS), 1)
    return f"<script>{body}</script>"


def speak() -> None:
    """Put the script into the running page. Shows nothing."""
    st.html(script(), unsafe_allow_javascript=True)


def frame() -> str:
    """Streamlit's index page in Chinese: language, title, the script, no pointers to closed doors; a word for old browsers.

    Told where the server is, the browser does not first look for it below the page's own address.
    """
    html = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    start, end = html.index("<noscript>"), html.index("</noscript>")
    html = html[:start] + old_browser.without_script() + html[end:].removeprefix("</noscript>")
    html = html.replace('<html lang="en">', '<html lang="zh-CN">', 1)
    html = html.replace("<title>Streamlit</title>", f"<title>{NAME}</title>", 1)
    html = html.replace('<link rel="service-desc" href="./_stcore/agent/openapi.json" />', "", 1)
    html = html.replace("</head>", f"{_SERVER}{going_back.script()}{phone_menu.script()}{script()}</head>", 1)
    return html.replace("<head>", f"<head>{old_browser.script()}", 1)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
