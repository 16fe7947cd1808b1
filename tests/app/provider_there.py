"""An OpenID provider on loopback for tests: it signs with keys of its own, as it is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from tests.app.there import Talk, There

CLIENT_ID, CLIENT_SECRET = "regu", "the secret of a client"
SIGNED = ("RS256", "ES256")


class _Talk(Talk):
    def do_GET(self):
        there, parts = self.server.there, urlsplit(self.path)
        there.asked.append(parts.path)
        if there.mood == "slow":
            time.sleep(there.slow_s)
        if there.mood in ("wrong json", "500"):
            status, content = (500, b"boom") if there.mood == "500" else (200, b"<html>closed")
            self._raw(status, content)
        elif parts.path == "/.well-known/openid-configuration":
            self._say(there.about())
        elif parts.path == "/keys":
            self._say({"keys": [one.as_dict(private=False) for one in there.keys]})
        elif parts.path == "/authorize":
            back = there.let_in({name: one[0] for name, one in parse_qs(parts.query).items()})
            self._raw(303, b"", Location=back)
        else:
            self._raw(200, b"bye")

    def do_POST(self):
        there = self.server.there
        there.asked.append(self.path)
        body = self._body().decode()
        form = {name: one[0] for name, one in parse_qs(body).items()}
        there.forms.append(form)
        basic = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if there.confidential and self.headers.get("Authorization") != f"Basic {basic}":
            return self._raw(401, b'{"error":"invalid_client"}')
        if there.mood == "token wrong json":
            return self._raw(200, b"{oh no")
        answer = there.exchange(form)
        if answer is None:
            return self._raw(400, b'{"error":"invalid_grant"}')
        return self._say(answer)


class ProviderThere(There):
    """`who` is signed in there; `bend(claims)` changes an ID token before it is signed."""

    def __init__(self, port=0):
        super().__init__(_Talk, port)
        self.rsa, self.ec = (
            RSAKey.generate_key(2048, {"kid": "r"}),
            ECKey.generate_key("P-256", {"kid": "e"}),
        )
        self.keys = [self.rsa, self.ec]
        self.who = {"sub": "s-1", "preferred_username": "employee"}
        self.confidential = True  # the client has a secret
        self.mood, self.algorithm, self.slow_s = "well", "RS256", 1.5
        self.bend = lambda claims: claims
        self.asked, self.forms, self.codes = [], [], {}

    def about(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": self.url + "/authorize",
            "token_endpoint": self.url + "/token",
            "jwks_uri": self.url + "/keys",
            "end_session_endpoint": self.url + "/end",
            "code_challenge_methods_supported": ["S256"],
        }

    def let_in(self, asked):
        """Where the browser goes back to, with a code that counts once."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return asked["redirect_uri"] + "?" + urlencode({"code": code, "state": asked["state"]})

    def exchange(self, form):
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked.get("code_challenge") != challenge:
            return None
        now = int(time.time())
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.who,
        }
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.sign(claims)}

    def sign(self, claims):
        claims = self.bend(dict(claims))
        if self.algorithm == "none":
            both = ({"alg": "none", "typ": "JWT"}, claims)
            return ".".join(_part(json.dumps(one).encode()) for one in both) + "."
        if self.algorithm == "HS256":  # the public key as if it were a shared secret
            both = ({"alg": "HS256", "kid": "r"}, claims)
            text = ".".join(_part(json.dumps(one).encode()) for one in both)
            made = hmac.digest(self.rsa.as_pem(private=False), text.encode(), "sha256")
            return f"{text}.{_part(made)}"
        key = self.ec if self.algorithm == "ES256" else self.rsa
        header = {"alg": self.algorithm, "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=SIGNED)


def _part(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
