"""Served scripts name what they import by its hash, whoever wrote what in a comment."""

from __future__ import annotations

from pathlib import Path

import pytest

from sopan.ui.hashing import HashedFiles

PAGE = """// No part imports another one that needs it.
import { dom } from "./dom.js";
import "./keys.js";
"""
FOREIGN = "// import { htmx } from './htmx';\n"


def served(folder: Path, files: dict[str, str]) -> dict[str, str]:
    """Name as written -> content as it is served."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    storage = HashedFiles(location=folder, base_url="/static/")
    for _name, _hashed, processed in storage.post_process({name: (storage, name) for name in files}):
        if isinstance(processed, Exception):
            raise processed
    return {name: (folder / storage.hashed_files[name]).read_text() for name in files}


def test_an_import_is_named_by_its_hash_and_a_comment_of_another_package_is_left_alone(tmp_path: Path) -> None:
    files = {"web/editor/editor.js": PAGE, "web/editor/dom.js": "export const dom = 1;\n", "web/editor/keys.js": "", "htmx/ext.js": FOREIGN}  # fmt: skip
    found = served(tmp_path, files)
    comment, first, second = found["web/editor/editor.js"].splitlines()
    named = [line.partition('"')[2].rstrip('";') for line in (first, second)]
    assert comment == PAGE.splitlines()[0]
    assert [name.split(".")[1] for name in named] == ["/dom", "/keys"]
    assert all((tmp_path / "web/editor" / name).exists() and name.count(".") == 3 for name in named)
    assert found["htmx/ext.js"] == FOREIGN


def test_scripts_that_import_each_other_are_refused(tmp_path: Path) -> None:
    circle = {"web/a.js": 'import "./b.js";\n', "web/b.js": 'import "./a.js";\n'}
    with pytest.raises(RuntimeError, match="post-process passes exceeded"):
        served(tmp_path, circle)
