"""The place « Sauvegarde »: bring everything home, check it, see what is missing."""
