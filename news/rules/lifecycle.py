"""The life of an article and of a bulletin: written, checked by a second person, published, taken back."""

from __future__ import annotations

from core.moves import Comment, Lifecycle, Move, states
from core.text import T

_EDITOR = states("editor")

ARTICLE = Lifecycle(
    name="article",
    title=T("文章"),
    states=(
        ("draft", T("草稿")),
        ("in_review", T("待审")),
        ("published", T("已发布")),
        ("withdrawn", T("已撤下")),
    ),
    moves=(
        Move("submit", T("送审"), states("draft"), "in_review", _EDITOR),
        Move("send_back", T("退回修改"), states("in_review"), "draft", _EDITOR, Comment.REQUIRED),
        Move("publish", T("发布"), states("in_review"), "published", _EDITOR, Comment.OPTIONAL),
        Move("withdraw", T("撤下"), states("published"), "withdrawn", _EDITOR, Comment.REQUIRED),
        Move("reopen", T("重新编辑"), states("withdrawn"), "draft", _EDITOR, Comment.REQUIRED),
    ),
)

BULLETIN = Lifecycle(
    name="bulletin",
    title=T("简报"),
    states=(
        ("draft", T("草稿")),
        ("in_review", T("待审")),
        ("published", T("已发布")),
        ("withdrawn", T("已撤下")),
    ),
    moves=(
        Move("submit", T("送审"), states("draft"), "in_review", _EDITOR),
        Move("send_back", T("退回修改"), states("in_review"), "draft", _EDITOR, Comment.REQUIRED),
        Move("publish", T("发布"), states("in_review"), "published", _EDITOR, Comment.OPTIONAL),
        Move("withdraw", T("撤下"), states("published"), "withdrawn", _EDITOR, Comment.REQUIRED),
    ),
)
