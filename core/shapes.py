"""The shape of a tree of text by pydantic models, and its faults in Chinese with their path.

Models derive from `Shape` (no extra keys, immutable). Where several models may stand in one place,
tell them apart by the key `type`, or give each a tag in ‹›: both are left out of the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from core.expressions import Expression, compile_expression
from core.problems import Problem, Refused
from core.text import T, Text


class Plain(str):
    """A scalar that stood without quotes."""

    __slots__ = ()


Tree = dict[str, "Tree"] | list["Tree"] | str
"""What a file holds: mappings, lists, text."""

PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})(?:\.[0-9]{1,100})?", re.ASCII)
"""Plain digits. Far longer than any figure; a limit keeps hostile ones cheap."""
_PLAIN_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)


class ShapeFault(ValueError):
    """What a validator of a model raises to tell several problems at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(str(problem.message) for problem in self.problems))


def _decimal(found: object) -> object:
    if isinstance(found, Plain) and PLAIN_NUMBER.fullmatch(found):
        return Decimal(found)
    if isinstance(found, Decimal) and found.is_finite():
        return found
    raise PydanticCustomError("plain_number", "plain digits")


def _integer(found: object) -> object:
    if isinstance(found, Plain) and _PLAIN_INTEGER.fullmatch(found):
        return int(found)
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    raise PydanticCustomError("plain_integer", "whole number")


def _flag(found: object) -> object:
    if isinstance(found, Plain) and found in ("true", "false"):
        return found == "true"
    if isinstance(found, bool):
        return found
    raise PydanticCustomError("flag", "true or false")


def _expression(found: object) -> Expression:
    if isinstance(found, Expression):
        return found
    if not isinstance(found, str):
        raise PydanticCustomError("string_type", "text")
    try:
        return compile_expression(found)
    except Refused as refused:
        raise ShapeFault(refused.problems) from refused


class _ReadsExpression:
    """Tells pydantic to compile the text, and not to look into what comes out."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_expression)


PlainDecimal = Annotated[Decimal, BeforeValidator(_decimal)]
"""A number in plain digits, exactly as written."""
PlainInteger = Annotated[int, BeforeValidator(_integer)]
"""A whole number in plain digits."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""`true` or `false`."""
ExpressionSlot = Annotated[Expression, _ReadsExpression]
"""An expression; a bare number, `true` or `false` is one too."""


class Shape(BaseModel):
    """One mapping of a file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)


AnyModel = TypeVar("AnyModel", bound=BaseModel)


def shaped(tree: Tree, model: type[AnyModel]) -> AnyModel:
    """The tree as this model. Raises `Refused` with every fault, each with its path."""
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        found = [problem for details in error.errors() for problem in _problems(details, tree)]
        raise Refused(found) from error


def _problems(details: ErrorDetails, tree: Tree) -> list[Problem]:
    path = _path(details["loc"], tree)
    context = details.get("ctx", {})
    fault = context.get("error")
    if isinstance(fault, ShapeFault):
        return [
            Problem(problem.code, problem.message, place=path + problem.place, found=problem.found)
            for problem in fault.problems
        ]
    found = details["input"]
    shown = str(found)[:60] if isinstance(found, str) else ""
    said = _said(details["type"], details["msg"], context)
    return [Problem("shape." + details["type"], said, place=path, found=shown)]


def _path(loc: tuple[str | int, ...], tree: Tree) -> str:
    """The place in the file: pydantic's place without the tags it puts in for a choice of models."""
    node: Tree | None = tree
    path = ""
    tag_met = False
    for index, part in enumerate(loc):
        last = index == len(loc) - 1
        if isinstance(part, int):
            path += f"[{part}]"
            node = node[part] if isinstance(node, list) and part < len(node) else None
            tag_met = False
        elif _is_tag(part, node, last, tag_met):
            tag_met = True
        else:
            path += f".{part}" if path else part
            node = node.get(part) if isinstance(node, dict) else None
            tag_met = False
    return path


def _is_tag(part: str, node: Tree | None, last: bool, tag_met: bool) -> bool:
    if part == "[key]" or part.startswith("‹"):
        return True
    if not isinstance(node, dict):
        return True
    if not tag_met and node.get("type") == part:
        return True
    return part not in node and not last


_SAID: Mapping[str, Text] = {
    "missing": T("缺少这个键"),
    "extra_forbidden": T("没有这个键"),
    "plain_number": T("须是普通的十进制数字，不加引号，如 1000 或 0.5"),
    "plain_integer": T("须是整数，不加引号"),
    "flag": T("须是 true 或 false"),
    "string_type": T("须是文本"),
    "string_too_short": T("至少要有 {min_length} 个字符"),
    "string_too_long": T("最多 {max_length} 个字符"),
    "string_pattern_mismatch": T("写法不对，须符合 {pattern}"),
    "list_type": T("须是列表"),
    "tuple_type": T("须是列表"),
    "too_short": T("至少要有 {min_length} 项，现有 {actual_length} 项"),
    "too_long": T("最多 {max_length} 项，现有 {actual_length} 项"),
    "dict_type": T("须是键值对"),
    "model_type": T("须是键值对"),
    "model_attributes_type": T("须是键值对"),
    "literal_error": T("只能是 {expected} 之一"),
    "enum": T("只能是 {expected} 之一"),
    "greater_than": T("须大于 {gt}"),
    "greater_than_equal": T("不能小于 {ge}"),
    "less_than": T("须小于 {lt}"),
    "less_than_equal": T("不能大于 {le}"),
    "decimal_max_places": T("最多 {decimal_places} 位小数"),
    "union_tag_invalid": T("不认识的类型，只能是 {expected_tags} 之一"),
    "union_tag_not_found": T("缺少 type，或写法不对"),
}


def _said(kind: str, message: str, context: Mapping[str, Any]) -> Text:
    """Our words for pydantic's findings; what a validator of ours says is Chinese already."""
    if kind == "value_error":
        return Text(str(context.get("error", "")))
    if kind not in _SAID and not message.isascii():
        return Text(message)
    values = {
        name: str(value).replace(" or ", "、").replace(", ", "、").replace("'", "")
        for name, value in context.items()
    }
    return Text(_SAID.get(kind, T("内容不合要求")).msgid, values)
