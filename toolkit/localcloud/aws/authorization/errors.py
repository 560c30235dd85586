"""How AWS refuses a caller: the code and status that each protocol's clients expect, and AWS's sentences."""

from enum import Enum
from typing import Any

from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult
from moto.core.utils import get_service_model
from moto.s3.exceptions import S3ClientError


class Reason(Enum):
    """Why a call was refused: (code for JSON clients, for XML clients, for S3's clients)."""

    NOT_ALLOWED = ("AccessDeniedException", "AccessDenied", "AccessDenied")
    UNKNOWN_KEY = ("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId")
    EXPIRED = ("ExpiredTokenException", "ExpiredToken", "ExpiredToken")
    WRONG_SIGNATURE = ("InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch")
    OTHER_BODY = ("InvalidSignatureException", "SignatureDoesNotMatch", "XAmzContentSHA256Mismatch")
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
"""The code of NOT_ALLOWED in services with one of their own."""
SENTENCES = {
    Reason.UNKNOWN_KEY: "The security token included in the request is invalid.",
    Reason.EXPIRED: "The security token included in the request is expired.",
    Reason.WRONG_SIGNATURE: "The request signature we calculated does not match the signature you provided. "
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    Reason.OTHER_BODY: "The provided 'x-amz-content-sha256' header does not match what was computed.",
    Reason.OLD_SIGNATURE: "The authorization mechanism you have provided is not supported. "
    "Please use AWS4-HMAC-SHA256.",
    Reason.UNSIGNED: "Request is missing Authentication Token.",
}


class AccessDeniedError(ServiceException):
    """A call that its caller may not make; the code is set when the client's protocol is known."""

    def __init__(self, reason: Reason, sentence: str = "") -> None:
        super().__init__(sentence or SENTENCES[reason])
        self.reason = reason


class S3AccessDeniedError(S3ClientError):
    """A call to S3 that its caller may not make."""

    def __init__(self, reason: Reason, sentence: str = "") -> None:
        super().__init__(reason.value[2], sentence or SENTENCES[reason])


def access_denied_message(caller_arn: str, action: str, resource: str, kind: str, *, denied: bool) -> str:
    """AWS's sentence for a caller whose policies of this kind deny an action on a resource, or do not allow it."""
    article = "an" if kind.startswith("i") else "a"
    why = f"with an explicit deny in {article} {kind}" if denied else f"because no {kind} allows the {action} action"
    return f"User: {caller_arn} is not authorized to perform: {action} on resource: {resource} {why}"


def access_denied_response(handler: Any, refusal: AccessDeniedError) -> tuple[int, Any, Any]:
    """The answer to a refused call, in the protocol that the client speaks: JSON clients cannot read XML's code."""
    protocol = handler.determine_response_protocol(get_service_model(handler.boto3_service_name))
    service = get_service_model(handler.boto3_service_name)
    # Such a service keeps the codes of its query protocol: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
    was_query = "awsQueryCompatible" in service.metadata
    json_client = ("json" in protocol or "cbor" in protocol) and not was_query
    refusal.code = refusal.reason.value[0 if json_client else 1]
    if refusal.reason is Reason.NOT_ALLOWED:
        refusal.code = _OF_A_SERVICE.get(service.service_name, refusal.code)
    _, headers, body = handler.serialized(ActionResult(refusal))
    if was_query:
        headers = {**headers, "x-amzn-query-error": f"{refusal.code};Sender"}
    status = 400 if protocol in {"json", "smithy-rpc-v2-cbor"} and not was_query else 403
    return status, {**headers, "status": str(status)}, body
