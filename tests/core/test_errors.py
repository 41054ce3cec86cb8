"""Every failure has its sentence, and the exit code that scripts rely on."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from enn_desktop.core import errors
from enn_desktop.core.cancel import CancelToken
from enn_desktop.core.exits import ExitCode


def _kinds(kind: type[errors.EnnError] = errors.EnnError) -> Iterator[type[errors.EnnError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


@pytest.mark.parametrize("kind", list(_kinds()), ids=lambda kind: kind.__name__)
def test_every_failure_says_what_happened_and_what_to_do(kind: type[errors.EnnError]) -> None:
    failure = kind()
    for sentence in (failure.message, failure.advice):
        assert sentence.endswith(".")
        assert "'" not in sentence, "typographic apostrophe expected"
        for sign, space in ((":", "\u00a0 "), (";", "\u202f\u00a0 "), ("?", "\u202f\u00a0 "), ("!", "\u202f\u00a0 ")):
            position = sentence.find(sign)
            assert position < 0 or sentence[position - 1] in space
    assert failure.title
    assert str(failure) == failure.message


def test_codes_of_failures_are_all_different() -> None:
    codes = [kind.code for kind in _kinds()]
    assert len(set(codes)) == len(codes)


def test_a_failure_of_one_dossier_does_not_look_like_a_failure_of_the_run() -> None:
    assert {kind.exit_code for kind in _kinds(errors.DossierError)} == {ExitCode.PARTIAL}
    assert not issubclass(errors.DossierError, errors.RunError)


def test_a_message_of_its_own_replaces_the_usual_one() -> None:
    failure = errors.RequestRefused("Non.", status=403, advice="Appelez ENN.", detail="droit")
    assert (failure.message, failure.advice, failure.detail, failure.status) == ("Non.", "Appelez ENN.", "droit", 403)


def test_a_stop_asked_for_is_heard_at_the_next_check() -> None:
    token = CancelToken()
    token.check()
    token.wait(0)
    token.cancel()
    token.cancel()
    assert token.cancelled
    with pytest.raises(errors.Cancelled):
        token.check()
    with pytest.raises(errors.Cancelled):
        token.wait(3600)


def test_a_stop_wakes_whoever_waits_in_another_thread() -> None:
    token, heard = CancelToken(), threading.Event()

    def work() -> None:
        try:
            token.wait(3600)
        except errors.Cancelled:
            heard.set()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    token.cancel()
    worker.join(10)
    assert heard.is_set()
