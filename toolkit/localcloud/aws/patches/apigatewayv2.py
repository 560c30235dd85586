"""Patches of moto's API Gateway: calls that it lacks for stages, domain names, API mappings and authorizers."""

import json
from typing import Any

from moto.apigatewayv2.models import Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response

from toolkit.private_names import require_private_names

PRIVATE_NAMES = require_private_names(
    "moto",
    "moto.apigatewayv2.models:Api.authorizers",
    "moto.apigatewayv2.models:Api.get_stage",
    "moto.apigatewayv2.models:Api.stages",
    "moto.apigatewayv2.models:ApiGatewayV2Backend.get_api",
    "moto.apigatewayv2.models:ApiGatewayV2Backend.get_api_mapping",
    "moto.apigatewayv2.models:ApiGatewayV2Backend.get_domain_name",
    "moto.apigatewayv2.models:ApiMapping.to_json",
    "moto.apigatewayv2.models:DomainName.to_json",
    "moto.apigatewayv2.models:Stage.config",
    "moto.apigatewayv2.models:Stage.created",
    "moto.apigatewayv2.models:Stage.to_json",
    "moto.apigatewayv2.responses:ApiGatewayV2Response.apigatewayv2_backend",
)
ADDED_NAMES = (
    "moto.apigatewayv2.responses:ApiGatewayV2Response.get_authorizers",
    "moto.apigatewayv2.responses:ApiGatewayV2Response.update_api_mapping",
    "moto.apigatewayv2.responses:ApiGatewayV2Response.update_domain_name",
    "moto.apigatewayv2.responses:ApiGatewayV2Response.update_stage",
)
"""The parts that moto lacks."""


def patch_apigatewayv2() -> None:
    """Add UpdateStage, UpdateDomainName, UpdateApiMapping and GetAuthorizers."""
    gateway: Any = ApiGatewayV2Response
    gateway.update_stage = _update_stage
    gateway.update_domain_name = _update_domain_name
    gateway.update_api_mapping = _update_api_mapping
    gateway.get_authorizers = _get_authorizers


def _update_stage(handler: Any) -> tuple[int, dict[str, str], str]:
    *_, api_id, _, name = handler.path.split("/")
    api = handler.apigatewayv2_backend.get_api(api_id)
    name = name.replace("%24", "$")
    before = api.get_stage(name)
    stage = Stage(api=api, config={**before.config, **json.loads(handler.body), "stageName": name})
    stage.created, stage.tags = before.created, before.tags
    api.stages[name] = stage
    return 200, {}, json.dumps(stage.to_json())


def _update_domain_name(handler: Any) -> tuple[int, dict[str, str], str]:
    domain = handler.apigatewayv2_backend.get_domain_name(handler.path.split("/")[-1])
    domain.domain_name_configurations = json.loads(handler.body)["domainNameConfigurations"]
    return 200, {}, json.dumps(domain.to_json())


def _update_api_mapping(handler: Any) -> tuple[int, dict[str, str], str]:
    *_, domain, _, mapping_id = handler.path.split("/")
    mapping, wanted = handler.apigatewayv2_backend.get_api_mapping(mapping_id, domain), json.loads(handler.body)
    mapping.api_id, mapping.stage = wanted["apiId"], wanted["stage"]
    mapping.api_mapping_key = wanted.get("apiMappingKey", "")
    return 200, {}, json.dumps(mapping.to_json())


def _get_authorizers(handler: Any) -> tuple[int, dict[str, str], str]:
    api = handler.apigatewayv2_backend.get_api(handler.path.split("/")[-2])
    return 200, {}, json.dumps({"items": [each.to_json() for each in api.authorizers.values()]})
