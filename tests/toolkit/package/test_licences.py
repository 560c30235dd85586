"""The licence of each distribution as an SPDX expression, and the texts that its conditions ask to ship."""

from pathlib import Path

import pytest

from tests.support.packages import write
from toolkit.package.licences import Distribution, distributions, keep_licence_texts

APACHE = "Apache License\n  Version 2.0, January 2004\n"
BSD = "Redistributions in binary form must reproduce the above copyright notice"
NEITHER = "Neither the name of the author nor the names of its contributors may be used"
OSI = "Classifier: License :: OSI Approved ::"


def licence_of(tmp_path: Path, metadata: str, text: str = "") -> str:
    info = "a-1.dist-info"
    headers = f"Metadata-Version: 2.1\nName: A\nVersion: 1\n{metadata}\n"
    write(tmp_path, {f"{info}/METADATA": headers, f"{info}/licenses/LICENSE": text})
    (found,) = distributions(tmp_path, {"a": "ab" * 32})
    assert found == Distribution("A", "1", found.licence, "ab" * 32)
    return found.licence


@pytest.mark.parametrize(
    ("metadata", "text", "expected"),
    [
        ("License-Expression: MIT\nLicense: old words", "", "MIT"),
        ("License-Expression: mit or apache-2.0", "", "MIT OR Apache-2.0"),
        ("License: Apache-2.0", "", "Apache-2.0"),
        (f"{OSI} MIT License", "", "MIT"),
        ("License: Apache License 2.0", APACHE, "Apache-2.0"),
        (f"{OSI} Apache Software License", APACHE, "Apache-2.0"),
        (f"{OSI} BSD License", f"{BSD}\n{NEITHER}", "BSD-3-Clause"),
        (f"{OSI} BSD License", BSD, "BSD-2-Clause"),
        (
            f"License: Dual License\n{OSI} BSD License\n{OSI} Apache Software License",
            f"{APACHE}{BSD}\n{NEITHER}",
            "BSD-3-Clause OR Apache-2.0",
        ),
        (f"{OSI} BSD License", "", "BSD License"),
        (f"{OSI} BSD License\n{OSI} MIT License", "", "BSD License or MIT License"),
        ("License: Ours alone\n        and more words", "", "Ours alone"),
        ("Summary: says nothing", "", "not stated"),
    ],
)
def test_licence_is_an_spdx_expression_if_metadata_and_text_agree(
    tmp_path: Path, metadata: str, text: str, expected: str
) -> None:
    assert licence_of(tmp_path, metadata, text) == expected


def test_licence_texts_and_notices_are_kept_by_distribution(tmp_path: Path) -> None:
    texts = ("a-1.dist-info/licenses/vendor/x/LICENSE.md", "a-1.dist-info/NOTICE.txt", "b_c-2.dist-info/COPYING")
    write(tmp_path, dict.fromkeys((*texts, "a-1.dist-info/RECORD", "b_c-2.dist-info/METADATA"), "text"))
    keep_licence_texts(tmp_path)
    kept = {path.relative_to(tmp_path / "licenses").as_posix() for path in (tmp_path / "licenses").rglob("*.*")}
    assert {name for name in kept if (tmp_path / "licenses" / name).is_file()} == {
        "a-1/vendor/x/LICENSE.md",
        "a-1/NOTICE.txt",
    }
    assert (tmp_path / "licenses/b_c-2/COPYING").read_text() == "text"


def test_licence_texts_with_equal_names_are_both_kept(tmp_path: Path) -> None:
    write(tmp_path, {"a-1.dist-info/LICENSE": "of the code", "a-1.dist-info/licenses/LICENSE": "of the data"})
    keep_licence_texts(tmp_path)
    kept = {path.read_text() for path in (tmp_path / "licenses").rglob("*") if path.is_file()}
    assert kept == {"of the code", "of the data"}


def test_metadata_of_another_encoding_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"a-1.dist-info/METADATA": b"Name: A\nVersion: 1\nAuthor: Ren\xe9\nLicense-Expression: MIT\n"})
    assert distributions(tmp_path, {"a": "ab" * 32}) == [Distribution("A", "1", "MIT", "ab" * 32)]
