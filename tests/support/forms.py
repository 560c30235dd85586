"""Presigned forms as a browser sends them."""

import urllib.request
import uuid
from typing import Any


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
