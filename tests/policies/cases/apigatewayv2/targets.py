"""Cases of the rules on what the routes, mappings and logs of an HTTP API lead to."""

from dataclasses import replace

from tests.support.policy_servicer import Subject
from tests.support.rule_cases import StackCase
from toolkit.resource_types.apigatewayv2 import API, API_MAPPING, DOMAIN_NAME, INTEGRATION, ROUTE, STAGE
from toolkit.resource_types.cloudwatch import LOG_GROUP
from toolkit.resource_types.lambda_ import ALIAS, FUNCTION

ARN = "arn:aws:lambda:eu-central-1:333333333333:function:items"
URI = "arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/{}/invocations"
WORKS = Subject(FUNCTION, {"arn": ARN, "timeout": 10}, "function")
LIVE = Subject(ALIAS, {"arn": f"{ARN}:live"}, "live", dependencies={"functionName": ("function",)})
HTTP_API = Subject(API, {"id": "api1"}, "api")
OF_API = {"apiId": ("api",)}
INVOKED = {"integrationUri": ("live",)}


def integration(arn: str = f"{ARN}:live", **more: object) -> Subject:
    properties = {"id": "int1", "integrationType": "AWS_PROXY", "integrationUri": URI.format(arn), **more}
    return Subject(INTEGRATION, properties, "integration", dependencies=INVOKED)


def route(kind: str, target: str = "integrations/int1", name: str = "route") -> Subject:
    properties = {"routeKey": f"GET /{name}", "authorizationType": kind, "target": target}
    return Subject(ROUTE, properties, name, dependencies={**OF_API, "target": ("integration",)})


MAPPING = Subject(
    API_MAPPING,
    {"apiId": "api1", "stage": "$default", "domainName": "api.example.com"},
    "mapping",
    dependencies={**OF_API, "stage": ("stage",), "domainName": ("name",)},
)
LOGS = Subject(LOG_GROUP, {"arn": "arn:aws:logs:eu-central-1:333333333333:log-group:/access"}, "logs")
SERVED = Subject(STAGE, {"name": "$default"}, "stage", dependencies=OF_API)
NAME = Subject(DOMAIN_NAME, {"domainName": "api.example.com"}, "name")
MAPPED = (HTTP_API, SERVED, NAME, MAPPING)


def mapped(**changed: str) -> tuple[Subject, ...]:
    return (HTTP_API, SERVED, NAME, replace(MAPPING, properties={**MAPPING.properties, **changed}))


def logging(arn: str) -> Subject:
    settings = {"accessLogSettings": {"destinationArn": arn}}
    return Subject(STAGE, settings, "stage", dependencies={"accessLogSettings": ("logs",)})


def throttled(*keys: str) -> Subject:
    return Subject(STAGE, {"routeSettings": [{"routeKey": key} for key in keys]}, "stage", dependencies=OF_API)


CASES = {
    "api-invokes-own-function": StackCase(
        good=(WORKS, LIVE, integration(), route("JWT")),
        bad={
            "another account's": (WORKS, LIVE, integration(f"{ARN.replace('333', '999')}:live")),
            "another function": (WORKS, LIVE, integration(f"{ARN}-other:live")),
            "without a qualifier": (WORKS, LIVE, integration(ARN)),
            "the newest code": (WORKS, LIVE, integration(f"{ARN}:$LATEST")),
            "a variable of the stage": (WORKS, LIVE, integration(f"{ARN}:${{stageVariables.alias}}")),
            "a target of elsewhere": (WORKS, LIVE, integration(), route("JWT", "integrations/other")),
        },
        also_good={
            "an upstream": (integration(integrationType="HTTP_PROXY", integrationUri="https://up.example.com"),),
            "a queue": (integration("arn", integrationSubtype="SQS-SendMessage"),),
        },
    ),
    "api-one-authorization": StackCase(
        good=(integration(), route("JWT"), route("NONE", name="health")),
        bad={"by IAM": (integration(), route("JWT"), route("AWS_IAM", name="admin"))},
        also_good={"by IAM alone": (integration(), route("AWS_IAM"), route("AWS_IAM", name="admin"))},
    ),
    "api-mapping-own": StackCase(
        good=MAPPED,
        bad={
            "another API": mapped(apiId="other"),
            "another stage": mapped(stage="beta"),
            "another name": mapped(domainName="www.example.com"),
        },
    ),
    "apigw-logs-own": StackCase(
        good=(LOGS, logging(str(LOGS.properties["arn"]))),
        bad={"elsewhere": (LOGS, logging("arn:aws:logs:eu-central-1:999999999999:log-group:/access"))},
        also_good={"none": (SERVED,)},
    ),
    "apigw-throttles-own-routes": StackCase(
        good=(HTTP_API, route("JWT"), throttled("GET /route")),
        bad={"no such route": (HTTP_API, route("JWT"), throttled("GET /route", "GET /nowhere"))},
        also_good={"no routes here": (HTTP_API, throttled("GET /route"))},
    ),
}
