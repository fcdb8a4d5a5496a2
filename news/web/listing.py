"""What a list of articles may be asked for: words and a year, both in its address."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from evaluation.rules.entered import is_plain
from news import queries
from news.models import Article


class ListForm(forms.Form):
    """Words of the title or the document number, and the year in which it came out."""

    q = forms.CharField(
        label=_("标题或文号"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    year = forms.ChoiceField(label=_("年份"), required=False)

    def __init__(self, rows: QuerySet[Article], *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.rows = rows
        years = [(str(year), str(year)) for year in queries.years_of(rows)]
        self.fields["year"].choices = [("", _("全部")), *years]  # type: ignore[attr-defined]

    def narrowed(self) -> QuerySet[Article]:
        """The rows asked for; a field with an error narrows nothing."""
        self.is_valid()
        words, year = self.cleaned_data.get("q", ""), self.cleaned_data.get("year", "")
        rows = queries.worded(self.rows, words if is_plain(words) else "")
        return rows.filter(published_at__year=int(year)) if year else rows

    @property
    def narrows(self) -> bool:
        """Whether anything was asked for at all: an empty list says then what to try."""
        return any(self.cleaned_data.values())
