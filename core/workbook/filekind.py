"""What a file that is no workbook really is, said so that its owner knows what to do."""

from __future__ import annotations

from core.problems import Problem
from core.text import T, Text
from core.workbook.archive import Buffer

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

_SIGNS: tuple[tuple[bytes, Text], ...] = (
    (b"%PDF", T("PDF 文件")),
    (b"{\\rtf", T("RTF 文档")),
    (b"Rar!", T("RAR 压缩包")),
    (b"7z\xbc\xaf", T("7z 压缩包")),
    (b"\x1f\x8b", T("gzip 压缩包")),
    (b"\x89PNG", T("PNG 图片")),
    (b"\xff\xd8\xff", T("JPEG 图片")),
    (b"GIF8", T("GIF 图片")),
    (b"MZ", T("可执行程序")),
)
_SAVE_AS = T("请用 Excel 或 WPS 打开原表，另存为“Excel 工作簿（*.xlsx）”后再上传。")
_ALLOWED = T("Excel 工作簿（*.xlsx）")


def not_a_workbook(kind: Text, fix: Text = _SAVE_AS) -> Problem:
    """The refusal that names what the file is."""
    return Problem(
        "file.kind",
        T("这不是 Excel 工作簿（*.xlsx），而是{kind}。", kind=kind),
        found=str(kind),
        allowed=_ALLOWED,
        fix=fix,
    )


def refusal_of(data: Buffer) -> Problem | None:
    """Why these bytes cannot be a workbook, by their first bytes; None when they may be one."""
    if len(data) == 0:
        return Problem(
            "file.empty",
            T("文件是空的（0 字节）。"),
            found="0",
            allowed=_ALLOWED,
            fix=T("请确认文件已保存完整，再重新上传。"),
        )
    if data[:4] == ZIP:
        return None
    if data[:8] == OLE2:
        return _ole2(data)
    head = data[:4096]
    for sign, kind in _SIGNS:
        if head.startswith(sign):
            return not_a_workbook(kind)
    return not_a_workbook(_text_kind(head))


def package_kind(names: set[str]) -> Problem | None:
    """What a ZIP package without a workbook is; None when it has one."""
    if "xl/workbook.xml" in names and "[Content_Types].xml" in names:
        return None
    if "xl/workbook.bin" in names:
        return not_a_workbook(T("Excel 二进制工作簿（*.xlsb）"))
    if "word/document.xml" in names:
        return not_a_workbook(T("Word 文档（*.docx）"))
    if "ppt/presentation.xml" in names:
        return not_a_workbook(T("PowerPoint 演示文稿（*.pptx）"))
    if "content.xml" in names and "mimetype" in names:
        return not_a_workbook(T("OpenDocument 文件（*.ods 等）"))
    if any(name.lower().endswith((".xlsx", ".xls")) for name in names):
        fix = T("请先解压，再上传里面的工作簿。")
        return not_a_workbook(T("ZIP 压缩包"), fix)
    return not_a_workbook(T("ZIP 压缩包，里面没有工作簿"))


def _ole2(data: Buffer) -> Problem:
    def holds(stream: str) -> bool:
        # A directory entry of the old container: the name in UTF-16, filled up with zeros.
        return data.find(stream.encode("utf-16-le") + b"\0\0") >= 0

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return Problem(
            "file.password",
            T("工作簿设有打开密码，无法读取。"),
            found=str(T("加密的工作簿")),
            allowed=T("没有打开密码的 Excel 工作簿（*.xlsx）"),
            fix=T("请在 Excel 的“文件－信息－保护工作簿”中去掉打开密码，保存后再上传。"),
        )
    if holds("Workbook") or holds("Book"):
        return Problem(
            "file.old",
            T("这是旧版 Excel 97－2003 工作簿（*.xls），系统只接收 *.xlsx。"),
            found="*.xls",
            allowed=_ALLOWED,
            fix=_SAVE_AS,
        )
    if holds("WordDocument"):
        return not_a_workbook(T("旧版 Word 文档（*.doc）"))
    return not_a_workbook(T("旧版 Office 文件"))


def _text_kind(head: bytes) -> Text:
    lower = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if lower.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta")):
        return T("网页（HTML），只是扩展名像 Excel")
    if lower.startswith(b"<?xml") or lower.startswith(b"<"):
        return T("XML 文件")
    if not _readable(head):
        return T("无法识别的文件")
    if any(sign in head for sign in (b",", b"\t", b";")) and b"\n" in head:
        return T("文本表格（CSV）")
    return T("纯文本文件")


def _readable(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        for cut in range(4):
            try:
                head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
