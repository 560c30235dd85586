"""The settings that differ between stacks. Only `loading` imports Pulumi's SDK."""

from infrastructure.settings.stack import StackSettings

__all__ = ["StackSettings"]
