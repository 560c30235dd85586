"""Compare the operations that the code calls with the actions that the policies of a stack's roles allow."""

import json
from collections.abc import Iterator, Mapping

from toolkit.package.operations import Operations
from toolkit.resource_types.iam import ROLE_POLICY
from toolkit.stacks import ResourceGraph

_PUT, _GET_AND_PUT = ("PutObject",), ("GetObject", "PutObject")
_WRITES = ("PutItem", "UpdateItem", "DeleteItem")
_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "dynamodb:TransactGetItems": ("GetItem",),
    "lambda:Invoke": ("InvokeFunction",),
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html names the permissions of each operation.
    "s3:CopyObject": _GET_AND_PUT,
    "s3:CompleteMultipartUpload": _PUT,
    "s3:CreateMultipartUpload": _PUT,
    "s3:DeleteObjects": ("DeleteObject",),
    "s3:HeadObject": ("GetObject",),
    "s3:ListObjects": ("ListBucket",),
    "s3:ListObjectsV2": ("ListBucket",),
    "s3:UploadPart": _PUT,
    "s3:UploadPartCopy": _GET_AND_PUT,
    # The description of CreateBucket is kept for forms, by which a caller puts an object.
    "s3:CreateBucket": _PUT,
    "s3:HeadBucket": (),
}
"""By operation, the actions that IAM evaluates, where they do not have its name."""
_ANY_OF = {"dynamodb:TransactWriteItems": (*_WRITES, "ConditionCheckItem")}
"""Operations that IAM evaluates by their content."""
_OF_LAMBDA = frozenset(
    {
        *("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"),
        *("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"),
    }
)
"""What Lambda calls with the role of a function that it invokes for an event source."""


def unmatched(operations: Operations, graph: ResourceGraph) -> Iterator[str]:
    """Yield a sentence for each call that no role allows, and for each action that no call needs.

    Only services that both the code calls and a role names are compared: AWS itself uses roles for logs and traces,
    and code may have a client that only some services of a team use.
    """
    granted = _granted(graph)
    called = {
        f"{service}:{action}"
        for service, names in operations.items()
        for name in names
        for action in _actions(service, name)
    }
    possible = {
        f"{service}:{action}"
        for service, names in operations.items()
        for name in names
        for action in _ANY_OF.get(f"{service}:{name}", ())
    }
    named = {action.partition(":")[0] for action in granted}
    for action in sorted(each for each in called - granted if each.partition(":")[0] in named):
        yield f"The code calls {action}, and no role of the stack allows it: allow it, or remove the call."
    own = {action for action in granted if action.partition(":")[0] in operations}
    for action in sorted(own - called - possible - _OF_LAMBDA):
        yield f"A role of the stack allows {action}, and no call in the code needs it: remove the action."


def _actions(service: str, operation: str) -> tuple[str, ...]:
    name = f"{service}:{operation}"
    return () if name in _ANY_OF else _ACTIONS.get(name, (operation.removesuffix("Batch"),))


def _granted(graph: ResourceGraph) -> frozenset[str]:
    """Return the actions of the Allow statements of all inline policies; the text of each document is known offline."""
    found: set[str] = set()
    for policy in graph.of_type(ROLE_POLICY):
        listed = json.loads(str(policy.inputs["policy"]))["Statement"]
        for statement in listed if isinstance(listed, list) else [listed]:
            actions = statement["Action"] if statement["Effect"] == "Allow" else []
            found |= {actions} if isinstance(actions, str) else set(actions)
    return frozenset(found)
