"""The gate: looks at the bytes of a workbook from outside before anything in it is parsed.

Size and first bytes, then the directory of the package, then every part inflated while counting
and searched for a document type. Memory stays flat: chunks of 256 KiB.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from core.problems import Problem
from core.text import T, Text
from core.workbook import archive, filekind
from core.workbook.archive import Buffer, Damaged, Entry, TooLarge
from core.workbook.xmlscan import Scan

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What may come in, in bytes, seconds and counts. A command may raise them, a page never.

    `rows`, `columns` and `cells` count what holds a value, per sheet, per row and per workbook.
    """

    file: int = 20 * MB
    unpacked: int = 200 * MB
    parts: int = 2000
    ratio: int = 200
    ratio_from: int = MB
    rows: int = 100_000
    columns: int = 1_000
    cells: int = 3_000_000
    memory: int = 512 * MB
    cpu_seconds: int = 30
    wall_seconds: int = 60

    @classmethod
    def raised(cls) -> Limits:
        """For a command on a large file: 200 MB packed, 2 GB unpacked."""
        return cls(
            file=200 * MB,
            unpacked=2048 * MB,
            rows=1_048_576,
            cells=30_000_000,
            memory=1024 * MB,
            cpu_seconds=300,
            wall_seconds=600,
        )


# What a carrier's workbook never needs, and what people call it.
_FORBIDDEN: tuple[tuple[re.Pattern[str], Text], ...] = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"vbaproject|vbadata", T("宏（VBA）")),
        (r"(^|/)macrosheets/", T("宏工作表")),
        (r"(^|/)externallinks/", T("到其他工作簿的外部链接")),
        (r"(^|/)embeddings/", T("嵌入的其他文件")),
        (r"(^|/)activex/", T("ActiveX 控件")),
        (r"(^|/)connections\.xml$", T("外部数据连接")),
        (r"(^|/)querytables/", T("外部数据查询")),
        (r"\.bin$", T("二进制部件")),
    )
)
# Excel adds the printer's settings to ordinary files; nothing here ever opens that part.
_PRINTER = re.compile(r"^xl/printersettings/printersettings[0-9]{1,5}\.bin$")
_MACRO_TYPES = re.compile(rb"vbaproject|macroenabled", re.IGNORECASE)
_BAD_NAME = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]|^/|(^|/)\.\.?(/|$)|//")


def damaged(detail: str = "", place: str = "") -> Problem:
    """The one sentence for everything that cannot be read, whatever the cause."""
    return Problem(
        "file.damaged",
        T("文件已损坏或不是完整的 Excel 工作簿，无法读取。"),
        place=place,
        found=detail,
        allowed=T("能用 Excel 或 WPS 正常打开的工作簿（*.xlsx）"),
        fix=T("请用 Excel 或 WPS 打开后另存为新的 *.xlsx 再上传；打不开时请重新下载模板填写。"),
    )


def examine(data: Buffer, limits: Limits | None = None) -> list[Problem]:
    """Everything for which this file is refused; an empty list lets it through to the reader."""
    limits = limits or Limits()
    if len(data) > limits.file:
        return [_too_big(len(data), limits)]
    refusal = filekind.refusal_of(data)
    if refusal:
        return [refusal]
    try:
        entries = archive.directory(data, max_parts=limits.parts)
        problems = list(_directory_problems(entries, limits))
        return problems or list(_content_problems(data, entries, limits))
    except TooLarge as fault:
        return [_too_large(fault, limits)]
    except Damaged:
        return [damaged()]


def _directory_problems(entries: list[Entry], limits: Limits) -> Iterator[Problem]:
    yield from _names(entries)
    for entry in entries:
        if entry.encrypted:
            yield _part("file.encrypted", T("部件“{part}”已加密。", part=_shown(entry)), entry)
        elif entry.method not in (archive.STORED, archive.DEFLATED):
            message = T("部件“{part}”的压缩方法不受支持。", part=_shown(entry))
            yield _part("file.method", message, entry, found=str(entry.method))
        if entry.link:
            message = T("部件“{part}”是指向别处的链接。", part=_shown(entry))
            yield _part("file.link", message, entry)
        yield from _forbidden(entry)
    overlap = archive.overlapping(entries)
    if overlap or (entries and min(entry.offset for entry in entries) != 0):
        yield damaged(str(T("压缩包内的部件相互重叠")))
    yield from _sizes(entries, limits)
    kind = filekind.package_kind({entry.name for entry in entries})
    if kind:
        yield kind


def _names(entries: list[Entry]) -> Iterator[Problem]:
    seen: set[str] = set()
    for entry in entries:
        if not entry.name or len(entry.name) > 255 or _BAD_NAME.search(entry.name):
            message = T("部件名“{part}”不合规范。", part=_shown(entry))
            yield _part("file.name", message, entry)
        folded = unicodedata.normalize("NFKC", entry.name).casefold().rstrip("/")
        if folded in seen:
            message = T("部件名“{part}”出现了两次。", part=_shown(entry))
            yield _part("file.name", message, entry)
        seen.add(folded)


