"""A new build of the followers' page leaves what open pages still ask for, and no more than that."""

from __future__ import annotations

from pathlib import Path

from stack.web import carry_over


def built(folder: Path, *names: str) -> Path:
    """A build of these files, as the service worker names them."""
    (folder / "assets").mkdir(parents=True)
    for name in names:
        (folder / "assets" / name).write_text(folder.name, encoding="utf-8")
    (folder / "sw.js").write_text(str([f"/h5/assets/{name}" for name in names]), encoding="utf-8")
    return folder


def test_the_build_before_stays_and_the_one_before_that_goes(tmp_path: Path) -> None:
    first = built(tmp_path / "first", "page-1.js", "same-0.js")
    second = built(tmp_path / "second", "page-2.js", "same-0.js")
    third = built(tmp_path / "third", "page-3.js")
    carry_over(first, second)
    carry_over(second, third)
    kept = {file.name: file.read_text(encoding="utf-8") for file in (third / "assets").iterdir()}
    assert kept == {"page-3.js": "third", "page-2.js": "second", "same-0.js": "second"}


def test_the_first_build_has_none_before_it(tmp_path: Path) -> None:
    fresh = built(tmp_path / "fresh", "page-1.js")
    carry_over(tmp_path / "nothing", fresh)
    assert [file.name for file in (fresh / "assets").iterdir()] == ["page-1.js"]
