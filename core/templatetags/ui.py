"""Tags and filters of the design system. Builtins: no template loads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, Form, RadioSelect
from django.http import QueryDict
from django.template.base import FilterExpression, NodeList, Parser, Token, kwarg_re
from django.template.context import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from core import clock, formats, http
from core.bars import BarChart, drawn
from core.clock import SHANGHAI
from core.moves import Comment, Move
from core.problems import Problem, Severity
from core.text import Text
from core.tiles import TileMap, laid_out
from core.ui import ICONS, PARTS, faults_of

register = template.Library()
_SHARED = ("request", "csrf_token", "actor", "site_name")


class PartNode(template.Node):
    """Renders one part with what it is told and nothing of the page around it."""

    child_nodelists = ("nodelist",)

    def __init__(
        self, name: str, arguments: Mapping[str, FilterExpression], nodelist: NodeList | None
    ) -> None:
        self.name = name
        self.arguments = arguments
        self.nodelist = nodelist if nodelist is not None else NodeList()
        self.has_body = nodelist is not None

    def render(self, context: Context) -> SafeString:
        values: dict[str, Any] = dict(PARTS[self.name].may)
        values.update({key: value.resolve(context) for key, value in self.arguments.items()})
        values.update({key: context[key] for key in _SHARED if key in context})
        if self.has_body:
            values["slot"] = self.nodelist.render(context)
        found = context.template.engine.get_template(f"ui/{self.name}.html")  # type: ignore[union-attr]
        return found.render(context.new(values))


def _read(parser: Parser, token: Token, *, block: bool) -> tuple[str, dict[str, FilterExpression]]:
    tag, *bits = token.split_contents()
    if not bits or bits[0][0] not in "\"'":
        raise template.TemplateSyntaxError(
            f'{tag}: the first word is the part\'s name in quotes: {{% {tag} "card" %}}'
        )
    name = bits[0].strip("\"'")
    arguments: dict[str, FilterExpression] = {}
    for bit in bits[1:]:
        match = kwarg_re.match(bit)
        key = match.group(1) if match else None
        if not match or not key:
            raise template.TemplateSyntaxError(f"{tag} {name}: {bit!r} is not argument=value")
        if key in arguments:
            raise template.TemplateSyntaxError(f"{tag} {name}: {key!r} is given twice")
        arguments[key] = parser.compile_filter(match.group(2))
    faults = faults_of(name, frozenset(arguments), block=block)
    if faults:
        raise template.TemplateSyntaxError(f"{tag}: " + "; ".join(faults))
    return name, arguments


@register.tag
def ui(parser: Parser, token: Token) -> PartNode:
    """`{% ui "status" word=… tone=… %}`"""
    name, arguments = _read(parser, token, block=False)
    return PartNode(name, arguments, None)


@register.tag
def uiblock(parser: Parser, token: Token) -> PartNode:
    """`{% uiblock "card" title=… %}…{% enduiblock %}`: what stands between is the part's body."""
    name, arguments = _read(parser, token, block=True)
    nodelist = parser.parse(("enduiblock",))
    parser.delete_first_token()
    return PartNode(name, arguments, nodelist)


@register.filter
def said(value: object) -> str:
    """A sentence in the reader's language."""
    return http.said(value) if isinstance(value, Text) else str(value if value is not None else "")


@register.filter
def linked(words: object, address: str) -> tuple[object, str]:
    """Words and where they lead, as parts take a link."""
    return (words, address)


@register.filter
def number(value: object, places: int | None = None) -> str:
    return formats.number(value, places)


@register.filter
def brief(value: object) -> str:
    """A number to read in passing: at most four places, ≈ where that is not all of it."""
    return formats.brief(value)


@register.filter
def money(value: object) -> str:
    return formats.money(value)


@register.filter
def day(value: object) -> str:
    return formats.day(value)


@register.filter
def moment(value: object) -> str:
    return formats.moment(value, datetime.now(SHANGHAI).year)


@register.filter
def until(value: datetime | None, now: datetime | None = None) -> str:
    """Words for the time left; without `now` it is the clock's."""
    return http.said(formats.until(value, now or clock.now())) if value else ""


@register.filter
def past(value: datetime | None, now: datetime | None = None) -> bool:
    """Whether the instant lies behind."""
    return value is not None and value < (now or clock.now())


@register.filter
def digest(value: object) -> str:
    return formats.digest(value)


@register.filter
def icon_of(tone: str) -> str:
    """The icon that stands for a tone when the page names none."""
    return ICONS.get(tone, "circle")


@register.filter
def of_severity(problems: list[Problem], severity: str) -> list[Problem]:
    return [problem for problem in problems if problem.severity is Severity(severity)]


@register.filter
def places(problems: list[Problem]) -> int:
    """How many places these findings stand for."""
    return sum(problem.count for problem in problems)


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Whether it is several boxes to pick from: then the label is a legend."""
    return isinstance(field.field.widget, (RadioSelect, CheckboxSelectMultiple))


@register.filter
def is_tick(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def id_of(form: Form, name: str) -> str:
    """Where a link to this field of a form leads."""
    return (form[name].id_for_label or form[name].auto_id) if name in form.fields else ""


@register.filter
def take_comment(moves: Sequence[Move]) -> bool:
    return any(move.comment is not Comment.NONE for move in moves)


@register.filter
def need_comment(moves: Sequence[Move]) -> str:
    """The names of the moves that ask for a comment."""
    return gettext("、").join(said(move.label) for move in moves if move.comment is Comment.REQUIRED)


@register.filter
def share(value: object) -> str:
    """A share of 0 to 100 as the length of a bar, never outside it."""
    found = formats.exact(value) or Decimal(0)
    return f"{min(max(found, Decimal(0)), Decimal(100)):.1f}"


@register.filter
def picture(svg: str) -> SafeString:
    """A chart that the portal drew itself. Nothing from outside is ever handed to this."""
    return mark_safe(svg)  # noqa: S308


@register.simple_tag
def tile_layout(tiles: Sequence[Mapping[str, Any]], steps: Sequence[Any] | None) -> TileMap:
    return laid_out(tiles, steps)


@register.simple_tag
def bar_layout(
    rows: Sequence[tuple[str, Sequence[Any]]], series: Sequence[Text | str], narrow: bool = False
) -> BarChart:
    return drawn(rows, len(series), narrow=narrow)


@register.simple_tag(takes_context=True)
def ui_query(context: Context, **changes: object) -> str:
    """The address's query with these values changed: `?q=…&page=3`."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        query[name] = str(value)
    return f"?{query.urlencode()}"
