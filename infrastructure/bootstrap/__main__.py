"""The Pulumi program of an account: its settings, the foundation made of them, and what a pipeline needs to know."""

import sys
from pathlib import Path

import pulumi

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the engine runs this folder, not the root

from infrastructure.bootstrap.foundation import Foundation
from infrastructure.bootstrap.settings import load_bootstrap_settings
from infrastructure.settings.loading import load_region

for name, value in Foundation(load_bootstrap_settings(), load_region()).outputs.items():
    pulumi.export(name, value)
