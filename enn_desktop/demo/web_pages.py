"""Pages of the web site around the API."""

from typing import Final

_PAGE: Final = """<!DOCTYPE html>
<html>
	<head>
		<title>{title} - Pastell</title>
		<meta http-equiv="content-type" content="text/html; charset=utf-8" />
		<base href='{url}/' />
	</head>
	<body>
		<div id="global">
			<div id="main">
				<h1>{title}</h1>
{content}
			</div>
		</div>
		<div id="bottom">
			<p>Pastell Version {version}</p>
		</div>
	</body>
</html>"""

_LOGIN: Final = """				<form class="form-horizontal" action='{url}/Connexion/doConnexion' method='post'>
					<input type="hidden" name="csrf_token" value="{token}" />
					<label for="login">Identifiant</label><input type="text" name="login" id="login" />
					<label for="password">Mot de passe</label><input type="password" name="password" id="password" />
					<button type="submit" class="btn">Connexion</button>
				</form>"""

APACHE_NOT_FOUND: Final = """<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">
<html><head>
<title>404 Not Found</title>
</head><body>
<h1>Not Found</h1>
<p>The requested URL was not found on this server.</p>
</body></html>
"""

PORTAL: Final = """<!DOCTYPE html>
<html lang="fr"><head><title>Portail d'authentification</title></head>
<body><form action="/login" method="post"><p>Merci de vous authentifier</p>
<input name="user"/><input name="password" type="password"/></form></body></html>
"""


def login_page(url: str, version: str, token: str) -> str:
    """Return the page that asks for a login."""
    return _PAGE.format(title="Connexion", url=url, version=version, content=_LOGIN.format(url=url, token=token))


def unknown_page(url: str, version: str, first: str) -> str:
    """Return the page for an address that the web site does not have."""
    why = f"Impossible de trouver le controller {first}Controler"
    content = f"				<p>Une erreur est survenue !</p>\n				<div>{why}</div>"
    return _PAGE.format(title="404 - La page demandée n'a pas été trouvée", url=url, version=version, content=content)


def proxy_page(status: int, reason: str) -> str:
    """Return the page of a reverse proxy whose server does not answer."""
    title = f"{status} {reason}"
    head = f"<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n"
    return f"{head}<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
