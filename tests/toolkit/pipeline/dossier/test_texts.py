import html
import re

import pytest
from markdown_it import MarkdownIt

from toolkit.pipeline.dossier.texts import code, label, plain

HOSTILE = [
    "<script>alert(1)</script>",
    "</code><img src=x onerror=alert(1)>",
    "**bold** _it_ `tick` ~~gone~~",
    "[link](https://evil.example)",
    "![image](https://evil.example/x.png)",
    "a | b",
    "``` fence",
    "&lt;b&gt;",
    "$x$ and $$y$$",
    "# heading",
    "<!-- comment",
    "--> comment",
    "` | `",
]


def rendered(text: str) -> str:
    table = f"| a | b |\n| --- | --- |\n| {text} | end |\n"
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(table))


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("shown", [plain, code])
def test_value_renders_unchanged_in_its_own_cell(value: str, shown: object) -> None:
    assert callable(shown)
    cells = re.findall(r"<td>(.*?)</td>", rendered(shown(value)), re.DOTALL)
    assert len(cells) == 2
    inner = re.sub(r"</?code>", "", cells[0])
    assert "<" not in inner
    assert html.unescape(inner).replace("\u200b", "") == value


@pytest.mark.parametrize("value", ["@octocat", "mail@example.com", "see #12", "GH-12", "owner/repo#12", "(@team/all)"])
def test_mentions_and_references_are_not_linked(value: str) -> None:
    seen = html.unescape(plain(value))
    assert not re.search(r"@\w|#\d|GH-\d", seen)
    assert seen.replace("\u200b", "") == value


@pytest.mark.parametrize("value", ["https://evil.example", "http://evil.example", "www.evil.example"])
def test_addresses_are_not_linked(value: str) -> None:
    assert not re.search(r"https?://|www\.", html.unescape(plain(value)))


def test_invisible_characters_are_removed() -> None:
    assert plain("a\u202eb\u200bc\x00d\ne\r\nf") == "a b c d e f"
    for unseen in ("\u061c", "\xad", "\u180e", "\U000e0041"):
        assert plain(f"a{unseen}b") == "a b"
        assert code(f"a{unseen}b") == "`a b`"


def test_long_value_is_truncated() -> None:
    assert plain("x" * 999, 10) == "x" * 9 + "…"


def test_empty_value_gives_no_code_span() -> None:
    assert code("") == ""


@pytest.mark.parametrize("value", ['"]; click n0 "javascript:alert(1)"', "a]\nend", "#quot;", "%%{init: {}}%%", "`x`"])
def test_label_has_no_quotes(value: str) -> None:
    assert not set(label(value)) & set('"[](){};#%`\n<>')
