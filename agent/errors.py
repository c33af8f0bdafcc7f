"""What can go wrong, as a person reads it.

AisleError
├── SettingsError  a setting holds what it cannot
└── ShopError      the shop's folder, database or build is not as it must be
    └── BuildError a build did not pass its probe; the old one stays in use
"""

from __future__ import annotations

__all__ = ["AisleError", "BuildError", "SettingsError", "ShopError"]


class AisleError(Exception):
    """An error whose message says what was got, what was expected and what to do."""


class SettingsError(AisleError):
    pass


class ShopError(AisleError):
    pass


class BuildError(ShopError):
    pass
