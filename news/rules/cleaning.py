"""What rich text may hold, for saving and for showing alike."""

from __future__ import annotations

import re
from html import unescape

import nh3

TAGS = {"p", "br", "h2", "h3", "strong", "em", "ul", "ol", "li", "blockquote", "a",
        "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto"}
LARGEST = 200 * 1024  # bytes of UTF-8
_ENDS = re.compile(r"</(?:p|h2|h3|li|blockquote|tr|th|td)>|<br>")


def cleaned(html: str) -> str:
    """Only these elements, links of these schemes, no style, no script, no remote picture."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES)


def paragraphs(html: str) -> list[str]:
    """The words alone, a piece for each paragraph, heading, item and cell."""
    pieces = _ENDS.sub("\n", cleaned(html))
    lines = unescape(nh3.clean(pieces, tags=set())).splitlines()
    return [line.strip() for line in lines if line.strip()]


def plain(html: str) -> str:
    """The words alone, in one line."""
    return " ".join(paragraphs(html))
