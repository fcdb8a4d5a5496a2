"""The register's workbooks by API: as the pages take them, looked at before they are written."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from office.services import jobs
from registry.models import RegisterImport
from tests.registry.books import book
from tests.registry.world import World, signed_in

pytestmark = pytest.mark.usefixtures("storage")
HOME = "/api/v1/imports/"
CHANGED = {
    "code": "SL-990500-0001", "name": "青禾孵化器", "field": "生物医药", "valid_from": "2025-03-01",
    "basis": "示科孵〔2025〕3 号",
}  # fmt: skip


def handed_in(client: Client, *rows: dict[str, Any]) -> Any:
    file = SimpleUploadedFile("登记.xlsx", book("carriers", list(rows)))
    return client.post(HOME, {"sheet": "carriers", "file": file})


def ran(client: Client, answer: Any) -> Any:
    """What the import says after its job."""
    assert answer.status_code == 202, answer.content
    jobs.run(job_id=str(RegisterImport.objects.get(pk=answer.json()["id"]).job_id))
    return client.get(f"{HOME}{answer.json()['id']}/").json()


def test_a_workbook_is_looked_at_then_written_once(world: World) -> None:
    client = signed_in(world.people["province"])
    seen = ran(client, handed_in(client, CHANGED))
    assert (seen["state"], seen["report"]["counts"]["changed"]) == ("checked", 1)
    assert world.carrier("mine").field != "bio"
    done = ran(client, client.post(f"{HOME}{seen['id']}/confirm/"))
    assert (done["state"], world.carrier("mine").field) == ("applied", "bio")
    assert client.post(f"{HOME}{seen['id']}/confirm/").status_code in (409, 422)
    assert ran(client, handed_in(client, CHANGED))["report"]["counts"]["same"] == 1


def test_faults_come_back_in_the_persons_own_file_and_nothing_is_written(world: World) -> None:
    client = signed_in(world.people["province"])
    seen = ran(client, handed_in(client, {**CHANGED, "valid_from": "2099-01-01"}))
    assert [one["code"] for one in seen["report"]["problems"]] == ["date.future"]
    marked = b"".join(client.get(f"{HOME}{seen['id']}/marked/"))  # type: ignore[arg-type]
    assert BytesIO(marked).read(2) == b"PK"
    assert client.post(f"{HOME}{seen['id']}/drop/").json()["state"] == "dropped"


def test_a_file_is_there_for_who_handed_it_in_and_sheets_for_who_may(world: World) -> None:
    mine = ran(client := signed_in(world.people["county"]), handed_in(client, CHANGED))
    assert [one["id"] for one in client.get(HOME).json()["results"]] == [mine["id"]]
    other = signed_in(world.people["city"])
    assert other.get(f"{HOME}{mine['id']}/").status_code == 404
    assert other.get(HOME).json()["results"] == []
    assert client.get(f"{HOME}templates/past/").status_code == 404
    wrong = client.post(HOME, {"sheet": "nothing", "file": SimpleUploadedFile("登记.xlsx", b"PK")})
    assert (wrong.status_code, wrong.json()["problems"][0]["field"]) == (422, "sheet")
    assert client.get(f"{HOME}templates/nothing/").status_code == 404
    assert signed_in(world.people["staff"]).get(HOME).status_code == 404


def test_the_register_leaves_as_a_workbook_that_a_job_makes(world: World) -> None:
    client = signed_in(world.people["county"])
    answer = client.post(f"{HOME}books/carriers/")
    assert answer.status_code == 202
    jobs.run(job_id=answer.json()["id"])
    assert client.get(f"/api/v1/jobs/{answer.json()['id']}/").json()["state"] == "done"
    assert client.post(f"{HOME}books/past/").status_code == 404
