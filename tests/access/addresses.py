"""An example of each address of the portal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.tokens import default_token_generator

from accounts.models import Appointment
from evaluation.models import Assignment
from funding.models import Policy
from tests.access.world import World

PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Case:
    """One way to ask an address. `label` tells the acts of one address apart, like `pass county`; `writes`
    says that to be allowed is to change a row."""

    method: str
    route: str
    label: str = ""
    parts: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    writes: bool = True

    @property
    def key(self) -> str:
        return f"{self.method} /{self.route}" + (f" [{self.label}]" if self.label else "")


def path_of(case: Case, parts: Mapping[str, Any]) -> str:
    """The address with its parts filled in."""
    known = {**parts, **_near(parts, case.route), **case.parts}
    return "/" + PART.sub(lambda found: str(known[found[1]]), case.route) + case.query


def _near(parts: Mapping[str, Any], route: str) -> Mapping[str, Any]:
    """The parts that mean something else under this address: the longest beginning wins."""
    found = [under for under in parts if under.endswith("/") and route.startswith(under)]
    return {name: one for under in sorted(found, key=len) for name, one in parts[under].items()}


def parts_of(world: World) -> dict[str, Any]:
    """By name what stands in an address; under the beginning of an address what differs there."""
    cast, known = world.cast, world.objects
    staff, run, invited = cast.user("填报0"), known["run"], cast.user("填报2")
    policy = Policy.objects.order_by("pk")[0]
    sheet = (
        Assignment.objects.filter(expert=cast.user("专家甲"), entry__run=known["frozen"])
        .order_by("pk")[0]
        .code
    )
    return {
        "code": cast.carriers[0].code,
        "application_id": known["doubted"].pk,
        "change_id": known["changes"]["back"].pk,
        "registry/changes/": {"file_id": known["changes"]["back"].files.first().pk},
        "registry/applications/": {"code": "carrier", "file_id": known["doubted"].files.first().pk},
        "registry/applications/<uuid:application_id>/sheet/": {"application_id": known["registered"].pk},
        "registry/lists/": {"name": "carriers"},
        "registry/check/": {"token": known["registered"].check_token},
        "version": known["based"].pk,
        "api/v1/regions/": {"code": cast.carriers[0].region.code},
        "api/v1/returns/": {"code": "roster"},
        "returns/": {"code": "roster"},
        "returns/<int:return_id>/sections/": {"code": "site"},
        "returns/<int:return_id>/fields/": {"code": "area_total"},
        "evaluation/marking/": {"code": sheet},
        "figures/": {"code": "carriers"},
        "news/": {"code": "notice"},
        "credit_code": cast.carriers[0].operator.credit_code,
        "api/v1/tenants/": {"credit_code": known["tenant"].credit_code},
        "registry/tenants/": {"credit_code": known["finding"].tenant.credit_code},
        "finding_id": known["finding"].pk,
        "api/v1/findings/": {"pk": known["finding"].pk},
        "stay_id": known["finding"].stay_a_id,
        "registry/stays/<int:stay_id>/evidence/": {"stay_id": known["graduate"].pk},
        "return_id": cast.mine.pk,
        "import_id": known["upload"].pk,
        "registry/imports/": {"import_id": known["register_upload"].pk},
        "api/v1/imports/": {"import_id": known["register_upload"].pk},
        "sheet": "carriers",
        "campaign_id": cast.mine.campaign_id,
        "term_id": known["term"].pk,
        "extension_id": known["extension"].pk,
        **{
            f"{before}returns/<int:return_id>/answer/{after}/": {"return_id": known["nil"].pk, "number": 2}
            for before, after in (("", "back"), ("api/v1/", "back"), ("", "<int:number>"))
        },
        "form_id": cast.mine.campaign.form_id,
        "other_id": known["newer"].pk,
        "returns/campaigns/<int:campaign_id>/form/": {"form_id": known["newer"].pk},
        "job_id": known["job"].pk,
        "pk": run.pk,
        "api/v1/schemes/": {"pk": run.scheme_id},
        "api/v1/objections/": {"pk": known["objection"].pk},
        "api/v1/policies/": {"pk": policy.pk},
        "api/v1/allocations/": {"pk": known["money"].pk},
        "api/v1/articles/": {"pk": known["article"].pk},
        "api/v1/bulletins/": {"pk": known["published_issue"].pk},
        "run_id": run.pk,
        "evaluation/runs/<int:run_id>/objection/": {"run_id": known["objection"].entry.run_id},
        "scheme_id": run.scheme_id,
        "fact_id": known["fact"].pk,
        "objection_id": known["objection"].pk,
        "allocation_id": known["money"].pk,
        "policy_id": policy.pk,
        "bulletin_id": known["published_issue"].pk,
        "news/desk/bulletins/": {"bulletin_id": known["issue"].pk},
        "article_id": known["article"].pk,
        "office/jobs/<uuid:job_id>/result/": {"job_id": known["exported"].pk},
        "api/v1/jobs/<uuid:job_id>/result/": {"job_id": known["exported"].pk},
        "api/v1/applications/": {"file_id": known["doubted"].files.first().pk},
        "api/v1/delegations/": {"appointment_id": known["lent"].pk},
        "returns/<int:return_id>/receipt/": {"return_id": world.waiting["county"].pk},
        "evaluation/objections/<int:objection_id>/evidence/": {"objection_id": known["supported"].pk},
        "news/desk/": {"article_id": known["draft"].pk},
        "attachment_id": known["download"].pk,
        "news/desk/<int:article_id>/files/": {"attachment_id": known["attachment"].pk},
        "sign_in_id": known["session"].pk,
        "grant_id": known["grant"].pk,
        "user_id": staff.pk,
        "accounts/set-password/": {
            "user_id": invited.pk,
            "token": default_token_generator.make_token(invited),
        },
        "appointment_id": Appointment.objects.get(user=staff).pk,
        "accounts/delegations/": {"appointment_id": known["lent"].pk},
        "notice_id": known["notice"].pk,
        "message_id": known["message"].pk,
        "file_id": known["tree"].pk,
        "view_id": known["view"].pk,
    }
