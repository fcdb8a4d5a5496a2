"""What rich text may hold, for saving and for showing alike."""

from __future__ import annotations

import nh3

TAGS = {"p", "br", "h2", "h3", "strong", "em", "ul", "ol", "li", "blockquote", "a",
        "table", "thead", "tbody", "tr", "th", "td"}  # fmt: skip
ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
SCHEMES = {"http", "https", "mailto"}
LARGEST = 200_000  # characters


def cleaned(html: str) -> str:
    """Only these elements, links of these schemes, no style, no script, no remote picture."""
    return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES)


def plain(html: str) -> str:
    """The words alone."""
    return nh3.clean(html, tags=set()).strip()
