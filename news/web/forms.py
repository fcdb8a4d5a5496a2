"""What the editors' pages ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from news.models import Article, Bulletin, Publication, Section
from news.queries import SCHEDULED
from news.rules.writing import text_of
from news.services.articles import GUIDES, Draft, version_of

_TIME = {"type": "datetime-local"}
_TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _moment(label: Any, hint: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(_TIME, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(
        label=label, required=False, widget=widget, input_formats=_TIMES, help_text=hint
    )


def _day(label: Any, hint: Any) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget, help_text=hint)


# The fields of an article as its form groups them.
PLAIN = ("title", "section", "text", "html", "source", "carriers", "version")
DOCUMENT = ("document_number", "issuer", "effective_on", "repealed_on")
PROCEDURE = ("valid_until", "guide", "audience", "materials", "contact")
MOST_GUIDES = 200


class ArticleForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=200)
    section = forms.ChoiceField(label=_("栏目"))
    text = forms.CharField(
        label=_("正文"),
        widget=forms.Textarea(attrs={"rows": 16}),
        required=False,
        help_text=_("一行一段；小标题前加“## ”。"),
    )
    html = forms.CharField(
        label=_("富文本"),
        widget=forms.Textarea(attrs={"rows": 6}),
        required=False,
        help_text=_("需要表格、列表或链接时在此填 HTML，正文留空；不允许的标记保存时去掉。"),
    )
    source = forms.CharField(label=_("来源"), max_length=120, required=False)
    document_number = forms.CharField(label=_("文号"), max_length=60, required=False)
    issuer = forms.CharField(label=_("发文机关"), max_length=120, required=False)
    effective_on = _day(_("施行日期"), _("留空为发布之日起施行。"))
    repealed_on = _day(_("废止日期"), _("从这一天起标为已废止。"))
    audience = forms.CharField(
        label=_("办理对象"), max_length=200, required=False, help_text=_("谁可以办，须具备什么条件。")
    )
    materials = forms.CharField(
        label=_("所需材料"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        help_text=_("一行一项。"),
    )
    contact = forms.CharField(
        label=_("咨询方式"), max_length=200, required=False, help_text=_("处室、电话、办公时间。")
    )
    guide = forms.TypedChoiceField(
        label=_("办事指南"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("首页“正在办理”的按钮指向这篇指南。"),
    )
    carriers = forms.CharField(
        label=_("相关载体"), max_length=1000, required=False, help_text=_("载体编号，用空格或逗号隔开。")
    )
    valid_until = _moment(_("截止时间"), _("通知到期后不再列在首页。"))
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.title) for one in Section.objects.all()]
        self.fields["section"].choices = choices  # type: ignore[attr-defined]
        guides = Article.objects.filter(section__code=GUIDES).order_by("-pk").values_list("pk", "title")
        self.fields["guide"].choices = [("", _("无")), *guides[:MOST_GUIDES]]  # type: ignore[attr-defined]

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields as the page shows them: head words and what stands below."""
        parts = [(_("正文和归类"), PLAIN), (_("公文"), DOCUMENT), (_("办事"), PROCEDURE)]
        return [(words, [self[name] for name in names]) for words, names in parts]

    def draft(self) -> Draft:
        """What was typed, as the service takes it."""
        typed = dict(self.cleaned_data)
        typed.pop("version")
        codes = typed.pop("carriers").replace(",", " ").replace("，", " ").replace("、", " ").split()
        return Draft(**typed, carriers=tuple(dict.fromkeys(codes)))


def typed_of(found: Article | None) -> dict[str, Any]:
    """An article as the form shows it."""
    if found is None:
        return {}
    return {
        "title": found.title,
        "section": found.section.code,
        "text": text_of(found.blocks),
        "html": found.html,
        "source": found.source_text,
        "document_number": found.document_number,
        "issuer": found.issuer,
        "effective_on": found.effective_on,
        "repealed_on": found.repealed_on,
        "audience": found.audience,
        "materials": found.materials,
        "contact": found.contact,
        "guide": found.guide_id,
        "carriers": " ".join(found.carriers.order_by("code").values_list("code", flat=True)),
        "valid_until": found.valid_until,
        "version": version_of(found),
    }


class SearchForm(forms.Form):
    q = forms.CharField(label=_("标题或文号"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), *Publication.choices, (SCHEDULED, _("定时发布"))],
    )


class ScheduleForm(forms.Form):
    out_at = _moment(_("发布时间"), _("到时自动公开，此前任何页面都看不到。"))


class AttachmentForm(forms.Form):
    title = forms.CharField(label=_("附件名称"), max_length=120, required=False)


class IssueForm(forms.Form):
    title = forms.CharField(label=_("刊名"), max_length=60)
    number = forms.IntegerField(label=_("期号"), required=False, min_value=1, max_value=9999)
    date = forms.DateField(
        label=_("日期"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


def described(found: Bulletin) -> dict[str, Any]:
    return {"title": found.title, "number": found.number, "date": found.date}
