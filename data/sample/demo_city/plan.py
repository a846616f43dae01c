"""The constants of the demo city: how well each unit works, its size, and every trouble planted on purpose.

README.md in the folder above says what the product must show for each planted trouble.
"""

from __future__ import annotations

from datetime import date

SEED = "双打示例"
YEARS = (2023, 2024)
LEDGER_YEARS = (2022, *YEARS)  # 办案量同比 compares 2023 with 2022
LAST_DECISION = (
    12,
    10,
)  # no decision after this day: the 20 working days of disclosure end before the cut-off

# How well a unit works, 0 to 1: (2023, 2024). Everything random leans on this.
STRENGTH = {
    "c01": (0.86, 0.87), "c02": (0.80, 0.88), "c03": (0.84, 0.80), "c04": (0.74, 0.66), "c05": (0.87, 0.84),
    "c06": (0.75, 0.82), "c07": (0.78, 0.76), "c08": (0.70, 0.79), "c09": (0.90, 0.92), "c10": (0.52, 0.56),
    "z01": (0.91, 0.88), "z02": (0.82, 0.84),
    "d01": (0.91, 0.91), "d02": (0.84, 0.83), "d03": (0.89, 0.80), "d04": (0.80, 0.86), "d05": (0.86, 0.80),
    "d06": (0.74, 0.68), "d07": (0.84, 0.82), "d08": (0.90, 0.86), "d09": (0.80, 0.84), "d10": (0.68, 0.76),
    "d11": (0.78, 0.72), "d12": (0.76, 0.78), "d13": (0.80, 0.75), "d14": (0.60, 0.70), "d15": (0.80, 0.72),
    "d16": (0.66, 0.56), "d17": (0.84, 0.78),
}  # fmt: skip

# Letters of the document numbers.
MARK = {
    "c01": "澜", "c02": "霁", "c03": "麓", "c04": "苇", "c05": "檀", "c06": "雁", "c07": "茗", "c08": "笙",
    "c09": "稷", "c10": "岫", "z01": "高", "z02": "鹭", "d01": "市监", "d05": "农", "d06": "文", "d08": "烟",
    "d09": "关", "d10": "林", "d12": "邮", "d14": "卫",
}  # fmt: skip

# Counties share the city's figure by population; departments have their own.
CITY_CASES, CITY_COMPLAINTS = 250, 1060
DEPARTMENT_CASES = {"d01": 26, "d05": 13, "d06": 11, "d08": 20, "d09": 5, "d10": 5, "d12": 3, "d14": 6}
DEPARTMENT_COMPLAINTS = {"d01": 95, "d06": 16, "d08": 14, "d14": 12}
JUSTICE = {"d02": 5, "d03": 18, "d04": 13}  # criminal cases handled at city level in a year
CRIMES = {  # criminal cases filed in the counties; two small counties (c04, c08) report zero
    2022: {},
    2023: {"c01": 7, "c02": 1, "c03": 2, "c05": 3, "c06": 1, "c07": 2, "c09": 3, "c10": 1, "z01": 1},
    2024: {
        "c01": 6,
        "c02": 2,
        "c03": 2,
        "c05": 3,
        "c06": 1,
        "c07": 1,
        "c09": 3,
        "c10": 1,
        "z01": 2,
        "z02": 1,
    },
}
TOP_TARGET = {"c01": 2, "c05": 1, "c09": 1, "d01": 2, "d08": 2}  # 要案任务; others have none
FIELDS = {
    "d05": ("农资",), "d06": ("版权",), "d08": ("烟草",), "d09": ("商标", "专利"), "d10": ("种苗",),
    "d12": ("寄递",), "d14": ("消毒产品",),
}  # fmt: skip
COUNTY_FIELDS = (
    "商标",
    "商标",
    "商标",
    "食品药品",
    "食品药品",
    "产品质量",
    "产品质量",
    "农资",
    "烟草",
    "专利",
    "版权",
)

# --- planted troubles ---------------------------------------------------------------------------
NO_GROUP = {("c10", 2023), ("c10", 2024)}  # no leading group
UNREPORTED = ("c07", date(2024, 7, 1), date(2024, 9, 30))  # nothing reported for this quarter
NOT_ENTERED = ("c03", 2024)  # not one case on the platform
MASKED = ("z02", date(2024, 11, 28), "**")  # the amount of one case
MORE_APPROVED = {("c05", 2024): "否", ("z01", 2023): "是"}  # 批捕 above 抓获; was a note attached?
CARRIED_OVER = ("c09", 2023)  # many cases filed late in 2023 and closed in 2024
NO_TARGETS = ("d12", 2024)  # the targets of the year were not issued
NO_SUB_ASSESSMENT = {("c04", 2024), ("c08", 2023)}  # 对下考核 never reported
NOT_JUDGED = ("d09", 2024)  # the assessors have not entered a score
FALSIFIED = ("c06", date(2024, 5, 17), "考核组核实：第19周周报所列检查户数与现场记录不符，系事后编造")
TIED = {("c01", 2024): "4.7"}  # 考核组评分 that makes the total of c01 equal to that of z01

AWARDS = (
    ("d01", date(2023, 9, 12), "省级", "专项行动成绩突出"),
    ("z01", date(2023, 11, 3), "省级", "网络市场治理经验推广"),
    ("c09", date(2024, 6, 18), "国家级", "办理重大侵权案件"),
    ("d02", date(2024, 5, 21), "省级", "侦破跨区域制假案件"),
    ("d08", date(2024, 8, 9), "省级", "涉烟案件查办"),
    ("c10", date(2024, 7, 1), "省级", "宣传作品获奖"),  # below 80 points: the bonus does not count
)
EVENTS = (
    ("c10", date(2023, 3, 15), "媒体曝光", "集贸市场销售假冒日用品被曝光"),
    ("d14", date(2023, 8, 2), "通报批评", "专项任务推进迟缓"),
    ("c04", date(2024, 3, 15), "媒体曝光", "农资门店销售假劣种子被曝光"),
    ("d16", date(2024, 7, 30), "通报批评", "任务欠账较大"),
    (FALSIFIED[0], FALSIFIED[1], "弄虚作假", FALSIFIED[2]),
)
