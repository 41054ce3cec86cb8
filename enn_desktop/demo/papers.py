"""Small, valid papers made from a seed: PDF, acknowledgements, PES, parapheur, archives."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping, Sequence
from typing import Final

from enn_desktop.demo.stored_files import filler

_LATIN: Final = "cp1252"
_ZIP_DATE: Final = (2026, 1, 1, 0, 0, 0)


def pdf(title: str, lines: Sequence[str] = (), *, size: int = 0, seed: str = "") -> bytes:
    """Return a PDF of one page showing the title and the lines, filled up to `size` bytes when that is larger.

    Two seeds give two different files.
    """
    body = [f"BT /F1 16 Tf 60 780 Td ({_escaped(title)}) Tj ET".encode(_LATIN, "replace")]
    for number, line in enumerate(lines):
        body.append(f"BT /F1 10 Tf 60 {750 - 16 * number} Td ({_escaped(line)}) Tj ET".encode(_LATIN, "replace"))
    page = b"\n".join(body)
    bare = _assembled(page, filler(seed or title, 64))
    wanted = size - len(bare)
    if wanted <= 0:
        return bare
    made = _assembled(page, filler(seed or title, 64 + wanted))
    excess = len(made) - size
    return _assembled(page, filler(seed or title, 64 + wanted - excess)) if excess else made


def huge_pdf_ends(size: int) -> tuple[bytes, bytes]:
    """Return how a PDF of `size` bytes begins and ends, its padding stream being left out between the two.

    Raises:
        ValueError: the size is too small.
    """
    page = b"BT /F1 16 Tf 60 780 Td (Plan) Tj ET"
    middle = b"\0"
    length = size
    for _ in range(4):
        head, tail = _ends(page, max(length, 0))
        length = size - len(head) - len(tail)
    head, tail = _ends(page, max(length, 0))
    if length < len(middle) or len(head) + length + len(tail) != size:
        message = f"no PDF fits in {size} bytes"
        raise ValueError(message)
    return head, tail


def _assembled(page: bytes, padding: bytes) -> bytes:
    head, tail = _ends(page, len(padding))
    return head + padding + tail


def _ends(page: bytes, padding: int) -> tuple[bytes, bytes]:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(page), page),
    ]
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, item in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    offsets.append(len(out))
    out += b"6 0 obj\n<</Length %d>>\nstream\n" % padding
    head = bytes(out)
    tail = bytearray(b"\nendstream\nendobj\n")
    start = len(head) + padding + len(tail)
    tail += b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail += b"trailer\n<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start
    return head, bytes(tail)


def _escaped(text: str) -> str:
    flat = " ".join(text.split())
    return flat.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")[:90]


def _xml(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


_ACTES: Final = 'xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216"'


def act_receipt(  # noqa: PLR0913 - an act is identified by that much
    siren: str, number: str, date: str, subject: str, *, received: str, nature: str = "1"
) -> bytes:
    """Return an ARActe, the technical acknowledgement of the prefecture. Dates are `YYYY-MM-DD`."""
    name = f"027-{siren}-{date.replace('-', '')}-{number}-DE"
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        f'<actes:ARActe {_ACTES} actes:DateReception="{received}" actes:IDActe="{name}">\n'
        f'<actes:ActeRecu actes:Date="{date}" actes:NumeroInterne="{number}" actes:CodeNatureActe="{nature}">\n'
        '<actes:CodeMatiere1 actes:CodeMatiere="7"/><actes:CodeMatiere2 actes:CodeMatiere="1"/>\n'
        f"<actes:Objet>{_xml(subject)}</actes:Objet>\n"
        f"<actes:Document><actes:NomFichier>99_DE-{name}-1-1_1.pdf</actes:NomFichier></actes:Document>\n"
        '<actes:Annexes actes:Nombre="1"/></actes:ActeRecu>\n</actes:ARActe>\n'
    ).encode("iso-8859-1", "xmlcharrefreplace")


def cancellation_receipt(siren: str, number: str, date: str) -> bytes:
    """Return the acknowledgement of a cancellation."""
    name = f"027-{siren}-{date.replace('-', '')}-{number}-DE"
    attributes = f'actes:DateReception="{date}" actes:IDActe="{name}"'
    return f'<?xml version="1.0" encoding="ISO-8859-1"?>\n<actes:ARAnnulation {_ACTES} {attributes}/>\n'.encode(
        "iso-8859-1"
    )


def pes_outgoing(name: str, siret: str, date: str, number: int) -> bytes:
    """Return a PES Aller in ISO-8859-1, as accounting software writes it."""
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        '<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller">\n'
        f'<Enveloppe><Parametres><Version V="2"/><TypFic V="PESALR2"/><NomFic V="{_xml(name)}"/></Parametres>'
        '<Emetteur><Sigle V="LOGICIEL DE DÉMONSTRATION"/></Emetteur></Enveloppe>\n'
        f'<EnTetePES><DteStr V="{date}"/><IdPost V="027007"/><IdColl V="{siret}"/><CodCol V="100"/><CodBud V="00"/>'
        '<LibelleColBud V="Budget principal"/></EnTetePES>\n'
        '<PES_DepenseAller><EnTeteDepense><IdVer V="2"/></EnTeteDepense><Bordereau><BlocBordereau>'
        f'<Exer V="{date[:4]}"/><IdBord V="{number}"/><DteBordEm V="{date}"/><TypBord V="01"/><NbrPce V="1"/>'
        f'<MtBordHT V="{100 + number}.50"/></BlocBordereau><Piece><BlocPiece><InfoPce><IdPce V="{number * 3}"/>'
        '<TypPce V="09"/><NatPce V="01"/><Obj V="Fournitures d\'entretien de l\'école"/></InfoPce></BlocPiece></Piece>'
        "</Bordereau></PES_DepenseAller>\n</n:PES_Aller>\n"
    ).encode("iso-8859-1", "xmlcharrefreplace")


def pes_answer(name: str, siret: str, date: str, number: int, *, accepted: bool) -> bytes:
    """Return a PES Acquit, accepting or refusing the bordereau."""
    error = (
        ""
        if accepted
        else '<Erreur><NumAnoAck V="ERREUR_DOUBLON_BORDEREAU"/>'
        '<LibelleAnoAck V="Le bordereau a déjà été reçu"/></Erreur>'
    )
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        '<n:PES_ACQUIT xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour/v2">\n'
        f'<Enveloppe><Parametres><Version V="2"/><TypFic V="PESALR2"/><NomFic V="{_xml(name)}"/></Parametres>'
        "</Enveloppe>\n"
        f'<EnTetePES><DteStr V="{date}"/><IdPost V="027007"/><IdColl V="{siret}"/><CodBud V="00"/>'
        '<LibelleColBud V="Budget principal"/></EnTetePES>\n'
        f'<ACQUIT><ElementACQUIT><DomaineAck V="5"/><ExerciceBord V="{date[:4]}"/><NumBord V="{number}"/>'
        f'<EtatAck V="{int(accepted)}"/>{error}</ElementACQUIT></ACQUIT>\n</n:PES_ACQUIT>\n'
    ).encode("iso-8859-1", "xmlcharrefreplace")


def pes_return(siret: str, date: str, number: int) -> bytes:
    """Return a PES Retour, what the accountant's office sends back."""
    return (
        '<?xml version="1.0" encoding="ISO-8859-1"?>\n'
        '<n:PES_Retour xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour">\n'
        f'<EnTetePES><DteStr V="{date}"/><IdColl V="{siret}"/><CodBud V="00"/></EnTetePES>\n'
        f'<PES_DepenseRetour><Bordereau><BlocBordereau><IdBord V="{number}"/></BlocBordereau>'
        '<Piece><BlocPiece><EtatPce V="03"/></BlocPiece></Piece></Bordereau></PES_DepenseRetour>\n</n:PES_Retour>\n'
    ).encode("iso-8859-1")


