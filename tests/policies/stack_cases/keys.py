"""Secrets and keys that are looked after, and others."""

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.kms import KEY, KEY_ALIAS
from toolkit.resource_types.secretsmanager import SECRET, SECRET_ROTATION

HIDDEN = Subject(SECRET, {}, "secret")
LOCK = Subject(KEY, {}, "key")
NAME = Subject(KEY_ALIAS, {}, "name", dependencies={"targetKeyId": ("key",)})
USER = Subject("aws:sns/topic:Topic", {}, "topic", dependencies={"kmsMasterKeyId": ("key",)})

CASES = {
    "secret-rotated": StackCase(
        good=(HIDDEN, Subject(SECRET_ROTATION, {}, "turn", dependencies={"secretId": ("secret",)})),
        bad={"for ever": (HIDDEN,), "another is": (HIDDEN, Subject(SECRET_ROTATION, {}, "turn"))},
    ),
    "no-orphan-key": StackCase(
        good=(LOCK, NAME, USER),
        bad={"unused": (LOCK, NAME), "nameless": (LOCK, USER)},
    ),
}
