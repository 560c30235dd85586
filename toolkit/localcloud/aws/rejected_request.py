"""Requests that the embedded AWS rejects before a service handles them, in the service's error format."""

import json
from collections.abc import Mapping
from xml.sax.saxutils import escape

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response

from toolkit.localcloud.aws.authorization.errors import MESSAGES, Reason

_XML_SERVICES = {"cloudfront", "route53"}
_STATUS = {
    Reason.WRONG_DIGEST: 400,
    Reason.MALFORMED: 400,
    Reason.OLD_SIGNATURE: 400,
    Reason.NOT_SERVED: 404,
    Reason.UNREADABLE: 400,
    Reason.INVALID: 400,
    Reason.TOO_LARGE: 413,
    Reason.FAILED: 500,
}


class RejectedRequestError(Exception):
    """A rejected request. `service` selects the format of the response."""

    def __init__(self, reason: Reason, sentence: str = "", *, service: str = "s3") -> None:
        super().__init__(sentence or MESSAGES[reason])
        self.reason = reason
        self.service = service

    def response(self, headers: Headers) -> Response:
        """Return the response in the protocol of the request with these headers."""
        json_code, xml_code, s3_code = self.reason.value
        message, content_type = str(self), headers.get("Content-Type", "")
        status = _STATUS.get(self.reason, 403)
        if self.service == "s3":
            body = f"<Error><Code>{s3_code}</Code><Message>{escape(message)}</Message></Error>"
            return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{body}', status, content_type="application/xml")
        if headers.get("Smithy-Protocol") == "rpc-v2-cbor":
            answer = Response(_cbor({"__type": json_code, "message": message}), content_type="application/cbor")
            answer.status_code, answer.headers["smithy-protocol"] = status if status == 500 else 400, "rpc-v2-cbor"
            return answer
        if self.service in _XML_SERVICES or content_type.startswith("application/x-www-form-urlencoded"):
            error = f"<Type>Sender</Type><Code>{xml_code}</Code><Message>{escape(message)}</Message>"
            body = f"<ErrorResponse><Error>{error}</Error><RequestId>-</RequestId></ErrorResponse>"
            return Response(body, status, content_type="text/xml")
        if content_type.startswith("application/x-amz-json"):
            described = json.dumps({"__type": json_code, "message": message})
            return Response(described, status if status == 500 else 400, content_type=content_type)
        body = json.dumps({"message": message})
        return Response(body, status, {"x-amzn-errortype": json_code}, content_type="application/json")


def _cbor(texts: Mapping[str, str]) -> bytes:
    """Return a map of texts in CBOR: major type 5, then pairs of major type 3 with two bytes of length (RFC 8949)."""
    encoded = bytearray([0xA0 + len(texts)])
    for text in (text for pair in texts.items() for text in pair):
        content = text.encode()
        encoded += b"\x79" + len(content).to_bytes(2, "big") + content
    return bytes(encoded)
