"""What an expert may enter for a leaf, and when a set of marks is whole (scheme contract, section 3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.amounts import places_of, plain_number
from core.problems import Problem
from core.text import T
from evaluation.rules import scheme_shape as shape
from evaluation.rules.exact import half_up, limited, plain
from evaluation.rules.scheme import Leaf, Scheme

HIGH, LOW = Decimal("0.9"), Decimal("0.6")
"""From nine tenths of the scale up, and below six tenths, a mark needs a word."""
MOST_WORDS = 300
PLACES = 2


@dataclass(frozen=True, slots=True)
class Given:
    """What an expert has entered for a leaf so far; neither a mark nor abstained is nothing yet."""

    mark: Decimal | None = None
    abstained: bool = False
    comment: str = ""


NOTHING = Given()


def expert_leaves(scheme: Scheme) -> list[Leaf]:
    """The leaves that experts mark, in the file's order."""
    return [leaf for leaf in scheme.leaves if isinstance(leaf.rule, shape.Expert)]


def out_of(leaf: Leaf) -> Decimal:
    """The top of the leaf's scale; a leaf that no expert marks is a fault of the caller."""
    if not isinstance(leaf.rule, shape.Expert):
        raise TypeError(leaf.code)
    return leaf.rule.out_of


def read_mark(text: str, leaf: Leaf) -> Decimal | Problem | None:
    """The mark of a text; None when it is empty; else what is wrong with it."""
    if not text.strip():
        return None
    most = out_of(leaf)
    number = plain_number(text)
    if number is None or places_of(number) > PLACES:
        message = T("“{title}”的评分须是至多 {n} 位小数的数字。", title=leaf.title, n=PLACES)
        return Problem("mark.number", message, place=leaf.code, field="mark", found=text[:20])
    if not 0 <= number <= most:
        message = T("“{title}”的评分须在 0 至 {most} 之间。", title=leaf.title, most=plain(most))
        return Problem("mark.range", message, place=leaf.code, field="mark", found=text[:20])
    return number


def needs_comment(leaf: Leaf, mark: Decimal | None) -> bool:
    """Whether this mark stands at an end of the scale."""
    most = out_of(leaf)
    return mark is not None and (mark >= most * HIGH or mark < most * LOW)


def unfinished(leaves: Sequence[Leaf], given: Mapping[str, Given]) -> Iterator[Problem]:
    """What is still missing before the marks can be handed in."""
    for leaf in leaves:
        one = given.get(leaf.code, NOTHING)
        if one.mark is None and not one.abstained:
            message = T("“{title}”还没有评分，也没有弃权。", title=leaf.title)
            yield Problem("mark.missing", message, place=leaf.code, field=leaf.code)
        elif needs_comment(leaf, one.mark) and not one.comment.strip():
            message = T("“{title}”的评分在高分段或低分段，须写评语。", title=leaf.title)
            yield Problem("mark.comment", message, place=leaf.code, field=leaf.code)


def own_points(leaf: Leaf, mark: Decimal | None, decimals: int) -> Decimal | None:
    """What this mark alone would earn (折合)."""
    if mark is None:
        return None
    return limited(leaf.full * mark / out_of(leaf), leaf.full, decimals)


def own_total(leaves: Sequence[Leaf], given: Mapping[str, Given], decimals: int) -> Decimal:
    """The running total of one's own marks."""
    points = [own_points(leaf, given.get(leaf.code, NOTHING).mark, decimals) for leaf in leaves]
    return half_up(sum((one for one in points if one is not None), Decimal(0)), decimals)
