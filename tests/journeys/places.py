"""The year's pages, by who comes to them."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator

from evaluation.models import Assignment
from funding.models import Policy
from office.models import Job
from portal.navigation import PUBLIC, desk_places
from tests.journeys import applying, done
from tests.journeys.cast import Cast
from tests.journeys.importing import register_import_of
from tests.journeys.tour import unique

EVERYBODY = (
    "/home/", "/office/jobs/", "/office/notices/", "/office/notices/ways/", "/accounts/me/",
    "/accounts/password/",
    "/accounts/delegations/", "/accounts/device/", "/accounts/confirm/",
)  # fmt: skip
Paths = dict[str, list[str]]


def paths_of(cast: Cast) -> Paths:
    """Makes a year's work and answers every page of it; the key is a name of the cast, "" a visitor."""
    own = _own(cast)
    menus = {
        name: [place.url for place, _ in desk_places(cast.people[name], "/home/")] if name else []
        for name in own
    }
    return {name: unique([*menus[name], *(EVERYBODY if name else ()), *paths]) for name, paths in own.items()}


def _own(cast: Cast) -> Paths:
    run, mine = done.published_run(cast), cast.mine.pk
    frozen = run.pk + 1
    money = f"/funding/allocations/{done.allocation_of(cast, run).pk}/"
    article = done.written(cast, "评价结果公布", published=True).pk
    draft = done.written(cast, "通知草稿", published=False).pk
    done.everything_else(cast)
    objection, issue = done.objection_of(cast), done.issue_of(cast).pk
    register_upload = register_import_of(cast).pk
    upload, tree = done.upload_of(cast).pk, done.regions_file_of(cast).pk
    back, late, above = done.changes_of(cast)
    joined = done.merger_of(cast).code
    someone = cast.user("填报1")
    asked = applying.applications_of(cast)
    draft_of, returned, doubted, registered = (
        f"/registry/applications/{one.pk}/"
        for one in (asked.draft, asked.returned, asked.doubted, asked.registered)
    )
    doubtful = done.finding_of(cast)
    newer = done.newer_form_of(cast).pk
    body = f"/registry/tenants/{doubtful.tenant.credit_code}/"
    tenancy = ["/registry/tenancy/", f"/registry/tenancy/{doubtful.pk}/", "/registry/tenants/", body]
    invited = f"/accounts/set-password/{someone.pk}/{default_token_generator.make_token(someone)}/"
    first, second = cast.carriers[0].code, cast.carriers[1].code
    results = f"/evaluation/runs/{run.pk}/results/"
    held = cast.people["填报0"].appointment
    handing = f"/registry/manage/{first}/people/{held.pk if held else 0}/hand-over/"
    checked = cast.mine.campaign.returns.exclude(pk=mine).order_by("pk")[0].pk
    public = [place.url for place in PUBLIC]
    public += [
        "/accounts/sign-in/",
        "/privacy/",
        "/accessibility/",
        "/sitemap/",
        "/figures/carriers/",
        f"/funding/policies/{Policy.objects.get().pk}/",
        invited,
        "/registry/join/",
        "/registry/join/sent/",
        f"/registry/check/{asked.registered.check_token}/",
        "/search/?q=孵化",
        "/news/bulletins/",
        f"/news/{article}/",
        results,
        money,
    ]
    public += [
        "/registry/?on=2025-12-31",
        "/registry/chains/?only=lacking",
        "/registry/enclaves/",
        f"/carriers/{first}/",
        f"/carriers/{joined}/",
        f"/carriers/{first}/?on=2025-12-31",
    ]
    public += [f"/evaluation/schemes/{run.scheme_id}/"]
    review = [f"/returns/{checked}/", f"/returns/{checked}/?tab=all", f"/returns/{mine}/", "/styleguide/"]
    console = [f"/evaluation/runs/{one}/" for one in (run.pk, frozen)]
    sheet = Assignment.objects.filter(expert=cast.user("专家甲"), entry__run=frozen)[0].code
    return {
        "": public,
        "填报0": [f"/returns/{mine}/{rest}" for rest in (
            "", "sections/site/", "sections/results/", "tables/roster/", "tables/roster/row/",
            "tables/roster/paste/", "workbooks/", "submit/", "answer/", f"workbooks/{upload}/")] + [
                *tenancy, f"/registry/stays/{doubtful.stay_a_id}/end/",
                f"/registry/manage/{first}/change/", f"/registry/changes/{back}/", "/registry/changes/",
                f"/registry/changes/{back}/mend/"],
        "填报1": [f"/returns/{checked}/", f"/returns/{checked}/receipt/", money,
                f"/evaluation/runs/{run.pk}/carriers/{second}/",
                f"/evaluation/runs/{objection.entry.run_id}/objection/"],
        "申请甲": ["/registry/applications/", "/registry/applications/new/", draft_of, registered, returned,
                *(f"{draft_of}sections/{code}/" for code in ("operator", "carrier", "people")),
                f"{returned}sections/carrier/", f"{returned}evidence/", f"{draft_of}submit/"],
        "申请乙": ["/registry/applications/"],
        "县区甲": [*review[2:3], *tenancy, returned, doubted, registered,
                "/registry/applications/?state=mine",
                f"/registry/manage/{first}/", "/evaluation/facts/",
                f"/registry/manage/{first}/?on=2025-12-31", "/registry/manage/?on=2025-12-31",
                "/registry/manage/people/", f"/registry/manage/{first}/people/", handing,
                "/registry/imports/", f"/registry/imports/{register_upload}/",
                f"/registry/manage/{first}/change/", f"/registry/changes/{late}/", "/registry/changes/"],
        "市级甲": [*review, *tenancy, results, "/evaluation/objections/",
                f"/evaluation/objections/{objection.pk}/"],
        "省级甲": [*review, *console, results, *tenancy, "/registry/tenancy/?state=gone&kind=over_age",
                f"/registry/changes/{above}/", f"/registry/lineage/new/?code={joined}",
                "/registry/lineage/operator/", f"/registry/manage/{first}/designation/",
                "/evaluation/runs/new/", "/evaluation/schemes/",
                "/evaluation/schemes/import/", "/evaluation/facts/", "/returns/campaigns/", "/returns/forms/",
                "/returns/campaigns/new/", f"/returns/campaigns/{cast.mine.campaign_id}/",
                f"/returns/campaigns/{cast.mine.campaign_id}/dates/",
                f"/returns/campaigns/{cast.mine.campaign_id}/reminders/", "/search/?q=孵化",
                f"/returns/forms/{cast.mine.campaign.form_id}/",
                f"/returns/forms/{cast.mine.campaign.form_id}/try/?sample=1",
                f"/returns/forms/{newer}/compare/{cast.mine.campaign.form_id}/",
                f"/returns/campaigns/{cast.mine.campaign_id}/form/{newer}/",
                f"/evaluation/runs/{objection.entry.run_id}/",
                "/figures/desk/", "/funding/policies/import/",
                f"/office/jobs/{Job.objects.latest('created_at').pk}/"],
        "财务甲": ["/funding/", "/funding/allocations/new/", money],
        "专家甲": ["/evaluation/marking/", f"/evaluation/marking/{sheet}/"],
        "编辑甲": ["/news/desk/", "/news/desk/new/", "/news/desk/import/", f"/news/desk/{draft}/",
                f"/news/desk/bulletins/{issue}/", f"/news/bulletins/{issue}/"],
        "审计甲": ["/office/audit/", *tenancy, *console, money],
        "系统甲": ["/office/outbox/", "/office/workdays/", "/office/regions/",
                f"/office/regions/{tree}/", "/styleguide/"],
        "安全甲": ["/accounts/people/", "/accounts/people/new/", f"/accounts/people/{someone.pk}/",
                "/accounts/sessions/", "/accounts/tokens/all/"],
    }  # fmt: skip
