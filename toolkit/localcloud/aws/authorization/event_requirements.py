"""The authorization requirements of calls to SQS, SNS, EventBridge, EventBridge Scheduler and Systems Manager.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from toolkit.localcloud.aws.authorization.requirements import Requirement, arn, named_arn

_BATCH = "Batch"
_OF_RULES = {"PutTargets", "RemoveTargets", "ListTargetsByRule"}
_EVENTBRIDGE_KINDS = ("Archive", "Replay", "Connection", "ApiDestination", "Endpoint", "EventBus")
_LABEL = re.compile(r":[\w.-]+")
"""The version or the label after the name of a parameter."""


def sqs_requirements(action: str, params: Mapping[str, Any], handler: Any) -> list[Requirement]:
    """Return the requirement of a call to SQS, which authorizes a batch as its single action."""
    action = action.removesuffix(_BATCH)
    if params.get("SourceArn"):  # of a task that moves messages
        return [Requirement(action, str(params["SourceArn"]))]
    name = str(params.get("QueueUrl") or params.get("QueueName") or "").rpartition("/")[2]
    return [Requirement(action, arn(handler, "sqs", name) if name else "*")]


def sns_requirements(action: str, params: Mapping[str, Any], handler: Any) -> list[Requirement]:
    """Return the requirement of a call to SNS; that of a text message to a phone is on `*`."""
    keys: dict[str, str | tuple[str, ...]] = {
        f"sns:{name.lower()}": str(params[name]) for name in ("Protocol", "Endpoint") if params.get(name)
    }
    action = action.removesuffix(_BATCH)
    if action == "CreateTopic":
        return [Requirement(action, arn(handler, "sns", str(params.get("Name"))))]
    named = params.get("TopicArn") or params.get("TargetArn")
    return [Requirement(action, str(named) if named else named_arn(params), keys)]


def eventbridge_requirements(action: str, params: Mapping[str, Any], handler: Any) -> list[Requirement]:
    """Return the requirements of a call to EventBridge: of PutEvents, one for each entry, on its bus."""
    if action == "PutEvents":
        return [
            Requirement(
                action,
                _bus(entry.get("EventBusName"), handler),
                {
                    "events:source": str(entry.get("Source", "")),
                    "events:detail-type": str(entry.get("DetailType", "")),
                    "events:eventbusinvocation": "false",
                },
            )
            for entry in params.get("Entries") or ()
        ]
    if action.endswith("Rule") or action in _OF_RULES:
        rule = str(params.get("Rule") or params.get("Name"))
        bus = _bus(params.get("EventBusName"), handler).rpartition("event-bus/")[2]
        return [Requirement(action, arn(handler, "events", f"rule/{rule if bus == 'default' else f'{bus}/{rule}'}"))]
    if action == "DescribeEventBus":
        return [Requirement(action, _bus(params.get("Name"), handler))]
    kind = next((kind for kind in _EVENTBRIDGE_KINDS if action.endswith(kind)), "")
    name = params.get(f"{kind}Name") or params.get("Name")
    if not (kind and name):
        return [Requirement(action, named_arn(params))]
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind).lower()
    return [Requirement(action, arn(handler, "events", f"{words}/{name}"))]


def _bus(name: Any, handler: Any) -> str:
    text = str(name or "default")
    return text if text.startswith("arn:") else arn(handler, "events", f"event-bus/{text}")


def scheduler_requirements(action: str, params: Mapping[str, Any], handler: Any) -> list[Requirement]:
    """Return the requirement of a call to EventBridge Scheduler: the ARN of a schedule has the name of its group."""
    name = params.get("Name") or params.get("name")
    if not name:
        return [Requirement(action, named_arn(params))]
    if action.endswith("Group"):
        return [Requirement(action, arn(handler, "scheduler", f"schedule-group/{name}"))]
    group = params.get("GroupName") or params.get("groupName") or "default"
    return [Requirement(action, arn(handler, "scheduler", f"schedule/{group}/{name}"))]


def ssm_requirements(action: str, params: Mapping[str, Any], handler: Any) -> list[Requirement]:
    """Return the requirements of a call to Systems Manager: one for each parameter that it names."""
    named = list(_parameters(params))
    return [Requirement(action, parameter_arn(name, handler)) for name in named] or [Requirement(action)]


def parameter_arn(name: str, handler: Any) -> str:
    """Return the ARN of a parameter, whose name may be an ARN and may have a version or a label."""
    if name.startswith("arn:"):
        head, separator, rest = name.partition(":parameter/")
        return f"{head}{separator}{_LABEL.sub('', rest)}"
    return arn(handler, "ssm", f"parameter/{_LABEL.sub('', name).removeprefix('/')}")


def _parameters(params: Mapping[str, Any]) -> Iterator[str]:
    yield from map(str, params.get("Names") or ())
    if params.get("ResourceType", "Parameter") == "Parameter":
        yield from (str(params[key]) for key in ("Name", "Path", "ResourceId") if params.get(key))
