"""The life of an allocation: worked out by one person, confirmed by another, then it stands."""

from __future__ import annotations

from core.moves import Comment, Lifecycle, Move, states
from core.text import T

ALLOCATION = Lifecycle(
    name="allocation",
    title=T("资金分配"),
    states=(
        ("draft", T("测算")),
        ("confirmed", T("已核定")),
        ("dropped", T("已作废")),
    ),
    moves=(
        Move("confirm", T("核定"), states("draft"), "confirmed", states("finance_officer"), Comment.OPTIONAL),
        Move(
            "drop",
            T("作废"),
            states("draft"),
            "dropped",
            states("finance_officer", "province_officer"),
            Comment.REQUIRED,
        ),
    ),
)
