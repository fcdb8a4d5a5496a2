"""Scripts in disguise, as they are tried on text fields, and what harmless is."""

from __future__ import annotations

from html.parser import HTMLParser

from news.rules.cleaning import ATTRIBUTES, TAGS

PAYLOADS = (
    "<script>window.XSS=1</script>",
    "<img src=x onerror=window.XSS=1>",
    "<svg onload=window.XSS=1></svg>",
    "<svg><script>window.XSS=1</script></svg>",
    "<a href='javascript:window.XSS=1'>看</a>",
    "<a href='java\tscript:window.XSS=1'>看</a>",
    "<a href='&#106;avascript:window.XSS=1'>看</a>",
    "<a href='data:text/html,<script>window.XSS=1</script>'>看</a>",
    "<a href='vbscript:window.XSS=1'>看</a>",
    "<p onclick=window.XSS=1>点</p>",
    "<p style='background:url(javascript:window.XSS=1)'>字</p>",
    "<iframe src='javascript:window.XSS=1'></iframe>",
    "<object data='javascript:window.XSS=1'></object>",
    "<embed src='javascript:window.XSS=1'>",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.XSS=1></style></table></mtext></math>",
    "<form><button formaction='javascript:window.XSS=1'>点</button></form>",
    "<details open ontoggle=window.XSS=1>展开</details>",
    "<noscript><p title='</noscript><img src=x onerror=window.XSS=1>'></noscript>",
    "<base href='javascript:window.XSS=1//'>",
    "<meta http-equiv=refresh content='0;url=javascript:window.XSS=1'>",
    "<style>@import 'javascript:window.XSS=1';</style>",
    "<video><source onerror=window.XSS=1></video>",
    "<input autofocus onfocus=window.XSS=1>",
    "<p>\u2028<a href=\"https://example.org\" onmouseover='window.XSS=1'>看</a></p>",
)


class Seen(HTMLParser):
    """Elements and attributes of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def assert_harmless(html: str) -> None:
    seen = Seen()
    seen.feed(html)
    for tag, attributes in seen.found:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}
        assert (attributes.get("href") or "https:").split(":")[0] in {"http", "https", "mailto"}
