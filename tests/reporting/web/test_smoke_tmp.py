from __future__ import annotations
import pytest
from tests.reporting.conftest import *
@pytest.mark.parametrize("who", ["staff","other_staff","county_officer","city_officer","officer","auditor"])
def test_smoke(world, client, who, storage):
    actor=getattr(world,who)
    client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
    i=world.mine.pk
    for u in ["","queue/",f"{i}/",f"{i}/sections/site/",f"{i}/tables/roster/",f"{i}/tables/roster/row/",f"{i}/workbook/",f"{i}/workbooks/",f"{i}/submit/",f"{i}/receipt/","campaigns/","campaigns/new/",f"campaigns/{world.campaign.pk}/","forms/",f"forms/{world.form.pk}/"]:
        r=client.get("/returns/"+u)
        print(who,u,r.status_code)
