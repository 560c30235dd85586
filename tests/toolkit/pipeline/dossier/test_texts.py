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
def test_a_value_is_shown_as_it_is_in_its_own_cell(value: str, shown: object) -> None:
    assert callable(shown)
    cells = re.findall(r"<td>(.*?)</td>", rendered(shown(value)), re.DOTALL)
    assert len(cells) == 2
    inner = re.sub(r"</?code>", "", cells[0])
    assert "<" not in inner
    assert html.unescape(inner).replace("\u200b", "") == value


@pytest.mark.parametrize("value", ["@octocat", "mail@example.com", "see #12", "GH-12", "owner/repo#12", "(@team/all)"])
def test_words_mention_and_refer_to_nobody(value: str) -> None:
    seen = html.unescape(plain(value))
    assert not re.search(r"@\w|#\d|GH-\d", seen)
    assert seen.replace("\u200b", "") == value


@pytest.mark.parametrize("value", ["https://evil.example", "http://evil.example", "www.evil.example"])
def test_words_link_nowhere(value: str) -> None:
    assert not re.search(r"https?://|www\.", html.unescape(plain(value)))


def test_what_is_not_seen_is_left_out() -> None:
    assert plain("a\u202eb\u200bc\x00d\ne\r\nf") == "a b c d e f"
    for unseen in ("\u061c", "\xad", "\u180e", "\U000e0041"):
        assert plain(f"a{unseen}b") == "a b"
        assert code(f"a{unseen}b") == "`a b`"


def test_a_long_value_is_cut() -> None:
    assert plain("x" * 999, 10) == "x" * 9 + "…"


def test_an_empty_value_is_no_empty_code() -> None:
    assert code("") == ""


@pytest.mark.parametrize("value", ['"]; click n0 "javascript:alert(1)"', "a]\nend", "#quot;", "%%{init: {}}%%", "`x`"])
def test_a_label_cannot_leave_its_quotes(value: str) -> None:
    assert not set(label(value)) & set('"[](){};#%`\n<>')
