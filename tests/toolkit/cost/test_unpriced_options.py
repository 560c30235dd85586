"""Options that may cost something and have no price are reported as gaps."""

import pytest

from tests.support.policy_servicer import Subject
from tests.support.priced import priced
from toolkit.resource_types.acm import CERTIFICATE
from toolkit.resource_types.cloudfront import DISTRIBUTION
from toolkit.resource_types.cloudtrail import TRAIL
from toolkit.resource_types.cloudwatch import LOG_GROUP, METRIC_ALARM
from toolkit.resource_types.cognito import USER_POOL
from toolkit.resource_types.dynamodb import TABLE
from toolkit.resource_types.ec2 import NAT_GATEWAY
from toolkit.resource_types.kms import KEY
from toolkit.resource_types.s3 import BUCKET_LIFECYCLE
from toolkit.resource_types.sns import TOPIC_SUBSCRIPTION
from toolkit.resource_types.wafv2 import WEB_ACL

ON_DEMAND = {"billingMode": "PAY_PER_REQUEST"}


@pytest.mark.parametrize(
    "subject",
    [
        Subject("aws:kinesis/stream:Stream", {}),
        Subject(LOG_GROUP, {"retentionInDays": 30}),
        Subject(TOPIC_SUBSCRIPTION, {"protocol": "sms"}),
        Subject(TABLE, {**ON_DEMAND, "tableClass": "STANDARD_INFREQUENT_ACCESS"}),
        Subject(METRIC_ALARM, {"metricQueries": [{"expression": "SELECT MAX(Errors) FROM Lambda"}]}),
        Subject(NAT_GATEWAY, {}),
        Subject(KEY, {"customerMasterKeySpec": "RSA_2048"}),
        Subject(BUCKET_LIFECYCLE, {"rules": [{"transitions": [{"storageClass": "GLACIER"}]}]}),
        Subject(CERTIFICATE, {"options": {"export": "ENABLED"}}),
        Subject(CERTIFICATE, {"certificateAuthorityArn": "arn:aws:acm-pca:::certificate-authority/a"}),
        Subject(DISTRIBUTION, {"origins": [{"originShield": {"enabled": True}}]}),
        Subject(
            WEB_ACL,
            {"rules": [{"statement": {"managedRuleGroupStatement": {"name": "AWSManagedRulesBotControlRuleSet"}}}]},
        ),
        Subject(USER_POOL, {"smsConfiguration": {"externalId": "a"}}),
        Subject(TRAIL, {"eventSelectors": [{"dataResources": []}]}),
        Subject(USER_POOL, {"userPoolTier": "GOLD"}),
    ],
    ids=lambda subject: subject.type,
)
def test_unpriced_option_is_reported_as_a_gap(subject: Subject) -> None:
    assert [gap.of.resource.type for gap in priced(subject).not_priced] == [subject.type]


@pytest.mark.parametrize(
    "subject",
    [
        Subject(BUCKET_LIFECYCLE, {"rules": [{"expiration": {"days": 30}}]}),
        Subject(CERTIFICATE, {"domainName": "a.example.com"}),
        Subject(DISTRIBUTION, {"origins": [{"originId": "api"}]}),
        Subject(
            WEB_ACL, {"rules": [{"statement": {"managedRuleGroupStatement": {"name": "AWSManagedRulesCommonRuleSet"}}}]}
        ),
        Subject(KEY, {"customerMasterKeySpec": "SYMMETRIC_DEFAULT"}),
    ],
    ids=lambda subject: subject.type,
)
def test_common_configuration_has_no_gap(subject: Subject) -> None:
    assert priced(subject).not_priced == ()
