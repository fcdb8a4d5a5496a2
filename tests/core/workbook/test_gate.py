"""The gate lets ordinary workbooks through and names the fault of every other file in Chinese."""

import io
import re
import struct
import zipfile

import pytest

from core.workbook.gate import MB, Limits, examine
from tests.core.workbook.packages import HEAD, packed, small

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000


def codes(data: bytes, limits: Limits | None = None) -> list[str]:
    problems = examine(data, limits)
    for problem in problems:
        assert re.search("[一-鿿]", str(problem.message)), problem
        assert str(problem.fix), problem
        assert str(problem.allowed), problem
    return [problem.code for problem in problems]


def with_part(name: str, content: bytes = b"x") -> bytes:
    return packed(small() | {name: content})


def test_ordinary_workbook_is_let_through():
    assert examine(packed(small())) == []
    assert examine(packed(small(), method=zipfile.ZIP_STORED)) == []


@pytest.mark.parametrize("name", ["xl/printerSettings/printerSettings1.bin", "docProps/custom.xml"])
def test_parts_that_office_programs_add_are_let_through(name):
    content = b"\x01\x02" if name.endswith("bin") else HEAD.encode() + b"<a/>"
    assert examine(with_part(name, content)) == []


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"", "file.empty", "空"),
        (b"%PDF-1.7\n", "file.kind", "PDF"),
        (b"<!DOCTYPE html><html><table>", "file.kind", "网页"),
        (b"<html><body><table>", "file.kind", "网页"),
        ("名称,金额\n甲,1\n".encode("gb18030"), "file.kind", "CSV"),
        ("名称\t金额\n甲\t1\n".encode("utf-16"), "file.kind", "CSV"),
        (b"Rar!\x1a\x07", "file.kind", "RAR"),
        (b"\x89PNG\r\n", "file.kind", "PNG"),
        (b"\x00\x01\x02\x03" * 50, "file.kind", "无法识别"),
        (OLE2 + "Workbook".encode("utf-16-le") + b"\0" * 48, "file.old", "97"),
        (OLE2 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 32, "file.password", "密码"),
        (OLE2 + "WordDocument".encode("utf-16-le") + b"\0" * 40, "file.kind", "Word"),
        (packed({"word/document.xml": b"<a/>", "[Content_Types].xml": b"<a/>"}), "file.kind", "Word"),
        (packed({"content.xml": b"<a/>", "mimetype": b"x"}), "file.kind", "OpenDocument"),
        (packed({"表.xlsx": packed(small())}), "file.kind", "压缩包"),
        (packed({"a.txt": b"x"}), "file.kind", "没有工作簿"),
    ],
)
def test_other_files_are_named_for_what_they_are(data, code, said):
    assert codes(data) == [code]
    assert said in str(examine(data)[0].message)


def test_old_and_locked_workbooks_have_different_sentences():
    old = examine(OLE2 + "Workbook".encode("utf-16-le") + b"\0\0")[0]
    locked = examine(OLE2 + "EncryptedPackage".encode("utf-16-le") + b"\0\0")[0]
    assert str(old.message) != str(locked.message)


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/vbaData.xml",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/connections.xml",
        "xl/queryTables/queryTable1.xml",
        "xl/activeX/activeX1.xml",
        "xl/macrosheets/sheet1.xml",
        "xl/model/item.bin",
        "xl/printerSettings/vbaProject.bin",
    ],
)
def test_active_content_is_refused_and_named(name):
    assert "file.active" in codes(with_part(name))
    assert name in str(examine(with_part(name))[0].message)


def test_macro_declared_in_the_content_types_is_refused():
    parts = small()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"</Types>",
        b'<Override PartName="/xl/x.dat" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    )
    assert codes(packed(parts)) == ["file.active"]


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../x.xml", "xl/../../x", "a\\b.xml", "C:x", "xl//x", "a\x01b", "xl/./y"],
)
def test_names_that_leave_the_package_are_refused(name):
    assert "file.name" in codes(with_part(name))


def test_doubled_names_are_refused_whatever_their_case():
    assert codes(with_part("XL/Workbook.xml", b"<a/>")) == ["file.name"]


def test_every_fault_of_the_directory_is_told_at_once():
    parts = small() | {"xl/vbaProject.bin": b"x", "../y": b"x", "xl/connections.xml": b"<a/>"}
    assert sorted(codes(packed(parts))) == ["file.active", "file.active", "file.name"]


def test_links_are_refused():
    stream = io.BytesIO(packed(small()))
    with zipfile.ZipFile(stream, "a") as package:
        info = zipfile.ZipInfo("xl/link")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        package.writestr(info, "/etc/passwd")
    assert codes(stream.getvalue()) == ["file.link"]


