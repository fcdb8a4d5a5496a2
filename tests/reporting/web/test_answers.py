"""The short form of a carrier that has nothing to report."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.reporting.conftest import World
from tests.reporting.web.conftest import ClientOf


def test_it_is_said_checked_and_handed_in(world: World, client_of: ClientOf, storage: Path) -> None:
    client, base = client_of(world.staff), f"/returns/{world.mine.pk}/"
    assert "没有数据可报，或已停止运营？" in client.get(base).content.decode()
    missing = client.post(f"{base}answer/", {"answer": "closed", "reason": "已停业"})
    assert missing.status_code == 422
    assert "请附上证明材料" in missing.content.decode() and "请填写停止运营的日期" in missing.content.decode()
    proof = SimpleUploadedFile("注销通知.pdf", b"%PDF-1.7 x", "application/pdf")
    given = {"answer": "closed", "reason": "已停业", "closed_on": "2026-01-31", "evidence": proof}
    assert client.post(f"{base}answer/", given)["Location"] == base
    page = client.get(base).content.decode()
    assert "已停止运营" in page and "注销通知.pdf" in page and "收回申报" in page
    assert "已停业" in client.get(f"{base}submit/").content.decode()
    assert client.post(f"{base}submit/", {"version": 0, "agreed": "1"}).status_code == 302
    number = world.mine.current.number
    officer = client_of(world.county_officer)
    seen = officer.get(base).content.decode()
    assert "已停业" in seen and "去登记" in seen
    file = officer.get(f"{base}answer/{number}/evidence/")
    assert b"".join(file.streaming_content) == b"%PDF-1.7 x"  # type: ignore[attr-defined]
    assert client_of(world.other_staff).get(f"{base}answer/{number}/evidence/").status_code == 404
    campaign = client_of(world.officer).get(f"/returns/campaigns/{world.campaign.pk}/").content.decode()
    assert "其中已停止运营" in campaign
    assert "已停止运营" in officer.get("/returns/queue/").content.decode()


def test_it_is_taken_back(world: World, client_of: ClientOf, storage: Path) -> None:
    client, base = client_of(world.staff), f"/returns/{world.mine.pk}/"
    proof = SimpleUploadedFile("说明.pdf", b"%PDF-1.7 x", "application/pdf")
    client.post(f"{base}answer/", {"answer": "nil", "reason": "年内无业务", "evidence": proof})
    assert "零申报" in client.get(f"{base}answer/").content.decode()
    client.post(f"{base}answer/back/")
    assert world.mine.current.answer == ""
    assert client_of(world.county_officer).get(f"{base}answer/").status_code == 404
