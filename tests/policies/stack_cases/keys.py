"""Secrets and keys that are looked after, and others."""

from policies.rules.kms import KEY
from policies.rules.secrets_manager import SECRET
from policies.stack_rules.keys import KEY_ALIAS, SECRET_ROTATION
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase

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
