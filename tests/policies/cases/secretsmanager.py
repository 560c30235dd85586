"""Cases of the rules on Secrets Manager secrets."""

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import ResourceCase
from toolkit.resource_types.secretsmanager import SECRET, SECRET_POLICY

READ = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
ROLE = {"AWS": "arn:aws:iam::333333333333:role/api"}


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
}
