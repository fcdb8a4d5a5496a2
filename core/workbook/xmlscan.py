"""Looks through the XML of a part, chunk by chunk, for what an XML reader must never meet."""

from __future__ import annotations

import codecs
import re

_XML_NAMES = (".xml", ".rels", ".vml")
_ENCODING = re.compile(r"""^<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_SINGLE = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1"}
_DOUBLE = {"utf-16", "utf16", "utf-16le", "utf-16be"}
_DOCTYPE = "<!doctype"
_HEAD = 1024


class Scan:
    """Feed it a part's bytes; `fault` is then `doctype`, `encoding`, `xml` or empty.

    A part is XML when its name says so or when it begins like XML. Bytes are decoded as an XML
    reader would: by mark, by the first zero bytes, then by the declaration, of which only
    encodings are allowed that cannot hide a `<`.
    """

    def __init__(self, name: str) -> None:
        self.fault = ""
        self._named_xml = name.lower().endswith(_XML_NAMES)
        self._head: bytes | None = b""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._tail = ""

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the part."""
        if self.fault:
            return
        if self._head is not None:
            self._head += chunk
            if len(self._head) < _HEAD:
                return
            chunk = self._begin()
        self._search(chunk)

    def close(self) -> None:
        """The part is at its end."""
        if self._head is not None and not self.fault:
            self._search(self._begin())

    def _begin(self) -> bytes:
        """Decides from the first bytes how the part is decoded; hands them on."""
        head, self._head = self._head or b"", None
        if not head:
            self.fault = "xml" if self._named_xml else ""
            return b""
        encoding, wide = _encoding_of(head)
        text = head[:_HEAD].decode(encoding, "replace").lstrip("\ufeff")
        if not text.lstrip().startswith("<"):
            self.fault = "xml" if self._named_xml else ""
            return b""
        declared = _ENCODING.match(text)
        if head[:4] in (b"\0\0\xfe\xff", b"\xff\xfe\0\0") or (
            declared and declared[1].lower() not in (_DOUBLE if wide else _SINGLE)
        ):
            self.fault = "encoding"
            return b""
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        return head

    def _search(self, chunk: bytes) -> None:
        if self._decoder is None or self.fault:
            return
        text = self._tail + self._decoder.decode(chunk).lower()
        if _DOCTYPE in text:
            self.fault = "doctype"
        self._tail = text[-len(_DOCTYPE) :]


def _encoding_of(head: bytes) -> tuple[str, bool]:
    """The codec that shows every `<` of this part, and whether it is a two-byte one."""
    if head[:2] == b"\xff\xfe" or (head[1:2] == b"\0" and head[:1] != b"\0"):
        return "utf-16-le", True
    if head[:2] == b"\xfe\xff" or (head[:1] == b"\0" and head[1:2] != b"\0"):
        return "utf-16-be", True
    return "latin-1" if head[:3] != b"\xef\xbb\xbf" else "utf-8-sig", False
