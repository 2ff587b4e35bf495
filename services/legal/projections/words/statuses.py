"""How tracks and where they stand are called, in English and in Chinese.

`STATUSES`: (kind of track, status); the empty kind: of any track.
"""

TRACKS: dict[str, tuple[str, str]] = {
    "letter": ("lawyer's letter", "律师函"),
    "suit": ("suit", "诉讼"),
    "payment_order": ("order for payment", "支付令"),
    "arbitration": ("arbitration", "仲裁"),
    "preservation": ("preservation", "财产保全"),
    "enforcement": ("enforcement", "执行"),
}
STATUSES: dict[tuple[str, str], tuple[str, str]] = {
    ("", "REQUESTED"): ("requested", "已申请"),
    ("", "DRAFTED"): ("drafted", "已起草"),
    ("", "RETURNED"): ("sent back to the drafter", "退回修改"),
    ("", "APPROVED"): ("approved", "已批准"),
    ("", "REJECTED"): ("not approved", "未获批准"),
    ("", "SIGNED"): ("signed", "已签章"),
    ("", "DISPATCHING"): ("handed over to be sent", "交付发送中"),
    ("", "DISPATCHED"): ("dispatched", "已发出"),
    ("", "DISPATCH_REFUSED"): ("dispatch refused", "不予发出"),
    ("", "DELIVERED"): ("delivered", "已送达"),
    ("", "UNDELIVERABLE"): ("not delivered", "未能送达"),
    ("", "ANSWERED"): ("answered", "已获答复"),
    ("", "DEADLINE_PASSED"): ("no answer in time", "逾期未答复"),
    ("", "WITHDRAWN"): ("withdrawn", "已撤回"),
    ("", "CLOSED"): ("closed", "已办结"),
    ("", "ASSESSED"): ("assessed", "已评估"),
    ("", "FILED"): ("filed", "已提交"),
    ("", "APPLIED"): ("applied for", "已申请"),
    ("", "ACCEPTED"): ("accepted", "已受理"),
    ("", "NOT_ACCEPTED"): ("not accepted", "不予受理"),
    ("", "REFUSED"): ("refused", "被驳回"),
    ("", "SERVED"): ("served", "已送达"),
    ("", "EFFECTIVE"): ("in force", "已生效"),
    ("", "PERFORMED"): ("performed", "已履行"),
}
