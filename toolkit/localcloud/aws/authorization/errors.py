"""AWS's errors for callers: the code and status of each protocol, and AWS's messages."""

from enum import Enum
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import get_service_model
from moto.s3.exceptions import S3ClientError


class Reason(Enum):
    """Why a call is rejected: (code for JSON clients, for XML clients, for S3's clients)."""

    NOT_ALLOWED = ("AccessDeniedException", "AccessDenied", "AccessDenied")
    UNKNOWN_KEY = ("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId")
    EXPIRED = ("ExpiredTokenException", "ExpiredToken", "ExpiredToken")
    WRONG_SIGNATURE = ("InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch")
    WRONG_DIGEST = ("InvalidSignatureException", "SignatureDoesNotMatch", "XAmzContentSHA256Mismatch")
    SKEWED = ("InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed")
    MALFORMED = ("IncompleteSignatureException", "IncompleteSignature", "AuthorizationHeaderMalformed")
    NOT_SERVED = ("UnknownOperationException", "InvalidAction", "NotImplemented")
    UNREADABLE = ("SerializationException", "MalformedInput", "MalformedXML")
    INVALID = ("ValidationException", "ValidationError", "InvalidArgument")
    FAILED = ("InternalFailure", "InternalFailure", "InternalError")
    TOO_LARGE = ("RequestEntityTooLargeException", "RequestEntityTooLarge", "EntityTooLarge")
    OLD_SIGNATURE = ("IncompleteSignatureException", "IncompleteSignature", "InvalidRequest")
    UNSIGNED = ("MissingAuthenticationTokenException", "MissingAuthenticationToken", "AccessDenied")


_OF_A_SERVICE = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}
"""The code of NOT_ALLOWED in services with another one."""
MESSAGES = {
    Reason.UNKNOWN_KEY: "The security token included in the request is invalid.",
    Reason.EXPIRED: "The security token included in the request is expired.",
    Reason.WRONG_SIGNATURE: "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    Reason.WRONG_DIGEST: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    Reason.OLD_SIGNATURE: "The authorization mechanism you have provided is not supported. "
    "Please use AWS4-HMAC-SHA256.",
    Reason.UNSIGNED: "Request is missing Authentication Token.",
}


class AccessDeniedError(ServiceException):
    """A call that its caller may not make. The client's protocol determines the code."""

    def __init__(self, reason: Reason, sentence: str = "") -> None:
        super().__init__(sentence or MESSAGES[reason])
        self.reason = reason


class S3AccessDeniedError(S3ClientError):
    """A call to S3 that its caller may not make."""

    def __init__(self, reason: Reason, sentence: str = "") -> None:
        super().__init__(reason.value[2], sentence or MESSAGES[reason])


def access_denied_message(caller_arn: str, action: str, resource: str, kind: str, *, denied: bool) -> str:
    """Return AWS's message for policies of this kind that deny an action on a resource, or do not allow it."""
    article = "an" if kind.startswith("i") else "a"
    why = f"with an explicit deny in {article} {kind}" if denied else f"because no {kind} allows the {action} action"
    return f"User: {caller_arn} is not authorized to perform: {action} on resource: {resource} {why}"


def access_denied_response(handler: Any, denied: AccessDeniedError) -> tuple[int, Any, Any]:
    """Return the response to a denied call in the client's protocol."""
    protocol = handler.determine_response_protocol(get_service_model(handler.boto3_service_name))
    service = get_service_model(handler.boto3_service_name)
    # Such a service keeps the codes of its query protocol: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
    was_query = "awsQueryCompatible" in service.metadata
    json_client = ("json" in protocol or "cbor" in protocol) and not was_query
    denied.code = denied.reason.value[0 if json_client else 1]
    if denied.reason is Reason.NOT_ALLOWED:
        denied.code = _OF_A_SERVICE.get(service.service_name, denied.code)
    _, headers, body = handler.serialized(ActionResult(denied))
    if was_query:
        headers = {**headers, "x-amzn-query-error": f"{denied.code};Sender"}
    status = 400 if protocol in {"json", "smithy-rpc-v2-cbor"} and not was_query else 403
    return status, {**headers, "status": str(status)}, body
