"""Filters as people type them: `year >= 2020 and lang in (en, de)`."""
