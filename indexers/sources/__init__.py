"""Where documents come from: one file a kind of source, and `find` that knows them."""

from indexers.sources.base import Scope, SourceFile, SourceOptions, Sources
from indexers.sources.find import find_sources

__all__ = ["Scope", "SourceFile", "SourceOptions", "Sources", "find_sources"]
