"""The embedded AWS's account in a file, from which the next process continues."""

import copyreg
import hashlib
import io
import json
import logging
import pickle
import platform
import threading
import weakref
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import moto
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from moto.backends import get_backend
from moto.core.base_backend import BackendDict

from toolkit.localcloud.aws.patches.cognito_keys import replace_shipped_keys
from toolkit.localcloud.private_files import last_good, write_private
from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.core.base_backend:BackendDict._instances",
    "moto.core.base_backend:BackendDict.iter_backends",
)

log = logging.getLogger("embedded-aws")

FORMAT = 2
WRITTEN_BY = f"format {FORMAT}, moto {moto.__version__} on Python {platform.python_version()}"
RESOURCE_ATTRIBUTES = {
    "cognito-idp": "user_pools",
    "dynamodb": "tables",
    "iam": "roles",
    "kms": "keys",
    "s3": "buckets",
}
"""By service, the attribute of moto's backend with resources; an account with none of them was reset."""
ATTEMPTS = 20
"""How often the account is read while requests change it; one reading takes milliseconds."""


class AccountFileError(Exception):
    """The file is damaged or of another version; nothing was taken from it."""


def save_account(path: Path, deployment: bytes) -> None:
    """Write the account and the deployed stack's record to the file, atomically. Raises OSError.

    Only the file's owner may read it. Large values, such as packages, are in files of their own, named by their digest.
    """
    content = pickle.dumps((deployment, _pickle_consistently(LargeValues(path))))
    head = {"written_by": WRITTEN_BY, "sha256": hashlib.sha256(content).hexdigest()}
    write_private(path, json.dumps(head).encode() + b"\n" + content)


def load_or_recover(path: Path) -> tuple[str, bytes]:
    """Take the account from the file, or from the copy of the last good start where the file cannot be used.

    Returns the deployed stack's record, after `kept`, `recovered` (the copy), `damaged` (neither) or `new` (there is no
    file). A file that cannot be used is renamed, so that the next save does not overwrite it.
    """
    copy = last_good(path)
    if not path.exists() and not copy.exists():
        return "new", b""
    try:
        values = LargeValues(path)
        deployment = load_account(path, values)
    except FileNotFoundError:
        log.warning("%s is missing", path)
    except (AccountFileError, OSError) as error:
        aside = path.with_name(f"{path.name}.damaged-{path.stat().st_mtime_ns}")
        log.warning("%s; it is now %s", error, aside.name)
        path.rename(aside)
    else:
        write_private(copy, path.read_bytes())
        values.remove_unread()
        return "kept", deployment
    try:
        return "recovered", load_account(copy, LargeValues(path))
    except (AccountFileError, OSError):
        return "damaged", b""


def load_account(path: Path, values: "LargeValues") -> bytes:
    """Take the account from the file, and return the deployed stack's record. Raises AccountFileError, OSError."""
    line, _, content = path.read_bytes().partition(b"\n")
    if line != json.dumps({"written_by": WRITTEN_BY, "sha256": hashlib.sha256(content).hexdigest()}).encode():
        raise AccountFileError(f"{path} is damaged, or was not written by {WRITTEN_BY}")
    deployment, account = pickle.loads(content)  # noqa: S301 - our own, checked above
    held = _Unpickler(account, values).load()
    if not any(getattr(held[key], RESOURCE_ATTRIBUTES[key[0]]) for key in held if key[0] in RESOURCE_ATTRIBUTES):
        raise AccountFileError(f"{path} has no resources: the account was reset")
    for (service, account_id, region), backend in held.items():
        backends: Any = get_backend(service)
        backends[account_id][region] = backend
        if service == "s3":  # bucket names are one list for all accounts, which moto keeps beside them
            backends.bucket_accounts |= dict.fromkeys(backend.buckets, (backend.partition, account_id))
        if service == "cognito-idp":
            replace_shipped_keys(backend.user_pools.values())
    return bytes(deployment)


