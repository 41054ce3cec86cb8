"""The made-up platforms: what they hold, how big they may be."""

import re
import tracemalloc
from collections import Counter
from datetime import timedelta
from xml.etree import ElementTree as ET

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enn_desktop.demo import PASSWORD, World, build_bench_world, build_world
from enn_desktop.demo.clock import moment_of
from enn_desktop.demo.flux_catalogue import UNKNOWN_TYPE, fluxes_of
from enn_desktop.demo.papers import huge_pdf_ends, pdf
from enn_desktop.demo.profiles import profile_named
from enn_desktop.demo.stored_files import Huge, StoredFile
from tests.demo.conftest import NOW, Serve

LINES = ("2.0", "3.1", "4.0", "4.1", "5.0")


def files_of(world: World) -> list[tuple[str, StoredFile]]:
    return [
        (field, item)
        for document in world.documents.values()
        for field, value in document.content.items()
        if isinstance(value, list)
        for item in value
    ]


def whole(data: bytes) -> bool:
    """Tell whether a PDF begins, ends, and finds its objects where its table says."""
    start = int(data.rsplit(b"startxref\n", 1)[1].split()[0])
    offsets = [int(line.split()[0]) for line in data[start:].splitlines()[3:9]]
    found = all(data[offset:].startswith(b"%d 0 obj" % number) for number, offset in enumerate(offsets, 1))
    return found and data.startswith(b"%PDF-1.4") and data.endswith(b"%%EOF\n") and data[start : start + 4] == b"xref"


def test_the_same_seed_gives_the_same_world() -> None:
    first, second, other = (build_world(seed, 80, now=NOW) for seed in (1, 1, 2))
    assert list(first.documents) == list(second.documents) != list(other.documents)
    assert [(field, item.name) for field, item in files_of(first)] == [
        (field, item.name) for field, item in files_of(second)
    ]
    field, item = files_of(first)[3]
    assert item.read() == files_of(second)[3][1].read()
    assert field


@pytest.mark.parametrize("profile", LINES)
@pytest.mark.parametrize("dossiers", [30, 60, 333])
def test_a_world_holds_as_many_documents_as_asked(profile: str, dossiers: int) -> None:
    world = build_world(1, dossiers, profile=profile, now=NOW)
    assert len(world.documents) == dossiers
    assert len({id_d.lower() for id_d in world.documents}) == dossiers
    assert {row.id_e for document in world.documents.values() for row in document.memberships} >= {2, 3, 4, 5}


def test_a_world_is_not_too_small() -> None:
    with pytest.raises(ValueError, match="at least 30"):
        build_world(1, 29)


@pytest.mark.parametrize("profile", LINES)
def test_a_large_enough_world_holds_every_state_of_every_type(profile: str) -> None:
    world = build_world(1, 800, profile=profile, now=NOW)
    wanted = {
        (flux.id, state)
        for flux in fluxes_of(profile_named(profile)).values()
        if not flux.technical
        for state in flux.lasting_states
    }
    found = {(document.type, row.last_action) for document in world.documents.values() for row in document.memberships}
    assert wanted <= found


def test_the_smallest_world_is_already_varied() -> None:
    world = build_world(1, 30, now=NOW)
    kinds = Counter(document.type for document in world.documents.values())
    assert len(kinds) >= 8
    assert UNKNOWN_TYPE in kinds
    assert len({document.memberships[0].last_action for document in world.documents.values()}) >= 4


@pytest.mark.parametrize("profile", LINES)
def test_files_are_where_the_definition_of_the_type_says(profile: str) -> None:
    world = build_world(1, 500, profile=profile, now=NOW)
    for document in world.documents.values():
        fields = world.flux_of(document).field_by_id
        for name, value in document.content.items():
            assert isinstance(value, str) or (fields[name].is_file and value)


def test_states_bring_their_files() -> None:
    world = build_world(1, 500, now=NOW)

    def one(kind: str, state: str) -> set[str]:
        found = next(
            item
            for item in world.documents.values()
            if item.type == kind and item.memberships[0].last_action == state and item.recipe
        )
        return set(found.content)

    assert {"arrete", "bordereau", "aractes", "acte_tamponne", "date_ar"} <= one("actes-generique", "acquiter-tdt")
    assert {"sae_bordereau", "ar_sae", "reply_sae"} <= one("actes-generique", "accepter-sae")
    assert {"fichier_pes", "fichier_reponse", "etat_ack"} <= one("helios-generique", "info-tdt")
    assert "fichier_reponse" not in one("helios-generique", "send-tdt")
    assert one("document-a-signer", "creation") == set()
    assert {"document_attache", "to"} <= one("mailsec", "envoi")


def test_a_refused_pes_looks_finished() -> None:
    world = build_world(1, 60, now=NOW)
    refused = [item for item in world.documents.values() if item.content.get("etat_ack") == "2"]
    assert any(item.memberships[0].last_action == "info-tdt" for item in refused)
    answer = ET.fromstring(refused[0].files("fichier_reponse")[0].read())  # noqa: S314 - our own bytes
    assert [node.get("V") for node in answer.iter("EtatAck")] == ["0"]


