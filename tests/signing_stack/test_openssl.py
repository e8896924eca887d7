"""What is signed here, OpenSSL verifies; what it makes, is read here."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialins.signing import Certificate, Document, KeyTerms, Pin, Scheme, sign_documents, verify
from socialins.signing.certificate import read_certificates
from socialins.signing.drivers.pkcs12 import Pkcs12Signer
from socialins.signing.drivers.sm2file import Sm2FileSigner
from socialins.signing.raw import holds
from socialins.signing.signature import read_signature
from socialins.testing.tokens.samples import UNIT, Asked, authority, inserted, unit_key

RSA, P256, SM2 = Scheme
NOW = datetime(2026, 11, 3, 2, tzinfo=UTC)
CONTENT = "单位社保申报\n2026-11\n".encode()
ID = "distid:1234567812345678"


def run(openssl: str, folder: Path, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [openssl, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


def pem(certificate: Certificate) -> bytes:
    from asn1crypto.pem import armor

    made: bytes = armor("CERTIFICATE", certificate.der)
    return made


@pytest.mark.parametrize("scheme", [RSA, P256])
def test_openssl_verifies_our_cms(scheme: Scheme, openssl: str, tmp_path: Path) -> None:
    _, signer = inserted(scheme)
    terms = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(scheme).certificate,))
    with signer.open(signer.list_tokens()[0]) as session:
        made = sign_documents(session, [Document("a", CONTENT)], Asked(), terms)
    (tmp_path / "a").write_bytes(CONTENT)
    (tmp_path / "a.p7s").write_bytes(made.signed[0].signature)
    (tmp_path / "ca.pem").write_bytes(pem(authority(scheme).certificate))
    check = ("cms", "-verify", "-binary", "-purpose", "any", "-inform", "DER", "-in", "a.p7s")
    check += ("-CAfile", "ca.pem", "-content", "a", "-out", "out")
    assert "successful" in run(openssl, tmp_path, *check)
    (tmp_path / "a").write_bytes(CONTENT + b" ")
    run(openssl, tmp_path, *check, status=4)


@pytest.mark.parametrize("scheme", [RSA, P256])
def test_openssl_verifies_our_raw_signatures(scheme: Scheme, openssl: str, tmp_path: Path) -> None:
    _, signer = inserted(scheme)
    with signer.open(signer.list_tokens()[0]) as session:
        (tmp_path / "sig").write_bytes(session.sign(CONTENT, scheme, Asked()))
    (tmp_path / "a").write_bytes(CONTENT)
    (tmp_path / "cert.pem").write_bytes(pem(unit_key(scheme).certificate))
    (tmp_path / "key.pem").write_text(
        run(openssl, tmp_path, "x509", "-in", "cert.pem", "-pubkey", "-noout")
    )
    check = ("dgst", "-sha256", "-verify", "key.pem", "-signature", "sig", "a")
    assert "OK" in run(openssl, tmp_path, *check)


def test_openssl_takes_our_certificates_and_lists(openssl: str, tmp_path: Path) -> None:
    for scheme in (RSA, P256):
        issuer = authority(scheme)
        revoked = issuer.issue({"O": "x"}).certificate
        (tmp_path / "ca.pem").write_bytes(pem(issuer.certificate))
        (tmp_path / "cert.pem").write_bytes(pem(revoked))
        run(openssl, tmp_path, "verify", "-CAfile", "ca.pem", "cert.pem")
        listed = issuer.revoke([revoked], datetime(2026, 1, 1, tzinfo=UTC))
        (tmp_path / "crl.der").write_bytes(listed.der)
        crl = run(openssl, tmp_path, "crl", "-inform", "DER", "-in", "crl.der")
        (tmp_path / "crl.pem").write_text(crl[crl.index("-----BEGIN") :])
        told = run(
            openssl,
            tmp_path,
            *("verify", "-crl_check", "-CRLfile", "crl.pem", "-CAfile", "ca.pem", "cert.pem"),
            status=2,
        )
        assert "revoked" in told


@pytest.mark.parametrize("kind", ["RSA", "EC"])
def test_a_pkcs12_file_of_openssl_signs(kind: str, openssl: str, tmp_path: Path) -> None:
    algorithm = ["rsa:2048"] if kind == "RSA" else ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    subject = f"/O=Unit/OU={UNIT.credit_code}"
    run(
        openssl,
        tmp_path,
        *("req", "-x509", "-newkey", *algorithm, "-nodes", "-keyout", "k.pem"),
        *("-out", "c.pem", "-days", "30", "-subj", subject),
    )
    for name, clear in (("hidden", []), ("clear", ["-certpbe", "NONE"])):
        export = ("pkcs12", "-export", "-in", "c.pem", "-inkey", "k.pem", "-passout")
        run(openssl, tmp_path, *export, "pass:geheim-1", *clear, "-out", f"{name}.p12")
        signer = Pkcs12Signer(tmp_path / f"{name}.p12")
        (token,) = signer.list_tokens()
        assert token.fault is None
        assert (token.certificate is not None) is (name == "clear")
        scheme = RSA if kind == "RSA" else P256
        with signer.open(token) as session:
            signature = session.sign(CONTENT, scheme, lambda _: Pin("geheim-1"))
            (tmp_path / "sig").write_bytes(signature)
        (tmp_path / "a").write_bytes(CONTENT)
        public = run(openssl, tmp_path, "x509", "-in", "c.pem", "-pubkey", "-noout")
        (tmp_path / "p.pem").write_text(public)
        check = ("dgst", "-sha256", "-verify", "p.pem", "-signature", "sig", "a")
        assert "OK" in run(openssl, tmp_path, *check)


def test_a_cms_of_openssl_verifies_here(openssl: str, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives import serialization as how

    key = unit_key(RSA)
    (tmp_path / "a").write_bytes(CONTENT)
    (tmp_path / "c.pem").write_bytes(pem(key.certificate))
    (tmp_path / "k.pem").write_bytes(
        key.private.private_bytes(how.Encoding.PEM, how.PrivateFormat.PKCS8, how.NoEncryption())
    )
    run(
        openssl,
        tmp_path,
        *("cms", "-sign", "-binary", "-md", "sha256", "-nosmimecap", "-in", "a", "-signer"),
        *("c.pem", "-inkey", "k.pem", "-outform", "DER", "-out", "a.p7s"),
    )
    signature = (tmp_path / "a.p7s").read_bytes()
    found = verify(CONTENT, signature, unit=UNIT, authorities=[authority(RSA).certificate], at=NOW)
    assert found.ok, found.faults


# SM2.


def sm2_public(folder: Path, openssl: str, certificate: Certificate) -> None:
    (folder / "p.der").write_bytes(certificate.spki)
    run(openssl, folder, *["pkey", "-pubin", "-inform", "DER", "-in", "p.der", "-out", "p.pem"])


def test_openssl_verifies_our_sm2_signatures(openssl: str, tmp_path: Path) -> None:
    key = unit_key(SM2)
    (tmp_path / "k.key").write_bytes(key.pkcs8())
    (tmp_path / "k.cer").write_bytes(key.certificate.der)
    signer = Sm2FileSigner(tmp_path / "k.key")
    terms = KeyTerms(unit=UNIT, at=NOW, authorities=(authority(SM2).certificate,))
    with signer.open(signer.list_tokens()[0]) as session:
        raw = session.sign(CONTENT, SM2, lambda _: Pin(""))
        made = sign_documents(session, [Document("a", CONTENT)], lambda _: Pin(""), terms)
    sm2_public(tmp_path, openssl, key.certificate)
    cms = read_signature(made.signed[0].signature)
    check = "pkeyutl -verify -pubin -inkey p.pem -rawin -digest sm3 -in a -sigfile sig -pkeyopt"
    for message, signature in ((CONTENT, raw), (cms.attributes, cms.signature)):
        (tmp_path / "a").write_bytes(message)
        (tmp_path / "sig").write_bytes(signature)
        assert "Successfully" in run(openssl, tmp_path, *check.split(), ID)
        (tmp_path / "a").write_bytes(message + b" ")
        run(openssl, tmp_path, *check.split(), ID, status=1)


def test_openssl_takes_our_sm2_certificates(openssl: str, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_bytes(pem(authority(SM2).certificate))
    (tmp_path / "c.pem").write_bytes(pem(unit_key(SM2).certificate))
    check = ("verify", "-vfyopt", ID, "-CAfile", "ca.pem", "c.pem")
    assert "OK" in run(openssl, tmp_path, *check)


@pytest.mark.parametrize("password", ["", "geheim-1"])
def test_an_sm2_key_of_openssl_signs_here(password: str, openssl: str, tmp_path: Path) -> None:
    encrypt = ["-aes256", "-pass", f"pass:{password}"] if password else []
    run(openssl, tmp_path, "genpkey", "-algorithm", "SM2", *encrypt, "-out", "k.pem")
    run(
        openssl,
        tmp_path,
        *("req", "-x509", "-new", "-key", "k.pem", "-passin", f"pass:{password}", "-sm3"),
        *("-sigopt", ID, "-subj", f"/O=Unit/OU={UNIT.credit_code}", "-out", "k.cer"),
    )
    (certificate,) = read_certificates((tmp_path / "k.cer").read_bytes())
    assert certificate.scheme is SM2
    signer = Sm2FileSigner(tmp_path / "k.pem", tmp_path / "k.cer")
    with signer.open(signer.list_tokens()[0]) as session:
        signature = session.sign(CONTENT, SM2, lambda _: Pin(password))
        if password:
            with pytest.raises(Exception, match="the PIN is wrong"):
                session.sign(CONTENT, SM2, lambda _: Pin("another"))
    assert holds(certificate.spki, SM2, CONTENT, signature)
    sm2_public(tmp_path, openssl, certificate)
    (tmp_path / "a").write_bytes(CONTENT)
    (tmp_path / "sig").write_bytes(signature)
    check = "pkeyutl -verify -pubin -inkey p.pem -rawin -digest sm3 -in a -sigfile sig -pkeyopt"
    assert "Successfully" in run(openssl, tmp_path, *check.split(), ID)


def test_a_signature_of_openssl_holds_here(openssl: str, tmp_path: Path) -> None:
    run(openssl, tmp_path, "genpkey", "-algorithm", "SM2", "-out", "k.pem")
    (tmp_path / "a").write_bytes(CONTENT)
    sign = "pkeyutl -sign -inkey k.pem -rawin -digest sm3 -in a -out sig -pkeyopt"
    run(openssl, tmp_path, *sign.split(), ID)
    run(openssl, tmp_path, *["pkey", "-in", "k.pem", "-pubout", "-outform", "DER", "-out", "p.der"])
    from asn1crypto.keys import PublicKeyInfo

    from socialins.signing.sm2 import sm2_holds

    point = PublicKeyInfo.load((tmp_path / "p.der").read_bytes())["public_key"].native
    signature = (tmp_path / "sig").read_bytes()
    assert sm2_holds(point, CONTENT, signature)
    assert not sm2_holds(point, CONTENT + b" ", signature)