class LargeValues:
    """The folder with large values beside an account's file, each in a file that is named by its digest."""

    MIN_BYTES = 64 * 1024
    _digests: ClassVar[dict[int, tuple[Any, str]]] = {}
    """By identity, the values of this process whose file is written. A reference keeps the identity unique."""

    def __init__(self, account: Path) -> None:
        self._folder = account.with_name("account-values")
        self._account = account
        self._read: set[str] = set()

    def write(self, value: bytes | str) -> str:
        """Write a value where its file is missing, and return its name."""
        known = self._digests.get(id(value))
        if known is not None and known[0] is value and (self._folder / known[1]).exists():
            return known[1]
        content = value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")
        name = f"{hashlib.sha256(content).hexdigest()}.{'bytes' if isinstance(value, bytes) else 'text'}"
        if not (self._folder / name).exists():
            self._folder.mkdir(mode=0o700, exist_ok=True)
            write_private(self._folder / name, content)
        self._digests[id(value)] = (value, name)
        return name

    def read(self, name: str) -> bytes | str:
        """Return the value of a name. Raises AccountFileError where its file is missing or damaged."""
        digest, _, kind = name.partition(".")
        self._read.add(name)
        try:
            content = (self._folder / name).read_bytes()
        except OSError as error:
            raise AccountFileError(f"{self._account} is incomplete: {self._folder / name} cannot be read") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise AccountFileError(f"{self._folder / name} is damaged")
        return content if kind == "bytes" else content.decode("utf-8", "surrogatepass")

    def remove_unread(self) -> None:
        """Remove the values that the account no longer has; while a damaged file is there, none."""
        if not any(self._account.parent.glob(f"{self._account.name}.damaged-*")):
            for file in self._folder.glob("*"):
                if file.name not in self._read:
                    file.unlink()


def _pickle_consistently(values: LargeValues) -> bytes:
    for _ in range(ATTEMPTS - 1):
        try:
            return _pickle_account(values)
        except RuntimeError:  # a request added something meanwhile
            continue
    return _pickle_account(values)


def _pickle_account(values: LargeValues) -> bytes:
    in_use: Any = BackendDict
    services = list(in_use._instances)  # noqa: SLF001 - moto lists what is in use nowhere else
    held = {
        (service.service_name, account, region): backend
        for service in services
        for account, region, backend in service.iter_backends()
    }
    buffer = io.BytesIO()
    functions = [backend for (service, _, _), backend in held.items() if service == "lambda"]
    _Pickler(buffer, {id(version) for backend in functions for version in _unused_versions(backend)}, values).dump(held)
    return buffer.getvalue()


def _unused_versions(functions: Any) -> Iterator[Any]:
    """Yield the versions that no alias names, without the newest: each change publishes one with its own package."""
    for newest in functions.list_functions():
        name = newest.function_name
        named = {alias.function_version for alias in functions.list_aliases(name)}
        *older, _ = [each for each in functions.list_versions_by_function(name) if each.version != "$LATEST"] or [None]
        yield from (version for version in older if str(version.version) not in named)


def _private_key(pem: bytes) -> Any:
    return serialization.load_pem_private_key(pem, None)


class _Pickler(pickle.Pickler):
    """Pickles moto's objects: large values to files of their own, and no code of versions that are not in use."""

    def __init__(self, file: io.BytesIO, out_of_use: set[int], values: LargeValues) -> None:
        super().__init__(file)
        self._out_of_use = out_of_use
        self._values = values

    def persistent_id(self, value: Any) -> str | None:
        """Return the name of a large value's file."""
        if type(value) in (bytes, str) and len(value) >= LargeValues.MIN_BYTES:
            return self._values.write(value)
        return None

    def reducer_override(self, value: Any) -> Any:
        if id(value) in self._out_of_use:
            kept = {**value.__getstate__(), "code_bytes": b"", "code": {**value.code, "ZipFile": ""}}
            return copyreg.__newobj__, (type(value),), kept  # type: ignore[attr-defined] # pickle's own, not in typeshed
        if isinstance(value, RSAPrivateKey):
            encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
            pem = value.private_bytes(encoding, form, serialization.NoEncryption())
            return _private_key, (pem,)
        if isinstance(value, threading.Condition):  # with which a queue's readers wait
            return threading.Condition, ()
        if isinstance(value, defaultdict) and type(value) is not defaultdict:  # SSM's, which is created with arguments
            state = (vars(value), {"default_factory": value.default_factory})
            items = iter(list(value.items()))
            return copyreg.__newobj__, (type(value),), state, None, items  # type: ignore[attr-defined] # as above
        if isinstance(value, weakref.WeakValueDictionary):
            return weakref.WeakValueDictionary, (), None, None, iter(list(value.items()))
        if isinstance(value, defaultdict) and getattr(value.default_factory, "__name__", "") == "<lambda>":
            empty = value.default_factory() if value.default_factory else None
            factory: Any = type(empty)
            if isinstance(empty, defaultdict):
                factory = partial(defaultdict, empty.default_factory)
            return defaultdict, (factory,), None, None, iter(list(value.items()))
        return NotImplemented


class _Unpickler(pickle.Unpickler):
    def __init__(self, content: bytes, values: LargeValues) -> None:
        super().__init__(io.BytesIO(content))
        self._values = values

    def persistent_load(self, pid: Any) -> bytes | str:
        """Return the large value of a name."""
        return self._values.read(str(pid))
