"""A file of tenants and teams against the register: which stays are new, which change, who is renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.amounts import narrow
from core.problems import Problem, Severity
from core.text import T
from core.workbook.tables import Line, Lines
from registry.rules import checks
from registry.rules.bulk import Cell, Faults, Plan, missing, places_of, twice, word
from registry.rules.stay_sheet import BY_CODE, COLUMNS, FACTS, KnownStay, Place, Stays, Whose
from registry.rules.vocabulary import GRADUATION


@dataclass(frozen=True, slots=True, kw_only=True)
class StayRow:
    """What is to be written of one line: `stay` what is new or changes of the stay `pk` (`None`: a new one),
    `body` what is new or changes of whom `whose` names. `code` is the carrier."""

    code: str
    whose: Whose
    name: str
    pk: int | None
    stay: Mapping[str, Any]
    body: Mapping[str, Any]
    cells: Sequence[Cell] = ()


def plan(read: Lines, known: Stays) -> Plan[StayRow]:
    """Every line of a file, with every fault of each; nothing is written."""
    faults = Faults(COLUMNS, read)
    places = {line.number: place for line in read.lines if (place := _place(line, known, faults))}
    _said_otherwise(read.lines, places, faults)
    rows: list[tuple[Line, StayRow]] = []
    for line in read.lines:
        if not faults.is_bad(line):
            rows.append((line, _row(line, places[line.number], known, faults)))
    _once(rows, faults)
    answer: Plan[StayRow] = Plan()
    for line, row in rows:
        if faults.is_bad(line):
            continue
        if row.pk is None:
            answer.new.append(row)
        elif row.stay or row.body:
            answer.changed.append(row)
        else:
            answer.same += 1
    answer.bad, answer.problems = faults.bad, faults.problems
    return answer


def _place(line: Line, known: Stays, faults: Faults) -> Place | None:
    """In which carrier, and whose stay it is."""
    if faults.is_bad(line):
        return None
    code = narrow(str(line.values["code"])).upper()
    if code not in known.carriers:
        faults.add(
            line, "import.carrier", T("没有这家载体，或不在您的区域内。"), field="code", found=code,
            fix=T("请核对载体编号。"),
        )  # fmt: skip
    given = [name for name in ("credit_code", "team_no") if name in line.values]
    if len(given) != 1:
        faults.add(
            line, "import.whose",
            T("信用代码和团队编号只能填一个。") if given else T("须填写信用代码或团队编号。"),
            field="credit_code", fix=T("企业填统一社会信用代码，团队填团队编号。"),
        )  # fmt: skip
        return None
    return code, given[0], str(line.values[given[0]])


def _said_otherwise(lines: Sequence[Line], places: Mapping[int, Place], faults: Faults) -> None:
    """Of one company or team all lines say the same."""

    def whose(line: Line) -> Whose | None:
        place = places.get(line.number)
        return place[1:] if place else None

    for key, some in twice(lines, whose).items():
        for name in FACTS:
            said = {line.values[name] for line in some if name in line.values}
            if len(said) < 2:
                continue
            message = T(
                "{key} 在 {places} 的“{title}”写得不同，不知以哪一行为准。", key=str(key[1]),  # type: ignore[index]
                places=places_of(some, name), title=BY_CODE[name].title,
            )  # fmt: skip
            code = "import.two_bodies" if name == "name" else "import.said_otherwise"
            for line in some:
                found = word(line.values.get(name), BY_CODE[name])
                fix = T("请写成一样；确是两家的，请核对代码。")
                faults.add(line, code, message, field=name, found=found, fix=fix)


def _row(line: Line, place: Place, known: Stays, faults: Faults) -> StayRow:
    body = _body(line, place[1:], known, faults)
    held = _held(line, known.stays.get(place, ()), faults)
    stay = _stay(line, held, known.today, faults)
    facts = known.bodies[place[1:]].facts if place[1:] in known.bodies else {}
    before = _dates(held)
    cells = [_cell(name, facts.get(name), value) for name, value in body.items() if facts]
    cells += [_cell(name, before.get(name), value) for name, value in stay.items() if held]
    name = str(line.values.get("name", facts.get("name", place[2])))
    return StayRow(
        code=place[0],
        whose=place[1:],
        name=name,
        pk=held.pk if held else None,
        stay=stay,
        body=body,
        cells=cells,
    )


def _dates(held: KnownStay | None) -> dict[str, Any]:
    if held is None:
        return {}
    return {"entered": held.entered, "ended": held.ended, "graduated_by": held.graduated_by}


def _cell(name: str, old: Any, new: Any) -> Cell:
    column = BY_CODE[name]
    return Cell(column.title, word(old, column), word(new, column))


# Who it is.


def _body(line: Line, whose: Whose, known: Stays, faults: Faults) -> dict[str, Any]:
    """What the line says of the company or team that the register does not say."""
    said: dict[str, Any] = {name: line.values[name] for name in FACTS if name in line.values}
    for name in ("founded", "high_tech_since"):
        if isinstance(day := said.get(name), date):
            faults.take(line, checks.date_faults(day, known.today, name))
    if whose[0] == "team_no" and said.pop("high_tech_since", None):
        faults.add(
            line, "import.team", T("团队不填认定高企日期。"), field="high_tech_since", fix=T("请清空这一格。")
        )  # fmt: skip
    held = known.bodies.get(whose)
    if held is None:
        faults.take(line, missing(line, COLUMNS, ("name",)))
    differing = {name: value for name, value in said.items() if not held or held.facts.get(name) != value}
    bearer = known.bearers.get(str(differing.get("name", "")), whose[1])
    if bearer != whose[1]:
        faults.take(line, [_of_another(str(differing["name"]), bearer, is_new=held is None)])
    if held is not None and not held.is_seen:
        for name in [one for one in differing if held.facts.get(one)]:
            faults.add(
                line, "import.registered_otherwise",
                T("与该代码登记的“{title}”不同。", title=BY_CODE[name].title), field=name,
                found=word(line.values[name], BY_CODE[name]),
                fix=T("请按营业执照核对代码和内容；无误的，请联系省级更正登记。"),
            )  # fmt: skip
    return differing


def _of_another(name: str, bearer: str, *, is_new: bool) -> Problem:
    """A known code with the name of another body would make one of two; a new one only shares a name."""
    message = T(
        "“{name}”是 {code} 登记的名称，这一行的代码是另一家的，会把两家并作一家。", name=name, code=bearer
    )
    if is_new:
        message = T("另有同名企业 {code}，请核对代码。", code=bearer)
    return Problem(
        "import.same_name" if is_new else "import.two_bodies", message, field="name", found=name,
        fix=T("若指同一家，请改用 {code}。", code=bearer),
        severity=Severity.NOTE if is_new else Severity.ERROR,
    )  # fmt: skip


# The stay.


def _held(line: Line, stays: Sequence[KnownStay], faults: Faults) -> KnownStay | None:
    """The stay that the line is about: that of the day it entered, else the open one that it corrects."""
    entered, ended = line.values["entered"], line.values.get("ended")
    if not isinstance(entered, date) or not (ended is None or isinstance(ended, date)):
        return None
    exact = [one for one in stays if one.entered == entered]
    if exact:
        return max(exact, key=lambda one: one.ended or date.max)
    for one in stays:
        first, last = one.entered.isoformat(), one.ended.isoformat() if one.ended else ""
        if one.ended is None and (ended is None or ended > one.entered):
            return one
        if one.ended is not None and entered < one.ended and (ended is None or ended > one.entered):
            faults.add(
                line, "import.overlap",
                T("与已登记的入驻（{first} 至 {last}）重叠。", first=first, last=last),
                field="entered", found=entered.isoformat(),
                fix=T("指这一次的，入驻日期请写 {day}；是再次入驻的，请核对日期。", day=first),
            )  # fmt: skip
    return None


def _stay(line: Line, held: KnownStay | None, today: date, faults: Faults) -> dict[str, Any]:
    said = {name: line.values[name] for name in ("entered", "ended", "graduated_by") if name in line.values}
    before = _dates(held)
    changes = {name: value for name, value in said.items() if before.get(name) != value}
    after = {"ended": None, "graduated_by": "", **before, **said}
    founded = line.values.get("founded")
    if changes:
        founding = founded if isinstance(founded, date) else None
        faults.take(line, checks.stay_faults(founded=founding, entered=after["entered"], today=today))
        _ending(line, before.get("graduated_by", ""), after, changes, today, faults)
    return changes


def _ending(
    line: Line, stated: str, after: Mapping[str, Any], changes: Mapping[str, Any], today: date, faults: Faults
) -> None:
    ended, condition = after["ended"], after["graduated_by"]
    if ended is None:
        if condition:
            faults.add(
                line, "stay.graduated_when", T("填写了毕业条件，须填写离开日期。"), field="ended",
                fix=T("请填写毕业之日，或清空毕业条件。"),
            )  # fmt: skip
        return
    faults.take(line, checks.date_faults(ended, today, "ended"))
    if ended < after["entered"]:
        faults.add(
            line, "stay.order", T("离开日期早于入驻日期。"), field="ended", found=ended.isoformat(),
            fix=T("请核对两个日期。"),
        )  # fmt: skip
    if "graduated_by" in changes and stated in GRADUATION:
        faults.add(
            line, "stay.stated", T("毕业条件已登记为“{condition}”。", condition=GRADUATION[stated]),
            field="graduated_by", found=word(condition, BY_CODE["graduated_by"]), fix=T("请清空这一格。"),
        )  # fmt: skip
    elif "graduated_by" in changes and condition in GRADUATION:
        found = checks.graduation_faults(condition, ended, today, has_evidence=False)
        fix = T("请选“已毕业，条件待补”，导入后在网上补传材料。")
        faults.take(line, [replace(one, fix=fix) for one in found], {"evidence": "graduated_by"})


def _once(rows: Sequence[tuple[Line, StayRow]], faults: Faults) -> None:
    """One line a stay, and nobody twice in one carrier at one time."""
    row_of = {line.number: row for line, row in rows}

    def place(line: Line) -> Place:
        row = row_of[line.number]
        return row.code, *row.whose

    for some in twice([line for line, _row in rows], place).values():
        ordered = sorted(some, key=lambda line: line.values["entered"])
        for at, line in enumerate(ordered[1:], start=1):
            before = ordered[at - 1]
            if not _apart(before, line) or _same_stay(row_of[before.number], row_of[line.number]):
                places = places_of([before, line], "entered")
                for one in (before, line):
                    faults.add(
                        one, "stay.twice", T("{places} 是同一家在同一载体的重叠入驻。", places=places),
                        field="entered", found=word(one.values["entered"], BY_CODE["entered"]),
                        fix=T("同一次入驻只留一行；再次入驻的，前一次须有离开日期。"),
                    )  # fmt: skip


def _apart(before: Line, line: Line) -> bool:
    """Whether the earlier one had left when the later one came."""
    left, came = before.values.get("ended"), line.values["entered"]
    return isinstance(left, date) and isinstance(came, date) and left <= came


def _same_stay(one: StayRow, other: StayRow) -> bool:
    return one.pk is not None and one.pk == other.pk
