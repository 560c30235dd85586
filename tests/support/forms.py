"""Attachments as a consumer creates, uploads and downloads them."""

import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

from tests.support.responses import Answer


def upload(form: dict[str, Any], content: bytes) -> int:
    """Post the fields and the bytes, and return S3's status; raises urllib.error.HTTPError."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form["fields"].items()
    ]
    parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n')
    body = "".join(parts).encode() + content + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    with urllib.request.urlopen(urllib.request.Request(form["url"], body, headers)) as response:  # noqa: S310 - loopback
        return int(response.status)


def attach(call: Callable[..., Answer], claims: dict[str, str], address: str, file_name: str = "naïve plan.txt") -> Any:
    """Create an attachment and return the response's document."""
    answer = call("POST", address, claims=claims, body={"file_name": file_name, "content_type": "text/plain"})
    assert answer.status == 201, answer.body
    assert answer.headers["location"] == f"{address}/{answer.json['id']}"
    return answer.json


def download(url: str) -> tuple[bytes, str, str]:
    """Return bytes, content type and disposition; raises urllib.error.HTTPError."""
    with urllib.request.urlopen(url) as response:  # noqa: S310 - loopback
        return response.read(), response.headers["content-type"], response.headers["content-disposition"]
