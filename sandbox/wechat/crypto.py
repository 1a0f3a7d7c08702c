"""Signatures and message encryption of pushes (reference/wechat-platform.md §2.1 and §2.4)."""

import base64
import hashlib
import os
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 32


class Undecipherable(Exception):
    """The reply cannot be read with the account's key, or was made for another account."""


def signature(*parts: str) -> str:
    """Lower-case hex SHA-1 over the sorted parts: token, timestamp, nonce, and the ciphertext if there is one."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def _cipher(encoding_aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(encoding_aes_key + "=")
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def encrypt(plaintext: str, *, encoding_aes_key: str, appid: str) -> str:
    """Base64 of AES-256-CBC over 16 random bytes, the length, the message and the appid."""
    message = plaintext.encode()
    packed = os.urandom(16) + struct.pack(">I", len(message)) + message + appid.encode()
    pad = _BLOCK - len(packed) % _BLOCK
    encryptor = _cipher(encoding_aes_key).encryptor()
    return base64.b64encode(encryptor.update(packed + bytes([pad]) * pad) + encryptor.finalize()).decode()


def decrypt(ciphertext: str, *, encoding_aes_key: str, appid: str) -> str:
    """The message, or `Undecipherable` for a wrong key, padding, length or appid."""
    try:
        decryptor = _cipher(encoding_aes_key).decryptor()
        packed = decryptor.update(base64.b64decode(ciphertext, validate=True)) + decryptor.finalize()
        pad = packed[-1]
        if not 1 <= pad <= _BLOCK:
            raise Undecipherable("padding")
        (length,) = struct.unpack(">I", packed[16:20])
        message, owner = packed[20 : 20 + length], packed[20 + length : -pad]
        if owner.decode() != appid:
            raise Undecipherable("appid")
        return message.decode()
    except (ValueError, IndexError, struct.error) as error:
        raise Undecipherable(str(error)) from error


def jsapi_signature(ticket: str, noncestr: str, timestamp: str, url: str) -> str:
    """What `wx.config` must carry for a page at `url`, the part after `#` left out (§5.2)."""
    page = url.split("#", 1)[0]
    plain = f"jsapi_ticket={ticket}&noncestr={noncestr}&timestamp={timestamp}&url={page}"
    return hashlib.sha1(plain.encode(), usedforsecurity=False).hexdigest()
