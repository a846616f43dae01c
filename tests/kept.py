"""A folder that several tests read: made once per process, gone with it."""

from __future__ import annotations

import atexit
import shutil
from pathlib import Path
from tempfile import mkdtemp


def kept_folder(name: str) -> Path:
    """A new folder; `name` begins its own name."""
    folder = Path(mkdtemp(prefix=f"{name}_"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
