"""Which texts are credentials: by their form under any name, and by the name of what holds them."""

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.stacks.errors import FileError
from toolkit.stacks.json_documents import parse_json

_FORMS = re.compile(
    r"\b(AKIA|ASIA)[A-Z0-9]{16}\b"  # AWS access keys
    r"|-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----|AGE-SECRET-KEY-1"
    r"|\bxox[abeoprs]-[A-Za-z0-9-]{8,}|hooks\.slack\.com/services/[A-Z0-9]+/[A-Z0-9]+/[A-Za-z0-9]{8,}"
    r"|\bgh[pousr]_[A-Za-z0-9]{36,}|\bgithub_pat_[A-Za-z0-9_]{22,}|\bglpat-[\w-]{20,}"
    r"|\b[sr]k_(live|test)_[A-Za-z0-9]{10,}|\bwhsec_[A-Za-z0-9+/=]{20,}"  # Stripe
    r"|\bSG\.[\w-]{16,}\.[\w-]{32,}|\bnpm_[A-Za-z0-9]{36}|\bpypi-[\w-]{40,}|\bAIza[\w-]{35}"
    r"|\bsk-(proj-|ant-|svcacct-)?[A-Za-z0-9_-]{20,}|\bhvs\.[\w-]{20,}|\bdop_v1_[0-9a-f]{64}|\bpul-[0-9a-f]{40}\b"
    r"|\bdapi[0-9a-f]{32}\b|\b\d{8,10}:AA[\w-]{33}\b"  # Databricks, Telegram
    r"|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"  # JSON Web Tokens
    r"|[?&]X-Amz-Signature=[0-9a-f]{64}|[?&]sig=[A-Za-z0-9%+/]{40,}"
    r"|(?i:\b(basic|bearer)\s+[A-Za-z0-9+/._~-]{12,}=*$)"
)
_PASSWORD_IN_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@?#]*:([^@\s/]+)@", re.IGNORECASE)
_PASSWORD_IN_LIST = re.compile(r"(?i)(?:^|[;&\s,])(?:password|passwd|pwd|accountkey|sharedaccesskey)\s*=\s*([^;&\s,]+)")
_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|\$\w+|<[^>]*>|\{\{[^}]*\}\}|\{[^}]*\}|\*+|x{3,}|%\w+%", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NOUNS = {"password", "passwd", "pwd", "passphrase", "passcode", "pass", "secret", "token", "credential", "credentials"}
_NOUN_AT_END = re.compile(r"(password|passwd|secret|apikey|accesskey|privatekey|authtoken)$")
_KEYS = {"api", "private", "access", "secret", "master", "signing", "encryption", "auth", "license", "account", "hmac"}
_QUALIFIERS = {"value", "plain", "plaintext", "current", "previous", "old", "new", "base64", "b64", "prod", "dev"}
"""Words behind the noun that change nothing."""
_NO_SECRET_NAMES = re.compile(
    r"(?i)(^|_)(digests?|hash(es)?|sha\d*|checksums?|etag|commit|revision|version|fingerprints?|thumbprint|public|pubkey|"
    r"publishable|site|id|ids|arn|url|uri|host|name|bucket|table|queue|path|image|certificate|jwks?|n|e)($|_)"
)
_REFERENCE = re.compile(
    r"arn:aws[a-z-]*:\S+|\{\{resolve:[^}]+\}\}|(ssm|secretsmanager|vault|awskms)(:|://)\S+|/[\w.-]+(/[\w.-]+)*"
    r"|[a-z0-9_-]+(/[a-z0-9_-]+)+|alias/\S+|https?://[^\s@]+|true|false|none|null|yes|no|on|off",
    re.IGNORECASE,
)
_SAFE_FORMS = re.compile(
    r"[0-9a-f]+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\S+@\S+\.\S+|[\w.-]+\.[a-z]{2,}(:\d+)?(/\S*)?|\S+://\S+"
    r"|arn:\S+|sha\d+:\S+|/\S*|pk_(live|test)_\S+",
    re.IGNORECASE,
)
_SHORTEST_RANDOM, _LONGEST_RANDOM = 20, 128
_BITS = 3.9
"""Entropy per character from which a text counts as random; ordinary words have less."""
_SHORTEST_KEY = 12


