"""A file of carriers against the register: which lines are new, which change what from which day on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.amounts import narrow
from core.problems import Problem
from core.text import T
from core.workbook.tables import Line, Lines
from registry.rules import checks, designations
from registry.rules.bulk import Cell, Faults, Plan, missing, shown, word
from registry.rules.carrier_identity import NEW, identify, operator_of
from registry.rules.carrier_places import place_of
from registry.rules.carrier_sheet import BY_CODE, COLUMNS, NEEDED, UNDER, KnownCarrier, Register
from registry.rules.dated_rows import added_by, row_faults
from registry.rules.designations import ENCLAVE
from registry.rules.history import Dated, Facts, as_of
from registry.rules.levels import NONE, Terms, chosen, told_on

SIMPLE = (
    "kind",
    "carrier_class",
    "field",
    "host_place",
    "state",
    "area_total",
    "area_tenants",
    "area_public",
)
ABOVE = T("请交上级登记。")
# What only an enclave has, and what stands there when it is none.
_OF_ENCLAVE: Mapping[str, object] = {"home_region_id": None, "host_place": ""}
Choose = Callable[[Terms, str, date], tuple[str, Problem | None]]
_DECIDED: Mapping[str, tuple[Callable[[Register], Terms], Choose]] = {
    "level": (lambda register: register.terms, chosen),
    "designation": (lambda register: register.titles, designations.chosen),
}
PLAIN = ("name_en", "address", "opened_on")
BLANK: Mapping[str, object] = {
    "name_en": "", "field": "", "level": NONE, "designation": "", "home_region_id": None, "host_place": "",
    "address": "", "area_total": None, "area_tenants": None, "area_public": None, "state": "active",
    "opened_on": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierRow:
    """What is to be written of one line. `facts` are all of a new carrier, of a known one those that change;
    `operator_id` is there the credit code where the operator is new too, with `operator_name`. `history`
    is what was recorded before, `added` what the change adds."""

    code: str
    name: str
    facts: Mapping[str, Any]
    valid_from: date
    basis: str
    document_number: str
    batch: str
    operator_name: str = ""
    cells: Sequence[Cell] = ()
    history: Sequence[Dated] = ()
    added: Sequence[Dated] = ()


def plan(read: Lines, register: Register) -> Plan[CarrierRow]:
    """Every line of a file, with every fault of each; nothing is written."""
    faults = Faults(COLUMNS, read)
    codes = identify(read.lines, register, faults)
    answer: Plan[CarrierRow] = Plan()
    for line in read.lines:
        code = codes.get(line.number)
        if code is None:
            continue
        row = (
            _new(line, register, faults)
            if code == NEW
            else _changed(line, register.carriers[code], register, faults)
        )
        if faults.is_bad(line):
            continue
        if row is None:
            answer.same += 1
        else:
            (answer.new if code == NEW else answer.changed).append(row)
    answer.bad, answer.problems = faults.bad, faults.problems
    return answer


def _new(line: Line, register: Register, faults: Faults) -> CarrierRow:
    faults.take(line, missing(line, COLUMNS, NEEDED))
    day = _day_of(line, register, faults)
    said = _said(line, None, None, day, register, faults)
    facts: dict[str, Any] = {**BLANK, "listed_year": _year(line, faults), **said}
    if not faults.is_bad(line):
        everything = set(facts)
        faults.take(line, checks.class_faults(str(facts["carrier_class"]), str(facts["field"])))
        faults.take(line, checks.area_faults(facts, everything))
        faults.take(line, checks.enclave_faults(facts, everything))
        _take_decided(line, {"level": NONE, "designation": ""}, facts, facts, register, faults)
        region = register.regions[facts["region_id"]]
        if register.inside is not None and not region.path.startswith(register.inside):
            faults.add(
                line,
                "carrier.role",
                T("您的身份不能登记此区域的载体。"),
                field="region",
                found=region.name,
                fix=ABOVE,
            )
    return _row(line, NEW, facts, day)


def _changed(line: Line, known: KnownCarrier, register: Register, faults: Faults) -> CarrierRow | None:
    day = _day_of(line, register, faults)
    held = _held(known, day)
    said = _said(line, known, held, day, register, faults)
    changes = {
        name: value for name, value in said.items() if value not in (known.today[name], held.get(name))
    }
    if line.values.get("listed_year", str(known.today["listed_year"])) != str(known.today["listed_year"]):
        faults.add(
            line, "import.listed_year", T("列统年份登记后不变。"), field="listed_year",
            found=str(line.values["listed_year"]), allowed=str(known.today["listed_year"]),
            fix=T("请改回登记的年份。"),
        )  # fmt: skip
    if not changes or faults.is_bad(line):
        return None
    _basis_given(line, changes, faults)
    if changes.get("designation", ENCLAVE) != ENCLAVE:
        changes |= {
            name: none for name, none in _OF_ENCLAVE.items() if held.get(name) and name not in changes
        }
    _take_decided(line, known.today, {**held, **changes}, changes, register, faults)
    dated = {name: value for name, value in changes.items() if name not in PLAIN}
    added = added_by(known.history, dated, day, _dated(known.today), register.at)
    faults.take(line, row_faults(added, dated), UNDER)
    cells = [_cell(name, held.get(name), value, register, line, day) for name, value in changes.items()]
    return _row(line, known.code, changes, day, cells=cells, history=known.history, added=added)


def _held(known: KnownCarrier, day: date) -> Facts:
    """The facts on a day, before the first day those that were recorded first; with the plain ones, that have
    no day."""
    first = min(known.history, key=lambda row: (row.recorded_at, -len(row.named)), default=None)
    dated = as_of(known.history, day) or (first.facts if first else known.today)
    return {**known.today, **dated}


def _dated(today: Facts) -> Facts:
    return {name: value for name, value in today.items() if name not in (*PLAIN, "listed_year")}


def _row(line: Line, code: str, facts: Mapping[str, Any], day: date, **more: Any) -> CarrierRow:
    text: dict[str, Any] = {
        name: str(line.values.get(name, "")) for name in ("basis", "document_number", "batch")
    }
    return CarrierRow(
        code=code,
        name=str(line.values["name"]),
        facts=facts,
        valid_from=day,
        operator_name=str(line.values.get("operator", "")),
        **text,
        **more,
    )


def _day_of(line: Line, register: Register, faults: Faults) -> date:
    """The day from which the line holds; today where it says none, which is no day of a change."""
    day = line.values.get("valid_from")
    if not isinstance(day, date):
        return register.today
    faults.take(line, checks.date_faults(day, register.today))
    opened = line.values.get("opened_on")
    if isinstance(opened, date):
        faults.take(line, checks.date_faults(opened, register.today, "opened_on"))
    return day


def _take_decided(
    line: Line, before: Facts, after: Facts, changes: Mapping[str, Any], register: Register, faults: Faults
) -> None:
    """What of level and designation is decided above this reader's step, and where an enclave may lie."""
    levels, titles = register.levels | {NONE}, register.designations | {""}
    if "level" in changes and not {changes["level"], before["level"]} <= levels:
        faults.add(line, "carrier.level_role", T("您的身份不能登记这一级别。"), field="level", fix=ABOVE)
    of_title = set(changes) & {"designation", *_OF_ENCLAVE}
    if of_title and not {after["designation"], before["designation"]} <= titles:
        words = T("您的身份不能登记这一称号。")
        faults.add(line, "carrier.designation_role", words, field="designation", fix=ABOVE)
    if not of_title and "region_id" not in changes:
        return
    faults.take(line, designations.place_faults(str(after["host_place"])))
    home, host = (register.regions.get(after[name]) for name in ("home_region_id", "region_id"))
    if home and host:
        faults.take(line, designations.enclave_faults(after, home_path=home.path, host_path=host.path))


