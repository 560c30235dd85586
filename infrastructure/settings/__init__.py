"""The settings that differ between stacks. Only `loading` imports Pulumi's SDK."""
