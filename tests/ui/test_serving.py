"""The settings of the door: what they take, and what is said of one that is not right."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from agent.errors import AisleError
from agent.settings import Settings
from ui.serving import allowed_hosts, door_rules, image_origins, trusted_proxies


def test_by_default_only_the_address_it_listens_on_is_served(tmp_path: Path) -> None:
    rules = door_rules(Settings(), "192.168.1.5", tmp_path)
    assert rules.hosts == ("192.168.1.5",)
    assert rules.proxies == ()
    assert rules.policy.images == ()


def test_an_ipv6_address_is_a_host_in_brackets(tmp_path: Path) -> None:
    assert door_rules(Settings(), "::1", tmp_path).hosts == ("[::1]",)


def test_the_key_of_sessions_is_made_once_and_kept_for_its_owner(tmp_path: Path) -> None:
    key = door_rules(Settings(), "x", tmp_path).session_key
    assert len(key) >= 32
    assert door_rules(Settings(), "x", tmp_path).session_key == key
    assert (tmp_path / "session.key").stat().st_mode & 0o077 == 0
    fixed = Settings(session_key=SecretStr("k" * 32))
    assert door_rules(fixed, "x", tmp_path).session_key == "k" * 32


def test_two_shops_have_two_keys(tmp_path: Path) -> None:
    shops = [tmp_path / name for name in ("a", "b")]
    for shop in shops:
        shop.mkdir()
    first, second = (door_rules(Settings(), "x", shop).session_key for shop in shops)
    assert first != second


def test_a_key_file_that_is_too_short_is_named(tmp_path: Path) -> None:
    (tmp_path / "session.key").write_text("short")
    with pytest.raises(AisleError, match=r"session\.key has to hold 32 characters"):
        door_rules(Settings(), "x", tmp_path)


def test_a_short_key_is_refused_without_being_printed(tmp_path: Path) -> None:
    with pytest.raises(AisleError, match="AISLE_SESSION_KEY has 6 characters") as refused:
        door_rules(Settings(session_key=SecretStr("hunter")), "x", tmp_path)
    assert "hunter" not in str(refused.value)


def test_lists_are_separated_by_commas() -> None:
    assert allowed_hosts(" Shop.example , *.shop.example,[::1],") == (
        "shop.example",
        "*.shop.example",
        "[::1]",
    )
    assert trusted_proxies("10.0.0.0/8, ::1") == ("10.0.0.0/8", "::1")
    assert image_origins("cdn.example, http://localhost:9000/") == (
        "https://cdn.example",
        "http://localhost:9000",
    )


@pytest.mark.parametrize("text", ["http://shop.example", "shop.example:80", "*", "a b", "shop.*"])
def test_a_host_that_is_none_is_named(text: str) -> None:
    with pytest.raises(AisleError, match="AISLE_ALLOWED_HOSTS"):
        allowed_hosts(text)


@pytest.mark.parametrize("text", ["*", "proxy.example", "10.0.0.1/8", "10.0.0"])
def test_a_proxy_that_is_no_address_is_named(text: str) -> None:
    with pytest.raises(AisleError, match="AISLE_TRUSTED_PROXIES"):
        trusted_proxies(text)


@pytest.mark.parametrize("text", ["*", "https://cdn.example/pictures", "ftp://x", "a;script-src *", "'self'"])
def test_a_picture_host_that_is_none_is_named(text: str) -> None:
    with pytest.raises(AisleError, match="AISLE_IMAGE_HOSTS"):
        image_origins(text)
