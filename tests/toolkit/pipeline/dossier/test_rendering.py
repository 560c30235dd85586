import json
from pathlib import Path

import pytest

from tests.support.dossiers import change, dossier, finding, loss, preview
from toolkit.pipeline.dossier.openapi_changes import ContractReport
from toolkit.pipeline.dossier.package_changes import Dependency, PackageReport
from toolkit.pipeline.dossier.rendering import COMMENT_CHARACTERS, SUMMARY_BYTES, as_json, comment, summary
from toolkit.pipeline.preview.model import Break, Cost, CostLine, Grant, GrantMove, Preview, Property

TABLE = "aws:dynamodb/table:Table"
STACKS = ("prod", "staging", "dev", "local")


def shown(*stacks: Preview, folder: Path = Path("nowhere"), **fields: object) -> str:
    return comment(dossier(*stacks, **fields), folder)


def crowd(stack: str) -> Preview:
    """A stack in which five hundred resources change, two hundred rules complain and a table goes."""
    wide = tuple(Property(f"field{number}", "x" * 60, f"{stack} 🔴 {'y' * 60}") for number in range(5))
    changes = [change(f"{stack}-topic-{number}", properties=wide) for number in range(500)]
    findings = [finding(f"rule-{stack}-{number}", blocks=number < 100, message="m" * 500) for number in range(200)]
    moves = [GrantMove("gains", Grant("role", "may", f"s3:Do{number}", f"arn:{stack}")) for number in range(500)]
    return preview(
        stack,
        status="blocked",
        changes=(*changes, change("items", "replace", TABLE, replaces_because=("hashKey",))),
        data_losses=(loss("items"),),
        policies=tuple(findings),
        permissions=tuple(moves),
        cost=Cost(10.0, 20.0, 3.0, 4.0, tuple(CostLine(f"n{n}", "i", 1.0, 2.0, "f" * 90) for n in range(500))),
    )


def test_comment_of_two_thousand_changes_keeps_every_verdict_and_data_loss() -> None:
    found = dossier(
        *map(crowd, STACKS),
        contract=ContractReport(tuple(Break("GET /", f"b{number}" * 30) for number in range(900))),
        package=PackageReport(tuple(Dependency(f"d{number}", "1", "2") for number in range(900))),
    )
    text, whole = comment(found, Path("nowhere")), summary(found, Path("nowhere"))
    assert len(text.encode("utf-16-le")) // 2 <= COMMENT_CHARACTERS
    assert len(whole.encode()) <= SUMMARY_BYTES
    for each in (text, whole):
        for stack in STACKS:
            words = "100 policy violations; data may be lost; 500 permissions added; 100 new warnings"
            assert f"| 🔴 | **{stack}** | {words} |" in each
        assert "do not merge: 400 policy violations block prod, staging, dev, local; items may lose data" in each
        assert "`items` **is replaced by an empty one because of hashKey**. Lost: all." in each
        assert "900 breaking changes" in each
        assert "400 violations must be fixed" in each


def test_truncated_section_says_where_the_rest_is() -> None:
    assert "more of these lines are in dossier.json, and in the summary." in shown(crowd("dev"))


def test_truncation_keeps_rows_of_every_section() -> None:
    text = shown(*map(crowd, STACKS))
    for part in ("`rule-", "-topic-", "s3:Do", "`n1"):
        assert part in text


def test_hundreds_of_stacks_keep_their_verdicts() -> None:
    text = shown(*(preview(f"pr-{number}", changes=(change(f"t{number}"),)) for number in range(400)))
    assert all(f"**pr-{number}** | ready" in text for number in range(400))
    assert len(text) <= COMMENT_CHARACTERS


@pytest.mark.parametrize(
    ("stack", "line"),
    [
        (preview(changes=(change("t"),)), "| 🟢 | **dev** | ready | ~1 |"),
        (
            preview(changes=(change("t"),), policies=(finding("r"), finding("old", new=False))),
            "| 🟠 | **dev** | 1 new warning | ~1 |",
        ),
        (
            preview(changes=(change("t", "delete", TABLE),), data_losses=(loss("t"),)),
            "| 🟠 | **dev** | data may be lost | -1 |",
        ),
        (
            preview(changes=(change("t", "delete", TABLE, protected=True),), data_losses=(loss("t"),)),
            "| 🔴 | **dev** | the update stops | -1 |",
        ),
        (
            preview(status="blocked", policies=(finding("r", blocks=True),)),
            "| 🔴 | **dev** | 1 policy violation | none |",
        ),
        (preview(status="failed", error="no"), "| 🔴 | **dev** | cannot be evaluated | none |"),
        (preview(base_graph="", notes=("no base",)), "| 🟠 | **dev** | partly unknown | none |"),
        (preview(base_graph=""), "| 🟠 | **dev** | what changes is unknown | none |"),
        (
            preview(changes=(change("t"),), cost=Cost(30, 90, 20, 30, budget=40, rise_limit=0.5, budget_limit=0.8)),
            "| expected month +20.00, +200 % | ~1 | 30.00 **(+20.00, +200 %)**<br>75 % of budget 40 | 90.00",
        ),
    ],
)
def test_each_stack_has_its_verdict_in_one_line(stack: Preview, line: str) -> None:
    assert line in shown(stack)


