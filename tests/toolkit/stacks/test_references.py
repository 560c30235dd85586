"""What a property refers to, by its value and by where the value comes from."""

from toolkit.stacks import Resource
from toolkit.stacks.inputs import UNKNOWN, Inputs, StackInputs
from toolkit.stacks.references import comes_from, names_of

API = "aws:apigatewayv2/api:Api"


def resource(name: str, type_: str = API, id_: str = "", **dependencies: str) -> Resource:
    sources = {path: (urn,) for path, urn in dependencies.items()}
    return Resource(
        *(name, type_, name), custom=True, id=id_, parent=None, inputs={}, outputs={}, property_dependencies=sources
    )


def refers(value: object, api_id: str, source: str = "api") -> bool:
    api = Inputs(resource("api", id_=api_id), {})
    user = Inputs(resource("user", "aws:apigatewayv2/stage:Stage", apiId=source), {"apiId": value})
    return comes_from(StackInputs((api, user)), user, "apiId", API)


def test_known_value_takes_precedence_over_the_dependency() -> None:
    assert refers("one", "one", source="another")
    assert not refers("two", "one")


def test_dependency_is_the_reference_if_value_or_id_is_unknown() -> None:
    assert refers(UNKNOWN, "one")
    assert refers("two", "")
    assert not refers(UNKNOWN, "one", source="another")


def test_resource_is_referenced_by_its_id_and_the_named_outputs() -> None:
    inputs = Inputs(resource("api", id_="one"), {"arn": "arn:one", "name": UNKNOWN})
    assert names_of(inputs, "arn", "name") == {"one", "arn:one"}
