"""What moto lacks, forgets or answers with what is not there: stages, domains, resource servers, logs, functions."""

import json
from typing import Any

from moto.apigatewayv2.models import Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse

from toolkit.localcloud.aws.administrator import administrator_key
from toolkit.localcloud.embedded_client import presign


def patch_apigatewayv2() -> None:
    """Add it to moto."""
    gateway: Any = ApiGatewayV2Response
    cognito: Any = CognitoIdpResponse
    logs: Any = LogsResponse
    gateway.update_stage = _update_stage
    gateway.update_domain_name = _update_domain_name
    gateway.update_api_mapping = _update_api_mapping
    gateway.get_authorizers = _get_authorizers
    cognito.update_resource_server = _update_resource_server
    cognito.delete_resource_server = _delete_resource_server
    functions: Any = LambdaResponse
    described = functions.get_function
    functions.get_function = lambda handler: _with_own_location(handler, described(handler))
    _keep_logging_settings()
    logs.associate_kms_key = logs.disassociate_kms_key = _change_log_key


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


def _update_resource_server(handler: Any) -> str:
    body = json.loads(handler.body)
    server = handler.backend.describe_resource_server(body["UserPoolId"], body["Identifier"])
    server.name, server.scopes = body["Name"], body.get("Scopes", [])
    return json.dumps({"ResourceServer": server.to_json()})


def _delete_resource_server(handler: Any) -> str:
    body = json.loads(handler.body)
    handler.backend.describe_resource_server(body["UserPoolId"], body["Identifier"])
    del handler.backend.describe_user_pool(body["UserPoolId"]).resource_servers[body["Identifier"]]
    return "{}"


def _change_log_key(handler: Any) -> str:
    """Both calls: the one that takes the key away names none."""
    body = json.loads(handler.body)
    groups = handler.logs_backend.groups
    if body["logGroupName"] not in groups:
        raise ResourceNotFoundException
    groups[body["logGroupName"]].kms_key_id = body.get("kmsKeyId")
    return ""


def _with_own_location(handler: Any, answer: str) -> str:
    """A function whose zip is to be had where the answer says, which in moto is nowhere."""
    document = json.loads(answer)
    configuration = document["Configuration"]
    where = f"{configuration['FunctionName']}/{configuration['Version']}/code"
    address = f"http://{handler.headers['Host']}/_embedded/functions/{where}"
    document["Code"]["Location"] = presign(address, administrator_key(handler.current_account), handler.region)
    return json.dumps(document)


def _keep_logging_settings() -> None:
    """A function's LoggingConfig, which moto takes and forgets; a published version has the one of its time."""
    function: Any = LambdaFunction
    function.logging_config = None
    created, updated, described = function.__init__, function.update_configuration, function.get_configuration

    def create(self: Any, account_id: str, spec: dict[str, Any], *further: Any, **named: Any) -> None:
        self.logging_config = spec.get("LoggingConfig")
        created(self, account_id, spec, *further, **named)

    def update(self: Any, changes: dict[str, Any]) -> Any:
        self.logging_config = changes.get("LoggingConfig", self.logging_config)
        return updated(self, changes)

    def describe(self: Any, *further: Any, **named: Any) -> Any:
        told = {"LoggingConfig": self.logging_config} if self.logging_config else {}
        return {**described(self, *further, **named), **told}

    function.__init__, function.update_configuration, function.get_configuration = create, update, describe