@pytest.mark.parametrize("profile", ["2.0", "4.1"])
def test_every_paper_is_valid_in_its_kind(profile: str) -> None:
    kinds = Counter[str]()
    for _, item in files_of(build_world(1, 400, profile=profile, now=NOW)):
        if item.source is None or item.content_type == "application/x-empty":
            continue
        data = item.read()
        kinds[item.content_type] += 1
        if item.content_type == "application/pdf":
            assert whole(data), item.name
        elif item.content_type.startswith("text/xml"):
            assert ET.fromstring(data) is not None  # noqa: S314 - our own bytes
    assert kinds["application/pdf"] > 300
    assert kinds["text/xml;charset=UTF-8"] > 50
    assert {"application/zip", "application/gzip"} <= set(kinds)


def test_the_receipt_of_an_act_is_about_that_act() -> None:
    world = build_world(1, 200, now=NOW)
    act = next(item for item in world.documents.values() if item.files("aractes"))
    receipt = ET.fromstring(act.files("aractes")[0].read())  # noqa: S314 - our own bytes
    space = "{http://www.interieur.gouv.fr/ACTES#v1.1-20040216}"
    received = receipt.find(f"{space}ActeRecu")
    assert receipt.tag == f"{space}ARActe"
    assert received is not None
    assert received.get(f"{space}NumeroInterne") == act.content["numero_de_lacte"]
    assert re.fullmatch(r"027-\d{9}-\d{8}-[0-9A-Z_]{1,15}-DE", receipt.get(f"{space}IDActe", ""))


def test_dates_stand_on_both_sides_of_every_limit() -> None:
    world = build_world(1, 120, now=NOW)
    ages = [
        (NOW - moment_of(row.last_action_date)) / timedelta(days=1)
        for document in world.documents.values()
        for row in document.memberships
    ]
    for limit in (60, 170, 700):
        assert any(limit - 3 < age < limit for age in ages)
        assert any(limit <= age < limit + 3 for age in ages)
    assert all(document.creation <= document.memberships[0].last_action_date for document in world.documents.values())


def test_the_past_of_a_document_ends_with_its_last_state() -> None:
    for document in build_world(1, 300, now=NOW).documents.values():
        if document.recipe is None:
            continue
        passages = document.passages
        row = document.memberships[0]
        assert passages[0].action == "creation"
        assert (passages[-1].action, passages[-1].date) == (row.last_action, row.last_action_date)
        assert [passage.date for passage in passages] == sorted(passage.date for passage in passages)


def test_a_bench_world_is_uniform_to_the_byte() -> None:
    world = build_bench_world(20, 3, 80_000)
    assert len(world.documents) == 20
    bodies = set()
    for document in world.documents.values():
        files = [item for value in document.content.values() if isinstance(value, list) for item in value]
        assert len(files) == 3
        assert document.memberships[0].last_action == "termine"
        for item in files:
            data = item.read()
            assert len(data) == 80_000
            bodies.add(data)
    assert len(bodies) == 60
    assert all(whole(data) for data in bodies)


def test_a_bench_world_needs_sizes_that_exist() -> None:
    for wrong in ((0, 1, 2000), (1, 0, 2000), (1, 1, 999)):
        with pytest.raises(ValueError, match="a measure needs"):
            build_bench_world(*wrong)


def test_a_huge_file_is_served_without_being_held(serve: Serve) -> None:
    size = 60_000_000
    server = serve(build_bench_world(2, 1, 2000, huge_file=size))
    url = f"{server.url}/api/v2/entite/2/document/b000000/file/document/0"
    received, end = 0, b""
    tracemalloc.start()
    try:
        with httpx.Client(auth=("secretaire", PASSWORD)) as client, client.stream("GET", url) as answer:
            for block in answer.iter_raw():
                received += len(block)
                end = (end + block)[-6:]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (received, end) == (size, b"%%EOF\n")
    assert peak < 10_000_000


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1000, max_value=300_000), st.text(max_size=40), st.text(max_size=8))
def test_a_pdf_has_exactly_the_size_asked_for(size: int, title: str, seed: str) -> None:
    data = pdf(title, size=size, seed=f"{seed}-")
    assert len(data) == size
    assert whole(data)
    assert data != pdf(title, size=size, seed=f"{seed}+")


@settings(max_examples=40, deadline=None)
@given(st.integers(min_value=1100, max_value=3_000_000))
def test_a_huge_pdf_has_exactly_the_size_asked_for(size: int) -> None:
    data = b"".join(Huge(size, "x").chunks())
    assert len(data) == size
    assert whole(data)


def test_no_pdf_fits_in_a_hundred_bytes() -> None:
    with pytest.raises(ValueError, match="no PDF fits"):
        huge_pdf_ends(100)


def test_importing_the_package_imports_no_server() -> None:
    import subprocess
    import sys

    counted = "len([name for name in sys.modules if 'enn_desktop.demo' in name])"
    code = f"import sys, enn_desktop.demo; print('uvicorn' in sys.modules, {counted})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "1"]


def test_the_simulator_imports_nothing_of_the_client() -> None:
    import ast
    from pathlib import Path

    import enn_desktop.demo as package

    folder = Path(package.__path__[0])
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("enn_desktop"):
                assert node.module.startswith("enn_desktop.demo"), path.name
