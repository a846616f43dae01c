"""The states of a submission, as they are written down and shown. Knows nothing else."""

DRAFT, FAULTY, HANDED_IN, WAITING = "草稿", "校验不通过", "已提交", "待复核"
RETURNED, ACCEPTED, LOCKED, VOID = "退回修改", "通过", "锁定", "作废"
UNCONFIRMED = "待确认"  # an entry that a second person has to confirm
NOTHING = "未填"
OPEN = (DRAFT, FAULTY)
