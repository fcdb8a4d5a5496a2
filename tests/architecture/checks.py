"""What the house forbids. Each check takes a tree and answers every fault as one line with its place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.architecture.tree import EDGES, LAYERS, MAY_USE_EXCEL, ROOMS, Source, sources, templates

FILE_LINES, FUNCTION_LINES, VIEW_LINES, TEMPLATE_LINES = 400, 40, 25, 200


def _above(one: str, other: str) -> bool:
    """Whether `other` is a room above `one`."""
    return one in ROOMS and other in ROOMS and ROOMS.index(other) < ROOMS.index(one)


def upward_imports(root: Path) -> list[str]:
    return [
        f"{source.name}:{line} imports {name} from a room above"
        for source in sources(root)
        for line, name in source.imports()
        if _above(source.room, name.split(".")[0])
    ]


def upward_foreign_keys(root: Path) -> list[str]:
    """`ForeignKey("evaluation.Run")` is an import that no import linter sees."""
    faults = []
    for source in sources(root):
        for node in ast.walk(source.tree):
            if not isinstance(node, ast.Call) or not _is_relation(node.func):
                continue
            values = [*node.args[:1], *(k.value for k in node.keywords if k.arg in {"to", "through"})]
            for value in values:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    room = value.value.split(".")[0]
                    if _above(source.room, room):
                        faults.append(f"{source.name}:{node.lineno} relates to {value.value} above")
    return faults


def _is_relation(function: ast.expr) -> bool:
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    return name in {"ForeignKey", "OneToOneField", "ManyToManyField"}


def upward_template_tags(root: Path) -> list[str]:
    """A template loads no tag library and includes no template of a room above its own."""
    libraries = {
        path.stem: path.relative_to(root).parts[0]
        for room in ROOMS
        for path in (root / room / "templatetags").glob("*.py")
    }
    faults = []
    for path in templates(root):
        inside = path.relative_to(root / "templates")
        room = inside.parts[0]
        text = path.read_text()
        used = [(libraries.get(word, ""), word) for word in _loaded(text)]
        used += [
            (name.split("/")[0], name)
            for name in re.findall(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)", text)
        ]
        for owner, what in used:
            if _above(room, owner):
                faults.append(f"templates/{inside} uses {what} of {owner} above")
    return faults


def _loaded(text: str) -> Iterator[str]:
    for words in re.findall(r"{%\s*load\s+([^%]+?)\s*%}", text):
        names = words.split(" from ")[-1]
        yield from names.split()


def layer_faults(root: Path) -> list[str]:
    """Edges > services > queries, permissions > models > rules; edges leave each other alone."""
    faults = []
    for source in sources(root):
        here = LAYERS.get(source.kind)
        if here is None:
            continue
        for line, name in source.imports():
            parts = name.split(".")
            if len(parts) < 2 or parts[0] not in ROOMS or parts[0] == "core":
                continue
            there = LAYERS.get(parts[1])
            # The portal asks the rooms' slots: what they are for.
            if there is None or (source.room == "portal" and parts[1] == "slots"):
                continue
            own = parts[0] == source.room
            if there > here or (own and _edge_clash(source.kind, parts[1])):
                faults.append(f"{source.name}:{line} ({source.kind}) imports {name} ({parts[1]})")
    return sorted(set(faults))


def unknown_kinds(root: Path) -> list[str]:
    """A module of a kind that the house does not know would stand outside its layers. The portal, made of
    all rooms, has pages' gathering beside the kinds; core has tools."""
    return sorted(
        {
            f"{source.name} is of no known kind"
            for source in sources(root)
            if source.room not in {"portal", "core"}
            and source.kind not in LAYERS
            and source.kind not in {"apps", "migrations", "__init__"}
        }
    )


def _edge_clash(kind: str, other: str) -> bool:
    if kind not in EDGES or other not in EDGES or kind == other:
        return False
    return not (other == "excel" and kind in MAY_USE_EXCEL)


def impure_rules(root: Path) -> list[str]:
    """`rules/` know plain Python and core's plain tools: nothing that reads, writes or knows the web."""
    forbidden = {
        "django", "rest_framework", "celery", "redis", "openpyxl", "structlog", "requests", "socket",
        "subprocess", "pathlib", "os", "random", "time",
    }  # fmt: skip
    return [
        f"{source.name}:{line} imports {name}"
        for source in sources(root)
        if source.kind == "rules"
        for line, name in source.imports()
        if name.split(".")[0] in forbidden
    ]