def parapheur_history(steps: Sequence[tuple[str, str, str]]) -> bytes:
    """Return the history of the parapheur: one entry for each (moment, state, comment)."""
    rows = "".join(
        f"<LogDossier><timestamp>{moment}</timestamp><nom>Bureau du maire</nom><status>{_xml(state)}</status>"
        f"<annotation>{_xml(comment)}</annotation></LogDossier>\n"
        for moment, state, comment in steps
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<LogsDossier>\n{rows}</LogsDossier>\n'.encode()


def premis(name: str, digest: str, size: int, moment: str) -> bytes:
    """Return the PREMIS file of i-Parapheur 5: one signed object, three dated events (not in order)."""
    events = "".join(
        "<event><eventIdentifier><eventIdentifierType>uuid</eventIdentifierType>"
        f"<eventIdentifierValue>{number}</eventIdentifierValue></eventIdentifier><eventType>{kind}</eventType>"
        f"<eventDateTime>{moment.replace(' ', 'T')}Z</eventDateTime></event>\n"
        for number, kind in enumerate(("SIGNATURE", "START", "ARCHIVE"))
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<premis xmlns="http://www.loc.gov/premis/v3" version="3.0">\n'
        "<object><objectIdentifier><objectIdentifierType>uuid</objectIdentifierType>"
        "<objectIdentifierValue>1</objectIdentifierValue></objectIdentifier><objectCharacteristics><fixity>"
        "<messageDigestAlgorithm>SHA-256</messageDigestAlgorithm>"
        f"<messageDigest>{digest}</messageDigest></fixity><size>{size}</size></objectCharacteristics>"
        f"<originalName>{_xml(name)}</originalName></object>\n{events}</premis>\n"
    ).encode()


def archive_slip(transfer: str, title: str) -> bytes:
    """Return a SEDA transfer slip, reduced to what identifies the transfer."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ArchiveTransfer xmlns="fr:gouv:culture:archivesdefrance:seda:v1.0">'
        f"<Comment>{_xml(title)}</Comment><TransferIdentifier>{transfer}</TransferIdentifier></ArchiveTransfer>\n"
    ).encode()


def archive_answer(transfer: str, *, final: bool, accepted: bool = True) -> bytes:
    """Return what the archiving system answers: the acknowledgement, or its final reply."""
    root = "ArchiveTransferReply" if final else "Acknowledgement"
    code = "000" if accepted else "101"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="fr:gouv:culture:archivesdefrance:seda:v1.0">'
        f"<ReplyCode>{code}</ReplyCode><TransferIdentifier>{transfer}</TransferIdentifier></{root}>\n"
    ).encode()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these members, always the same bytes for the same members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_DATE), data)
    return out.getvalue()


def tarball(members: Mapping[str, bytes]) -> bytes:
    """Return a .tar.gz of these members."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return _without_time(out.getvalue())


def _without_time(gzipped: bytes) -> bytes:
    """Blank the time that gzip writes, so that the same members give the same bytes."""
    return gzipped[:4] + b"\0\0\0\0" + gzipped[8:]


def spreadsheet(seed: str) -> bytes:
    """Return the bare bones of an .xlsx."""
    return zipped({"xl/workbook.xml": b"<workbook/>", "xl/sharedStrings.xml": filler(seed, 200)})


def json_paper(value: Mapping[str, str]) -> bytes:
    """Return a small JSON file."""
    return json.dumps(dict(value), ensure_ascii=False, indent=2).encode()
