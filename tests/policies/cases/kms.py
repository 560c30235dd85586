"""Cases of the rules on KMS keys."""

from typing import Any

from policies.bounds import BOUNDS
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase, counted
from toolkit.resource_types.kms import KEY, KEY_ALIAS, KEY_POLICY

ROOT = {"AWS": "arn:aws:iam::333333333333:root"}
ALARMS = {"Service": "cloudwatch.amazonaws.com"}


def allow(principal: Any, **condition: Any) -> dict[str, Any]:
    held = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*", **held}


def policy(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"policy": {"Version": "2012-10-17", "Statement": list(statements)}}


LOCK = Subject(KEY, {}, "key")
NAME = Subject(KEY_ALIAS, {}, "name", dependencies={"targetKeyId": ("key",)})
USER = Subject("aws:sns/topic:Topic", {}, "topic", dependencies={"kmsMasterKeyId": ("key",)})
CASES = {
    "kms-rotation": ResourceCase(
        KEY,
        good={"enableKeyRotation": True},
        bad={"off": {"enableKeyRotation": False}},
        absent="fail",
        also_good={"AWS rotates no other kind": {"customerMasterKeySpec": "ECC_NIST_P256"}},
    ),
    "kms-policy-not-public": ResourceCase(
        KEY,
        good=policy(allow(ROOT)),
        bad={
            "everybody": policy(allow(ROOT), allow("*")),
            "every account": policy(allow(ROOT), allow({"AWS": ["*"]})),
            "everybody but one": policy(
                allow(ROOT), {"Effect": "Allow", "NotPrincipal": ROOT, "Action": "kms:Decrypt", "Resource": "*"}
            ),
            "a role without the account root": policy(allow({"AWS": "arn:aws:iam::333333333333:role/a"})),
            "no administrator": policy({**allow(ROOT), "Action": "kms:Decrypt"}),
            "apart": Subject(KEY_POLICY, policy(allow("*"))),
        },
        absent="pass",
        also_good={
            "the account's callers": policy(allow(ROOT), allow("*", StringEquals={"kms:CallerAccount": "333333333333"}))
        },
    ),
    "kms-policy-confused-deputy": ResourceCase(
        KEY,
        good=policy(allow(ALARMS, StringEquals={"aws:SourceAccount": "333333333333"})),
        bad={
            "anybody's": policy(allow(ALARMS)),
            "any account's": policy(allow(ALARMS, StringLike={"aws:SourceArn": "*"})),
        },
        absent="pass",
        also_good={
            "the account's log groups": policy(
                allow(
                    {"Service": "logs.eu-central-1.amazonaws.com"},
                    ArnLike={"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-central-1:333333333333:*"},
                )
            ),
            "a log group": policy(
                allow(
                    {"Service": "logs.eu-central-1.amazonaws.com"},
                    ArnEquals={"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-central-1:3:log-group:/a"},
                )
            ),
        },
    ),
    "kms-deletion-window": ResourceCase(
        KEY, good={"deletionWindowInDays": 30}, bad={"a week": {"deletionWindowInDays": 7}}, absent="pass"
    ),
    "no-orphan-key": StackCase(
        good=(LOCK, NAME, USER),
        bad={"unused": (LOCK, NAME), "nameless": (LOCK, USER)},
    ),
    "key-count": counted(KEY, BOUNDS["prod"].keys),
}
