"""The life of an evaluation run, and of an objection to it."""

from __future__ import annotations

from core.moves import Comment, Lifecycle, Move, states
from core.text import T

_PROVINCE = states("province_officer")

RUN = Lifecycle(
    name="run",
    title=T("评价批次"),
    states=(
        ("draft", T("筹备")),
        ("frozen", T("专家评分中")),
        ("scored", T("已计分")),
        ("publicised", T("公示中")),
        ("published", T("已公布")),
        ("dropped", T("已作废")),
    ),
    moves=(
        Move("freeze", T("冻结数据"), states("draft"), "frozen", _PROVINCE),
        Move("score", T("计分定级"), states("frozen", "scored"), "scored", _PROVINCE),
        Move("publicise", T("开始公示"), states("scored"), "publicised", _PROVINCE, Comment.OPTIONAL),
        Move("recall", T("撤回公示"), states("publicised"), "scored", _PROVINCE, Comment.REQUIRED),
        Move("publish", T("公布结果"), states("publicised"), "published", _PROVINCE, Comment.OPTIONAL),
        Move("drop", T("作废"), states("draft", "frozen", "scored"), "dropped", _PROVINCE, Comment.REQUIRED),
    ),
)

OBJECTION = Lifecycle(
    name="objection",
    title=T("异议"),
    states=(
        ("filed", T("待处理")),
        ("sustained", T("成立")),
        ("rejected", T("不成立")),
    ),
    moves=(
        Move("sustain", T("认定成立"), states("filed"), "sustained", _PROVINCE, Comment.REQUIRED),
        Move("reject", T("认定不成立"), states("filed"), "rejected", _PROVINCE, Comment.REQUIRED),
    ),
)
