"""Downloading a file."""

from enn_desktop.demo.answers import Answer, ApiError, Call, json_answer
from enn_desktop.demo.documents import Document
from enn_desktop.demo.journal import CONSULTATION
from enn_desktop.demo.stored_files import StoredFile
from enn_desktop.demo.wire import bytes_of, text_of

_ABSENT = "Ce fichier n'existe pas"


def download(call: Call, id_e: int, id_d: str) -> Answer:
    """`GET /entite/:id_e/document/:id_d/file/:field/:num`.

    The document need not belong to the entity: the real route does not check that. The journal is written first.
    """
    field = call.segment(4)
    number = call.segment(5, "0")
    if call.text("receive"):
        return _received(call, id_e, id_d, field, number)
    document = _document(call, id_e, id_d, call.world.profile.reading_right)
    value = document.content.get(field)
    if isinstance(value, str):
        raise ApiError(400, _ABSENT)
    item = _item(document, field, number)
    if item is None:
        raise ApiError(404, _ABSENT)
    if item.source is None:
        raise ApiError(400, _ABSENT)
    message = f"{call.account.full_name} a consulté le document {item.name}"
    call.world.log(document, "Consulté", message, id_e=id_e, kind=CONSULTATION)
    return Answer(200, file=item, content_type=item.content_type, headers=_disposition(item))


def _disposition(item: StoredFile) -> tuple[tuple[str, bytes], ...]:
    """Return the header with the raw stored name; PHP drops it when the name holds a line break."""
    if "\n" in item.name or "\r" in item.name:
        return ()
    return (("Content-disposition", b'attachment; filename="' + bytes_of(item.name) + b'"'),)


def _document(call: Call, id_e: int, id_d: str, right: str) -> Document:
    world = call.world
    document = world.documents.get(id_d)
    if document is None:
        if world.profile.unknown_file_is_404:
            raise ApiError(404, f"Le document {id_d} n'appartient pas à l'entité {id_e}")
        raise ApiError(403, f"Acces interdit id_e={id_e}, droit=:{right},id_u={call.account.id_u}")
    call.require(f"{document.type}:{right}", id_e)
    return document


def _item(document: Document, field: str, number: str) -> StoredFile | None:
    files = document.files(field)
    if not number.isdecimal() or int(number) >= len(files):
        return None
    return files[int(number)]


def _received(call: Call, id_e: int, id_d: str, field: str, number: str) -> Answer:
    """Return name and content as JSON: the raw bytes as a text, so that only UTF-8 files pass."""
    item = _item(_document(call, id_e, id_d, "lecture"), field, number)
    if item is None or item.source is None:
        return json_answer({"file_name": None, "file_content": False})
    return json_answer({"file_name": item.name, "file_content": text_of(item.read())})
