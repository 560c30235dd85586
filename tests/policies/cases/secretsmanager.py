"""Cases of the rules on Secrets Manager secrets."""

from policies.bounds import BOUNDS
from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase, StackCase, counted
from toolkit.resource_types.secretsmanager import SECRET, SECRET_POLICY, SECRET_ROTATION

READ = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
ROLE = {"AWS": "arn:aws:iam::333333333333:role/api"}
HIDDEN = Subject(SECRET, {}, "secret")

CASES = {
    "secret-cmk": ResourceCase(SECRET, good={"kmsKeyId": "alias/own"}, bad={"none": {"name": "a"}}, absent="fail"),
    "secret-recovery": ResourceCase(
        SECRET,
        good={"recoveryWindowInDays": 7},
        bad={"at once": {"recoveryWindowInDays": 0}},
        absent="pass",
        also_good={"longer": {"recoveryWindowInDays": 30}},
    ),
    "secret-policy-not-public": ResourceCase(
        SECRET_POLICY,
        good={"policy": {"Statement": [{**READ, "Principal": ROLE}]}},
        bad={
            "everybody": {"policy": {"Statement": [{**READ, "Principal": "*"}]}},
            "on the secret": Subject(SECRET, {"policy": {"Statement": {**READ, "Principal": {"AWS": "*"}}}}),
        },
        absent="pass",
    ),
    "secret-count": counted(SECRET, BOUNDS["prod"].secrets),
    "secret-rotated": StackCase(
        good=(HIDDEN, Subject(SECRET_ROTATION, {}, "turn", dependencies={"secretId": ("secret",)})),
        bad={"for ever": (HIDDEN,), "another is": (HIDDEN, Subject(SECRET_ROTATION, {}, "turn"))},
    ),
}
