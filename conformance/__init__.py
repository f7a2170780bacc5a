"""The conformance tests: send requests to a target and judge what comes back, clause by clause."""

from __future__ import annotations

__all__: list[str] = []


def setup_module() -> None:
    """Tell whoever runs the tests without our plugin how to load it; with it, pytest collects them in another way."""
    import pytest

    reason = "the conformance tests need the package's pytest plugin: add -p lightfield_contract -p base_url"
    pytest.exit(f"{reason}, or do without PYTEST_DISABLE_PLUGIN_AUTOLOAD and -p no:lightfield_contract", returncode=4)
