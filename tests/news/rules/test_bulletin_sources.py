"""The kinds of source lines that end articles."""

from __future__ import annotations

import pytest

from news.rules.bulletin_lines import Line
from news.rules.bulletin_sources import kind_of, source_at


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("“云州孵化”微信公众号", "wechat"),
        ("“云州高新产业导报”微信公众号", "wechat"),
        ("云州科技视频号", "wechat"),
        ("云州市科技局网站", "website"),
        ("松泽新闻网网站", "website"),
        ("云州新闻网", "website"),
        ("澜江高新区官网", "website"),
        ("《云州日报》", "press"),
        ("云州晚报", "press"),
        ("新华社", "press"),
        ("《孵化》杂志", "press"),
        ("根据《行动计划》文本内容编辑整理", "edited"),
        ("根据“云州孵化”微信公众号内容整理", "edited"),
        ("综合各地材料", "edited"),
        ("本刊编辑部汇编", "edited"),
        ("云州市孵化协会", "other"),
        ("王小样", "other"),
    ],
)
def test_kind_by_wording(text: str, kind: str) -> None:
    assert kind_of(text).value == kind


@pytest.mark.parametrize(
    ("printed", "text", "before", "end"),
    [
        (["（来源：云州网）"], "云州网", "", 1),
        (["(来源:云州网)"], "云州网", "", 1),
        (["【来源：云州网】"], "云州网", "", 1),
        (["（资料来源：云州网）"], "云州网", "", 1),
        (["来源：云州网"], "云州网", "", 1),
        (["（来源：根据《方案（试行）》整理）"], "根据《方案（试行）》整理", "", 1),
        (["（来源：根据《方案", "（试行）》整理）"], "根据《方案（试行）》整理", "", 2),
        (["已开放。（来", "源：云州网）"], "云州网", "已开放。", 2),
        (["已开放。（来源：云州网）"], "云州网", "已开放。", 1),
        (["（根据公开材料整理）"], "根据公开材料整理", "", 1),
    ],
)
def test_source_lines(printed: list[str], text: str, before: str, end: int) -> None:
    found = source_at([Line(one, at) for at, one in enumerate(printed, 1)], 0)
    assert found is not None
    assert (found.source.text, found.before, found.end) == (text, before, end)


@pytest.mark.parametrize(
    "printed",
    [
        ["数据（来源：统计年鉴）显示增长"],
        ["主要收入来源：租金和服务"],
        ["（以下简称《方案》）"],
        ["（来源：没有收尾的一行"],
        ["收入的来源更加多样。"],
    ],
)
def test_lines_that_are_no_source(printed: list[str]) -> None:
    assert source_at([Line(one, at) for at, one in enumerate(printed, 1)], 0) is None
