"""Two versions of a form side by side, by code: what was added, removed, changed, and with what. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from core.columns import Column
from core.expressions import Expression
from core.expressions.words import in_words
from core.text import T, Text
from reporting.rules.form import Check, Field, Form, Table, Variance
from reporting.rules.form_words import SEVERITIES, TYPES, titles_of
from reporting.rules.values import exact


class What(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class About(StrEnum):
    FORM = "form"
    FIELD = "field"
    TABLE = "table"
    COLUMN = "column"
    CHECK = "check"
    TOTAL = "total"


WHAT_WORDS: Mapping[What, tuple[Text, str]] = {
    What.ADDED: (T("新增"), "ok"),
    What.REMOVED: (T("取消"), "bad"),
    What.CHANGED: (T("改动"), "warn"),
}
ABOUT_WORDS: Mapping[About, Text] = {
    About.FORM: T("报表"),
    About.FIELD: T("指标"),
    About.TABLE: T("名单"),
    About.COLUMN: T("名单的列"),
    About.CHECK: T("检查"),
    About.TOTAL: T("名单的合计"),
}
_MIRROR = {What.ADDED: What.REMOVED, What.REMOVED: What.ADDED, What.CHANGED: What.CHANGED}
Said = Text | str


@dataclass(frozen=True, slots=True)
class Fact:
    """A property of a thing: its name, what people read, and the exact text that is compared: a field that
    is called otherwise does not change the checks that read it."""

    title: Text
    said: Said
    exact: str


Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Change:
    """One property of a thing that is otherwise than before: its name for people, then and now."""

    name: str
    title: Text
    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `place` is the section or table in which it stands; `changes` are empty for
    what is added or removed."""

    what: What
    about: About
    code: str
    title: str
    place: str
    changes: tuple[Change, ...] = ()

    @property
    def word(self) -> Text:
        return WHAT_WORDS[self.what][0]

    @property
    def tone(self) -> str:
        return WHAT_WORDS[self.what][1]

    @property
    def kind(self) -> Text:
        return ABOUT_WORDS[self.about]


@dataclass(frozen=True, slots=True)
class _Thing:
    about: About
    code: str
    title: str
    place: str
    facts: Facts


def compare(before: Form, after: Form) -> list[Difference]:
    """Field by field, check by check, by code; in the order of the newer form, what was removed last."""
    old, new = _things(before), _things(after)
    answer = []
    for key, thing in new.items():
        known = old.get(key)
        if known is None:
            answer.append(Difference(What.ADDED, thing.about, thing.code, thing.title, thing.place))
        elif changes := _changes(known.facts, thing.facts):
            answer.append(
                Difference(What.CHANGED, thing.about, thing.code, thing.title, thing.place, changes)
            )
    gone = (thing for key, thing in old.items() if key not in new)
    return answer + [Difference(What.REMOVED, one.about, one.code, one.title, one.place) for one in gone]


def mirrored(one: Difference) -> Difference:
    """The difference as it is seen from the other side; the title of what changed stays that of the newer."""
    turned = tuple(replace(c, before=c.after, after=c.before) for c in one.changes)
    return replace(one, what=_MIRROR[one.what], changes=turned)


def _changes(old: Facts, new: Facts) -> tuple[Change, ...]:
    names = dict.fromkeys((*old, *new))
    answer = []
    for name in names:
        before, after = old.get(name, _NONE), new.get(name, _NONE)
        if before.exact != after.exact:
            answer.append(Change(name, after.title or before.title, before.said, after.said))
    return tuple(answer)


_NONE = Fact(T(""), "", "")


def _fact(title: Text, said: Said, exact: str | None = None) -> Fact:
    return Fact(title, said, str(said) if exact is None else exact)


def _things(form: Form) -> dict[tuple[About, str], _Thing]:
    things = [_Thing(About.FORM, form.code, form.title, "", _form_facts(form))]
    for section in form.sections:
        for one in section.fields:
            facts = _field_facts(form, one, section.title)
            things.append(_Thing(About.FIELD, one.code, one.title, section.title, facts))
    for table in form.tables:
        things += _table_things(form, table)
    things += _check_things(form.checks, titles_of(form), "")
    return {(one.about, one.code): one for one in things}


