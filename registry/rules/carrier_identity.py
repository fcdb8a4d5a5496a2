"""Which carrier a line of a file is about: by its code, else by its name with its operator's credit code. A
line that would make one body of two is not taken."""

from __future__ import annotations

from collections.abc import Sequence

from core.amounts import narrow
from core.problems import Problem
from core.text import T
from core.workbook.tables import Line
from registry.rules.bulk import Faults, places_of, twice
from registry.rules.carrier_sheet import KnownOperator, Named, Register

NEW = ""


def identify(lines: Sequence[Line], register: Register, faults: Faults) -> dict[int, str]:
    """By the number of a sound line the code of its carrier, empty for a new one."""
    found: dict[int, str] = {}
    for line in lines:
        if not faults.is_bad(line):
            code = (
                _by_code(line, register, faults)
                if "code" in line.values
                else _by_name(line, register, faults)
            )
            if code is not None:
                found[line.number] = code
    _two_names_of_one_code(lines, faults)
    _two_lines_of_one(lines, found, register, faults)
    return {number: code for number, code in found.items() if number not in faults.bad}


def _by_code(line: Line, register: Register, faults: Faults) -> str | None:
    given = narrow(str(line.values["code"])).upper()
    if given not in register.carriers:
        faults.add(
            line, "import.carrier", T("没有这家载体，或不在您的区域内。"), field="code", found=given,
            fix=T("请核对载体编号；新登记的载体把编号留空。"),
        )  # fmt: skip
        return None
    name = str(line.values["name"])
    bearers = register.named.get(name, ())
    if bearers and given not in {one.code for one in bearers}:
        other = bearers[0]
        faults.add(
            line, "import.two_bodies",
            T("这一行的编号是“{mine}”的，名称却是 {other} 的，会把两家并作一家。",
              mine=register.carriers[given].name, other=other.code),
            field="name", found=name, allowed=register.carriers[given].name,
            fix=T("若指“{name}”，请把编号改为 {code}；若是合并，请办理“合并与分立”。",
                  name=name, code=other.code),
        )  # fmt: skip
        return None
    return given


def _by_name(line: Line, register: Register, faults: Faults) -> str | None:
    """A line without a code is the carrier of this name and operator, so that what was registered by a file
    is found again by it; any other bearer of the name has to be told apart by a person."""
    name, credit_code = str(line.values["name"]), line.values.get("credit_code")
    bearers = register.named.get(name, ())
    if not bearers:
        return NEW
    mine = [one for one in bearers if one.is_mine and one.credit_code == credit_code]
    same = [one for one in mine if one.name == name]
    if len(same) == 1:
        return same[0].code
    _ask_which(line, name, (mine or bearers)[0], faults)
    return None


def _ask_which(line: Line, name: str, other: Named, faults: Faults) -> None:
    if other.name != name:
        faults.add(
            line, "import.former_name",
            T("“{name}”是 {code} 的曾用名，现名“{now}”。", name=name, code=other.code, now=other.name),
            field="name", found=name, allowed=other.name,
            fix=T("同一家请写现名，并填编号 {code}。", code=other.code),
        )  # fmt: skip
        return
    faults.add(
        line, "import.same_name",
        T("已登记同名载体 {code}，运营机构的信用代码与这一行不同。", code=other.code),
        field="name", found=name,
        fix=T("同一家请填编号 {code}；确是另一家，请在网上申请登记，由县级核对。", code=other.code),
    )  # fmt: skip


def _two_names_of_one_code(lines: Sequence[Line], faults: Faults) -> None:
    """One credit code is one operator: two names beside it are two bodies, or one that was renamed."""
    for code, some in twice(lines, lambda line: line.values.get("credit_code")).items():
        names = dict.fromkeys(str(line.values["operator"]) for line in some if "operator" in line.values)
        if len(names) < 2:
            continue
        for line in some:
            faults.add(
                line, "import.two_operators",
                T("信用代码 {code} 在 {places} 写了不同的运营机构：{names}。", code=code,
                  places=places_of(some, "credit_code"), names="、".join(names)),
                field="operator", found=str(line.values.get("operator", "")),
                fix=T("一个信用代码只有一家机构：请核对代码，名称统一写现名。"),
            )  # fmt: skip


def _two_lines_of_one(
    lines: Sequence[Line], found: dict[int, str], register: Register, faults: Faults
) -> None:
    """A carrier stands in one line. Two lines with its old and its present name are told as what they are."""
    for code, some in twice(lines, lambda line: found.get(line.number)).items():
        names = list(dict.fromkeys(str(line.values["name"]) for line in some))
        now = register.carriers[str(code)].name
        old = [name for name in names if name != now]
        places = places_of(some, "name")
        message = T("{places} 是同一家载体 {code}。", places=places, code=code)
        if len(names) > 1 and now in names:
            message = T(
                "{places} 是同一家载体 {code}：“{now}”是现名，“{old}”是另一个名称。",
                places=places, code=code, now=now, old="、".join(old),
            )  # fmt: skip
        for line in some:
            faults.add(
                line, "import.twice", message, field="name", found=str(line.values["name"]), allowed=now,
                fix=T("一家载体只留一行；名称写现名，曾用名由系统记载。"),
            )  # fmt: skip
    new = [line for line in lines if found.get(line.number) == NEW]
    for name, some in twice(new, lambda line: str(line.values["name"])).items():
        places = places_of(some, "name")
        for line in some:
            faults.add(
                line, "import.twice", T("{places} 名称相同。", places=places), field="name", found=str(name),
                fix=T("一家载体只留一行。"),
            )  # fmt: skip


def operator_of(line: Line, register: Register, held: KnownOperator | None) -> tuple[object, list[Problem]]:
    """What a line says of the operator: its row, the credit code of one that is not known yet, or `None`
    where it says nothing; and why it cannot be so."""
    code, name = line.values.get("credit_code"), line.values.get("operator")
    if code is None:
        return (
            (None, []) if name is None or (held and name in held.names) else (None, [_code_needed(str(name))])
        )
    known = register.operators.get(str(code))
    if known is not None and (name is None or name in known.names):
        return known.pk, []
    if known is not None:
        return None, [_other_body(str(code), str(name), known)]
    if name is None:
        message = T("登记中没有这个信用代码，须写明运营机构名称。")
        return None, [Problem("import.operator_name", message, field="operator", fix=T("请填写机构全称。"))]
    of_name = next((one for one in register.operators.values() if name in one.names and one.is_seen), None)
    if of_name is not None:
        message = T("“{name}”登记的信用代码是 {code}。", name=name, code=of_name.credit_code)
        fix = T("若是同一机构，请改用这个代码；若是另一机构，请写它的全称。")
        return None, [
            Problem("import.two_bodies", message, field="credit_code", found=str(code),
                    allowed=of_name.credit_code, fix=fix)
        ]  # fmt: skip
    return str(code), []


def _code_needed(name: str) -> Problem:
    return Problem(
        "import.operator_code",
        T("更换运营机构须填统一社会信用代码。"),
        field="credit_code",
        found=name,
        fix=T("请填写新机构的信用代码；只是更名，请走变更申请。"),
    )


def _other_body(code: str, name: str, known: KnownOperator) -> Problem:
    registered = known.name if known.is_seen else T("另一家机构")
    message = T("信用代码 {code} 登记的是“{registered}”，这一行写的是“{name}”，会把两家并作一家。",
                code=code, registered=registered, name=name)  # fmt: skip
    fix = T("写错代码的，请按营业执照改正；机构更名的，请先办理更名。")
    return Problem("import.two_bodies", message, field="operator", found=name, allowed=registered, fix=fix)
