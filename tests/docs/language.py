"""Plain technical English, as far as a program can check it: banned identifiers, banned phrases, sentence length."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

MOST_WORDS = 20
"""Of one sentence in a document."""

BANNED_WORDS = frozenset(
    [
        "believe",
        "believed",
        "believes",
        "complaint",
        "complaints",
        "dear",
        "door",
        "doors",
        "dress",
        "dressed",
        "dresses",
        "entrance",
        "envelope",
        "examination",
        "homeless",
        "imagine",
        "imagined",
        "imagines",
        "judge",
        "judged",
        "judgement",
        "judgements",
        "judges",
        "judging",
        "lacking",
        "mend",
        "mended",
        "mending",
        "mends",
        "patient",
        "remedy",
        "somebody",
        "standing",
        "teach",
        "teaches",
        "teaching",
        "teachings",
        "told",
        "veil",
        "whoever",
    ]
)
"""Parts of identifiers and file names. AWS's, Pulumi's and GitHub's nouns are `evaluate`, `remediate`, `gateway` …"""

BANNED_PHRASES = (
    r"as good as gone", r"front door", r"dress(?:es|ed)? the (?:answer|response)", r"\bis dear\b", r"\bis told\b",
    r"\bof yours\b", r"\bits words\b", r"\bsomebody\b", r"\bwhoever\b", r"\bhomeless\b",
    r"\bjudg(?:e|es|ed|ing|ement)\b",
    r"\bmend(?:s|ed|ing)?\b", r"\bwith leave\b", r"\bno such thing\b", r"\blines of the house\b", r"\bstands? in for\b",
    r"\bwords of\b", r"\bspeaks? of\b", r"\bon its way (?:in|out)\b", r"\bthe world\b", r"\bgoes wrong\b",
)  # fmt: skip
KEPT = "judged-at-update"
"""The id of a rule: an id does not change, as waivers and the configuration of stacks name it."""
_PHRASES = re.compile("|".join(BANNED_PHRASES), re.IGNORECASE)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def identifier_parts(name: str) -> set[str]:
    """Return the words of an identifier, in lower case: `ItemRepository` and `item_repository` have two."""
    return {part.lower() for part in _PARTS.findall(name)}


def banned_identifiers(source: str) -> Iterator[str]:
    """Yield the definitions of a Python module whose names have a banned part."""
    for node in ast.walk(ast.parse(source)):
        names = [node.name] if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else []
        names += [node.arg] if isinstance(node, ast.arg) else []
        names += [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []
        yield from (name for name in names if identifier_parts(name) & BANNED_WORDS)


def prose_of_module(source: str) -> Iterator[str]:
    """Yield the docstrings, comments and texts of a Python module."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in {tokenize.COMMENT, tokenize.STRING}:
            yield " ".join(token.string.split())


def banned_phrases(text: str) -> list[str]:
    """Return the banned phrases of a text."""
    return [found[0] for found in _PHRASES.finditer(text.replace(KEPT, ""))]


def sentences(markdown: str) -> Iterator[str]:
    """Yield the sentences of a document: of paragraphs, list items and table cells, without code and addresses."""
    text = re.sub(r"<!--.*?-->|```.*?```", "", markdown, flags=re.DOTALL)
    for line in text.splitlines():
        for cell in re.split(r"(?<!\\)\|", line) if line.lstrip().startswith("|") else [line]:
            plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", re.sub(r"`[^`]*`|https?://\S+", "X", cell))
            plain = re.sub(r"^\s*(?:#+|\d+\.|[-*>])\s+(?:\[ \] )?", "", plain).replace("**", "")
            yield from (part.strip() for part in re.split(r"(?<=[.!?:;])\s+| · ", plain) if part.strip())


def long_sentences(markdown: str) -> list[str]:
    """Return the sentences that have more than the most words."""
    return [sentence for sentence in sentences(markdown) if len(sentence.split()) > MOST_WORDS]


def is_prose(path: Path) -> bool:
    """Return whether a document is written by hand: not generated, and not a record of the past."""
    return path.suffix == ".md" and path.name not in {"CHANGELOG.md"}
