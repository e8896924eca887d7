"""A driver that a plugin brings has to be found, and one that fails must name its plugin."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from socialins.faults import MissingExtra
from socialins.plugins import HookManager, Registry
from socialins.signing import Scheme, Session, Signer, SigningError, known_drivers, make_signer
from socialins.signing.drivers import BUILT_IN
from socialins.signing.drivers.pcsc import PcscSigner
from socialins.signing.drivers.pkcs12 import Pkcs12Signer
from socialins.testing.tokens.samples import inserted, unit_key


def with_hook(given: Any) -> Registry:
    plugin = ModuleType("vendor")

    def socialins_signers() -> Any:
        if isinstance(given, Exception):
            raise given
        return given

    plugin.socialins_signers = socialins_signers  # type: ignore[attr-defined]
    manager = HookManager()
    manager.register(plugin, "vendor")
    return Registry((), manager)


def test_the_library_s_drivers_are_there_by_name() -> None:
    registry = Registry((), HookManager())
    assert set(known_drivers(registry)) == {"pcsc", "pkcs11", "pkcs12", "sm2-file"} == set(BUILT_IN)
    signer = make_signer("pkcs12", {"file": "unit.p12"}, registry)
    assert isinstance(signer, Pkcs12Signer)
    assert isinstance(signer, Signer)


def test_a_plugin_s_driver_is_made_from_its_options() -> None:
    seen: list[Mapping[str, str]] = []

    def vendor(options: Mapping[str, str]) -> PcscSigner:
        seen.append(options)
        return inserted()[1]

    signer = make_signer("vendor", {"library": "x.so"}, with_hook({"vendor": vendor}))
    assert seen == [{"library": "x.so"}]
    with signer.open(signer.list_tokens()[0]) as session:
        assert isinstance(session, Session)
        assert session.schemes() == (Scheme.ECDSA_P256_SHA256,)


@pytest.mark.parametrize("given", [RuntimeError("no"), {"x": 1}, {1: known_drivers}, 5])
def test_a_plugin_that_gives_no_drivers_is_named(given: Any) -> None:
    with pytest.raises(SigningError, match="the plugin vendor"):
        known_drivers(with_hook(given))


def test_an_unknown_driver_and_a_missing_option_are_told() -> None:
    registry = Registry((), HookManager())
    with pytest.raises(SigningError, match="pcsc, pkcs11, pkcs12, sm2-file"):
        make_signer("skf", {}, registry)
    for name, option in (("pkcs11", "module"), ("pkcs12", "file"), ("sm2-file", "file")):
        with pytest.raises(SigningError, match=f"needs the option {option}"):
            make_signer(name, {}, registry)


@pytest.mark.parametrize(
    ("name", "module", "extra", "options"),
    [
        ("pcsc", "smartcard", "pcsc", {}),
        ("pkcs11", "pkcs11", "pkcs11", {"module": __file__}),
        ("sm2-file", "gmalg", "sm2", {"file": __file__}),
    ],
)
def test_a_missing_extra_is_told_with_the_command_that_installs_it(
    name: str, module: str, extra: str, options: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for loaded in [one for one in sys.modules if one.partition(".")[0] == module]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"socialins\[{extra}\]"):
        make_signer(name, options, Registry((), HookManager())).list_tokens()


def test_a_pkcs11_library_that_is_not_there_is_told(tmp_path: Path) -> None:
    pytest.importorskip("pkcs11", reason="the extra pkcs11 brings it")
    signer = make_signer("pkcs11", {"module": str(tmp_path / "no.so")})
    with pytest.raises(SigningError) as caught:
        signer.list_tokens()
    assert caught.value.fault.code == "signing.service-unavailable"
    (tmp_path / "no.so").write_bytes(b"no library")
    with pytest.raises(SigningError) as caught:
        signer.list_tokens()
    assert caught.value.fault.code == "signing.service-unavailable"


def test_a_token_s_private_key_signs_but_does_not_come_out() -> None:
    import copy

    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec, padding

    from socialins.testing.tokens.samples import Asked

    for scheme in (Scheme.RSA_PKCS1_SHA256, Scheme.ECDSA_P256_SHA256):
        _, signer = inserted(scheme)
        with signer.open(signer.list_tokens()[0]) as session:
            key = session.as_private_key(Asked())
            how: tuple[Any, ...] = (ec.ECDSA(hashes.SHA256()),)
            if scheme is Scheme.RSA_PKCS1_SHA256:
                how = (padding.PKCS1v15(), hashes.SHA256())
            key.public_key().verify(key.sign(b"m", *how), b"m", *how)
            with pytest.raises(TypeError, match="does not leave"):
                key.private_bytes(serialization.Encoding.DER)
            with pytest.raises(TypeError, match="does not leave"):
                copy.copy(key)
            with pytest.raises(TypeError, match="SHA256"):
                key.sign(b"m", *how[:-1], hashes.SHA1()) if len(how) == 2 else key.sign(
                    b"m", ec.ECDSA(hashes.SHA1())
                )


def test_an_sm2_token_has_no_private_key_of_cryptography(tmp_path: Path) -> None:
    from socialins.signing.drivers.sm2file import Sm2FileSigner
    from socialins.testing.tokens.samples import Asked

    key = unit_key(Scheme.SM2_SM3)
    (tmp_path / "a.key").write_bytes(key.pkcs8())
    (tmp_path / "a.cer").write_bytes(key.certificate.der)
    signer = Sm2FileSigner(tmp_path / "a.key")
    with signer.open(signer.list_tokens()[0]) as session, pytest.raises(SigningError):
        session.as_private_key(Asked())