def test_failed_preview_shows_its_error() -> None:
    text = shown(preview(status="failed", error="The program failed."))
    assert "1. 🔴 Cannot be evaluated: The program failed. — **dev**" in text
    assert "> [!CAUTION]\n> **dev**: x" in shown(preview(status="failed", error="x" * 700))


def test_error_text_stays_inside_its_quotation() -> None:
    text = shown(preview(status="failed", error="one\n\n# two @all <b>"))
    assert "one &#35; two &#64;\u200ball &#60;b&#62;" in text


def test_property_that_forces_a_replacement_is_first() -> None:
    moved = (Property("attributes", "a", "b"), Property("hashKey", "a", "b"))
    text = shown(preview(changes=(change("t", "replace", TABLE, replaces_because=("hashKey",), properties=moved),)))
    assert "`hashKey`: `a` → `b` **replaces it**<br>`attributes`: `a` → `b`" in text


def test_change_of_several_stacks_is_listed_once() -> None:
    text = shown(*(preview(stack, changes=(change("topic"),)) for stack in STACKS))
    assert text.count("`topic`") == 1
    assert "**prod**, **staging**, **dev**, **local** |" in text


def test_blocking_violations_are_first_and_known_ones_folded() -> None:
    found = (finding("known", new=False), finding("fresh"), finding("stops", blocks=True))
    text = shown(preview(status="blocked", policies=found))
    assert text.index("`stops`") < text.index("`fresh`") < text.index("1 warning as before: `./stack policies`.")
    assert "`known`" not in text
    whole = summary(dossier(preview(status="blocked", policies=found)), Path("nowhere"))
    assert whole.index("<details><summary>1 warning as before") < whole.index("`known`")


def test_violation_shows_its_resource_with_the_type() -> None:
    urn = "urn:pulumi:dev::shop::shop:index:Files$aws:s3/bucket:Bucket::files::old"
    text = shown(preview(status="blocked", policies=(finding("stops", blocks=True, urn=urn),)))
    assert "`stops`<br>`files::old`<br><sub>`aws:s3/bucket:Bucket`</sub>" in text
    assert "stops (files::old)" in text


def test_waiver_is_shown_with_its_reason() -> None:
    text = shown(preview(policies=(finding("r", waiver="because (team, until 2027-01-01)"),)))
    assert "**Waived**: because (team, until 2027-01-01)" in text


def test_stack_name_is_escaped() -> None:
    text = shown(preview("<img src=x>@all|**"))
    assert "<img" not in text
    assert "@all" not in text


def graph_with(tmp_path: Path, *, connected: bool) -> Preview:
    """A preview of two topics that change, in one component, whose graph is in the folder."""
    topics = [change("topic"), change("copy")]
    resources: list[dict[str, object]] = [{"urn": "urn:c", "name": "alerts", "custom": False, "type": "x:y:C"}]
    for each, needs in zip(topics, ([], [topics[0].urn] if connected else []), strict=True):
        own = {"urn": each.urn, "name": each.name, "custom": True, "type": each.type, "parent": "urn:c"}
        resources.append({**own, "depends_on": needs})
    filled = [
        {"id": "", "parent": None, "inputs": {}, "outputs": {}, "ignore_changes": [], "depends_on": [], "aliases": []}
        | {"property_dependencies": {}}
        | each
        for each in resources
    ]
    graph = {"project": "shop", "stack": "dev", "resources": filled, "outputs": {}}
    (tmp_path / "dev.graph.json").write_text(json.dumps(graph))
    return preview(changes=tuple(topics), graph="dev.graph.json")


def test_diagram_shows_components_with_their_changes(tmp_path: Path) -> None:
    text = shown(graph_with(tmp_path, connected=True), folder=tmp_path)
    assert 'flowchart LR\nsubgraph g0["alerts"]\nn0["~ topic<br/>Topic"]:::update\n' in text
    assert "n0 --> n1" in text


def test_diagram_without_connections_is_omitted(tmp_path: Path) -> None:
    assert "mermaid" not in shown(graph_with(tmp_path, connected=False), folder=tmp_path)


def test_json_holds_the_whole_dossier() -> None:
    document = json.loads(as_json(dossier(preview(data_losses=(loss("t"),)))))
    assert document["worst"] == "data-loss"
    assert document["verdicts"] == [{"stack": "dev", "kind": "data-loss", "words": "data may be lost"}]
    assert document["data_losses"][0]["id"] == "t"
