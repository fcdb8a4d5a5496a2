"""The tree of a scheme file: groups and leaves of the base, the bonus and the deductions."""

from __future__ import annotations

from typing import Any

from core.expressions import Expression, Kind
from core.text import T
from evaluation.rules import scheme_shape as shape
from evaluation.rules.scheme import Extra, Group, Leaf, Node, Part
from evaluation.rules.scheme_reading import Reading

_OF_A_VALUE = ("step", "per", "linear", "target", "tiers", "benchmark", "rank", "range")
"""Rules that need a `value`, and a number; elsewhere it may be of any type."""


def read_nodes(reading: Reading, raw: Any, path: str, part: Part) -> tuple[Node, ...]:
    """The sound groups and leaves of a list."""
    if not isinstance(raw, list):
        return ()
    found = [_node(reading, item, f"{path}[{index}]", part) for index, item in enumerate(raw)]
    return tuple(node for node in found if node is not None)


def read_extra(reading: Reading, raw: Any, part: Part) -> Extra:
    """`bonus` or `deductions`; empty where the file has none."""
    if raw is None:
        return Extra()
    extra = reading.shaped(shape.ExtraShape, raw, part.value)
    items = raw.get("items") if isinstance(raw, dict) else None
    nodes = read_nodes(reading, items, f"{part.value}.items", part)
    cap = None if extra is None else extra.cap
    reading.places(cap, f"{part.value}.cap")
    return Extra(cap, nodes)


def _node(reading: Reading, raw: Any, path: str, part: Part) -> Node | None:
    content = raw if isinstance(raw, dict) else {}
    code = content.get("code")
    if isinstance(code, str):
        _unique(reading, code.strip(), f"{path}.code")
    return (_group if "items" in content else _leaf)(reading, raw, content, path, part)


def _unique(reading: Reading, code: str, path: str) -> None:
    if code in reading.codes:
        message = T("代码 {code} 已在 {place} 用过。", code=code, place=reading.codes[code])
        reading.problem("scheme.code", message, path, code)
    else:
        reading.codes[code] = path


def _group(reading: Reading, raw: Any, content: dict[str, Any], path: str, part: Part) -> Group | None:
    group = reading.shaped(shape.GroupShape, raw, path)
    items = read_nodes(reading, content["items"], f"{path}.items", part)
    if group is None:
        return None
    reading.places(group.cap, f"{path}.cap")
    return Group(group.code, group.title, group.clause or "", group.cap, items)


def _leaf(reading: Reading, raw: Any, content: dict[str, Any], path: str, part: Part) -> Leaf | None:
    leaf = reading.shaped(shape.LeafShape, raw, path)
    _note(reading, content, path, part)
    value, inner = _expressions(reading, content, path)
    if leaf is None:
        return None
    return Leaf(
        code=leaf.code,
        title=leaf.title,
        full=leaf.full,
        unit=leaf.unit or "",
        clause=leaf.clause or "",
        part=part,
        path=path,
        rule=leaf.rule,
        value=value,
        inner=inner,
        excludes=leaf.missing is shape.Absent.EXCLUDE,
    )


def _note(reading: Reading, content: dict[str, Any], path: str, part: Part) -> None:
    """Code, full marks and `missing` of a leaf, even where another key of it is at fault."""
    code = content.get("code")
    if isinstance(code, str):
        reading.leaf_codes.add(code.strip())
    full = shape.full_of(content.get("full"))
    reading.places(full, f"{path}.full")
    if part is Part.BASE:
        reading.base_full.append(full)
    elif content.get("missing") == shape.Absent.EXCLUDE:
        message = T("只有基础分的指标可以写 missing: exclude。")
        reading.problem("scheme.missing", message, f"{path}.missing", "exclude")


def _expressions(
    reading: Reading, content: dict[str, Any], path: str
) -> tuple[Expression | None, Expression | None]:
    """The value, and the rule's own expression; notes the fields that the rule names."""
    raw_rule = content.get("rule")
    rule: dict[str, Any] = raw_rule if isinstance(raw_rule, dict) else {}
    kind = rule.get("type")
    value = reading.expression(content.get("value"), f"{path}.value", numeric=kind in _OF_A_VALUE)
    if kind in _OF_A_VALUE and "value" not in content:
        reading.problem("scheme.value", T("规则 {type} 须有 value。", type=kind), f"{path}.value")
    if kind == "choice":
        reading.reads(rule.get("field"), f"{path}.rule.field")
    elif kind == "coefficients":
        reading.reads(rule.get("of"), f"{path}.rule.of", numeric=True)
    elif kind in ("benchmark", "rank", "range") and isinstance(rule.get("group"), list):
        reading.reads(rule["group"], f"{path}.rule.group")
    return value, _inner(reading, rule, "value" in content, value, f"{path}.rule")


def _inner(
    reading: Reading, rule: dict[str, Any], has_value: bool, value: Expression | None, path: str
) -> Expression | None:
    match rule.get("type"):
        case "target":
            return reading.expression(rule.get("target"), f"{path}.target", numeric=True)
        case "pass":
            return reading.expression(rule.get("when"), f"{path}.when", condition=True)
        case "formula":
            computed: dict[str, Kind | None] = {"full": Kind.NUMBER}
            if has_value:
                computed["v"] = None
            return reading.expression(
                rule.get("points"),
                f"{path}.points",
                numeric=True,
                computed=computed,
                v_from=value,
            )
        case _:
            return None
