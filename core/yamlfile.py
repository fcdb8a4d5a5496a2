"""The one door for YAML from outside: a tree of text, then its shape by a pydantic model.

Nothing is guessed: a scalar stays the text it was written as. `Plain` marks what stood without
quotes, the only thing that may become a number (`PlainDecimal`, `PlainInteger`) or a `Flag`, so none
of YAML 1.1's readings (`yes`, `1:30`, `0100`, `0x10`, `1_000`, `1e3`, dates) can happen. Refused are
duplicate keys, anchors, aliases, tags, empty values, more than 1 MB: every fault with its path.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from core.problems import Problem, Refused
from core.shapes import (
    ExpressionSlot,
    Flag,
    Plain,
    PlainDecimal,
    PlainInteger,
    Shape,
    ShapeFault,
    Tree,
    shaped,
)
from core.text import T, Text

__all__ = [
    "ExpressionSlot",
    "Flag",
    "Plain",
    "PlainDecimal",
    "PlainInteger",
    "Shape",
    "ShapeFault",
    "Tree",
    "load_yaml",
    "path_of",
    "read_yaml",
    "shaped",
    "tree_of_json",
]

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = (
    yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
)


def path_of(parts: tuple[str | int, ...]) -> str:
    """`("indicators", 3, "rule")` as `indicators[3].rule`."""
    path = ""
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path


def load_yaml(data: bytes | str) -> Tree:
    """The tree of one YAML document. Raises `Refused` with every fault, each with its path."""
    tree, faults = read_yaml(data)
    if tree is None or faults:
        raise Refused(faults)
    return tree


def read_yaml(data: bytes | str) -> tuple[Tree | None, list[Problem]]:
    """The tree as far as it can be read, and the faults: for one who wants to say what else is wrong.

    Of a key written twice the later value stands. There is no tree where the text is no YAML.
    """
    try:
        text = _decoded(data)
    except Refused as refused:
        return None, list(refused.problems)
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            reader.take(event)
            if reader.gives_up:
                break
    except yaml.MarkedYAMLError as error:
        reader.fault("yaml.syntax", _syntax(error))
    except yaml.YAMLError:
        reader.fault("yaml.syntax", T("文件中有 YAML 不允许的字符"))
    if not reader.faults and not reader.documents:
        reader.fault("yaml.empty", T("文件是空的"))
    return (reader.documents[0] if reader.documents else None), reader.faults


def _decoded(data: bytes | str) -> str:
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        raise Refused(Problem("yaml.size", T("文件太大：最多 {limit} 字节", limit=MAX_BYTES)))
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem("yaml.encoding", T("文件须是 UTF-8 编码（第 {line} 行不是）", line=line))
        raise Refused(problem) from error


def _syntax(error: yaml.MarkedYAMLError) -> Text:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return T("不合 YAML 的写法")
    line, column = mark.line + 1, mark.column + 1
    return T("第 {line} 行第 {column} 个字符处不合 YAML 的写法", line=line, column=column)


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come."""

    tree: dict[str, Tree] | list[Tree]
    key: str | None = None  # a mapping's key that waits for its value
    strays: int = 0  # keys that could not be kept


@dataclass(slots=True)
class _Reader:
    """Builds trees from the parser's events, without recursion and without resolving anything."""

    documents: list[Tree] = field(default_factory=list)
    faults: list[Problem] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    gives_up: bool = False

    def fault(self, code: str, message: Text, found: str = "") -> None:
        """Keeps a fault at the place that is being read."""
        place = path_of(tuple(self._here()))
        self.faults.append(Problem(code, message, place=place, found=found[:60]))

    def _here(self) -> Iterator[str | int]:
        for frame in self.open:
            if isinstance(frame.tree, list):
                yield len(frame.tree)
            elif frame.key is not None:
                yield frame.key

    def take(self, event: yaml.Event) -> None:
        """One event of the parser."""
        if isinstance(event, yaml.AliasEvent):
            self.fault("yaml.alias", T("不能用 YAML 的锚点和引用（& 和 *）"))
            self._put("")
        elif isinstance(event, yaml.NodeEvent):
            self._node(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self._close()
        elif isinstance(event, yaml.DocumentStartEvent) and self.documents:
            self.fault("yaml.documents", T("一个文件里只能有一份内容"))
            self.gives_up = True

    def _node(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self.fault("yaml.alias", T("不能用 YAML 的锚点和引用（& 和 *）"))
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.fault("yaml.tag", T("不能用 YAML 的类型标记（!）"), str(tag))
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif len(self.open) >= MAX_DEPTH:
            self.fault("yaml.depth", T("嵌套太深：最多 {limit} 层", limit=MAX_DEPTH))
            self.gives_up = True
        else:
            self.open.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else []))

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        text = event.value
        if any((ord(c) < 32 and c not in "\n\t") or 0xD800 <= ord(c) < 0xE000 for c in text):
            self.fault("yaml.character", T("文本中有不能用的字符"))
        if self._waits_for_key():
            self._key(text)
            return
        is_plain = event.style in (None, "")
        if is_plain and text in _NULLS:
            self.fault("yaml.null", T("没有填写内容；不需要时请删去这个键"))
        self._put(Plain(text) if is_plain else text)

    def _waits_for_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].tree, dict) and self.open[-1].key is None

    def _key(self, text: str) -> None:
        frame = self.open[-1]
        if isinstance(frame.tree, dict) and text in frame.tree:
            frame.key = text
            self.fault("yaml.duplicate", T("同一个键写了两次"), text)
        if text in ("", "<<"):
            self.fault("yaml.key", T("不能用的键"), text)
        frame.key = text

    def _put(self, tree: Tree) -> None:
        if not self.open:
            self.documents.append(tree)
            return
        frame = self.open[-1]
        if isinstance(frame.tree, list):
            frame.tree.append(tree)
        elif frame.key is None:
            self.fault("yaml.key", T("键须是文本"))
            frame.strays += 1
            frame.key = f"?{frame.strays}"
        else:
            frame.tree[frame.key] = tree
            frame.key = None

    def _close(self) -> None:
        self._put(self.open.pop().tree)


def tree_of_json(text: str | bytes) -> Tree:
    """The tree back from its canonical JSON (`core.canonical`): the same digest, the same shape."""
    return _plained(json.loads(text, parse_int=Plain, parse_float=Plain))


def _plained(found: object) -> Tree:
    if isinstance(found, dict):
        return {str(key): _plained(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_plained(value) for value in found]
    if isinstance(found, bool):
        return Plain("true" if found else "false")
    if isinstance(found, str):
        return found
    raise Refused(Problem("yaml.null", T("没有填写内容；不需要时请删去这个键")))
