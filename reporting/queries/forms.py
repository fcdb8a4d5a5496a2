"""Forms as rules know them, and the one under which a return stands."""

from __future__ import annotations

from functools import lru_cache

from reporting import models
from reporting.models import Campaign, ReturnVersion
from reporting.rules import form as form_rules
from reporting.rules.form_reading import load_form


@lru_cache(maxsize=64)
def _loaded(digest: str, source: str) -> form_rules.Form:
    return load_form(source)


def definition(form: models.Form) -> form_rules.Form:
    """The form as rules know it, read once a process."""
    return _loaded(form.digest, form.source)


def form_under(version: ReturnVersion, campaign: Campaign) -> models.Form:
    """The form under which a version of a return stands: a draft always the campaign's; what was handed in
    the one that was in force then. A first version took nobody's place."""
    if version.submitted_at is None or campaign.form.version == 1:
        return campaign.form
    changes = campaign.form_changes.filter(at__gt=version.submitted_at).select_related("before")
    later = changes.order_by("at", "pk").first()
    return campaign.form if later is None else later.before


def forms_of(year: int | None) -> list[form_rules.Form]:
    """The forms of a year's campaigns, of the newest year when none is named; the newest version of each
    form while there is no campaign at all."""
    year = year or Campaign.objects.order_by("-year").values_list("year", flat=True).first()
    if year is not None:
        used = models.Form.objects.filter(campaigns__year=year).distinct().order_by("code", "version")
    else:
        used = models.Form.objects.order_by("code", "version")
    return list({form.code: definition(form) for form in used}.values())
