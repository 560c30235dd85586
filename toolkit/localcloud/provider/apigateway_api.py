"""HTTP APIs and their stages."""

from collections.abc import Mapping
from typing import Any

from toolkit.localcloud.provider.entry import Aws, Entry, Properties, unless_gone
from toolkit.localcloud.provider.fields import from_aws, to_aws

CORS = {
    "allowCredentials": "AllowCredentials",
    "allowHeaders": "AllowHeaders",
    "allowMethods": "AllowMethods",
    "allowOrigins": "AllowOrigins",
    "exposeHeaders": "ExposeHeaders",
    "maxAge": "MaxAge",
}
CHANGED = {
    "name": "Name",
    "description": "Description",
    "corsConfiguration": ("CorsConfiguration", CORS),
    "disableExecuteApiEndpoint": "DisableExecuteApiEndpoint",
    "routeSelectionExpression": "RouteSelectionExpression",
    "apiKeySelectionExpression": "ApiKeySelectionExpression",
    "version": "Version",
}
API = {**CHANGED, "protocolType": "ProtocolType"}
THROTTLES = {
    "throttlingBurstLimit": "ThrottlingBurstLimit",
    "throttlingRateLimit": "ThrottlingRateLimit",
    "detailedMetricsEnabled": "DetailedMetricsEnabled",
    "dataTraceEnabled": "DataTraceEnabled",
    "loggingLevel": "LoggingLevel",
}
STAGE = {
    "name": "StageName",
    "autoDeploy": "AutoDeploy",
    "description": "Description",
    "accessLogSettings": ("AccessLogSettings", {"destinationArn": "DestinationArn", "format": "Format"}),
    "defaultRouteSettings": ("DefaultRouteSettings", THROTTLES),
    "stageVariables": "StageVariables",
}


def _create_api(aws: Aws, wanted: Properties) -> str:
    answer = aws.client("apigatewayv2").create_api(**to_aws(wanted, API), Tags=dict(wanted["tagsAll"]))
    return str(answer["ApiId"])


def _read_api(aws: Aws, api_id: str, _known: Properties) -> dict[str, Any] | None:
    answer = unless_gone(aws.client("apigatewayv2").get_api, ApiId=api_id)
    if answer is None:
        return None
    return {
        **from_aws(answer, API),
        "arn": f"arn:aws:apigateway:{aws.region}::/apis/{api_id}",
        "apiEndpoint": f"https://{api_id}.execute-api.{aws.region}.amazonaws.com",
        "executionArn": aws.arn("execute-api", api_id),
        "tagsAll": answer.get("Tags", {}),
    }


def _update_api(aws: Aws, api_id: str, _state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    client = aws.client("apigatewayv2")
    if "corsConfiguration" in changed and not wanted.get("corsConfiguration"):
        client.delete_cors_configuration(ApiId=api_id)
    client.update_api(ApiId=api_id, **to_aws({"description": "", "version": "", **wanted}, CHANGED))


def _api_tags(aws: Aws, api_id: str, _state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    client, arn = aws.client("apigatewayv2"), f"arn:aws:apigateway:{aws.region}::/apis/{api_id}"
    client.tag_resource(ResourceArn=arn, Tags=dict(tags))
    if gone:
        client.untag_resource(ResourceArn=arn, TagKeys=gone)


def _stage_arguments(wanted: Properties) -> dict[str, Any]:
    arguments = to_aws(wanted, STAGE)
    if wanted.get("routeSettings"):
        listed = wanted["routeSettings"]
        arguments["RouteSettings"] = {entry["routeKey"]: to_aws(entry, THROTTLES) for entry in listed}
    return arguments


def _create_stage(aws: Aws, wanted: Properties) -> str:
    arguments = _stage_arguments(wanted)
    aws.client("apigatewayv2").create_stage(ApiId=wanted["apiId"], **arguments, Tags=dict(wanted["tagsAll"]))
    return str(wanted["name"])


def _read_stage(aws: Aws, resource_id: str, known: Properties) -> dict[str, Any] | None:
    api_id, name = parent_and_id(resource_id, known)
    answer = unless_gone(aws.client("apigatewayv2").get_stage, ApiId=api_id, StageName=name)
    if answer is None:
        return None
    path = "" if name == "$default" else name
    settings = answer.get("RouteSettings") or {}
    state = {
        **from_aws(answer, STAGE),
        "apiId": api_id,
        "arn": f"arn:aws:apigateway:{aws.region}::/apis/{api_id}/stages/{name}",
        "executionArn": f"{aws.arn('execute-api', api_id)}/{name}",
        "invokeUrl": f"https://{api_id}.execute-api.{aws.region}.amazonaws.com/{path}",
        "tagsAll": answer.get("Tags", {}),
    }
    if settings:
        state["routeSettings"] = [{"routeKey": key, **from_aws(entry, THROTTLES)} for key, entry in settings.items()]
    return state


def _update_stage(aws: Aws, resource_id: str, state: Properties, wanted: Properties, changed: frozenset[str]) -> None:
    api_id, name = parent_and_id(resource_id, state)
    told = {"routeSettings": [], "stageVariables": {}, "description": "", **wanted}
    arguments = _stage_arguments({key: told.get(key) for key in changed})
    if "routeSettings" in changed:
        arguments.setdefault("RouteSettings", {})
    aws.client("apigatewayv2").update_stage(ApiId=api_id, **{**arguments, "StageName": name})


def _delete_stage(aws: Aws, resource_id: str, outputs: Properties) -> None:
    api_id, name = parent_and_id(resource_id, outputs)
    aws.client("apigatewayv2").delete_stage(ApiId=api_id, StageName=name)


def _stage_tags(aws: Aws, resource_id: str, state: Properties, tags: Mapping[str, str], gone: list[str]) -> None:
    """Lay the stage again: moto's tagging of API Gateway ends at APIs and VPC links."""
    api_id, name = parent_and_id(resource_id, state)
    kept = {key: value for key, value in tags.items() if key not in gone}
    arguments = _stage_arguments({**state, "name": name})
    aws.client("apigatewayv2").create_stage(ApiId=api_id, **arguments, Tags=kept)


def parent_and_id(resource_id: str, known: Properties) -> tuple[str, str]:
    """The API and the id of something inside it: `api/id` as Pulumi imports it, or the id with the API's known."""
    api_id, slash, own = resource_id.partition("/")
    return (api_id, own) if slash else (str(known["apiId"]), resource_id)


ENTRIES = (
    Entry(
        type="aws:apigatewayv2/api:Api",
        inputs=frozenset(API) | {"tags"},
        required=frozenset({"protocolType"}),
        replaced_by=frozenset({"protocolType"}),
        name_property="name",
        tags=_api_tags,
        create=_create_api,
        read=_read_api,
        update=_update_api,
        delete=lambda aws, api_id, _outputs: aws.client("apigatewayv2").delete_api(ApiId=api_id),
    ),
    Entry(
        type="aws:apigatewayv2/stage:Stage",
        inputs=frozenset(STAGE) | {"apiId", "routeSettings", "tags"},
        required=frozenset({"apiId"}),
        replaced_by=frozenset({"apiId", "name"}),
        name_property="name",
        tags=_stage_tags,
        create=_create_stage,
        read=_read_stage,
        update=_update_stage,
        delete=_delete_stage,
    ),
)
