"""A form file: every fault at once with its path, nothing loaded; a sound one says all that it asks."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from core.problems import Refused, Severity
from reporting.rules.form import Form, TotalKind
from reporting.rules.form_reading import load_form

SOURCE = Path(__file__).parents[1].joinpath("form.yaml").read_text(encoding="utf-8")
FORMS = Path(__file__).parents[3] / "reporting" / "forms"


def faults(*changes: tuple[str, str]) -> list[tuple[str, str]]:
    """(code, path) of each fault after these replacements in the sound file."""
    text = SOURCE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    with pytest.raises(Refused) as refused:
        load_form(text)
    return [(problem.code, problem.place) for problem in refused.value.problems]


def form() -> Form:
    return load_form(SOURCE)


def test_a_form_says_what_it_asks() -> None:
    found = form()
    assert (found.code, found.version, found.kinds) == ("incubator-annual", 1, ("incubator",))
    assert [one.code for one in found.fields][:4] == [
        "area_total",
        "area_tenants",
        "area_service",
        "use_rate",
    ]
    total = found.field("area_total")
    assert (total.column.min, total.column.places, total.column.required, total.clause) == (
        Decimal(0),
        2,
        True,
        "第八条",
    )
    assert (found.field("area_tenants").of, found.field("area_tenants").depth) == ("area_total", 1)
    assert found.field("use_rate").column.locked
    assert [(t.code, t.kind) for t in found.totals] == [
        ("tenants", TotalKind.COUNT),
        ("high_tech_tenants", TotalKind.COUNT),
        ("tenant_revenue", TotalKind.SUM),
    ]
    assert found.variance is not None and found.variance.without == frozenset({"area_total"})
    assert [check.severity for check in found.checks] == [Severity.ERROR, Severity.EXPLAIN]


def test_the_digest_is_of_the_content_not_of_the_file() -> None:
    assert load_form("# 说明\n" + SOURCE).digest == form().digest
    assert load_form(SOURCE.replace("share: 0.5", "share: 0.6")).digest != form().digest


@pytest.mark.parametrize("name", ["incubator-annual", "makerspace-annual"])
def test_the_forms_of_the_project_are_sound(name: str) -> None:
    found = load_form(FORMS.joinpath(f"{name}.yaml").read_bytes())
    assert found.code == name and len(found.checks) >= 9 and len(list(found.fields)) >= 20


def test_the_makerspace_form_has_what_a_scheme_of_makerspaces_reads() -> None:
    found = load_form(FORMS.joinpath("makerspace-annual.yaml").read_bytes())
    needed = {
        "workstations", "workstations_used", "mentors", "partners", "events_hosted", "events_undertaken",
        "events_hosted_jointly", "events_undertaken_jointly", "new_teams", "new_enterprises", "new_sole_traders",  # noqa: E501
        "commercialised", "funding", "tax", "junior_college", "bachelor", "master", "doctor",
    }  # fmt: skip
    assert needed <= set(found.by_code)
    assert found.table("teams").key == "team_no" and found.table("teams").key_is_given


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("kinds: [incubator]", "kindz: [incubator]", "shape.extra_forbidden", "kindz"),
        ("type: integer", "type: number", "shape.literal_error", "sections[0].fields[4].type"),
        ("type: integer", "type: integer, colour: red", "shape.extra_forbidden", "sections[0].fields[4].colour"),  # noqa: E501
        ("unit: 千元", "unit: 亿元", "shape.value_error", "tables[0].columns[5]"),
        ("places: 2", "places: 1_0", "shape.plain_integer", "sections[0].fields[0].places"),
        ("min: 0", "min: 零", "form.bound", "sections[0].fields[0].min"),
        ("severity: explain, message", "severity: warn, message", "shape.literal_error", "checks[1].severity"),  # noqa: E501
        ("of: area_total", "of: area_all", "form.name", "sections[0].fields[1].of"),
        ("of: area_total", "of: area_tenants", "form.of", "sections[0].fields[1].of"),
        ("of: area_total", "of: operator_note", "form.of", "sections[0].fields[1].of"),
        ("entered >= founded", "entered >= foundet", "expression.name", "tables[0].row_checks[0].check"),
        ("entered >= founded", "entered >= name", "expression.type", "tables[0].row_checks[0].check"),
        ("entered >= founded", "entered **  2", "expression.syntax", "tables[0].row_checks[0].check"),
        ("tenants_reported == tenants,", "tenants_reported == tenant,", "expression.name", "checks[1].check"),
        ("tenants_reported == tenants,", "tenants_reported == prev2.tenants,", "expression.syntax",
         "checks[1].check"),
        ("tenants_reported == tenants,", "operator_note,", "expression.type", "checks[1].check"),
        ("round(ratio(area_tenants,", "round(ratio(use_rate,", "form.cycle", "sections[0].fields[3].computed"),  # noqa: E501
        ("round(ratio(area_tenants,", "round(ratio(area_x,", "expression.name", "sections[0].fields[3].computed"),  # noqa: E501
        ("sum(revenue)", "sum(name)", "form.total", "tables[0].totals.tenant_revenue"),
        ("sum(revenue)", "max(revenue)", "form.total", "tables[0].totals.tenant_revenue"),
        ("count(high_tech)", "count(high)", "expression.name", "tables[0].totals.high_tech_tenants"),
        ("count(high_tech)", "count()", "form.total", "tables[0].totals.high_tech_tenants"),
        ("key: credit_code", "key: code", "form.key", "tables[0].key"),
        ("code: area_service,", "code: area_total,", "form.code", "sections[0].fields[2].code"),
        ("tenants: count,", "area_total: count,", "form.code", "tables[0].totals.area_total"),
        ("code: K2,", "code: K1,", "form.code", "checks[1].code"),
        ("code: operator_note,", "code: not,", "form.reserved", "sections[0].fields[5].code"),
        ("except: [area_total]", "except: [area_x]", "form.name", "variance.except[0]"),
        ("fields: [area_tenants, area_service]", "fields: [area_tenants, x]", "form.name", "checks[0].fields[1]"),  # noqa: E501
        ("title: 使用率,", "title: 使用率, required: true,", "form.computed", "sections[0].fields[3]"),
        ("title: 成立日期,", "title: 入驻日期,", "form.column", "tables[0].columns[3]"),
        ("choices: {ict: 电子信息, bio: 生物医药, material: 新材料, energy: 新能源, other: 其他}", "help: 选",
         "shape.value_error", "tables[0].columns[4]"),
        ("title: 场地", "title: &a 场地", "yaml.alias", "sections[0].title"),
        ("version: 1", "version: 1\nversion: 2", "yaml.duplicate", "version"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_path(old: str, new: str, code: str, path: str) -> None:
    assert (code, path) in faults((old, new))


def test_all_faults_come_at_once_and_none_brings_others_with_it() -> None:
    found = faults(
        ("kinds: [incubator]", "kindz: [incubator]"),
        ("type: bool", "type: flag"),
        ("entered >= founded", "entered >= foundet"),
        ("share: 0.5", "share: half"),
        ("+ area_service", "+ area_other"),
    )
    assert sorted(found) == sorted(
        [
            ("shape.missing", "kinds"),
            ("shape.extra_forbidden", "kindz"),
            ("shape.literal_error", "tables[0].columns[6].type"),
            ("expression.name", "tables[0].row_checks[0].check"),
            ("shape.plain_number", "variance.share"),
            ("expression.name", "checks[0].check"),
        ]
    )


def test_what_is_no_yaml_or_no_form_is_refused() -> None:
    for text in ("", "a: [", "- 1", "form: x", "\x00", b"\xff\xfe"):
        with pytest.raises(Refused) as refused:
            load_form(text)
        assert all(str(problem.message) for problem in refused.value.problems)


def test_computed_fields_come_after_those_they_read() -> None:
    text = SOURCE.replace(
        "- {code: operator_note",
        '- {code: a, title: 甲, computed: "b + 1"}\n      - {code: b, title: 乙, computed: "use_rate + tenants"}\n'  # noqa: E501
        "      - {code: operator_note",
    )
    assert load_form(text).order == ("use_rate", "b", "a")


@pytest.mark.parametrize(
    ("old", "new", "code", "path"),
    [
        ("title: 在孵企业名单", "title: 场 地", "form.sheet", "tables[0].title"),
        ("title: 在孵企业名单", "title: _META", "form.sheet", "tables[0].title"),
        ("title: 成立日期,", "title: 入驻日期 *,", "form.column", "tables[0].columns[3]"),
        ("other: 其他", "other: 新材料", "form.choice", "tables[0].columns[4].choices.other"),
    ],
)
def test_what_a_workbook_could_not_tell_apart_is_refused(old: str, new: str, code: str, path: str) -> None:
    assert faults((old, new)) == [(code, path)]
