"""Files of past bulletins as plain text: .txt, .docx and .pdf, within limits, never half read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PageObject, PdfReader

from core.problems import Problem, Refused
from core.text import T, Text

LARGEST_FILE = 20 * 1024 * 1024  # bytes
LARGEST_UNPACKED = 200 * 1024 * 1024  # bytes of a .docx when unzipped
MOST_PARTS = 5000  # files inside a .docx
MOST_PAGES = 400
LONGEST_TEXT = 2_000_000  # characters
INDENT_FROM = 0.9  # of a character's size: what counts as set in from the margin


@dataclass(frozen=True, slots=True)
class BulletinText:
    """The text of a file. `wrapped` False: each line is a whole paragraph; None: not known."""

    text: str
    wrapped: bool | None = None


def refuse(code: str, message: Text, name: str) -> Refused:
    return Refused(Problem(code=code, message=message, place=name))


def bulletin_text(*, name: str, content: bytes) -> BulletinText:
    """The text of a bulletin's file by its name's ending; refuses with a sentence, never breaks."""
    if len(content) > LARGEST_FILE:
        raise refuse("too_large", T("文件超过 20 MB，请压缩图片或拆分后再试。"), name)
    if not content.strip():
        raise refuse("empty", T("文件是空的。"), name)
    readers: dict[str, Callable[[str, bytes], BulletinText]] = {
        ".txt": _plain,
        ".docx": _word,
        ".pdf": _pdf,
    }
    reader = readers.get(PurePath(name).suffix.lower())
    if reader is None:
        raise refuse("kind", T("只能读 .txt、.docx 和 .pdf 文件。"), name)
    found = reader(name, content)
    if len(found.text) > LONGEST_TEXT:
        raise refuse("too_long", T("文件的文字超过 200 万字，不像一期简报。"), name)
    return found


def _plain(name: str, content: bytes) -> BulletinText:
    """UTF-8 with or without its mark, UTF-16 with its mark, else GB18030."""
    encodings = ["utf-8-sig", "gb18030"]
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return BulletinText(text)
    raise refuse("encoding", T("文件的编码认不出来，请另存为 UTF-8 文本。"), name)


def _word(name: str, content: bytes) -> BulletinText:
    broken = refuse("broken", T("文件打不开，可能已损坏，或不是真正的 .docx 文件。"), name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise broken from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise refuse("bomb", T("文件解压后过大，不予读取。"), name)
    try:
        lines = list(_word_lines(content))
    except Exception as error:  # the package's own parsers raise many kinds on damaged parts
        raise broken from error
    if not "".join(lines).strip():
        raise refuse("no_text", T("文件里没有文字。"), name)
    return BulletinText("\n".join(lines), wrapped=False)


def _word_lines(content: bytes) -> Iterator[str]:
    """Each paragraph a line, tables cell by cell, in the order of the page."""
    for item in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(item, Paragraph):
            yield from item.text.split("\n")
        elif isinstance(item, Table):
            yield from _table_lines(item)


def _table_lines(table: Table) -> Iterator[str]:
    seen: set[int] = set()
    for row in table.rows:
        for cell in row.cells:
            # merged cells come once for each place they cover
            if id(cell._tc) not in seen:
                seen.add(id(cell._tc))
                for paragraph in cell.paragraphs:
                    yield from paragraph.text.split("\n")


def _pdf(name: str, content: bytes) -> BulletinText:
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise refuse("locked", T("文件设有密码，请先去掉密码。"), name)
        count = len(reader.pages)
        if count > MOST_PAGES:
            raise refuse("too_long", T("文件超过 400 页，不像一期简报。"), name)
        pages = [_page_text(page) for page in reader.pages]
    except Refused:
        raise
    except Exception as error:  # damaged files raise many kinds, deep inside the parser
        raise refuse("broken", T("文件打不开，可能已损坏，或不是真正的 PDF 文件。"), name) from error
    if not "".join(pages).strip():
        raise refuse("scanned", T("这份 PDF 是扫描件，没有文字，请先做文字识别。"), name)
    return BulletinText("\f\n".join(pages), wrapped=None)


def _page_text(page: PageObject) -> str:
    """The page's lines, each set in by as many wide spaces as it stands in from the margin."""
    runs: list[tuple[float, float, float, str]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
            y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
            scale = abs(tm[3] * cm[3]) or 1.0
            runs.append((x, y, abs(size) * scale, text))

    plain = page.extract_text(visitor_text=visit)
    if not runs:
        return plain
    return _set_in(plain, runs)


def _set_in(plain: str, runs: list[tuple[float, float, float, str]]) -> str:
    """Puts the indents found in `runs` before the lines of `plain`; both come in reading order."""
    margin = min(x for x, _, _, _ in runs)
    lines: list[str] = []
    at = 0
    for line in plain.split("\n"):
        start = line.strip()
        found = next((i for i in range(at, len(runs)) if start and _begins(start, runs[i][3])), None)
        cells = 0.0
        if found is not None:
            x, _, size, _ = runs[found]
            cells, at = (x - margin) / size if size else 0.0, found + 1
        lines.append("\u3000" * round(cells) + start if cells > INDENT_FROM else start)
    return "\n".join(lines)


def _begins(line: str, run: str) -> bool:
    """Whether a run of the page is the beginning of a printed line (or holds all of it)."""
    text = run.strip()
    return line.startswith(text) or text.startswith(line)
