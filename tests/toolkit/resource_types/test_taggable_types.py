"""The list of types that take tags."""

from toolkit.resource_types.taggable import taggable_types, types_in_the_sdk


def test_taggable_types_are_those_of_the_installed_sdk() -> None:
    assert taggable_types() == types_in_the_sdk(), "run: ./stack generate"
