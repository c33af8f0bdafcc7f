"""The settings of the door: what they take, and what is said of one that is not right."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from agent.errors import AisleError
from agent.settings import Settings
from ui.serving import allowed_hosts, door_rules, image_origins, trusted_proxies


def test_by_default_only_the_address_it_listens_on_is_served() -> None:
    rules = door_rules(Settings(), "192.168.1.5")
    assert rules.hosts == ("192.168.1.5",)
    assert rules.proxies == ()
    assert rules.policy.images == ()


def test_an_ipv6_address_is_a_host_in_brackets() -> None:
    assert door_rules(Settings(), "::1").hosts == ("[::1]",)


def test_the_key_of_sessions_is_another_one_at_each_start_unless_it_is_set() -> None:
    assert door_rules(Settings(), "x").session_key != door_rules(Settings(), "x").session_key
    fixed = Settings(session_key=SecretStr("k" * 32))
    assert door_rules(fixed, "x").session_key == "k" * 32


def test_a_short_key_is_refused_without_being_printed() -> None:
    with pytest.raises(AisleError, match="AISLE_SESSION_KEY has 6 characters") as refused:
        door_rules(Settings(session_key=SecretStr("hunter")), "x")
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
