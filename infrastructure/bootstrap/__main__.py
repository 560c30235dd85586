"""The entry point of the bootstrap program: settings, resources, outputs."""

import sys
from pathlib import Path

import pulumi

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the engine runs this folder, not the root

from infrastructure.bootstrap.account_resources import AccountResources
from infrastructure.bootstrap.settings import load_bootstrap_settings
from infrastructure.settings.loading import load_region

for name, value in AccountResources(load_bootstrap_settings(), load_region()).outputs.items():
    pulumi.export(name, value)