def patched(data: bytes, central: int, value: bytes, local: int | None = None) -> bytes:
    """Overwrites a field of the first entry, in the directory and in its own header."""
    changed = bytearray(data)
    at = data.find(b"PK\x01\x02")
    changed[at + central : at + central + len(value)] = value
    if local is not None:
        changed[local : local + len(value)] = value
    return bytes(changed)


def test_encrypted_parts_and_other_methods_are_refused():
    data = packed(small())
    assert "file.encrypted" in codes(patched(data, 8, b"\x01\0", 6))
    assert codes(patched(data, 10, struct.pack("<H", 12), 8)) == ["file.method"]


def test_header_and_directory_that_differ_are_damage():
    assert codes(patched(packed(small()), 8, b"\x01\0")) == ["file.damaged"]


def test_bomb_is_refused_by_its_ratio():
    assert codes(with_part("xl/media/image1.png", b"\0" * (8 * MB))) == ["file.bomb"]


def test_bomb_that_lies_about_its_size_is_refused_while_inflating():
    data = packed({"xl/media/a.png": b"\0" * (8 * MB)} | small())
    lie = patched(data, 24, struct.pack("<I", 1000), 22)
    assert codes(lie) == ["file.damaged"]


def test_total_and_parts_are_limited_and_limits_can_be_raised():
    data = packed(small())
    assert codes(data, Limits(unpacked=100)) == ["file.bomb"]
    assert codes(data, Limits(parts=3)) == ["file.bomb"]
    assert codes(data, Limits(file=100)) == ["file.size"]
    assert Limits().file == 20 * MB and Limits().unpacked == 200 * MB and Limits().parts == 2000
    assert examine(data, Limits.raised()) == []


def test_overlapping_parts_are_refused():
    """The quoted overlap: one part's bytes hold the header and bytes of another."""
    quoted = packed({"xl/quoted.txt": b"inside"}, method=zipfile.ZIP_STORED)
    record = quoted[: quoted.find(b"PK\x01\x02")]
    parts = small() | {"xl/outer.dat": record, "xl/quoted.txt": b"inside"}
    data = bytearray(packed(parts, method=zipfile.ZIP_STORED))
    assert examine(bytes(data)) == []
    inner = data.find(record)
    entry = data.rfind(b"PK\x01\x02")
    data[entry + 42 : entry + 46] = struct.pack("<I", inner)
    problems = examine(bytes(data))
    assert [problem.code for problem in problems] == ["file.damaged"]
    assert "重叠" in problems[0].found


def test_truncated_and_prefixed_files_are_refused():
    data = packed(small())
    for cut in (4, 30, len(data) // 2, len(data) - 1):
        assert codes(data[:cut]) == ["file.damaged"]
    assert codes(b"PK\x03\x04" + data) == ["file.damaged"]


DOCTYPE = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", f"{HEAD}{DOCTYPE}<x/>".encode()),
        ("xl/styles.xml", f'<?xml version="1.0" encoding="UTF-16"?>{DOCTYPE}<x/>'.encode("utf-16")),
        ("xl/styles.xml", f"{DOCTYPE}<x/>".encode("utf-16-le")),
        ("xl/styles.xml", f"{DOCTYPE}<x/>".encode("utf-16-be")),
        ("xl/styles.xml", b"\xef\xbb\xbf" + f"{DOCTYPE}<x/>".encode()),
        ("xl/styles.xml", ("<a>" + " " * 262_140 + DOCTYPE).encode()),
        ("docProps/custom.xml", f"  {DOCTYPE}<x/>".encode()),
        ("xl/media/hidden.dat", f"{DOCTYPE}<x/>".encode()),
        ("xl/drawings/vmlDrawing1.vml", f"{DOCTYPE}<x/>".encode()),
    ],
)
def test_document_type_is_refused_in_every_part_and_encoding(part, content):
    assert codes(packed(small() | {part: content})) == ["file.doctype"]


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0" encoding="UTF-7"?><x/>',
        b'<?xml version="1.0"\n encoding = "IBM037"?><x/>',
        b'<?xml version="1.0" encoding="gb2312"?><x/>',
        '<?xml version="1.0" encoding="UTF-8"?><x/>'.encode("utf-16"),
        b"\xff\xfe\0\0" + "<x/>".encode("utf-32-le"),
    ],
)
def test_encodings_that_can_hide_a_sign_are_refused(content):
    assert set(codes(packed(small() | {"xl/styles.xml": content}))) <= {
        "file.encoding",
        "file.damaged",
    }
    assert codes(packed(small() | {"xl/styles.xml": content}))


def test_text_that_speaks_of_a_doctype_is_no_doctype():
    text = f"{HEAD}<sst><si><t>&lt;!DOCTYPE html&gt;</t></si></sst>".encode()
    assert examine(packed(small() | {"xl/sharedStrings.xml": text})) == []
