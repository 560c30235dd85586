"""Rules on what is kept secret and what it is kept with."""

from toolkit.policy.rule import WARNS, WARNS_WHERE_KEPT, Severity, StackRule, controls
from toolkit.policy.stack import Stack
from toolkit.resource_types.kms import KEY, KEY_ALIAS
from toolkit.resource_types.secretsmanager import SECRET, SECRET_ROTATION
from toolkit.stacks.facts import Broken, GraphFacts, every


def _rotated(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    return every(graph.of(SECRET), lambda secret: bool(graph.using(secret, SECRET_ROTATION, by="secretId")))


def _used(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    used = {
        urn
        for facts in graph.resources
        if facts.resource.type != KEY_ALIAS
        for urns in facts.resource.property_dependencies.values()
        for urn in urns
    }
    return every(graph.of(KEY), lambda key: key.urn in used)


def _named(graph: GraphFacts, _stack: Stack) -> bool | Broken:
    return every(graph.of(KEY), lambda key: bool(graph.using(key, KEY_ALIAS, by="targetKeyId")))


secret_rotated = StackRule(
    name="secret-rotated",
    says="Secrets are replaced by themselves, at most every 90 days.",
    severity=Severity.LOW,
    levels=WARNS_WHERE_KEPT,
    controls=controls("FSBP: SecretsManager.1; NAG: SMG4; CHECKOV: CKV2_AWS_57"),
    checks={
        "no SecretRotation replaces the secret; add one, or replace it by hand as docs/operations.md says": _rotated
    },
)

no_orphan_key = StackRule(
    name="no-orphan-key",
    says="Every key is used and has a name; one costs a dollar a month.",
    severity=Severity.LOW,
    levels=WARNS,
    checks={
        "nothing of this stack uses the key; take it away": _used,
        "the key has no alias, so nobody knows what it is for; give it one": _named,
    },
)

RULES = (secret_rotated, no_orphan_key)
