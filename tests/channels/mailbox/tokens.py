"""A small place to sign in: gives tokens for codes (with PKCE) and for refresh tokens, and tells whose a token is."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

CLIENT, SECRET = "baton-at-lime", "client-secret"


class Place(ThreadingHTTPServer):
    """What it knows: `codes` (challenge, redirect, whose), `living` tokens by whose, `asked` what was posted to it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.codes: dict[str, tuple[str, str, str]] = {}
        self.living: dict[str, str] = {}
        self.asked: list[dict[str, str]] = []
        self.consents = True
        self.lasts, self.away = 3600, False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def inside(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def sign_in(self, page: str, whose: str) -> dict[str, str]:
        """Do what a person does on the page that Baton led to; return what they bring back."""
        told = {name: values[0] for name, values in parse_qs(urlsplit(page).query).items()}
        assert (told["client_id"], told["code_challenge_method"]) == (CLIENT, "S256")
        if not self.consents:
            return {"state": told["state"], "error": "access_denied"}
        code = f"code-{len(self.codes)}"
        self.codes[code] = (told["code_challenge"], told["redirect_uri"], whose)
        return {"state": told["state"], "code": code}

    def token_for(self, form: dict[str, str]) -> dict[str, object] | None:
        self.asked.append(form)
        if (form.get("client_id"), form.get("client_secret")) != (CLIENT, SECRET):
            return None
        if form["grant_type"] == "refresh_token":
            whose = form["refresh_token"].removeprefix("again-") if self.consents else ""
        else:
            challenge, back, whose = self.codes.pop(form["code"], ("", "", ""))
            held = hashlib.sha256(form["code_verifier"].encode()).digest()
            fits = base64.urlsafe_b64encode(held).rstrip(b"=").decode() == challenge and form["redirect_uri"] == back
            whose = whose if fits else ""
        if not whose:
            return None
        token = f"token-{len(self.asked)}"
        self.living = {token: whose}
        return {"access_token": token, "refresh_token": f"again-{whose}", "expires_in": self.lasts}


class _Answering(BaseHTTPRequestHandler):
    server: Place

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.server.away:
            return self._answer(503, {})
        told = self.server.token_for({name: values[0] for name, values in parse_qs(body).items()})
        return self._answer(200, told) if told else self._answer(400, {"error": "invalid_grant"})

    def do_GET(self) -> None:
        """Tell whose a token is, as Dovecot asks."""
        whose = self.server.living.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        self._answer(200, {"email": whose, "active": True}) if whose else self._answer(401, {})

    def _answer(self, status: int, told: dict[str, object]) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        return


@contextmanager
def place_to_sign_in():
    server = Place()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
