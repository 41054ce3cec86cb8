"""Resources about the platform itself: version, types, users, roles, tokens."""

import base64
import hashlib

from enn_desktop.demo.accounts import Account, Token, token_digest
from enn_desktop.demo.answers import Answer, ApiError, Call, json_answer
from enn_desktop.demo.flux import Flux
from enn_desktop.demo.profiles import Profile
from enn_desktop.demo.wire import Json

_REVISION = 123456
_ACCEPTED = {"2.0": ["2.0.15", "2.0.13", "2.0.12", "2.0.11", "2.0.10", "2.0.5", "2.0.0"]}


def version_json(profile: Profile) -> dict[str, Json]:
    """Return what `GET /version` says."""
    line = f"{profile.version[0]}.{profile.version[1]}"
    return {
        "version": profile.shown_version,
        "revision": _REVISION,
        "last_changed_date": "2021-10-11",
        "extensions_versions_accepted": _ACCEPTED.get(line, [f"{line}.{patch}" for patch in range(3, -1, -1)]),
        "version_complete": f"Version {profile.shown_version} - Révision  {_REVISION}",
    }


def version(call: Call) -> Answer:
    """`GET /version`."""
    return json_answer(version_json(call.world.profile))


def flux(call: Call) -> Answer:
    """`GET /flux`, `/flux/:id` and `/flux/:id/action`."""
    world = call.world
    if not call.segments:
        listed = {
            item.id: {"type": item.category, "nom": item.label}
            for item in world.fluxes.values()
            if world.rights.may_somewhere(call.account, f"{item.id}:lecture") and not _hidden(item, world.profile)
        }
        return json_answer(listed)
    name = call.segments[0]
    found = world.fluxes.get(name)
    if found is None:
        raise ApiError(404, f"Le flux {name} n'existe pas sur cette plateforme")
    _require_somewhere(call, f"{name}:lecture")
    if call.segments[1:2] == ["action"]:
        return json_answer(found.actions_json())
    return json_answer(found.fields_json())


def _hidden(item: Flux, profile: Profile) -> bool:
    """Tell whether the type belongs to a pack that the platform has not switched on (4.1 and later)."""
    return bool(item.pack) and profile.at_least(4, 1)


def _require_somewhere(call: Call, right: str) -> None:
    if not call.world.rights.may_somewhere(call.account, right):
        raise ApiError(403, f"Vous devez avoir le droit {right} pour accéder à la ressource.")


def role(call: Call) -> Answer:
    """`GET /role`."""
    _require_somewhere(call, "role:lecture")
    listed = sorted(call.world.roles.values(), key=lambda item: item.label.casefold())
    return json_answer([{"role": item.id, "libelle": item.label} for item in listed])


def user(call: Call) -> Answer:
    """`GET /utilisateur…` and the tokens."""
    if call.segments[:1] == ["token"] and call.world.profile.token_routes:
        return _tokens(call)
    if not call.segments:
        return _user_list(call)
    account = _user(call, call.segments[0])
    if call.segments[1:2] == ["token"] and call.method == "POST":
        return _token_of_another(call, account)
    call.require("utilisateur:lecture", account.id_e)
    if call.segments[1:2] == ["role"]:
        return _user_roles(call, account)
    return json_answer(
        {
            "id_u": call.number(account.id_u),
            "login": account.login,
            "nom": account.name,
            "prenom": account.first_name,
            "email": account.email,
            "certificat": "",
            "id_e": call.number(account.id_e),
        }
    )


def _user_list(call: Call) -> Answer:
    id_e = int(call.text("id_e", "0") or 0)
    call.require("utilisateur:lecture", id_e)
    listed: list[Json] = []
    for account in call.world.accounts.values():
        if account.id_e == id_e:
            shown: dict[str, Json] = {"id_u": call.number(account.id_u), "login": account.login, "email": account.email}
            if call.world.profile.at_least(4):
                shown["active"] = account.active
            listed.append(shown)
    return json_answer(listed)


def _user(call: Call, text: str) -> Account:
    for account in call.world.accounts.values():
        if str(account.id_u) == text:
            return account
    raise ApiError(404, f"L'utilisateur n'existe pas : {{id_u={text}}}")


def _user_roles(call: Call, account: Account) -> Answer:
    listed: list[Json] = [
        {
            "id_u": call.number(account.id_u),
            "role": name,
            "id_e": call.number(where),
            "droits": sorted(call.world.roles[name].rights),
        }
        for name, where in account.grants
    ]
    return json_answer(listed)


def _tokens(call: Call) -> Answer:
    world, rest = call.world, call.segments[1:]
    own = [token for token in world.tokens if token.id_u == call.account.id_u]
    if call.method == "POST" and not rest:
        return _new_token(call, call.account)
    if not rest:
        return json_answer([_token_json(token, world.clock.stamp()) for token in own])
    token = next((token for token in own if str(token.id) == rest[0]), None)
    if token is None:
        raise ApiError(404, "Le token n'existe pas")
    if call.method == "DELETE":
        world.tokens.remove(token)
        return Answer(204)
    secret = _secret(f"{token.digest}-renewed")
    token.digest = token_digest(secret)
    return json_answer(_token_json(token, world.clock.stamp()) | {"token": secret}, 201)


def _token_json(token: Token, now: str) -> dict[str, Json]:
    return {
        "id": str(token.id),
        "id_u": str(token.id_u),
        "name": token.name,
        "created_at": token.created,
        "expired_at": token.expires,
        "is_expired": token.expires is not None and token.expires <= now,
    }


def _token_of_another(call: Call, account: Account) -> Answer:
    profile = call.world.profile
    if not (profile.at_least(5, 0, 3) or (4, 1, 17) <= profile.version < (5, 0, 0)):
        raise ApiError(405, "La méthode post n'existe pas pour cette ressource")
    call.require("utilisateur:edition", account.id_e)
    return _new_token(call, account)


def _new_token(call: Call, account: Account) -> Answer:
    world, name = call.world, call.form_text("name")
    if not name:
        raise ApiError(400, "Le nom du token est obligatoire")
    number = max((token.id for token in world.tokens), default=0) + 1
    secret = _secret(f"{number}-{account.login}-{name}")
    expiration = call.form_text("expiration")
    token = Token(
        number,
        account.id_u,
        name,
        token_digest(secret),
        world.clock.stamp(),
        f"{expiration} 00:00:00" if expiration else None,
    )
    world.tokens.append(token)
    shown = _token_json(token, world.clock.stamp())
    shown.pop("is_expired")
    return json_answer(
        {
            "id": shown["id"],
            "id_u": shown["id_u"],
            "name": name,
            "token": secret,
            "created_at": token.created,
            "expired_at": token.expires,
        },
        201,
    )


def _secret(seed: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(f"token:{seed}".encode()).digest()).decode().rstrip("=")
