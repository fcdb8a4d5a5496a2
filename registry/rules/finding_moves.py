"""The life of a finding about a tenant's stays."""

from __future__ import annotations

from accounts.rules.roles import CHECKING, Role
from core.moves import Comment, Lifecycle, Move, states
from core.text import T

OPEN, EXPLAINED, DECIDED = "open", "explained", "decided"
UNDECIDED = states(OPEN, EXPLAINED)
_OFFICERS = frozenset(role.value for role in CHECKING)
_SAYING = _OFFICERS | {Role.CARRIER_STAFF.value}

FINDING = Lifecycle(
    name="finding",
    title=T("在孵企业疑点"),
    states=((OPEN, T("待核实")), (EXPLAINED, T("已说明，待处理")), (DECIDED, T("已处理"))),
    moves=(
        Move("say", T("提交说明"), UNDECIDED, EXPLAINED, _SAYING, Comment.REQUIRED),
        Move("accept", T("说明成立，予以认可"), UNDECIDED, DECIDED, _OFFICERS, Comment.REQUIRED),
        Move("correct", T("要求更正数据"), UNDECIDED, DECIDED, _OFFICERS, Comment.REQUIRED),
        Move("end", T("登记一方离开"), UNDECIDED, DECIDED, _OFFICERS, Comment.REQUIRED),
        Move("reopen", T("重新核实"), states(DECIDED), OPEN, _OFFICERS, Comment.REQUIRED),
    ),
)
# The acts that decide, with what is remembered of each.
DECISIONS = {"accept": T("认可"), "correct": T("要求更正"), "end": T("登记离开")}
