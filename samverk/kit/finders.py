"""Finds the few files of others that `vendor.served_files` names, under `vendor/` in static."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

from samverk.kit import vendor

PREFIX = "vendor/"


class _NamedFiles(FileSystemStorage):
    """A read-only storage whose files lie in many places."""

    prefix = ""

    def __init__(self, files: dict[str, Path]) -> None:
        super().__init__(location=vendor.ROOT)
        self.files = files

    def path(self, name: str) -> str:
        return str(self.files[name])


class VendorFinder(BaseFinder):
    """Serves exactly the named files, nothing else of node_modules or build."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        packed = vendor.PACKED / "vendor"
        files = vendor.served_files()
        if packed.is_dir():
            files = {name: packed / name for name in files}
        self.files = {PREFIX + name: path for name, path in files.items()}
        self.storage = _NamedFiles(self.files)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        missing = [name for name, path in self.files.items() if not path.is_file()]
        if not missing:
            return []
        return [
            Error(
                f"Front-end files are missing: {', '.join(missing)}.",
                hint="Run: python -m samverk.kit.assets",
                id="kit.E001",
            )
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = self.files.get(path)
        if found is None or not found.is_file():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for name, path in self.files.items():
            if path.is_file():
                yield name, self.storage
