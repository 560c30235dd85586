"""The contract of every resource type of the local provider, on an example of each against the embedded AWS."""

from pathlib import Path
from typing import Any

import pytest

from tests.support.aws import ACCOUNT, shared_aws, unique
from tests.support.examples.all_types import EXAMPLES
from tests.support.examples.parents import Parents
from toolkit.localcloud.provider import AwsProvider, ProviderError, ReplacementNeeded
from toolkit.localcloud.provider.registry import ENTRIES

TYPES = sorted(ENTRIES)


@pytest.fixture(scope="module")
def provider() -> AwsProvider:
    return AwsProvider(shared_aws().connection, ACCOUNT, Path())


@pytest.fixture(scope="module")
def parents(provider: AwsProvider) -> Parents:
    return Parents(provider)


def holds(found: Any, given: Any) -> bool:
    """Return whether everything given is found again; AWS may have added to objects."""
    if isinstance(given, dict) and isinstance(found, dict):
        return all(key in found and holds(found[key], value) for key, value in given.items())
    return bool(found == given)


def test_every_type_has_an_example() -> None:
    assert EXAMPLES.keys() == ENTRIES.keys()


@pytest.mark.parametrize("type", TYPES)
def test_resource_is_created_read_updated_and_deleted(type: str, provider: AwsProvider, parents: Parents) -> None:
    example = EXAMPLES[type](parents)
    entry = ENTRIES[type]
    created = provider.create(type, unique("thing"), example.inputs)
    try:
        assert holds(created.outputs, example.inputs)
        if entry.name_property:
            assert created.outputs[entry.name_property]

        state = provider.read(type, created.id, created.outputs)
        assert state is not None
        later = AwsProvider(shared_aws().connection, ACCOUNT, Path())
        assert later.read(type, created.id, created.outputs) == state  # no provider knows more than AWS and the outputs
        readable = {key: value for key, value in example.inputs.items() if key not in example.not_returned | {"tags"}}
        assert holds(state, readable)
        if entry.tagged:
            assert state["tagsAll"] == example.inputs.get("tags", {})

        if entry.update_call is not None or entry.tagged:
            wanted = {**example.inputs, **example.change}
            outputs = provider.update(type, created.id, example.inputs, wanted)
            changed = provider.read(type, created.id, outputs)
            assert changed is not None
            settings = {key: value for key, value in example.change.items() if key != "tags"}
            if settings.get("routeSettings") == []:
                del settings["routeSettings"]
                assert "routeSettings" not in changed
            assert holds(changed, settings)
            if entry.tagged:
                assert changed["tagsAll"] == wanted.get("tags", {})
    finally:
        provider.delete(type, created.id, created.outputs)
    gone = provider.read(type, created.id, created.outputs)
    assert gone is None or type in {
        "aws:acm/certificateValidation:CertificateValidation",  # a wait; its certificate still exists
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",  # moto has none
        "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",  # moto has none; its alias still exists
        "aws:secretsmanager/secretVersion:SecretVersion",  # AWS keeps versions as long as their secret
        "aws:s3/bucketVersioning:BucketVersioning",  # once on, versioning can only be suspended
        "aws:sns/topicPolicy:TopicPolicy",  # a topic always has a policy
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    }


@pytest.mark.parametrize("type", TYPES)
def test_unknown_input_is_rejected_by_name(type: str, provider: AwsProvider, parents: Parents) -> None:
    with pytest.raises(ProviderError, match="surprise"):
        provider.create(type, "thing", {**EXAMPLES[type](parents).inputs, "surprise": 1})


@pytest.mark.parametrize("type", [type for type in TYPES if ENTRIES[type].required])
def test_missing_input_is_rejected_by_name(type: str, provider: AwsProvider) -> None:
    with pytest.raises(ProviderError, match=f"{type} thing: .*{min(ENTRIES[type].required)}.* must be given"):
        provider.create(type, "thing", {})


@pytest.mark.parametrize(
    "type", [type for type in TYPES if ENTRIES[type].replaced_by or ENTRIES[type].update_call is None]
)
def test_change_that_needs_a_replacement_changes_nothing_in_place(
    type: str, provider: AwsProvider, parents: Parents
) -> None:
    example = EXAMPLES[type](parents)
    if not example.replaces:
        pytest.fail(f"the example of {type} replaces nothing")
    created = provider.create(type, unique("thing"), example.inputs)
    with pytest.raises(ReplacementNeeded, match=min(example.replaces)):
        provider.update(type, created.id, example.inputs, {**example.inputs, **example.replaces})
    state = provider.read(type, created.id, created.outputs)
    assert state is not None
    for key in example.replaces:
        assert state.get(key) == created.outputs.get(key)
    if ENTRIES[type].update_call is not None:  # the change also lifts what protects from deletion
        provider.update(type, created.id, example.inputs, {**example.inputs, **example.change})
    provider.delete(type, created.id, created.outputs)
