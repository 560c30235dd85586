"""The names that the engine makes with `pulumi:autonaming` are those of the offline evaluation."""

import re
from collections.abc import Callable

from tests.engine.engine import Engine
from toolkit.resource_types.lookup import resource_type
from toolkit.stacks import evaluate

PATTERN = "${project}-${stack}-${name}-${hex(7)}"
SUFFIX = re.compile("-[0-9a-f]{7}$")


def test_engine_makes_names_of_offline_evaluation_and_keeps_them(engine_of: Callable[[str], Engine]) -> None:
    dev = engine_of("dev")
    dev.done("up")
    made = names(dev)

    offline = evaluate("dev", root=dev.root, config={"items-api:cursor-key": "k" * 40})
    expected = {
        resource.urn: resource.outputs[form.property]
        for resource in offline.resources
        if (form := resource_type(resource.type).name) and form.property in resource.outputs
    }
    assert len(expected) > 20
    assert {urn: SUFFIX.sub("", made[urn]) for urn in expected} == {
        urn: SUFFIX.sub("", name) for urn, name in expected.items()
    }
    assert made["urn:pulumi:dev::items-api::items-api:data:Table$aws:dynamodb/table:Table::sessions-table"].startswith(
        "items-api-dev-sessions-table-"
    )

    dev.rewrite("Pulumi.yaml", f"pattern: {PATTERN}", "mode: verbatim")
    assert dev.done("up", "--expect-no-changes").operations == {}
    assert names(dev) == made


def test_engine_refuses_a_name_that_is_too_long_in_the_preview(engine_of: Callable[[str], Engine]) -> None:
    dev = engine_of("dev")
    dev.rewrite("Pulumi.yaml", "${project}-${stack}", f"${{project}}-{'x' * 40}-${{stack}}")

    shown = dev.run("preview")
    assert shown.code != 0
    assert re.search(r"has \d+ characters, and AWS accepts \d+; shorten or change the project, the stack", shown.output)
    assert "Traceback" not in shown.output


def names(engine: Engine) -> dict[str, str]:
    """The name of each resource in the state."""
    return {
        resource["urn"]: resource["outputs"][form.property]
        for resource in engine.state
        if (form := resource_type(resource["type"]).name) and form.property in resource.get("outputs", {})
    }
