"""SM2 as its standard computes it: a bureau's software has to come to the same numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from socialins.signing.raw import der_of
from socialins.signing.sm2 import DEFAULT_IDENTITY, sm2_digest, sm2_holds, sm2_public, sm3

# The signature in GM/T 0003.5-2012 (GB/T 32918.5), annex A, with what is given on the way;
# read in the self-tests of several other implementations, which quote it alike. The signatures in
# the other parts of GM/T 0003 are on a curve that is not used.
PRIVATE = bytes.fromhex("3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8")
PUBLIC = bytes.fromhex(
    "0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13"
)
Z = bytes.fromhex("B2E14C5C79C6DF5B85F4FE7ED8DB7A262B9DA7E07CCB0EA9F4747B8CCDA8A4F3")
E = bytes.fromhex("F0B43E94BA45ACCAACE692ED534382EB17E6AB5A19CE7B31F4486FDFC0D28640")
NONCE = int("59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21", 16)
SIGNATURE = bytes.fromhex(
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA"
)
MESSAGE = b"message digest"


def test_the_standard_s_example_verifies() -> None:
    assert sm2_holds(PUBLIC, MESSAGE, der_of(SIGNATURE))


@pytest.mark.parametrize("message", [b"message digesT", b"", b"message digest "])
def test_another_message_does_not(message: bytes) -> None:
    assert not sm2_holds(PUBLIC, message, der_of(SIGNATURE))


def test_another_identity_does_not() -> None:
    assert not sm2_holds(PUBLIC, MESSAGE, der_of(SIGNATURE), b"ALICE123@YAHOO.COM")


def test_the_public_key_and_what_a_card_is_handed_are_the_standard_s() -> None:
    assert DEFAULT_IDENTITY == b"1234567812345678"
    assert sm2_public(PRIVATE) == PUBLIC
    assert sm2_digest(PUBLIC, MESSAGE) == sm3(Z + MESSAGE) == E


def test_sm3_of_a_message_of_one_block_and_more_is_the_standard_s() -> None:
    # GB/T 32905, annex A: its first example stands at `sm3`, this is the second.
    expected = "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert sm3(b"abcd" * 16).hex() == expected


def test_with_the_standard_s_nonce_the_signature_is_the_standard_s() -> None:
    from gmalg import SM2

    signer = SM2(PRIVATE, DEFAULT_IDENTITY, rnd_fn=lambda _bits: NONCE)
    r, s = signer.sign(MESSAGE)
    assert bytes(r).rjust(32, b"\0") + bytes(s).rjust(32, b"\0") == SIGNATURE


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x30\x00",
        der_of(bytes(64)),
        der_of(SIGNATURE[:32] + b"\xff" * 32),
        der_of(SIGNATURE) + b"\0",
        SIGNATURE,
    ],
    ids=["empty", "no-numbers", "zeros", "too-large", "longer", "not-der"],
)
def test_what_is_no_signature_is_none(broken: bytes) -> None:
    assert not sm2_holds(PUBLIC, MESSAGE, broken)


@pytest.mark.parametrize("point", [b"", b"\x04" + bytes(64), PUBLIC[:-1], b"\x02" + PUBLIC[1:]])
def test_what_is_no_point_of_the_curve_verifies_nothing(point: bytes) -> None:
    assert not sm2_holds(point, MESSAGE, der_of(SIGNATURE))


# What others signed: sm-crypto in JavaScript, gmssl in Python.

PEERS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("sm2_peers.json").read_text("utf-8")
)["signatures"]


@pytest.mark.parametrize("one", PEERS, ids=[f"{one['peer']}-{at}" for at, one in enumerate(PEERS)])
def test_what_others_signed_holds_and_what_was_changed_does_not(one: dict[str, Any]) -> None:
    point, signature = bytes.fromhex(one["public"]), bytes.fromhex(one["signature"])
    message, identity = one["message"].encode(), one["identity"].encode()
    assert sm2_public(bytes.fromhex(one["private"])) == point
    assert sm2_holds(point, message, signature, identity)
    assert not sm2_holds(point, message + b" ", signature, identity)
    assert not sm2_holds(point, message, signature, identity + b" ")


@given(st.sampled_from(PEERS), st.data())
def test_of_what_others_signed_any_flipped_bit_fails(one: dict[str, Any], data: Any) -> None:
    signature = bytearray.fromhex(one["signature"])
    bit = data.draw(st.integers(0, len(signature) * 8 - 1))
    signature[bit // 8] ^= 1 << bit % 8
    message, identity = one["message"].encode(), one["identity"].encode()
    assert not sm2_holds(bytes.fromhex(one["public"]), message, bytes(signature), identity)
