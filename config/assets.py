"""Single front-end files out of pinned wheels, each known by the hash of its upstream release."""

from __future__ import annotations

import builtins
import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# url path -> package, path in it, SHA-256 (first 16 hex digits)
ASSETS = {
    "vendor/tabler.min.css": (
        "jazzy_tabler",
        "static/vendor/tabler/css/tabler.min.css",
        "7ef750bd10546a69",
    ),
    "vendor/htmx.min.js": ("django_htmx", "static/django_htmx/htmx-2.min.js", "71ea67185bfa8c98"),
}


def source_of(name: str) -> Path:
    package, inside, _ = ASSETS[name]
    return Path(str(files(package))) / inside


class _WheelStorage(FileSystemStorage):
    def path(self, name: str) -> str:
        return str(source_of(name))


class PackageAssetsFinder(BaseFinder):
    """Finds only what `ASSETS` lists, never a whole folder of a wheel."""

    storage = _WheelStorage()

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        if path not in ASSETS:
            return []
        found = str(source_of(path))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for name in ASSETS:
            yield name, self.storage

    def check(self, **_: Any) -> builtins.list[CheckMessage]:
        """A wheel that no longer holds the released file is an error at start."""
        wrong: builtins.list[CheckMessage] = []
        for name, (package, _inside, expected) in ASSETS.items():
            found = hashlib.sha256(source_of(name).read_bytes()).hexdigest()
            if not found.startswith(expected):
                wrong.append(Error(f"{name} from {package} is not the released file", id="config.E001"))
        return wrong


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped base
    """Content names for servers. Wheels ship no source maps, and brotli costs a minute for little."""

    patterns = tuple(
        (
            extension,
            tuple(
                pattern
                for pattern in patterns
                if "sourceMappingURL" not in (pattern if isinstance(pattern, str) else pattern[0])
            ),
        )
        for extension, patterns in CompressedManifestStaticFilesStorage.patterns
    )

    # The modules name each other by content too: after a new version no browser mixes old and new.
    support_js_module_import_aggregation = True

    def create_compressor(self, **kwargs: Any) -> Compressor:
        return Compressor(use_brotli=False, **kwargs)
