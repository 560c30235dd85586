"""Which functions answer an API."""

from toolkit.resource_types.apigatewayv2 import INTEGRATION
from toolkit.resource_types.lambda_ import ALIAS, FUNCTION
from toolkit.stacks.facts import Facts, GraphFacts
from toolkit.stacks.references import known_text, reference


def called_by_api(graph: GraphFacts) -> frozenset[str]:
    """Return the URNs of functions that an integration of this stack invokes, by an alias or directly."""
    return frozenset(
        function.urn
        for function in graph.of(FUNCTION)
        if any(invokes(graph, integration, function) for integration in graph.of(INTEGRATION))
    )


def invokes(graph: GraphFacts, integration: Facts, function: Facts) -> bool:
    """Return whether the integration invokes the function."""
    uri, arn = known_text(integration, "integrationUri"), reference(function, "arn")
    if uri is not None and arn is not None:
        return uri == arn or f"{arn}:" in uri or f"{arn}/" in uri
    sources = integration.depends_on("integrationUri")
    aliases = [alias for alias in graph.of(ALIAS) if alias.urn in sources]
    return function.urn in sources or any(function.urn in alias.depends_on("functionName") for alias in aliases)
