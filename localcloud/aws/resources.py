"""Which actions on which resources a call needs, for the services that the function calls.

AWS judges a transaction as its single writes, and a log event by its stream; moto asks every service but S3, SQS, IAM
and STS for the resource `*`, which a statement with a table's ARN never matches.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from moto.secretsmanager.models import secretsmanager_backends

Needs = list[tuple[str, str]]  # (action, resource ARN)
TRANSACTION_ACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}


def needs_of(service: str, action: str, handler: Any) -> Needs:
    """The (action, resource ARN) pairs that the caller must be allowed; `*` where a service has no finer resource."""
    find = RESOLVERS.get(service)
    prefix = "cloudwatch" if service == "monitoring" else service
    found = [(action, "*")] if find is None else find(action, handler)
    return [(f"{prefix}:{name}", resource) for name, resource in found]


def _dynamodb(action: str, handler: Any) -> Needs:
    body: Mapping[str, Any] = handler.body
    if "TransactItems" in body:
        return [
            (TRANSACTION_ACTIONS[kind], _table(handler, write["TableName"]))
            for entry in body["TransactItems"]
            for kind, write in entry.items()
        ]
    if "RequestItems" in body:
        return [(action, _table(handler, name)) for name in body["RequestItems"]]
    if "TableName" not in body:
        return [(action, "*")]
    index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
    return [(action, _table(handler, body["TableName"]) + index)]


def _table(handler: Any, name: str) -> str:
    return name if name.startswith("arn:") else _arn(handler, "dynamodb", f"table/{name}")


def _secretsmanager(action: str, handler: Any) -> Needs:
    secret_id = str(handler._get_param("SecretId") or "*")  # noqa: SLF001 - moto offers parameters in no other way
    known = secretsmanager_backends[handler.current_account][handler.region].secrets.get(secret_id)
    if known is not None:
        return [(action, str(known.arn))]
    return [(action, secret_id if secret_id.startswith("arn:") else _arn(handler, "secretsmanager", secret_id))]


def _logs(action: str, handler: Any) -> Needs:
    group = handler._get_param("logGroupName")  # noqa: SLF001 - moto offers parameters in no other way
    stream = handler._get_param("logStreamName") if action == "PutLogEvents" else ""  # noqa: SLF001 - as above
    return [(action, _arn(handler, "logs", f"log-group:{group}:log-stream:{stream}") if group else "*")]


def _sts(action: str, handler: Any) -> Needs:
    return [(action, str(handler._get_param("RoleArn") or "*"))]  # noqa: SLF001 - moto offers parameters in no other way


def _arn(handler: Any, service: str, rest: str) -> str:
    return f"arn:aws:{service}:{handler.region}:{handler.current_account}:{rest}"


def _lambda(action: str, handler: Any) -> Needs:
    if action not in ("Invoke", "InvokeAsync", "InvokeWithResponseStream"):
        return [(action, "*")]
    named = unquote(handler.path.split("/functions/")[-1].rpartition("/")[0]).rpartition("function:")[2]
    qualifier = handler.querystring.get("Qualifier", [""])[0]
    name = f"{named}:{qualifier}" if qualifier and ":" not in named else named
    return [
        ("InvokeAsync" if action == "InvokeAsync" else "InvokeFunction", _arn(handler, "lambda", f"function:{name}"))
    ]


RESOLVERS: Mapping[str, Callable[[str, Any], Needs]] = {
    "dynamodb": _dynamodb,
    "secretsmanager": _secretsmanager,
    "lambda": _lambda,
    "logs": _logs,
    "sts": _sts,
}
