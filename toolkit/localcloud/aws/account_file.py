"""The embedded AWS's account as a file: everything that it holds, for a process that goes on where another ended."""

import copyreg
import hashlib
import io
import json
import logging
import pickle
import platform
import weakref
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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

WRITTEN_BY = f"moto {moto.__version__} on Python {platform.python_version()}"
HOLDERS = {"cognito-idp": "user_pools", "dynamodb": "tables", "iam": "roles", "kms": "keys", "s3": "buckets"}
"""By service, the attribute of moto's backend with resources; an account with none of them was reset."""
ATTEMPTS = 20
"""How often the account is read while requests change it; one reading takes milliseconds."""


class AccountFileError(Exception):
    """The file is damaged or of another version; nothing was taken from it."""


def save_account(path: Path) -> None:
    """Write the account to the file, whole or not at all, readable by its owner only. Raises OSError."""
    content = _consistent()
    head = {"written_by": WRITTEN_BY, "sha256": hashlib.sha256(content).hexdigest()}
    write_private(path, json.dumps(head).encode() + b"\n" + content)


def load_or_recover(path: Path) -> str:
    """Take the account from the file, or from the copy that the last good start made where the file is no good.

    Returns `kept`, `recovered` (the copy), `damaged` (neither) or `new` (there is no file). The file that is no good
    is put aside, so that the next save does not overwrite it.
    """
    copy = last_good(path)
    if not path.exists() and not copy.exists():
        return "new"
    try:
        load_account(path)
    except FileNotFoundError:
        log.warning("%s is missing", path)
    except (AccountFileError, OSError) as error:
        aside = path.with_name(f"{path.name}.damaged-{path.stat().st_mtime_ns}")
        log.warning("%s; it is now %s", error, aside.name)
        path.rename(aside)
    else:
        write_private(copy, path.read_bytes())
        return "kept"
    try:
        load_account(copy)
    except (AccountFileError, OSError):
        return "damaged"
    return "recovered"


def load_account(path: Path) -> None:
    """Take the account from the file. Raises AccountFileError, OSError."""
    line, _, content = path.read_bytes().partition(b"\n")
    if line != json.dumps({"written_by": WRITTEN_BY, "sha256": hashlib.sha256(content).hexdigest()}).encode():
        raise AccountFileError(f"{path} is damaged, or was not written by {WRITTEN_BY}")
    held = pickle.loads(content)  # noqa: S301 - our own, checked above
    if not any(getattr(held[key], HOLDERS[key[0]]) for key in held if key[0] in HOLDERS):
        raise AccountFileError(f"{path} has no resources: the account was reset")
    for (service, account, region), backend in held.items():
        backends: Any = get_backend(service)
        backends[account][region] = backend
        if service == "s3":  # bucket names are one list for all accounts, which moto keeps beside them
            backends.bucket_accounts |= dict.fromkeys(backend.buckets, (backend.partition, account))
        if service == "cognito-idp":
            replace_shipped_keys(backend.user_pools.values())


def _consistent() -> bytes:
    for _ in range(ATTEMPTS - 1):
        try:
            return _read()
        except RuntimeError:  # a request added something meanwhile
            continue
    return _read()


def _read() -> bytes:
    in_use: Any = BackendDict
    services = list(in_use._instances)  # noqa: SLF001 - moto lists what is in use nowhere else
    held = {
        (service.service_name, account, region): backend
        for service in services
        for account, region, backend in service.iter_backends()
    }
    buffer = io.BytesIO()
    functions = [backend for (service, _, _), backend in held.items() if service == "lambda"]
    _Pickler(buffer, {id(version) for backend in functions for version in _out_of_use(backend)}).dump(held)
    return buffer.getvalue()


def _out_of_use(functions: Any) -> Iterator[Any]:
    """The versions that no alias names but the newest: each has a package, and there is one more with each change."""
    for newest in functions.list_functions():
        name = newest.function_name
        named = {alias.function_version for alias in functions.list_aliases(name)}
        *older, _ = [each for each in functions.list_versions_by_function(name) if each.version != "$LATEST"] or [None]
        yield from (version for version in older if str(version.version) not in named)


def _private_key(pem: bytes) -> Any:
    return serialization.load_pem_private_key(pem, None)


class _Pickler(pickle.Pickler):
    """Knows what is in moto's objects beyond plain data, and what of them is not worth its place."""

    def __init__(self, file: io.BytesIO, out_of_use: set[int]) -> None:
        super().__init__(file)
        self._out_of_use = out_of_use

    def reducer_override(self, value: Any) -> Any:
        if id(value) in self._out_of_use:
            kept = {**value.__getstate__(), "code_bytes": b"", "code": {**value.code, "ZipFile": ""}}
            return copyreg.__newobj__, (type(value),), kept  # type: ignore[attr-defined] # pickle's own, not in typeshed
        if isinstance(value, RSAPrivateKey):
            encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
            pem = value.private_bytes(encoding, form, serialization.NoEncryption())
            return _private_key, (pem,)
        if isinstance(value, weakref.WeakValueDictionary):
            return weakref.WeakValueDictionary, (), None, None, iter(list(value.items()))
        if isinstance(value, defaultdict) and getattr(value.default_factory, "__name__", "") == "<lambda>":
            empty = value.default_factory() if value.default_factory else None
            return defaultdict, (type(empty),), None, None, iter(list(value.items()))
        return NotImplemented
