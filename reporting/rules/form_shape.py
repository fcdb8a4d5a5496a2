"""The shape of a form file: which keys stand where, and of what type (contract of forms).

One model a mapping. Lists of mappings stay raw here: each mapping is shaped by itself, so that a fault
in one does not hide the faults of another.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from core.shapes import Flag, PlainDecimal, PlainInteger, Shape

NAME = r"^[a-z][a-z0-9_]*$"

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
FormCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$", max_length=100)]
Name = Annotated[str, StringConstraints(pattern=NAME, max_length=60)]
CheckCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=30)]
Source = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
TypeName = Literal[
    "text",
    "integer",
    "decimal",
    "money",
    "percent",
    "date",
    "bool",
    "choice",
    "credit_code",
    "region",
    "phone",
    "email",
]
SeverityName = Literal["error", "explain", "note"]
Prefill = Annotated[str, StringConstraints(pattern=r"^(?:previous|registry\.[a-z][a-z0-9_]*)$")]
Text = Annotated[str, StringConstraints(max_length=2000)]
Label = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9_.]*(?:@[a-z][a-z0-9_]*)?$", max_length=100)
]
Count = Annotated[PlainInteger, Field(ge=0)]


class Mapping(Shape):
    """Any mapping of the file; `clause` is the legal clause behind it."""

    clause: Words | None = None
    help: Words | None = None


class VarianceShape(Mapping):
    """Against last year: both bounds must be passed."""

    share: Annotated[PlainDecimal, Field(ge=0)]
    at_least: Annotated[PlainDecimal, Field(ge=0)]
    severity: SeverityName = "explain"
    except_: list[Name] = Field(default=[], alias="except")


class ValueShape(Mapping):
    """What fields and columns have in common."""

    code: Name
    title: Words
    type: TypeName
    unit: Words | None = None
    places: Annotated[PlainInteger, Field(ge=0, le=6)] | None = None
    min: Source | None = None
    max: Source | None = None
    required: Flag = False
    choices: Annotated[dict[str, Words], Field(min_length=1)] | None = None
    max_length: Annotated[PlainInteger, Field(ge=1, le=20000)] | None = None

    @model_validator(mode="after")
    def _fits_its_type(self) -> ValueShape:
        faults = []
        if (self.choices is None) == (self.type == "choice") and self.type != "region":
            faults.append("choices 只属于 type: choice，且不可缺少")
        if self.type == "money" and self.unit not in ("元", "千元", "万元"):
            faults.append("money 的 unit 只能是 元、千元 或 万元")
        if self.places is not None and self.type not in ("decimal", "money", "percent"):
            faults.append("places 只属于 decimal、money、percent")
        if self.max_length is not None and self.type != "text":
            faults.append("max_length 只属于 text")
        if faults:
            raise ValueError("；".join(faults))
        return self


class ColumnShape(ValueShape):
    """One column of a table."""


class FieldShape(ValueShape):
    """One field of a section; a computed one is a number unless it says otherwise."""

    type: TypeName = "decimal"
    of: Name | None = None
    computed: Source | None = None
    prefill: Prefill | None = None
    variance: Any = None


class SectionShape(Mapping):
    code: Name
    title: Words
    fields: Annotated[list[Any], Field(min_length=1)]


class RowCheckShape(Mapping):
    """A rule on one row, or, as a check of the form, on all of it."""

    code: CheckCode
    check: Source
    severity: SeverityName
    message: Words
    fix: Words | None = None
    allowed: Words | None = None
    fields: list[Name] = []


class TableShape(Mapping):
    code: Name
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    key: Name
    max_rows: Annotated[PlainInteger, Field(ge=1, le=1_000_000)] = 5000
    columns: Annotated[list[Any], Field(min_length=1)]
    row_checks: list[Any] = []
    totals: dict[Name, Source] = {}


class CaseShape(Mapping):
    """One case of a form's own tests: what differs from the sound return, and what is then found."""

    name: Words
    values: dict[Name, Text] = {}
    last: dict[Name, Text] = {}
    rows: dict[Name, list[dict[Name, Text]]] = {}
    without: list[Name] = []
    expect: list[Label] = []


class TestsShape(Mapping):
    """A return in which nothing is wrong, and the cases."""

    year: Annotated[PlainInteger, Field(ge=1990, le=2100)]
    values: dict[Name, Text]
    last: dict[Name, Text] = {}
    rows: dict[Name, list[dict[Name, Text]]] = {}
    registry: dict[Name, Text] = {}
    cases: Annotated[list[Any], Field(min_length=1)]


class FormShape(Mapping):
    form: FormCode
    version: Annotated[PlainInteger, Field(ge=1, le=2_000_000_000)]
    title: Words
    kinds: Annotated[list[Name], Field(min_length=1)]
    sections: Annotated[list[Any], Field(min_length=1)]
    tables: list[Any] = []
    checks: list[Any] = []
    variance: Any = None
    tests: Any = None
