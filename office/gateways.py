"""Ways to send short messages. `settings.SMS_GATEWAY` names the class; provinces write their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """Sends one message to one phone number; raises when it was not taken."""

    def send(self, *, phone: str, text: str) -> None: ...


class FileGateway:
    """Appends each message to a file: for demonstration and tests."""

    def __init__(self) -> None:
        self.path = Path(settings.SMS_FILE)

    def send(self, *, phone: str, text: str) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as file:
            file.write(json.dumps({"phone": phone, "text": text}, ensure_ascii=False) + "\n")


def gateway() -> Gateway:
    made: Gateway = import_string(settings.SMS_GATEWAY)()
    return made
