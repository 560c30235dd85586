"""The values that request parameters may name: of the request, its context and the stage's variables."""

from urllib.parse import parse_qsl

from toolkit.localcloud.gateway.access_log import Exchange, request_context
from toolkit.localcloud.gateway.http_api import DeployedHttpApi
from toolkit.localcloud.gateway.parameter_mapping import changed_request
from toolkit.localcloud.gateway.request import IncomingRequest
from toolkit.localcloud.gateway.routing import Match


def mapped_request(api: DeployedHttpApi, request: IncomingRequest, match: Match, exchange: Exchange) -> IncomingRequest:
    """Return the request with the parameter mappings of its integration applied."""
    changes = match.route.integration.changes
    if not changes:
        return request
    context = request_context(api, request, exchange)

    def lookup(variable: str) -> str | None:
        source, _, name = variable.partition(".")
        if source == "context":
            return context.get(name)
        if source == "stageVariables":
            return api.stage_variables.get(name)
        kind, _, name = name.partition(".")
        if kind == "header":
            value = request.header(name.lower())
            return None if value is None else value.encode("latin-1").decode("utf-8", "replace")
        if kind == "querystring":
            values = [each for key, each in parse_qsl(request.query, keep_blank_values=True) if key == name]
            return ",".join(values) if values else None
        return match.path_parameters.get(name) if name else request.decoded_path

    return changed_request(request, changes, lookup)
