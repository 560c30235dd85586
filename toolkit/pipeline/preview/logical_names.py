"""Replaces names of resources by logical names, so that a permission has the same text in each stack."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

from toolkit.stacks import Resource, ResourceGraph

_OWN = re.compile(r"arn:[a-z-]+:[a-z0-9-]*:([a-z0-9-]*):(\d{12}):")
_NAMED_BY = ("arn", "bucket", "name", "id")
_SHORTEST = 8


class LogicalNames:
    """The names of one stack; account, region and stack become `${account}` and so on."""

    def __init__(self, graph: ResourceGraph) -> None:
        self._graph = graph

    def __call__(self, text: str) -> str:
        """Return the text with each physical name, ARN and ID of the stack's resources replaced."""
        if self._physical:
            text = self._pattern.sub(lambda match: self._physical[match[0]], text)
        for value, name in self._own:
            text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])", f"${{{name}}}", text)
        return text

    @cached_property
    def _physical(self) -> dict[str, str]:
        return {text: resource.name for resource in self._graph.resources for text in _physical_names(resource)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(re.escape(text) for text in sorted(self._physical, key=len, reverse=True)))

    @cached_property
    def _own(self) -> list[tuple[str, str]]:
        arns = [_OWN.match(str(resource.outputs.get("arn"))) for resource in self._graph.resources]
        accounts, regions = Counter(arn[2] for arn in arns if arn), Counter(arn[1] for arn in arns if arn and arn[1])
        most = [
            (counts.most_common(1)[0][0], name)
            for counts, name in ((accounts, "account"), (regions, "region"))
            if counts
        ]
        return [*most, (self._graph.stack, "stack")]


def _physical_names(resource: Resource) -> Iterator[str]:
    if resource.custom:
        for text in (resource.id, *(resource.outputs.get(key) for key in _NAMED_BY)):
            # A short or plain word, such as the name of a stage, is ambiguous in a text.
            if isinstance(text, str) and len(text) >= _SHORTEST and any(letter.isdigit() for letter in text):
                yield text
