"""Everything that differs between stacks: what it may be, and how it is loaded."""

from infrastructure.settings.loading import load_cursor_key, load_origin_keys, load_region, load_settings
from infrastructure.settings.stack import StackSettings

__all__ = ["StackSettings", "load_cursor_key", "load_origin_keys", "load_region", "load_settings"]
