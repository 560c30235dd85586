"""The entry point of the Pulumi program: settings, service, outputs."""

import sys
from pathlib import Path

import pulumi

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the engine runs this folder, not the root

from infrastructure.service import Service
from infrastructure.settings.loading import load_origin_keys, load_region, load_secrets, load_settings

service = Service(settings := load_settings(), load_region(), load_secrets(settings), load_origin_keys(settings))
for name, value in service.outputs.items():
    pulumi.export(name, value)
