"""Rules on SNS topics and SQS queues alike."""

from toolkit.policy.iam.documents import Statement, denies_plain_http, every_statement, open_to_anyone, statements
from toolkit.policy.rule import Levels, ResourceRule, Severity, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.sns import TOPIC, TOPIC_POLICY, TOPIC_SUBSCRIPTION
from toolkit.resource_types.sqs import QUEUE, QUEUE_POLICY
from toolkit.stacks.facts import Facts
from toolkit.stacks.references import known_text

_CALLS = {TOPIC_POLICY: ("sns:Publish",), QUEUE_POLICY: ("sqs:SendMessage", "sqs:ReceiveMessage")}


def _names_its_source(statement: Statement) -> bool:
    services = any(kind == "Service" for kind, _ in statement.principals)
    return not (statement.allows and services) or statement.limits_source


def _denies_plain_http(policy: Facts, _stack: Stack) -> bool:
    topic = known_text(policy, "arn") if policy.resource.type == TOPIC_POLICY else None
    return denies_plain_http(statements(policy, "policy"), *_CALLS[policy.resource.type], on=topic)


sns_encrypted = ResourceRule(
    name="sns-encrypted",
    description="SNS topics are encrypted with a customer managed KMS key",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NIST: SNS.1; CHECKOV: CKV_AWS_26; GUARD: sns_encrypted_kms"),
    types=(TOPIC,),
    checks={
        "kmsMasterKeyId is absent; set it to a key of the stack": lambda topic, _: topic.has("kmsMasterKeyId"),
        "kmsMasterKeyId is the AWS managed key, with which alarms are not delivered; use a key of the stack": (
            lambda topic, _: not topic.text("kmsMasterKeyId").endswith("alias/aws/sns")
        ),
    },
)

messages_policy_not_public = ResourceRule(
    name="messages-policy-not-public",
    description="Policies of SNS topics and SQS queues do not allow public access",
    severity=Severity.CRITICAL,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: SNS.4, SQS.3; CIS7: 2.21; CHECKOV: CKV_AWS_169, CKV_AWS_385, CKV_AWS_168, CKV_AWS_387"),
    types=(TOPIC_POLICY, QUEUE_POLICY, TOPIC, QUEUE),
    checks={
        "a statement allows any principal; name them, or limit aws:SourceAccount": lambda policy, _: every_statement(
            statements(policy, "policy"), lambda each: not open_to_anyone(each)
        ),
        "a statement allows a service without aws:SourceAccount or aws:SourceArn; add the condition": (
            lambda policy, _: every_statement(statements(policy, "policy"), _names_its_source)
        ),
        "a statement allows with NotAction or NotResource; name what is allowed": lambda policy, _: every_statement(
            statements(policy, "policy"), lambda each: not (each.allows and each.inverted)
        ),
    },
)

messages_tls_only = ResourceRule(
    name="messages-tls-only",
    description="Policies of SNS topics and SQS queues deny requests without TLS",
    severity=Severity.MEDIUM,
    levels=Levels.WARNS_THEN_BLOCKS,
    controls=controls("NAG: SNS3, SQS4"),
    types=(TOPIC_POLICY, QUEUE_POLICY),
    checks={"no statement denies requests without aws:SecureTransport; add one for all principals": _denies_plain_http},
)

sqs_encrypted = ResourceRule(
    name="sqs-encrypted",
    description="SQS queues are encrypted",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    controls=controls("FSBP: SQS.1; NAG: SQS2; CHECKOV: CKV_AWS_27"),
    types=(QUEUE,),
    checks={
        "sqsManagedSseEnabled is false and there is no kmsMasterKeyId; set one of them": lambda queue, _: (
            queue.flag("sqsManagedSseEnabled", default=True) or queue.has("kmsMasterKeyId")
        )
    },
)

sns_subscription_tls = ResourceRule(
    name="sns-subscription-tls",
    description="SNS subscriptions use HTTPS",
    severity=Severity.MEDIUM,
    levels=Levels.BLOCKS,
    types=(TOPIC_SUBSCRIPTION,),
    checks={
        "protocol is http, so messages are not encrypted; use https": lambda subscription, _: (
            subscription.text("protocol") != "http"
        )
    },
)


sqs_customer_key = ResourceRule(
    name="sqs-customer-key",
    description="SQS queues are encrypted with a customer managed KMS key",
    severity=Severity.LOW,
    levels=Levels.REPORTED,
    controls=controls("CHECKOV: CKV2_AWS_73"),
    types=(QUEUE,),
    checks={
        "kmsMasterKeyId is absent or AWS's own key; name a key of the account": lambda queue, _: (
            queue.has("kmsMasterKeyId") and queue.text("kmsMasterKeyId") != "alias/aws/sqs"
        )
    },
)
