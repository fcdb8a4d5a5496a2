"""`import_bulletin --dry-run` reports and writes the exchange form, without a database."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

TEXT = "平台之声\n澜江启动首批共享实验室预约\n日前，实验室开放。\n（来源：“云州”微信公众号）\n"


def test_report_and_json(tmp_path: Path) -> None:
    file, out = tmp_path / "a.txt", tmp_path / "a.json"
    file.write_text(TEXT, encoding="utf-8")
    said = io.StringIO()
    call_command("import_bulletin", str(file), "--dry-run", "--json", str(out), stdout=said)
    assert "澜江启动首批共享实验室预约" in said.getvalue()
    data = json.loads(out.read_text(encoding="utf-8"))
    assert data["sections"][0]["title"] == "平台之声"
    assert data["sections"][0]["articles"][0]["source"]["kind"] == "wechat"


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="读不了"):
        call_command("import_bulletin", str(tmp_path / "none.txt"), "--dry-run")
    broken = tmp_path / "a.pdf"
    broken.write_bytes(b"x")
    with pytest.raises(CommandError, match="损坏"):
        call_command("import_bulletin", str(broken), "--dry-run")
