"""Answers without figures by API."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.reporting.api.test_dates import client_of
from tests.reporting.conftest import World


def test_it_is_tried_said_once_and_taken_back(world: World, storage: Path) -> None:
    client, base = client_of(world.staff), f"/api/v1/returns/{world.mine.pk}/answer/"

    def given() -> dict[str, object]:
        proof = SimpleUploadedFile("说明.pdf", b"%PDF-1.7 x", "application/pdf")
        return {"answer": "nil", "reason": "年内无业务", "evidence": proof}

    tried = client.post(f"{base}?dry_run=true", given(), format="multipart")
    assert (tried.status_code, tried.data["answer"]) == (200, "")
    said = client.post(base, given(), format="multipart")
    assert (said.status_code, said.data["answer"], said.data["problems"]) == (200, "nil", [])
    refused = client.post(base, {"answer": "closed", "reason": "停业"}, format="multipart")
    assert (refused.status_code, refused.data["problems"][0]["field"]) == (422, "closed_on")
    assert client.post(f"{base}back/").data["answer"] == ""
    officer = client_of(world.county_officer)
    assert officer.post(base, given(), format="multipart").status_code == 404
