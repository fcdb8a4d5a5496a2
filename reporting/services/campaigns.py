"""Opens a year: a campaign and, set-wise, the returns of the carriers that it asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import OuterRef, Subquery

from accounts.actors import Actor
from accounts.models import Region
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.services import audit
from office.services.retrying import retried
from registry.models import Carrier, CarrierState
from reporting import queries
from reporting.models import Campaign, CampaignState, Form, Return, ReturnVersion
from reporting.permissions import may_open_campaigns, refuse
from reporting.rules import form as form_rules
from reporting.rules.deadlines import Dates
from reporting.rules.lifecycle import chain_of
from reporting.rules.prefill import prefilled
from reporting.rules.terms import in_order
from reporting.services.peers import measure_peers
from reporting.services.terms import redate

BATCH = 500


@retried
def open_campaign(
    *,
    actor: Actor,
    year: int,
    form: Form,
    region: Region,
    title: str,
    opens_at: datetime,
    last_start_at: datetime,
    due_at: datetime,
    correct_by: datetime,
    at: datetime,
) -> Campaign:
    """The campaign, and a return with a prefilled draft for each running carrier of the form's kinds in
    the region. Raises `Refused` when dates are out of order or the year is open already."""
    refuse(may_open_campaigns(actor, region.path))
    if problems := in_order(Dates(opens_at, last_start_at, due_at, correct_by)):
        raise Refused(problems)
    with transaction.atomic():
        if Campaign.objects.filter(year=year, form_code=form.code, region=region).exists():
            raise Refused(Problem("campaign.open", T("{year} 年度的这项填报任务已经有了。", year=year)))
        campaign = Campaign.objects.create(
            year=year,
            form=form,
            form_code=form.code,
            region=region,
            title=title,
            opens_at=opens_at,
            last_start_at=last_start_at,
            due_at=due_at,
            correct_by=correct_by,
            created_at=at,
        )
        carriers = _carriers(campaign)
        add_returns(campaign=campaign, carriers=carriers, at=at)
        measure_peers(campaign=campaign, at=at)
        detail = {"year": year, "form": form.code, "version": form.version, "carriers": len(carriers)}
        audit.record(actor=actor, action="campaign.open", on=campaign, at=at, detail=detail)
    return campaign


@retried
def close_campaign(*, actor: Actor, campaign_id: int, at: datetime) -> Campaign:
    """Nothing is filled in it any more."""
    with transaction.atomic():
        campaign = locked(Campaign.objects.visible_to(actor), pk=campaign_id)
        refuse(may_open_campaigns(actor, campaign.region.path))
        if campaign.state == CampaignState.OPEN:
            campaign.state = CampaignState.CLOSED
            campaign.save(update_fields=["state"])
            audit.record(actor=actor, action="campaign.close", on=campaign, at=at)
    return campaign


def _carriers(campaign: Campaign) -> list[Carrier]:
    """Those that are asked: of the form's kinds, at or below the region, running."""
    return list(
        Carrier.objects.filter(
            kind__in=campaign.form.kinds,
            region__path__startswith=campaign.region.path,
            state=CarrierState.ACTIVE,
        )
        .select_related("region", "operator")
        .order_by("pk")
    )


def add_returns(*, campaign: Campaign, carriers: list[Carrier], at: datetime) -> None:
    """A return and its first draft for each carrier, in the caller's transaction."""
    form = queries.definition(campaign.form)
    last = _last_values(campaign, form)
    returns = Return.objects.bulk_create(
        [
            Return(
                campaign=campaign,
                carrier=carrier,
                chain=chain_of(carrier.region.level, campaign.region.level).value,
                updated_at=at,
            )
            for carrier in carriers
        ],
        batch_size=BATCH,
    )
    drafts = []
    for found, carrier in zip(returns, carriers, strict=True):
        values, sources = prefilled(form, last.get(carrier.pk, {}), queries.registry_values(carrier))
        drafts.append(ReturnVersion(return_of=found, number=1, values=values, sources=sources, saved_at=at))
    ReturnVersion.objects.bulk_create(drafts, batch_size=BATCH)
    first = ReturnVersion.objects.filter(return_of=OuterRef("pk")).order_by("number").values("pk")[:1]
    Return.objects.filter(campaign=campaign, current=None).update(current=Subquery(first))
    redate(campaign, Return.objects.filter(pk__in=[one.pk for one in returns]))


def _last_values(campaign: Campaign, form: form_rules.Form) -> dict[int, Mapping[str, str]]:
    """Last year's values of every carrier that `prefill: previous` needs, in one query."""
    if not any(one.prefill == "previous" for one in form.fields):
        return {}
    rows = (
        ReturnVersion.objects.filter(
            return_of__campaign__year=campaign.year - 1,
            return_of__campaign__form_code=campaign.form_code,
            submitted_at__isnull=False,
        )
        .order_by("number")
        .values_list("return_of__carrier_id", "values")
    )
    return dict(rows)
