"""DER where asn1crypto has no structure of the kind: what SM2 wraps its signatures and keys in."""

from __future__ import annotations

__all__ = ["MALFORMED", "tagged", "unwrapped"]

MALFORMED = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    NotImplementedError,
    RecursionError,
)
"""What asn1crypto raises on bytes that are not what they are read as."""


def tagged(tag: int, content: bytes) -> bytes:
    """Some bytes under a tag.

    >>> tagged(0x04, b"ab").hex()
    '04026162'
    """
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def unwrapped(der: bytes, tag: int) -> tuple[bytes, bytes]:
    r"""The bytes under a tag, and those behind.

    Raises:
        ValueError: if another tag stands there, or the length is not written as DER has it.

    >>> unwrapped(bytes.fromhex("0402616205"), 0x04)
    (b'ab', b'\x05')
    """
    if len(der) < 2 or der[0] != tag:
        raise ValueError(f"tag {tag:#04x} is missing")
    start, size = 2, der[1]
    if size >= 128:
        start = 2 + (size & 0x7F)
        size = int.from_bytes(der[2:start], "big")
    content = der[start : start + size]
    if tagged(tag, content) != der[: start + size]:
        raise ValueError("not in DER")
    return content, der[start + size :]
