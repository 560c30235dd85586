"""The access of callers without a role: public routes, CORS origins, app clients, audiences, public buckets."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from toolkit.pipeline.deploy.data_loss import at
from toolkit.pipeline.preview.model import Grant, GrantMove
from toolkit.pipeline.preview.routes import OPEN, routes_of
from toolkit.resource_types.s3 import BUCKET_PUBLIC_BLOCK
from toolkit.stacks import Resource, ResourceGraph

EVERYBODY = "everybody"
_FLAGS = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def exposures(graph: ResourceGraph) -> Iterator[Grant]:
    """Yield the access of callers, pages and clients; a prohibition is a denied grant."""
    for route in routes_of(graph).values():
        if route.authorization in OPEN:
            yield Grant(EVERYBODY, "may", "call without a token", route.key)
    for resource in graph.resources:
        if reader := _READERS.get(resource.type):
            yield from reader(resource)


def loosened_routes(before: ResourceGraph, after: ResourceGraph) -> Iterator[GrantMove]:
    """Yield the routes that require fewer scopes than before, or none."""
    old, new = routes_of(before), routes_of(after)
    for shape in old.keys() & new.keys():
        was, now = old[shape], new[shape]
        if was.scopes and now.authorization not in OPEN and (not now.scopes or now.scopes - was.scopes):
            fresh = ", ".join(sorted(now.scopes - was.scopes)) or "no scope"
            yield GrantMove("gains", Grant(f"tokens with {fresh}", "may", "call", now.key))


def _origins(path: str) -> Callable[[Resource], Iterator[Grant]]:
    def read(resource: Resource) -> Iterator[Grant]:
        for origin in _texts(resource, path):
            yield Grant(f"pages of {origin}", "may", "call with CORS", resource.name)

    return read


def _client(resource: Resource) -> Iterator[Grant]:
    for url in _texts(resource, "callbackUrls"):
        yield Grant(resource.name, "may", "send sign-in codes to", url)
    for flow in _texts(resource, "allowedOauthFlows"):
        yield Grant(resource.name, "may", "use the OAuth flow", flow)
    for scope in _texts(resource, "allowedOauthScopes"):
        yield Grant(resource.name, "may", "ask for the scope", scope)


def _audiences(resource: Resource) -> Iterator[Grant]:
    for audience in _texts(resource, "jwtConfiguration.audiences"):
        yield Grant(f"tokens for {audience}", "may", "call", resource.name)


def _function_url(resource: Resource) -> Iterator[Grant]:
    if str(resource.inputs.get("authorizationType")) in OPEN:
        yield Grant(EVERYBODY, "may", "lambda:InvokeFunctionUrl", resource.name)
    yield from _origins("cors.allowOrigins")(resource)


def _public_access(resource: Resource) -> Iterator[Grant]:
    for flag in _FLAGS:
        if resource.inputs.get(flag) is True:
            yield Grant(EVERYBODY, "may not", f"public access ({flag})", str(resource.inputs.get("bucket")))


def _texts(resource: Resource, path: str) -> Iterator[str]:
    value = at(resource.inputs, path.split("."))
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield each
        elif isinstance(each, list):
            yield from (one for one in each if isinstance(one, str))


_READERS: Mapping[str, Any] = {
    "aws:apigatewayv2/api:Api": _origins("corsConfiguration.allowOrigins"),
    "aws:apigatewayv2/authorizer:Authorizer": _audiences,
    "aws:cognito/userPoolClient:UserPoolClient": _client,
    "aws:lambda/functionUrl:FunctionUrl": _function_url,
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": _origins("corsRules.allowedOrigins"),
    BUCKET_PUBLIC_BLOCK: _public_access,
}
