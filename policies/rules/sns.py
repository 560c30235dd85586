"""Rules on SNS topics and subscriptions."""

from policies.rules.sqs import named_in
from toolkit.policy.iam.admission import may_publish, may_send, topic_statements
from toolkit.policy.rule import Levels, ResourceRule, Severity, StackRule, controls, for_each
from toolkit.policy.stack import Stack
from toolkit.resource_types.budgets import BUDGET
from toolkit.resource_types.sns import TOPIC, TOPIC_POLICY, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE
from toolkit.stacks.inputs import Inputs, StackInputs
from toolkit.stacks.references import (
    account_of,
    comes_from_elsewhere,
    is_of_this_place,
    known_text,
    known_texts,
    named_by,
    reference,
    refers,
)

_BUDGETS, _SNS = "budgets.amazonaws.com", "sns.amazonaws.com"
_RETRIED_FOR_WEEKS = {"lambda", "sqs"}
"""Protocols of endpoints in AWS, to which SNS tries to deliver for 23 days:
https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html (read 2026-11-30)"""


@for_each(TOPIC)
def _allows_publishing(topic: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    found, arn = topic_statements(graph, topic), reference(topic, "arn")
    if found is None:
        return True
    publishing = [
        each for each in found if each.matches("sns:Publish") and (arn is None or _names(each.resources, arn))
    ]
    shut = any(each.denies and each.has_any_principal and not each.conditions for each in publishing)
    return not shut and any(each.allows for each in publishing)


def _names(resources: tuple[str, ...], arn: str) -> bool:
    return any(
        resource in {arn, "*"} or (resource.endswith("*") and arn.startswith(resource[:-1])) for resource in resources
    )


@for_each(BUDGET)
def _budgets_may_publish(budget: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    arns = [arn for part in budget.parts("notifications") for arn in known_texts(part, "subscriberSnsTopicArns")]
    if any(not _is_known(graph, budget, arn) for arn in arns):
        return False
    source = f"arn:aws:budgets::{account_of(budget)}:budget/{reference(budget, 'name') or budget.resource.name}"
    topics = [topic for topic in graph.of(TOPIC) if reference(topic, "arn") in arns]
    return all(may_publish(graph, topic, _BUDGETS, source, by_default=False) for topic in topics)


def _is_known(graph: StackInputs, budget: Inputs, arn: str) -> bool:
    """Accept a topic of another stack if this stack has no topic that may be meant."""
    topics = [reference(topic, "arn") for topic in graph.of(TOPIC)]
    elsewhere = comes_from_elsewhere(graph, budget, "notifications") or not topics
    return arn in topics or None in topics or (elsewhere and is_of_this_place(budget, arn))


@for_each(TOPIC_SUBSCRIPTION)
def _endpoint_is_valid(subscription: Inputs, _graph: StackInputs, _stack: Stack) -> bool:
    protocol, endpoint = subscription.text("protocol"), known_text(subscription, "endpoint")
    if endpoint is None:
        return bool(subscription.depends_on("endpoint"))
    if protocol in {"email", "email-json"}:
        name, _, domain = endpoint.partition("@")
        return bool(name) and "." in domain
    if protocol in {"http", "https"}:
        return endpoint.startswith(f"{protocol}://")
    return endpoint.startswith("+") if protocol == "sms" else endpoint.startswith("arn:")


@for_each(TOPIC_SUBSCRIPTION, TOPIC_POLICY)
def _topic_is_of_stack(user: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    """Accept a topic that a StackReference or an unknown value names; a policy must be in the stack of its topic."""
    path = "arn" if user.resource.type == TOPIC_POLICY else "topic"
    if known_text(user, path) is None or comes_from_elsewhere(graph, user, path):
        return True
    return bool(named_by(graph, user, path, TOPIC, "arn")) or (path == "topic" and not graph.of(TOPIC))


@for_each(TOPIC_SUBSCRIPTION)
def _queue_is_of_stack(subscription: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    endpoint = known_text(subscription, "endpoint")
    if subscription.text("protocol") != "sqs" or endpoint is None:
        return True
    elsewhere = comes_from_elsewhere(graph, subscription, "endpoint") or not graph.of(QUEUE)
    return elsewhere or any(refers(subscription, "endpoint", endpoint, queue, "arn") for queue in graph.of(QUEUE))


@for_each(TOPIC_SUBSCRIPTION)
def _dead_letters_are_admitted(subscription: Inputs, graph: StackInputs, _stack: Stack) -> bool:
    if not subscription.has("redrivePolicy"):
        return True
    source = known_text(subscription, "topic") or ""
    return all(may_send(graph, queue, _SNS, source) for queue in named_in(graph, subscription))


@for_each(TOPIC_SUBSCRIPTION)
def _keeps_failures(subscription: Inputs, _graph: StackInputs, _stack: Stack) -> bool:
    return subscription.text("protocol") not in _RETRIED_FOR_WEEKS or subscription.has("redrivePolicy")


subscription_failures_kept = StackRule(
    name="subscription-failures-kept",
    description="SNS subscriptions of functions and queues have a dead-letter queue that accepts their messages",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "redrivePolicy is absent, so a message that SNS cannot deliver is lost; set it to a dead-letter queue": (
            _keeps_failures
        ),
        "the policy of the dead-letter queue, or of its key, does not let sns.amazonaws.com send; allow "
        "sqs:SendMessage for the account": _dead_letters_are_admitted,
    },
)

topic_takes_messages = StackRule(
    name="topic-takes-messages",
    description="SNS topic policies allow a principal to publish",
    severity=Severity.HIGH,
    levels=Levels.WARNS_THEN_BLOCKS,
    message="the topic's policy allows sns:Publish to no principal, or denies it to all; allow the services that "
    "publish",
    check=_allows_publishing,
)

budget_may_publish = StackRule(
    name="budget-may-publish",
    description="Topics of budgets, and their KMS keys, allow AWS Budgets to publish",
    severity=Severity.HIGH,
    levels=Levels.BLOCKS,
    message="a topic of the budget is not of this stack, or its policy or key does not let budgets.amazonaws.com "
    "publish; allow sns:Publish on the topic, kms:Decrypt and kms:GenerateDataKey* on the key",
    check=_budgets_may_publish,
)

subscription_ends = StackRule(
    name="subscription-ends",
    description="SNS subscriptions have a topic and an endpoint that exist",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    checks={
        "endpoint is absent or invalid for its protocol; correct it": _endpoint_is_valid,
        "the topic is none of this stack; take the ARN from the topic": _topic_is_of_stack,
        "endpoint is a queue that this stack lacks; take the ARN from the queue": _queue_is_of_stack,
    },
)

sns_encrypted = ResourceRule(
    name="sns-encrypted",
    description="SNS topics are encrypted with a KMS key",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NIST: SNS.1; CHECKOV: CKV_AWS_26; GUARD: sns_encrypted_kms"),
    types=(TOPIC,),
    message="kmsMasterKeyId is absent; set alias/aws/sns, or a key of the stack where an AWS service publishes",
    check=lambda topic, _: topic.has("kmsMasterKeyId"),
)

sns_subscription_tls = ResourceRule(
    name="sns-subscription-tls",
    description="SNS subscriptions use HTTPS",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(TOPIC_SUBSCRIPTION,),
    message="protocol is http, so messages are not encrypted; use https",
    check=lambda subscription, _: subscription.text("protocol") != "http",
)