def models_without_visible_to(root: Path) -> list[str]:
    """Every table has the one door: a queryset with `visible_to`, used as its manager."""
    doors, tables = set(), []
    for source in sources(root):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ClassDef):
                if any(isinstance(part, ast.FunctionDef) and part.name == "visible_to" for part in node.body):
                    doors.add(node.name)
                if source.kind == "models" and _is_model(node):
                    tables.append((source, node))
    faults = []
    for source, node in tables:
        manager = next(
            (
                ast.unparse(part.value)
                for part in node.body
                if isinstance(part, ast.Assign) and _assigns(part, "objects")
            ),
            "",
        )
        if not any(door in manager for door in doors) and not manager.startswith("UserManager"):
            faults.append(f"{source.name}:{node.lineno} {node.name} has no visible_to")
    return faults


def _is_model(node: ast.ClassDef) -> bool:
    bases = {ast.unparse(base) for base in node.bases}
    abstract = any(
        isinstance(inner, ast.ClassDef) and inner.name == "Meta" and "abstract = True" in ast.unparse(inner)
        for inner in node.body
    )
    return bool(bases & {"models.Model", "AbstractBaseUser", "Model", "FileImport"}) and not abstract


def _assigns(node: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in node.targets)


def oversized(root: Path) -> list[str]:
    """Smells by size: `place is n lines, at most m`."""
    faults = []
    for source in sources(root):
        lines = source.text.count("\n")
        if lines > FILE_LINES:
            faults.append(f"{source.name} is {lines} lines, at most {FILE_LINES}")
        for node in ast.walk(source.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                most = VIEW_LINES if _is_view(source, node) else FUNCTION_LINES
                if length > most:
                    faults.append(f"{source.name}:{node.name} is {length} lines, at most {most}")
    for path in templates(root):
        lines = path.read_text().count("\n")
        if lines > TEMPLATE_LINES:
            faults.append(f"{path.relative_to(root)} is {lines} lines, at most {TEMPLATE_LINES}")
    return faults


def _is_view(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return source.kind == "web" and any("page(" in ast.unparse(mark) for mark in node.decorator_list)


def unused_templates(root: Path) -> list[str]:
    """A template that no code and no other template names."""
    said = "\n".join(source.text for source in sources(root))
    texts = {path: path.read_text() for path in templates(root)}
    faults = []
    for path in texts:
        name = path.relative_to(root / "templates").as_posix()
        others = "\n".join(text for other, text in texts.items() if other != path)
        component = re.fullmatch(r"ui/(\w+)\.html", name)
        used_as_component = component and re.search(
            rf"{{%\s*ui(?:block)?\s+[\"']{component.group(1)}[\"']", others
        )
        if name not in said and name not in others and not used_as_component:
            faults.append(f"templates/{name} is used by nothing")
    return faults


def kit_outside_ui(root: Path) -> list[str]:
    """The kit's classes appear only inside `templates/ui/`, so that the kit can be changed."""
    kit = re.compile(
        r"class=\"[^\"]*(?<![\w-])"
        r"(btn|card|badge|row|col-\w+|d-flex|table-\w+|navbar|alert|form-control|form-select)(?![\w-])"
    )
    return [
        f"{path.relative_to(root)}: kit class {found.group(1)}"
        for path in templates(root)
        if path.relative_to(root / "templates").parts[0] != "ui"
        for found in kit.finditer(re.sub(r"{[%{].*?[%}]}", "", path.read_text()))
    ]


def shortcuts(root: Path) -> list[str]:
    """Things that silently go round the house: signals, work in save(), ORM arguments out of a request."""
    words = {
        r"@receiver\(|\.connect\(\s*\w*,?\s*sender": "a signal",
        r"def save\(self": "work in save()",
        r"filter\(\*\*request|Q\(\*\*request": "ORM arguments out of a request",
        r"fields = \"__all__\"": "fields that nobody chose",
        r"mark_safe\(": "text marked safe",
        r"\.delay\(|\.apply_async\(": "a task sent past office.services.jobs",
        r"datetime\.now\(|timezone\.now\(\)": "a clock of its own",
    }
    faults = []
    for source in sources(root):
        for pattern, what in words.items():
            for found in re.finditer(pattern, source.text):
                line = source.text.count("\n", 0, found.start()) + 1
                faults.append(f"{source.name}:{line} {what}")
    return faults


def without_excuse(faults: Iterable[str], excused: dict[str, str]) -> list[str]:
    """The faults that no listed exception covers; an exception that covers nothing is a fault too.

    An exception is the beginning of a fault, without the line: that moves with every change.
    """
    unplaced = {fault: re.sub(r":\d+", "", fault, count=1) for fault in faults}
    left = [fault for fault, words in unplaced.items() if not words.startswith(tuple(excused))]
    idle = [start for start in excused if not any(words.startswith(start) for words in unplaced.values())]
    return left + [f"the exception {start!r} covers nothing any more" for start in idle]
