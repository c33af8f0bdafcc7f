"""What the retrieval tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.retrieval.importing import Target


@pytest.fixture
def target(tmp_path: Path) -> Target:
    """An empty catalogue to import into."""
    return Target(tmp_path)
