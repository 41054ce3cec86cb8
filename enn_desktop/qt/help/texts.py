"""The words of the help. Short: nobody reads more."""

from __future__ import annotations

BEGINNING = """\
enn-desktop copie sur ce poste tout ce que Pastell garde pour la mairie, et contrôle que la copie est complète avant \
que la plateforme puisse l’effacer. Pastell n’est pas un lieu de stockage\u00a0: chaque flux n’y reste qu’un temps \
limité (Réglages, Règles d’ENN).

À faire\u00a0: ce qui peut disparaître et quand, ce qui attend quelqu’un ici, ce qui est à régler.
Dossiers\u00a0: tous les dossiers jamais vus. Tapez un mot de l’objet, un numéro ou un nom de fichier.
Sauvegarde\u00a0: «\u00a0Tout récupérer\u00a0», l’avancement, ce qui manque encore, l’historique.
Ma clé\u00a0: la clé de signature.

La récupération se fait aussi toute seule. Fermer la fenêtre ne l’arrête pas\u00a0: l’icône reste près de l’horloge. \
Le programme ne supprime et ne remplace jamais un document, ni ici ni sur la plateforme.

Pensez à garder aussi une sauvegarde hors de ce poste (disque que l’on débranche, serveur de la mairie).
"""
KEYS = (
    ("Ctrl+1 à Ctrl+4", "les quatre endroits"),
    ("Ctrl+R", "tout récupérer"),
    ("Ctrl+F", "chercher un dossier"),
    ("Ctrl+O", "ouvrir le dossier choisi dans l’Explorateur"),
    ("Entrée", "voir le dossier choisi"),
    ("Échap", "revenir à la liste"),
    ("Ctrl+,", "les réglages"),
    ("F1", "cette aide"),
)
ACCESSIBILITY = """\
Déclaration d’accessibilité\u00a0: non conforme.

Aucun audit n’a encore été fait selon la norme EN 301\u202f549\u00a0; tant qu’il n’existe pas, ce programme est \
déclaré non conforme.

Ce que nous avons vérifié nous-mêmes\u00a0: tout se fait au clavier, avec un repère visible\u00a0; chaque commande \
porte un nom pour les lecteurs d’écran\u00a0; le contraste des textes est d’au moins 4,5 pour 1, en clair et en \
sombre\u00a0; le contraste élevé du système est respecté\u00a0; l’affichage tient jusqu’à 200\u00a0%\u00a0; la couleur \
n’est jamais seule à dire quelque chose.

Ce que nous savons insuffisant\u00a0: aucun essai n’a été fait par des personnes qui utilisent un lecteur d’écran \
chaque jour\u00a0; les PDF récupérés sont montrés tels qu’ils sont, sans texte de remplacement dans l’aperçu.

Une difficulté\u202f? Dites-la au support ENN, qui nous la transmettra.
"""
ABOUT = """\
enn-desktop {version}, sous licence EUPL 1.2.

Il utilise, sans les modifier\u00a0: Qt et PySide6 (LGPL 3), Python (PSF), httpx, uvicorn, msgspec, rich, keyring, \
platformdirs, pathvalidate, jeepney, truststore, securesystemslib et typer (MIT ou BSD), cryptography et \
windows-toasts (Apache 2.0), pypdfium2 et PDFium (Apache 2.0 et BSD).

Rien n’est envoyé à personne\u00a0: le programme ne parle qu’à votre plateforme, et, si vous l’avez demandé dans \
les réglages, à l’adresse qui annonce les nouvelles versions.
"""
