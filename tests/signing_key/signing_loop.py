"""Another program that signs: ``python -m tests.signing_key.signing_loop MODULE COUNT [PIN]`` prints how it went.

It says « ready » once it has logged in, and at the end the number of signatures that verified, and that did not.
"""

from __future__ import annotations

import sys
from typing import Any

import pkcs11
from pkcs11 import Attribute, Mechanism, ObjectClass
from pkcs11.exceptions import PKCS11Error

from tests.signing_key.rigs.piv_card import PIN

MESSAGE = b"test-cle\0" + bytes(32)


def main() -> None:
    """Sign again and again with the key that wants its PIN only once, and verify each time."""
    module, count = sys.argv[1], int(sys.argv[2])
    token = next(slot.get_token() for slot in pkcs11.lib(module).get_slots(token_present=True))
    good = bad = 0
    with token.open(user_pin=PIN) as session:
        private = _first(session, ObjectClass.PRIVATE_KEY)
        public = _first(session, ObjectClass.PUBLIC_KEY)
        _say("ready")
        for number in range(count):
            message = MESSAGE + number.to_bytes(4)
            try:
                signature = private.sign(message, mechanism=Mechanism.SHA256_RSA_PKCS)
            except PKCS11Error as error:
                _say(f"{number}: {type(error).__name__}")
                bad += 1
                continue
            right = public.verify(message, signature, mechanism=Mechanism.SHA256_RSA_PKCS)
            good, bad = good + right, bad + (not right)
    _say(f"{good} {bad}")


def _first(session: pkcs11.Session, kind: ObjectClass) -> Any:
    return next(iter(session.get_objects({Attribute.CLASS: kind, Attribute.ID: b"\x01"})))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
