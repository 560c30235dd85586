"""The entry point of the pack for the engine: `pulumi preview --policy-pack policies`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the engine runs this folder, not the root

from policies.pack import PACK
from toolkit.policy.pack_server import serve_pack

serve_pack(PACK)
