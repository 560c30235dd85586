"""Cases of the rules on the AWS providers of a stack."""

from typing import Any

from tests.support.policy_servicer import PROVIDER, Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.acm import CERTIFICATE
from toolkit.resource_types.s3 import BUCKET
from toolkit.resource_types.sns import TOPIC

HERE = Subject(BUCKET, {}, "here")


def configured(**inputs: str) -> tuple[Subject, ...]:
    return HERE, Subject(TOPIC, {}, provider={**PROVIDER, **inputs})


def apart(**properties: Any) -> tuple[Subject, ...]:
    return HERE, Subject(TOPIC, properties)


ELSEWHERE = (HERE, Subject("random:index/randomPet:RandomPet", {}, "pet", provider={}))
"""A resource that is in no region of AWS."""


CASES = {
    "provider-region": StackCase(
        good=(HERE,),
        bad={
            "another": configured(region="eu-west-3"),
            "none": (Subject(TOPIC, {}, provider={}),),
            "its own": apart(region="eu-west-3"),
            "us-east-1, for another type": apart(region="us-east-1"),
            "us-east-1, by its provider": configured(region="us-east-1"),
        },
        also_good={
            "the certificate of CloudFront": (HERE, Subject(CERTIFICATE, {"region": "us-east-1"}, "certificate")),
            "another cloud": ELSEWHERE,
            "any Region of AWS": (Subject(TOPIC, {}, provider={**PROVIDER, "region": "ap-southeast-2"}),),
        },
    ),
    "provider-account": StackCase(
        good=(HERE,),
        bad={
            "any": (HERE, Subject(TOPIC, {}, provider={"region": "eu-central-1"})),
            "none": configured(allowedAccountIds="[]"),
            "two": configured(allowedAccountIds='["333333333333", "444444444444"]'),
            "a role of another": configured(assumeRoles='[{"roleArn": "arn:aws:iam::444444444444:role/deploy"}]'),
            "a token for a role of another": configured(
                assumeRoleWithWebIdentity='{"roleArn": "arn:aws:iam::444444444444:role/deploy"}'
            ),
        },
        also_good={"a role of it": configured(assumeRoles='[{"roleArn": "arn:aws:iam::333333333333:role/deploy"}]')},
    ),
    "provider-credentials": StackCase(
        good=(HERE,),
        bad={
            **{
                f"a {name}": configured(**{name: "a-value"})
                for name in ("accessKey", "secretKey", "token", "profile", "httpProxy", "httpsProxy", "customCaBundle")
            },
            **{
                f"some {name}": configured(**{name: '["/a"]'})
                for name in ("sharedConfigFiles", "sharedCredentialsFiles")
            },
            "an endpoint": configured(endpoints='[{"dynamodb": "https://dynamodb.example.com"}]'),
            "any account": configured(skipRequestingAccountId="true"),
            "any credentials": configured(skipCredentialsValidation="true"),
            "any certificate": configured(insecure="true"),
        },
        also_good={
            "what the SDK sets": configured(skipCredentialsValidation="false", skipRegionValidation="true"),
            "retries": configured(maxRetries="5", retryMode="adaptive", skipMetadataApiCheck="true", endpoints="[]"),
            "another cloud": ELSEWHERE,
        },
    ),
}
