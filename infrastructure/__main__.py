"""The Pulumi program: the settings of the stack, the service made of them, and what others need to know of it."""

import sys
from pathlib import Path

import pulumi

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the engine runs this folder, not the root

from infrastructure.service import Service
from infrastructure.settings import load_cursor_key, load_origin_keys, load_region, load_settings

service = Service(settings := load_settings(), load_region(), load_cursor_key(), load_origin_keys(settings))
for name, value in service.outputs.items():
    pulumi.export(name, value)
