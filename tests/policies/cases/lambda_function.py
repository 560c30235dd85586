"""Functions that keep each rule, and functions that break it."""

from policies.rules.lambda_function import FUNCTION
from tests.support.rule_cases import ResourceCase

CASES = {
    "lambda-runtime-supported": ResourceCase(
        FUNCTION,
        good={"runtime": "python3.13"},
        bad={"old": {"runtime": "python3.9"}, "of another language": {"runtime": "nodejs22.x"}},
        absent="fail",
        also_good={"an image has its own": {"packageType": "Image"}},
    ),
    "lambda-timeout-bounded": ResourceCase(
        FUNCTION,
        good={"timeout": 10},
        bad={"too long": {"timeout": 900}, "none": {"timeout": 0}},
        absent="fail",
    ),
    "lambda-no-secret-env": ResourceCase(
        FUNCTION,
        good={"environment": {"variables": {"SECRET_ARN": "arn:aws:secretsmanager:eu-central-1:1:secret:s"}}},
        bad={
            "a password": {"environment": {"variables": {"DB_PASSWORD": "letmein"}}},
            "an access key": {"environment": {"variables": {"KEY": "AKIAABCDEFGHIJKLMNOP"}}},
        },
        absent="pass",
    ),
}