def _basis_given(line: Line, changes: Mapping[str, object], faults: Faults) -> None:
    for code in ("valid_from", "basis"):
        if code not in line.values:
            titles = "、".join(_title(name) for name in changes)
            faults.add(
                line, "import.basis",
                T("这一行改动了{titles}，须填写“{title}”。", titles=titles, title=BY_CODE[code].title),
                field=code, fix=T("请填写此项；不想改动的，请把单元格改回原值或清空。"),
            )  # fmt: skip


def _title(name: str) -> str:
    return BY_CODE[UNDER.get(name, name)].title


def _year(line: Line, faults: Faults) -> int:
    text = narrow(str(line.values.get("listed_year", "")))
    if text.isdecimal() and 1980 <= int(text) <= 2100:
        return int(text)
    if text:
        faults.add(
            line, "import.year", T("不是年份。"), field="listed_year", found=text,
            allowed=T("四位年份，如 2023"), fix=T("请核对年份。"),
        )  # fmt: skip
    return 0


def _said(
    line: Line, known: KnownCarrier | None, held: Facts | None, day: date, register: Register, faults: Faults
) -> dict[str, object]:
    """The facts that the line says, by their names in the register; an empty cell says nothing."""
    said: dict[str, object] = {
        name: line.values[name] for name in (*SIMPLE, *PLAIN, "name") if name in line.values
    }
    now = known.today if known else {}
    for name, column in (("region_id", "region"), ("home_region_id", "home_region")):
        if column in line.values:
            ones = [register.regions.get(some.get(name)) for some in (now, held or {})]
            key, problems = place_of(str(line.values[column]), column, ones, day, register)
            faults.take(line, problems)
            said |= {name: key} if key is not None else {}
    for name, (of, choose) in _DECIDED.items():
        if name in line.values:
            said |= _decided(line, name, of(register), choose, (now, held or {}), day, faults)
    held_by = register.operator_keys.get(now.get("operator_id"))
    operator, problems = operator_of(line, register, held_by)
    faults.take(line, problems)
    return said | ({"operator_id": operator} if operator is not None else {})


def _decided(
    line: Line, name: str, terms: Terms, choose: Choose, ones: Sequence[Facts], day: date, faults: Faults
) -> dict[str, object]:
    """A level or a designation by its word. One that means it as it is says nothing new, whenever that word
    was used."""
    given = str(line.values[name])
    meant = {term.code for term in terms if given in (term.code, term.name)}
    for one in ones:
        if one.get(name) in meant:
            return {name: one[name]}
    code, fault = choose(terms, given, day)
    faults.take(line, [fault] if fault else [])
    return {} if fault else {name: code}


def _cell(name: str, old: object, new: object, register: Register, line: Line, day: date) -> Cell:
    """The change in words; a credit code stands for an operator that is not known yet."""
    column = BY_CODE[UNDER.get(name, name)]

    def told(value: object) -> str:
        if name in ("region_id", "home_region_id"):
            region = register.regions.get(value)
            return f"{region.name}（{region.code}）" if region else ""
        if name == "operator_id":
            operator = register.operator_keys.get(value)
            return (
                f"{operator.name}（{operator.credit_code}）"
                if operator
                else f"{line.values.get('operator', '')}（{value}）"
            )
        if name in _DECIDED:
            terms = told_on(_DECIDED[name][0](register), day)
            return terms[str(value)].name if str(value) in terms else str(value)
        return word(value, column) if isinstance(value, (str, Decimal, date)) else shown(value)

    title = BY_CODE["operator"].title if name == "operator_id" else column.title
    return Cell(title, told(old), told(new))
