"""The form of S3's browser upload: its fields, then exactly one file.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html: S3 ignores each field after the file.
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html: the codes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from moto.s3.exceptions import InvalidArgumentError, S3ClientError
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

MAX_FIELD_BYTES = 20 * 1024
"""Of everything before the file."""
_UNSEEN = {"policy", "x-amz-signature"}  # in which ${filename} is not replaced
_LAST_NAME = re.compile(r"[^/\\]*\Z")


@dataclass(frozen=True)
class UploadForm:
    """A form whose names of fields are in lower case, and whose ${filename} is replaced."""

    fields: Mapping[str, str]
    content: bytes = field(repr=False)


def read_form(content_type: str, body: bytes) -> UploadForm:
    """Read a form. Raises S3ClientError with S3's code."""
    kind, options = parse_options_header(content_type)
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise _malformed()
    fields: dict[str, str] = {}
    files: list[tuple[str, bytes]] = []
    before = 0
    for name, filename, content in _parts(options["boundary"].encode(), body):
        if name == "file":
            files.append((filename, content))
        elif not files:
            before += len(name) + len(content)
            _add(fields, name, content)
    if before > MAX_FIELD_BYTES:
        sentence = "Your POST request fields preceding the upload file were too large."
        raise S3ClientError("MaxPostPreDataLengthExceededError", sentence)
    if len(files) != 1:
        # S3 answers with this code; its list of codes has IncorrectNumberOfFilesInPostRequest for the same sentence
        raise InvalidArgumentError("POST requires exactly one file upload per request.", "file", str(len(files)))
    filename, content = files[0]
    return UploadForm({name: _filled(name, value, filename) for name, value in fields.items()}, content)


def _parts(boundary: bytes, body: bytes) -> list[tuple[str, str, bytes]]:
    """The name in lower case, the file's name and the content of each part."""
    decoder = MultipartDecoder(boundary)
    parts: list[tuple[str, str, bytearray]] = []
    try:
        decoder.receive_data(body)
        decoder.receive_data(None)
        while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
            if isinstance(event, (Field, File)):
                name = event.name if isinstance(event.name, str) else ""
                parts.append((name.lower(), getattr(event, "filename", "") or "", bytearray()))
            elif isinstance(event, Data):
                parts[-1][2].extend(event.data)
    except ValueError as error:
        raise _malformed() from error
    if not isinstance(event, Epilogue):
        raise _malformed()
    return [(name, filename, bytes(content)) for name, filename, content in parts]


def _add(fields: dict[str, str], name: str, content: bytes) -> None:
    if not name or name in fields:
        raise _malformed()
    try:
        fields[name] = content.decode()
    except UnicodeDecodeError as error:
        raise _malformed() from error


def _filled(name: str, value: str, filename: str) -> str:
    if name in _UNSEEN:
        return value
    found = _LAST_NAME.search(filename)
    return value.replace("${filename}", found[0] if found else "")


def missing_field(name: str) -> S3ClientError:
    """The error for a form without a field that S3 needs, or with it after the file."""
    advice = "If it is specified, please check the order of the fields."
    return InvalidArgumentError(f"Bucket POST must contain a field named '{name}'. {advice}", name, "")


def _malformed() -> S3ClientError:
    sentence = "The body of your POST request is not well-formed multipart/form-data."
    return S3ClientError("MalformedPOSTRequest", sentence)