def _forbidden(entry: Entry) -> Iterator[Problem]:
    name = entry.name.lower()
    if _PRINTER.match(name):
        return
    for pattern, kind in _FORBIDDEN:
        if pattern.search(name):
            yield _active(kind, _shown(entry))
            return


def _active(kind: Text, part: str) -> Problem:
    return Problem(
        "file.active",
        T("工作簿含有{kind}（部件“{part}”），不予接收。", kind=kind, part=part),
        found=part,
        allowed=T("只含数据的工作簿，没有宏、外部链接和嵌入文件"),
        fix=T("请把数据复制到新下载的模板中，另存为“Excel 工作簿（*.xlsx）”再上传。"),
    )


def _sizes(entries: list[Entry], limits: Limits) -> Iterator[Problem]:
    total = sum(entry.size for entry in entries)
    if total > limits.unpacked:
        yield _too_large(TooLarge("total", total), limits)
    for entry in entries:
        if entry.size > limits.ratio_from and entry.size > entry.packed * limits.ratio:
            yield _too_large(TooLarge("ratio", entry.size, _shown(entry)), limits)


def _content_problems(data: Buffer, entries: list[Entry], limits: Limits) -> Iterator[Problem]:
    total = 0
    for entry in entries:
        scan = Scan(entry.name)
        window, macros = b"", False
        for chunk in archive.inflate(data, entry):
            total += len(chunk)
            if total > limits.unpacked:
                raise TooLarge("total", total)
            scan.feed(chunk)
            if scan.fault:
                break
            if entry.name == "[Content_Types].xml":
                window = window[-64:] + chunk.replace(b"\0", b"")
                macros = macros or _MACRO_TYPES.search(window) is not None
        scan.close()
        if scan.fault:
            yield _xml_problem(scan.fault, entry)
        if macros:
            yield _active(T("宏（VBA）"), _shown(entry))


def _xml_problem(fault: str, entry: Entry) -> Problem:
    part = _shown(entry)
    if fault == "doctype":
        message = T("部件“{part}”含有文档类型声明（DOCTYPE），可能被用来攻击系统。", part=part)
    elif fault == "encoding":
        message = T("部件“{part}”使用了不允许的文字编码。", part=part)
    else:
        return damaged(part)
    return _part(f"file.{fault}", message, entry, allowed=T("UTF-8 或 UTF-16，没有 DOCTYPE"))


def _part(code: str, message: Text, entry: Entry, *, found: str = "", allowed: Text | str = "") -> Problem:
    return Problem(
        code,
        message,
        found=found or _shown(entry),
        allowed=allowed or T("由 Excel 或 WPS 保存的普通工作簿"),
        fix=T("请用 Excel 或 WPS 打开后另存为新的 *.xlsx 再上传。"),
    )


def _shown(entry: Entry) -> str:
    """The part's name as it may stand in a sentence: short, without control characters."""
    return "".join(c if c.isprintable() else "�" for c in entry.name[:80])


def _too_big(size: int, limits: Limits) -> Problem:
    return Problem(
        "file.size",
        T("文件太大：{found} MB，最多 {limit} MB。", found=_mb(size), limit=_mb(limits.file)),
        found=str(T("{size} MB", size=_mb(size))),
        allowed=T("不超过 {size} MB", size=_mb(limits.file)),
        fix=T("请删去图片和多余的工作表，或把空白的格式行删除后再保存。"),
    )


def _too_large(fault: TooLarge, limits: Limits) -> Problem:
    if fault.what == "parts":
        message = T("压缩包内有 {found} 个部件，最多 {limit} 个。", found=fault.found, limit=limits.parts)
        found, allowed = str(fault.found), T("不超过 {n} 个部件", n=limits.parts)
    elif fault.what == "ratio":
        message = T("部件“{part}”的压缩比异常，疑似压缩炸弹。", part=fault.part)
        found = str(T("解压后 {size} MB", size=_mb(fault.found)))
        allowed = T("压缩比不超过 {n}", n=limits.ratio)
    else:
        size, most = _mb(fault.found), _mb(limits.unpacked)
        message = T("解压后超过 {limit} MB，不予打开。", limit=most)
        found = str(T("{size} MB", size=size))
        allowed = T("解压后不超过 {size} MB", size=most)
    return Problem(
        "file.bomb",
        message,
        found=found,
        allowed=allowed,
        fix=T("请把数据复制到新下载的模板中保存后再上传。"),
    )


def _mb(size: int) -> str:
    tenths = (size * 10 + MB - 1) // MB
    return f"{tenths // 10}.{tenths % 10}" if tenths % 10 else str(tenths // 10)