def _table_things(form: Form, table: Table) -> list[_Thing]:
    title = table.title
    things = [
        _Thing(
            About.TABLE,
            table.code,
            title,
            title,
            {
                "title": _fact(T("名称"), title),
                "key": _fact(T("标识列"), table.key),
                "max_rows": _fact(T("最多行数"), str(table.max_rows)),
                "help": _fact(T("说明"), table.help),
            },
        )
    ]
    things += [
        _Thing(About.COLUMN, f"{table.code}.{one.code}", one.title, title, _line_facts(one))
        for one in table.columns
    ]
    titles = titles_of(form, table)
    things += [
        _Thing(
            About.TOTAL,
            total.code,
            total.title,
            title,
            {
                "kind": _fact(T("算法"), f"{total.kind} {total.column}".strip()),
                "table": _fact(T("名单"), title),
                "condition": _rule(T("条件"), total.condition, titles),
            },
        )
        for total in table.totals
    ]
    return things + _check_things(table.row_checks, titles, title)


def _check_things(checks: Iterable[Check], titles: Mapping[str, str], place: str) -> list[_Thing]:
    return [
        _Thing(
            About.CHECK,
            one.code,
            one.message,
            place,
            {
                "check": _rule(T("规则"), one.check, titles),
                "severity": _fact(T("处理"), SEVERITIES[one.severity][0]),
                "message": _fact(T("提示"), one.message),
                "fix": _fact(T("改法"), one.fix),
                "allowed": _fact(T("允许"), one.allowed),
                "fields": _fact(
                    T("显示在"),
                    "、".join(titles.get(code, code) for code in one.fields),
                    " ".join(one.fields),
                ),
            },
        )
        for one in checks
    ]


def _form_facts(form: Form) -> Facts:
    return {
        "title": _fact(T("名称"), form.title),
        "kinds": _fact(T("适用载体类型"), "、".join(form.kinds)),
        "help": _fact(T("说明"), form.help),
        "variance": _variance(form.variance, form),
    }


def _field_facts(form: Form, one: Field, section: str) -> Facts:
    return {
        **_line_facts(one.column),
        "section": _fact(T("部分"), section, one.section),
        "of": _fact(T("其中项，属于"), form.title_of(one.of) if one.of else "", one.of),
        "computed": _rule(T("自动计算"), one.computed, titles_of(form)),
        "prefill": _fact(T("预填"), one.prefill),
        "clause": _fact(T("依据"), one.clause),
        "variance": _variance(one.variance, form),
    }


def _line_facts(column: Column) -> Facts:
    return {
        "title": _fact(T("名称"), column.title),
        "type": _fact(T("类型"), TYPES[column.type]),
        "unit": _fact(T("单位"), column.shown_unit),
        "required": _fact(T("必填"), T("是") if column.required else T("否")),
        "places": _fact(T("小数位"), "" if column.places is None else str(column.places)),
        "min": _fact(T("最小"), "" if column.min is None else exact(column.min)),
        "max": _fact(T("最大"), "" if column.max is None else exact(column.max)),
        "max_length": _fact(T("最多字数"), "" if column.max_length is None else str(column.max_length)),
        "choices": _fact(T("可选"), "、".join(f"{code} {name}" for code, name in column.choices.items())),
        "help": _fact(T("填报说明"), column.help),
    }


def _rule(title: Text, rule: Expression | None, titles: Mapping[str, str]) -> Fact:
    if rule is None:
        return _fact(title, "")
    return _fact(title, in_words(rule.source, titles), rule.source)


def _variance(rule: Variance | None, form: Form) -> Fact:
    title = T("与上年相比")
    if rule is None:
        return _fact(title, "")
    codes = sorted(rule.without)
    share, least, severity = exact(rule.share * 100), exact(rule.at_least), SEVERITIES[rule.severity][0]
    said = T("变动超过 {share}% 且至少 {n}：{severity}", share=share, n=least, severity=severity)
    if codes:
        fields = "、".join(form.title_of(code) for code in codes)
        said = T("{rule}；不比较 {fields}", rule=said, fields=fields)
    return _fact(title, said, " ".join((share, least, rule.severity, *codes)))
