"""Evaluate whether the policy of a topic, a queue or a key admits an AWS service for a source of this account."""

from collections.abc import Iterable

from toolkit.policy.iam.documents import Statement, statements
from toolkit.policy.iam.evaluation import Call, permits
from toolkit.policy.iam.principals import Principal, match_entry
from toolkit.policy.iam.wildcards import Context
from toolkit.resource_types.kms import KEY, KEY_ALIAS, KEY_POLICY
from toolkit.resource_types.sns import TOPIC_POLICY
from toolkit.resource_types.sqs import QUEUE, QUEUE_POLICY
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.references import account_of, known_text, named_by, reference, refers

_AWS_MANAGED = {"alias/aws/sns", "alias/aws/sqs"}


def topic_statements(graph: StackInputs, topic: Inputs) -> tuple[Statement, ...] | None:
    """Return the statements of a topic's policy; None where it has none, so that only its account may publish."""
    policies = [
        policy for policy in graph.of(TOPIC_POLICY) if refers(policy, "arn", known_text(policy, "arn"), topic, "arn")
    ]
    found = [statement for policy in policies for statement in statements(policy, "policy")]
    if topic.has("policy"):
        found += statements(topic, "policy")
    return tuple(found) if policies or topic.has("policy") else None


def may_publish(graph: StackInputs, topic: Inputs, service: str, source: str, *, by_default: bool) -> bool:
    """Return whether a service may publish for a source ARN: the topic's policy and its key both have to admit it.

    Without a policy "only the topic owner can publish", which includes the alarms of its account:
    https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html, read 2026-11-30 as copied into the SDKs.
    """
    context = _context(topic, source)
    found = topic_statements(graph, topic)
    arn = reference(topic, "arn")
    admitted = by_default if found is None else _admits(found, service, ("sns:Publish",), context, arn)
    return admitted and _may_encrypt(graph, topic, service, context)


def may_send(graph: StackInputs, queue: Inputs, service: str, source: str) -> bool:
    """Return whether a service may send messages for a source ARN: the queue's policy and its key have to admit it."""
    policies = [
        policy for policy in graph.of(QUEUE_POLICY) if queue in named_by(graph, policy, "queueUrl", QUEUE, "url", "id")
    ]
    found = [statement for policy in policies for statement in statements(policy, "policy")]
    if queue.has("policy"):
        found += statements(queue, "policy")
    context = _context(queue, source)
    admitted = _admits(found, service, ("sqs:SendMessage",), context, reference(queue, "arn"))
    return admitted and _may_encrypt(graph, queue, service, context)


def _may_encrypt(graph: StackInputs, holder: Inputs, service: str, context: Context) -> bool:
    """The policy of an AWS managed key admits principals of the account, and no service.

    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (read 2026-11-30)
    """
    if known_text(holder, "kmsMasterKeyId") in _AWS_MANAGED:
        return False
    actions = ("kms:Decrypt", "kms:GenerateDataKey")
    return key_admits(graph, holder, "kmsMasterKeyId", service, actions, context)


def key_admits(
    graph: StackInputs, user: Inputs, path: str, service: str, actions: Iterable[str], context: Context
) -> bool:
    """Return whether the key that a property names admits a service; a key of another stack is not evaluated."""
    keys = _keys(graph, user, path)
    return all(_admits(_key_statements(graph, key), service, actions, context, None) for key in keys)


def _keys(graph: StackInputs, user: Inputs, path: str) -> list[Inputs]:
    value = known_text(user, path)
    aliases = [alias for alias in graph.of(KEY_ALIAS) if refers(user, path, value, alias, "name", "arn")]
    by_alias = [
        key
        for alias in aliases
        for key in graph.of(KEY)
        if refers(alias, "targetKeyId", known_text(alias, "targetKeyId"), key, "keyId", "id", "arn")
    ]
    return by_alias or [key for key in graph.of(KEY) if refers(user, path, value, key, "arn", "keyId", "id")]


def _key_statements(graph: StackInputs, key: Inputs) -> tuple[Statement, ...]:
    separate = [
        policy
        for policy in graph.of(KEY_POLICY)
        if refers(policy, "keyId", known_text(policy, "keyId"), key, "keyId", "id", "arn")
    ]
    if separate:
        return tuple(statement for policy in separate for statement in statements(policy, "policy"))
    return tuple(statements(key, "policy"))


def _context(of: Inputs, source: str) -> Context:
    account = account_of(of)
    known = {"aws:sourceaccount": account, "aws:sourceowner": account, "aws:sourcearn": source}
    return {"aws:securetransport": "true", **{key: value for key, value in known.items() if value}}


def _admits(
    found: Iterable[Statement], service: str, actions: Iterable[str], context: Context, resource: str | None
) -> bool:
    principal = Principal(service=service)
    named = [each for each in found if any(match_entry(*entry, principal) for entry in each.principals)]
    return all(permits(named, Call(action, resource, context, is_partial=True)) for action in actions)
