"""The data of a local stack on disk: items, objects and users, by the logical resource that held them.

A stack is created anew at each start and its resources get new names; the data follows the logical resource, so
owners (a user's `sub`) stay who they are.
"""

import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from toolkit.localcloud.connection import AwsConnection
from toolkit.localcloud.embedded_client import call_embedded_route
from toolkit.localcloud.private_files import make_private, private_draft
from toolkit.stacks import ResourceGraph
from toolkit.stacks.errors import RefusedError

FILE = "data.zip"
FORMAT = "1"


class SnapshotError(RefusedError):
    """The kept data cannot be used; one sentence says why and what to do. Nothing was changed."""


@dataclass(frozen=True)
class Places:
    """Where the data of a stack is: logical name to physical name or id."""

    tables: Mapping[str, str]
    buckets: Mapping[str, str]
    user_pools: Mapping[str, str]

    @classmethod
    def of(cls, graph: ResourceGraph) -> "Places":
        """The places of a stack that was created, by logical name."""

        def named(type_token: str) -> dict[str, str]:
            return {resource.name: resource.id for resource in graph.of_type(type_token)}

        return cls(
            tables=named("aws:dynamodb/table:Table"),
            buckets=named("aws:s3/bucket:Bucket"),
            user_pools=named("aws:cognito/userPool:UserPool"),
        )


def save(connection: AwsConnection, folder: Path, places: Places) -> None:
    """Write the data of these places into the folder, whole or not at all.

    Data that the folder holds of places that the stack no longer has is carried over, and a file that cannot be read
    is put aside, so that nothing is lost. SnapshotError where it cannot be written; what was kept before stays.
    """
    target = folder / FILE
    try:
        make_private(folder)
        with private_draft(target) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
            bundle.writestr("format", FORMAT)
            for name, content in _present(connection, places):
                bundle.writestr(name, content)
            for name, content in _carried_over(target, places):
                bundle.writestr(name, content)
    except (OSError, BotoCoreError, ClientError, httpx.HTTPError) as error:
        raise SnapshotError(
            f"The data of this run could not be kept in {target} ({error}); what was kept before is as it was."
        ) from error


def restore(connection: AwsConnection, folder: Path, places: Places) -> list[str]:
    """Put the kept data back and return the logical names that the stack no longer has; nothing kept is no error.

    SnapshotError where the file is damaged: it is read whole before anything is written.
    """
    target = folder / FILE
    if not target.exists():
        return []
    try:
        kept = _read(target)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError) as error:
        raise SnapshotError(
            f"The kept data in {target} is damaged ({error}); move the file away to start without it."
        ) from None
    homeless = []
    for (kind, logical), members in kept.items():
        physical = _held(places)[kind].get(logical)
        if physical is None:
            homeless.append(logical)
        else:
            RESTORERS[kind](connection, physical, members)
    return homeless


def _held(places: Places) -> dict[str, Mapping[str, str]]:
    return {"tables": places.tables, "buckets": places.buckets, "user-pools": places.user_pools}


def _present(connection: AwsConnection, places: Places) -> Iterator[tuple[str, bytes]]:
    for kind, held in _held(places).items():
        for logical, physical in held.items():
            for name, content in SAVERS[kind](connection, physical):
                yield f"{kind}/{quote(logical, safe='')}/{name}", content


def _carried_over(target: Path, places: Places) -> Iterator[tuple[str, bytes]]:
    if not target.exists():
        return
    try:
        kept = _read(target)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError):
        target.rename(target.with_name(f"data.damaged-{target.stat().st_mtime_ns}.zip"))
        return
    for (kind, logical), members in kept.items():
        if logical not in _held(places)[kind]:
            for name, content in members.items():
                yield f"{kind}/{quote(logical, safe='')}/{name}", content


def _read(target: Path) -> dict[tuple[str, str], dict[str, bytes]]:
    """All members by (kind, logical name), checked: a zip's checksums tell every damaged byte."""
    kept: dict[tuple[str, str], dict[str, bytes]] = {}
    with zipfile.ZipFile(target) as bundle:
        if bundle.read("format").decode() != FORMAT:
            raise ValueError("it was written by another version")
        for member in bundle.namelist():
            if member == "format":
                continue
            kind, logical, name = member.split("/")
            if kind not in RESTORERS:
                raise ValueError(f"it holds {kind}")
            content = bundle.read(member)
            if name.endswith(".json"):
                json.loads(content)
            kept.setdefault((kind, unquote(logical)), {})[name] = content
    return kept


def _save_table(connection: AwsConnection, table: str) -> Iterator[tuple[str, bytes]]:
    pages = connection.client("dynamodb").get_paginator("scan").paginate(TableName=table)
    items = [_texts(item) for page in pages for item in page["Items"]]
    yield "items.json", json.dumps(items).encode()


def _texts(value: Any) -> Any:
    """DynamoDB's values as JSON: bytes, which JSON has none of, as Latin-1 marked with a key of our own."""
    if isinstance(value, bytes):
        return {"__bytes__": value.decode("latin-1")}
    if isinstance(value, dict):
        return {key: _texts(inner) for key, inner in value.items()}
    return [_texts(inner) for inner in value] if isinstance(value, list) else value


def _values(pairs: dict[str, Any]) -> Any:
    return pairs["__bytes__"].encode("latin-1") if pairs.keys() == {"__bytes__"} else pairs


def _restore_table(connection: AwsConnection, table: str, members: Mapping[str, bytes]) -> None:
    dynamodb = connection.client("dynamodb")
    for item in json.loads(members["items.json"], object_hook=_values):
        dynamodb.put_item(TableName=table, Item=item)


def _save_bucket(connection: AwsConnection, bucket: str) -> Iterator[tuple[str, bytes]]:
    s3 = connection.client("s3")
    listed: list[dict[str, Any]] = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for number, entry in enumerate(page.get("Contents", ()), start=len(listed)):
            found = s3.get_object(Bucket=bucket, Key=entry["Key"])
            listed.append({"key": entry["Key"], "type": found["ContentType"], "metadata": found["Metadata"]})
            yield str(number), found["Body"].read()
    yield "objects.json", json.dumps(listed).encode()


def _restore_bucket(connection: AwsConnection, bucket: str, members: Mapping[str, bytes]) -> None:
    for number, entry in enumerate(json.loads(members["objects.json"])):
        connection.client("s3").put_object(
            Bucket=bucket,
            Key=entry["key"],
            Body=members[str(number)],
            ContentType=entry["type"],
            Metadata=entry["metadata"],
        )


def _save_users(connection: AwsConnection, pool: str) -> Iterator[tuple[str, bytes]]:
    answer = call_embedded_route(connection, f"user-pools/{pool}/users")
    yield "users.json", answer.raise_for_status().content


def _restore_users(connection: AwsConnection, pool: str, members: Mapping[str, bytes]) -> None:
    call_embedded_route(connection, f"user-pools/{pool}/users", put=members["users.json"]).raise_for_status()


SAVERS: Mapping[str, Callable[[AwsConnection, str], Iterator[tuple[str, bytes]]]] = {
    "tables": _save_table,
    "buckets": _save_bucket,
    "user-pools": _save_users,
}
RESTORERS: Mapping[str, Callable[[AwsConnection, str, Mapping[str, bytes]], None]] = {
    "tables": _restore_table,
    "buckets": _restore_bucket,
    "user-pools": _restore_users,
}
