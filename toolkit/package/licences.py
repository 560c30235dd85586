"""List the distributions of the package with their licences, and keep the licence texts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

TEXTS = "licenses"
"""The folder of a package, and of a wheel's metadata, that holds licence texts."""
_TEXT = re.compile(r"licen[cs]e|copying|copyright|notice|authors", re.IGNORECASE)
NOT_STATED = "not stated"
_SPDX = {
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "zlib/libpng License": "Zlib",
}
"""The SPDX identifiers of classifiers that name one licence; others, such as "BSD License", name several."""


@dataclass(frozen=True)
class Distribution:
    """One package of the index, as shipped.

    `sha256` is its wheel's; `licence` is an SPDX expression where one is known.
    """

    name: str
    version: str
    licence: str
    sha256: str


def distributions(tree: Path, wheels: Mapping[str, str]) -> list[Distribution]:
    """Every distribution installed in `tree`, by name; before trimming, which removes the metadata.

    `wheels` is the SHA-256 of each wheel by normalized name.
    """
    found = []
    for metadata in tree.glob("*.dist-info/METADATA"):
        headers = _headers(metadata)
        name = str(headers["Name"])
        digest = wheels[canonicalize_name(name)]
        found.append(Distribution(name, str(headers["Version"]), licence_of(metadata), digest))
    return sorted(found, key=lambda distribution: distribution.name.lower())


def licence_of(metadata: Path) -> str:
    """Return the licence that an installed distribution's METADATA, or a licence text beside it, states."""
    texts = [text.read_text(encoding="utf-8", errors="replace") for text in _texts(metadata.parent)]
    return _licence(_headers(metadata), texts)


def _headers(metadata: Path) -> Message:
    return HeaderParser().parsestr(metadata.read_text(encoding="utf-8", errors="replace"))


def keep_licence_texts(tree: Path) -> None:
    """Move the licence texts of every distribution in `tree` to licenses/<name>-<version>/."""
    for metadata in sorted(tree.glob("*.dist-info")):
        for text in _texts(metadata):
            name = text.relative_to(metadata)
            folder = tree / TEXTS / metadata.name.removesuffix(".dist-info")
            kept = folder / name.as_posix().removeprefix(f"{TEXTS}/")
            if kept.exists():  # the same name beside the folder of texts and in it
                kept = folder / name
            kept.parent.mkdir(parents=True, exist_ok=True)
            text.rename(kept)


def _texts(metadata: Path) -> list[Path]:
    """The files of a wheel's metadata that state a licence, a copyright or a notice."""
    files = [path for path in sorted(metadata.rglob("*")) if path.is_file()]
    return [path for path in files if path.is_relative_to(metadata / TEXTS) or _TEXT.match(path.name)]


def _licence(headers: Message, texts: list[str]) -> str:
    """The SPDX expression of a distribution; where its metadata gives none, the words that it gives."""
    classifiers = [
        line.split(" :: ")[-1] for line in headers.get_all("Classifier", []) if line.startswith("License ::")
    ]
    free = (str(headers["License"] or "").strip().splitlines() or [""])[0]
    for stated in (headers["License-Expression"], free):
        if stated and (expression := _expression(str(stated))):
            return expression
    identified = [_SPDX.get(classifier) or _identify(classifier, texts) for classifier in classifiers]
    if identified and all(identified):
        return " OR ".join(str(identifier) for identifier in identified)
    return _identify(free, texts) or " or ".join(classifiers) or free or NOT_STATED


def _expression(words: str) -> str | None:
    try:
        return str(canonicalize_license_expression(words))
    except InvalidLicenseExpression:
        return None


def _identify(words: str, texts: list[str]) -> str | None:
    """The one licence of a family that the texts are: the version of Apache's, the clauses of BSD's."""
    text = " ".join(" ".join(texts).split())
    if "apache" in words.lower() and re.search(r"Apache License,? Version 2\.0", text):
        return "Apache-2.0"
    if "bsd" in words.lower() and "Redistributions in binary form must reproduce" in text:
        return "BSD-3-Clause" if re.search(r"[Nn]either the names? of", text) else "BSD-2-Clause"
    return None
