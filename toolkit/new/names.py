"""Names of services, features and resources: what they may be, and the other spellings of a name."""

import keyword
import re
from pathlib import Path

from toolkit.stacks.errors import FileError, shown

LONGEST_PROJECT = 20
"""`<project>-review-<number>-<resource>-<7 characters>` must be the name of an S3 bucket.

It has at most 63 characters: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
"""
LONGEST_RESOURCE = 32
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_FIELD = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_BEFORE_STEM = r'(?:cost-center"?: |cost_center=|RESOURCE_SERVER = |"identifier": )"?'
_RESERVED = ("aws", "amazon", "cognito")
_TAKEN = frozenset({"aws", "auth", "cold-start", "definition", "features", "main", "openapi", "settings", "table"})
"""Words that a feature cannot have: its folder or its constant would hide another one of the service."""


def check_project(name: str) -> str:
    """Return the name of a service, if AWS accepts it in every resource. Raise FileError."""
    _check_form("the service", name)
    if len(name) > LONGEST_PROJECT:
        raise FileError(
            f"The service's name {shown(name)} has {len(name)} characters; use at most {LONGEST_PROJECT}, because"
            " the name of an S3 bucket, <project>-<stack>-<resource>-<7 characters>, has at most 63."
        )
    for word in _RESERVED:
        if word in name:
            raise FileError(f"The service's name {shown(name)} has {word!r}, which a Cognito domain must not have.")
    if keyword.iskeyword(snake(name)):
        raise FileError(f"The service's name {shown(name)} is a word of Python; use another one.")
    return name


def check_resource(kind: str, name: str) -> str:
    """Return the name of a part of the service. Raise FileError."""
    _check_form(kind, name)
    if len(name) > LONGEST_RESOURCE:
        raise FileError(f"The name of {kind}, {shown(name)}, has {len(name)} characters; use at most 32.")
    if keyword.iskeyword(snake(name)) or name in _TAKEN:
        raise FileError(f"The name of {kind}, {shown(name)}, is taken: it is a word of Python or a module of the API.")
    return name


def check_module(root: Path, kind: str, name: str) -> str:
    """Return the folder of a new part of the API, if no module has its name. Raise FileError."""
    folder = f"api/{snake(name)}"
    for taken in (folder, f"{folder}.py"):
        if (root / taken).exists():
            raise FileError(f"{taken} exists already; give {kind} another name.")
    return folder


def check_field(name: str) -> str:
    """Return the name of a field. Raise FileError."""
    if not _FIELD.fullmatch(name) or keyword.iskeyword(name):
        raise FileError(f"The field {shown(name)} has no valid name; use a-z, 0-9 and _, such as full_name.")
    if len(name) > LONGEST_RESOURCE:
        raise FileError(f"The field {shown(name)} has {len(name)} characters; use at most {LONGEST_RESOURCE}.")
    return name


def _check_form(kind: str, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise FileError(f"The name of {kind} is {shown(name)}; use a-z, 0-9 and single -, such as order-events.")


def snake(name: str) -> str:
    """Return the name with underscores."""
    return name.replace("-", "_")


def constant(name: str) -> str:
    """Return the name as a constant of Python."""
    return snake(name).upper()


def pascal(name: str) -> str:
    """Return the name as a class of Python."""
    return "".join(word.capitalize() for word in re.split("[-_]", name))


def words(name: str) -> str:
    """Return the name as words."""
    return re.sub("[-_]", " ", name)


def singular(name: str) -> str:
    """Return the singular of an English plural, and any other word as it is."""
    if name.endswith("ies"):
        return f"{name[:-3]}y"
    if name.endswith(("sses", "xes", "ches", "shes")):
        return name[:-2]
    return name[:-1] if name.endswith("s") and not name.endswith(("ss", "us", "is")) and name != "s" else name


class Renaming:
    """The replacement of a service's name, in each of its spellings, by another one."""

    def __init__(self, old: str, new: str) -> None:
        before, after = _stem(old), _stem(new)
        sentence_before, sentence_after = words(before), words(after)
        scope = rf"(?<![\w/.-]){re.escape(before)}/(?=(?:read|write)\b)"
        self._replacements = [
            (re.compile(re.escape(old)), new),
            (re.compile(rf"\b{re.escape(snake(old))}\b"), snake(new)),
            (re.compile(rf"\b{re.escape(pascal(old))}\b"), pascal(new)),
            (re.compile(rf"\b{re.escape(sentence_before)} API\b"), f"{sentence_after} API"),
            (re.compile(rf"\b{re.escape(sentence_before.capitalize())} API\b"), f"{sentence_after.capitalize()} API"),
            (re.compile(rf"\b{re.escape(before)}-(?=team\b|(?:dev|oncall|staging)@)"), f"{after}-"),
            (re.compile(scope), f"{after}/"),
            (re.compile(rf"({_BEFORE_STEM}){re.escape(before)}\b"), rf"\g<1>{after}"),
        ]

    def text(self, text: str) -> str:
        """Return the text with the new name."""
        for pattern, replacement in self._replacements:
            text = pattern.sub(replacement, text)
        return text


def _stem(name: str) -> str:
    """Return the name without the ending that most services share."""
    return name.removesuffix("-api")
