"""Documents for print: PDF by Typst, QR codes by segno. Needs no font and no library of the machine."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings

FONTS = "manimgx_fonts_cjk"


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """A PDF of `<room>/documents/<name>.typ`, named `room/name`, with this data.

    The data goes in beside the source as JSON, so that what a person wrote stays text whatever it looks
    like. Numbers come as the strings that are to be read.
    """
    room, _, name = template.partition("/")
    path = Path(settings.BASE_DIR) / room / "documents" / f"{name}.typ"
    if not name.isidentifier() or not room.isidentifier() or not path.is_file():
        raise FileNotFoundError(template)
    with as_file(files(FONTS)) as fonts:
        pdf: bytes = typst.compile(
            str(path),
            root=str(path.parent),
            font_paths=[str(fonts)],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(dict(data), ensure_ascii=False)},
            format="pdf",
        )
    return pdf


def qr(text: str, *, for_screen: bool = False) -> str:
    """A QR code as SVG, for pages and for `data.qr` of documents; error correction for a stamped print. One
    that is `for_screen` takes the size that the page gives it."""
    out = io.BytesIO()
    made = segno.make(text, error="m" if for_screen else "q", micro=False)
    made.save(out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=for_screen)
    return out.getvalue().decode()
