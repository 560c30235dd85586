"""The global condition keys of a request.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.core.resource_tagging import iter_taggable_backends

from toolkit.localcloud.aws.authorization.callers import Caller


def request_context(handler: Any, caller: Caller) -> dict[str, str | tuple[str, ...]]:
    """Return the condition keys, in lower case, that describe the caller, the time and the network."""
    now = datetime.now(UTC)
    context: dict[str, str | tuple[str, ...]] = {
        # The loopback interface is private to the machine, so plain HTTP on it satisfies a policy that requires TLS.
        "aws:securetransport": "true",
        "aws:viaawsservice": "false",
        "aws:currenttime": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "aws:epochtime": str(int(now.timestamp())),
        "aws:requestedregion": str(handler.region),
        "aws:resourceaccount": str(handler.current_account),
        "aws:sourceip": str(handler.normalized_request.environ.get("REMOTE_ADDR") or "127.0.0.1"),
        "aws:principalisawsservice": "false",
    }
    for header, key in (("User-Agent", "aws:useragent"), ("Referer", "aws:referer")):
        if handler.headers.get(header):
            context[key] = str(handler.headers[header])
    return {**context, **of_caller(caller)}


def of_caller(caller: Caller) -> dict[str, str | tuple[str, ...]]:
    """Return the condition keys that describe a caller."""
    principal = caller.principal
    session = principal.role_arn != ""
    name = caller.arn.rpartition("/")[2]
    keys: dict[str, str | tuple[str, ...]] = {
        "aws:principalarn": principal.role_arn or caller.arn,
        "aws:principalaccount": principal.account_id,
        "aws:principaltype": "AssumedRole" if session else "User",
        "aws:userid": f"{principal.unique_id}:{name}" if session else principal.unique_id,
        **{f"aws:principaltag/{key.lower()}": value for key, value in caller.tags.items()},
    }
    if session:
        keys["aws:multifactorauthpresent"] = "false"  # the key exists for temporary credentials only
        if caller.issued:
            keys["aws:tokenissuetime"] = caller.issued.strftime("%Y-%m-%dT%H:%M:%SZ")
    else:
        keys["aws:username"] = name
    return keys


def of_service(service: str, account_id: str) -> dict[str, str | tuple[str, ...]]:
    """Return the condition keys of a call that an AWS service makes for a resource of the account."""
    return {
        "aws:principalisawsservice": "true",
        "aws:principalservicename": service,
        "aws:principaltype": "Service",
        "aws:sourceaccount": account_id,
    }


def resource_tags(arn: str, account_id: str, region: str, documents: Iterable[str]) -> dict[str, str]:
    """Return aws:ResourceTag/… of a resource, where a policy uses them: finding them is slow."""
    if not any("resourcetag/" in document.lower() for document in documents):
        return {}
    tags: Mapping[str, str] = {}
    for backend in iter_taggable_backends(account_id, region):
        if backend.owns_arn(arn):
            found = (each.tags for each in backend.iter_tagged_resources() if each.arn == arn)
            tags = next(found, tags)
    return {f"aws:resourcetag/{key.lower()}": value for key, value in tags.items()}
