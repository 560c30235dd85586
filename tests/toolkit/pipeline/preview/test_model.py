from pathlib import Path

import pytest

from tests.support.dossiers import change, finding, preview
from toolkit.pipeline.preview.model import (
    Cost,
    CostLine,
    Grant,
    GrantMove,
    PreviewError,
    Property,
    path_of,
    read,
    write,
)


def test_preview_file_round_trip_keeps_the_preview(tmp_path: Path) -> None:
    made = preview(
        "bootstrap/dev",
        changes=(change("t", properties=(Property("a", "1", "2"),)),),
        policies=(finding("r"),),
        cost=Cost(1.0, 2.0, 0.5, None, (CostLine("n", "i", 1.0, 2.0, "f"),), ("x",)),
        permissions=(GrantMove("gains", Grant("r", "may", "a", "b")),),
    )
    path = write(made, tmp_path)
    assert path == path_of("bootstrap/dev", tmp_path) == tmp_path / "bootstrap.dev.json"
    assert read(path) == made


@pytest.mark.parametrize("text", ["", "{}", '{"stack": "dev", "source": "dream", "status": "ok"}'])
def test_file_without_a_preview_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "dev.json"
    path.write_text(text)
    with pytest.raises(PreviewError, match="holds no preview; write it with"):
        read(path)