def holds_credential(name: str, value: str) -> bool:
    """Return whether a text that goes by this name is, or holds, a credential."""
    text = value.strip()
    return has_credential_form(text) or _is_credential_name(name, text) or _looks_random(name, text) or _in_json(text)


def has_credential_form(text: str) -> bool:
    """Return whether a text has the form of a credential, whatever it is called."""
    if _FORMS.search(text):
        return True
    given = [*_PASSWORD_IN_URL.findall(text), *_PASSWORD_IN_LIST.findall(text)]
    if any(not _PLACEHOLDER.fullmatch(password) for password in given):
        return True
    decoded = _decoded(text)
    return decoded is not None and (_FORMS.search(decoded) is not None or bool(_PASSWORD_IN_URL.findall(decoded)))


def texts_in(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text in a property with the name that it goes by; of `name` and `value` pairs the name counts."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        own = value.get("name")
        for key, inner in value.items():
            yield from texts_in(inner, own if key == "value" and isinstance(own, str) else str(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts_in(inner, name)


def _is_credential_name(name: str, text: str) -> bool:
    """A name that ends in what it holds, such as DB_PASSWORD; TOKEN_URL and SECRET_NAME end in something else."""
    words = [word.lower() for word in _WORD.findall(name)]
    while words and (words[-1] in _QUALIFIERS or words[-1].isdigit()):
        words.pop()
    if not words or not text or _REFERENCE.fullmatch(text) or _PLACEHOLDER.fullmatch(text):
        return False
    if words[-1] in _NOUNS or _NOUN_AT_END.search(words[-1]):
        return True
    return words[-1] == "key" and bool(_KEYS & set(words[-2:-1])) and _is_dense(text)


def _is_dense(text: str) -> bool:
    return len(text) >= _SHORTEST_KEY and " " not in text and any(character.isdigit() for character in text)


def _looks_random(name: str, text: str) -> bool:
    """Letters of both cases and digits without a word's structure, as keys are generated."""
    if not _SHORTEST_RANDOM <= len(text) <= _LONGEST_RANDOM or _NO_SECRET_NAMES.search(_snake(name)):
        return False
    mixed = re.search(r"[a-z]", text) and re.search(r"[A-Z]", text) and re.search(r"\d", text)
    if not mixed or not re.fullmatch(r"[A-Za-z0-9+/_=~!@#$%^&*.-]+", text) or _SAFE_FORMS.fullmatch(text):
        return False
    return _decoded(text) is None and not _has_words(text) and _entropy(text) >= _BITS


def _has_words(text: str) -> bool:
    """Return whether most of a text consists of words with four or more letters, as names do."""
    return sum(len(word) for word in re.findall(r"[A-Z]?[a-z]{3,}", text)) > len(text) / 2


def _entropy(text: str) -> float:
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())


def _decoded(text: str) -> str | None:
    """Return the decoded text of base64 where it is readable."""
    compact = "".join(text.split())
    if len(compact) < _SHORTEST_RANDOM or not re.fullmatch(r"[A-Za-z0-9+/_-]+={0,2}", compact):
        return None
    try:
        decoded = base64.b64decode(compact + "=" * (-len(compact) % 4), altchars=b"-_" if "_" in compact else None)
        readable = decoded.decode("ascii")
    except (binascii.Error, ValueError):
        return None
    return readable if all(character.isprintable() or character.isspace() for character in readable) else None


def _in_json(text: str) -> bool:
    """Return whether a JSON document holds a credential by the names in it."""
    if not text.startswith(("{", "[")):
        return False
    try:
        document = parse_json(text, "value")
    except FileError:
        return False
    return any(_is_credential_name(name, inner) or has_credential_form(inner) for name, inner in texts_in(document))


def _snake(name: str) -> str:
    return "_".join(word.lower() for word in _WORD.findall(name))
