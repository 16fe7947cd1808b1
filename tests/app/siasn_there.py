"""A SIASN on loopback for tests: it stores, refuses, stays silent, answers twice, as it is told."""

from __future__ import annotations

import json
import threading
import time

from tests.app.there import Talk, There

READS = {"rw-skp22": "annual", "rw-kinerjaperiodik": "periodic"}
SAVES = {"/skp22/save": "annual", "/kinerjaperiodik/save": "periodic"}


class _Talk(Talk):
    def do_GET(self):
        there, parts = self.server.there, self.path.strip("/").split("/")
        there.asked.append(("GET", self.path))
        if self._out_of_order(there.how("GET")):
            return None
        nip = parts[2]
        if parts[1] == "data-utama":
            about = there.people.get(nip)
            if about is None:
                return self._raw(404, b'{"code":0,"data":"Data tidak ditemukan"}')
            return self._say({"code": 1, "data": about})
        held = [row for row in there.stored[READS[parts[1]]] if row["nip"] == nip]
        return self._say({"code": 1, "data": held or "Data tidak ditemukan"})

    def _out_of_order(self, how):
        """Whether a reading went wrong, as it was told to."""
        if how == "wrong json":
            self._raw(200, b"<html>maintenance</html>")
        elif how == "500":
            self._raw(500, b"boom")
        elif how == "redirect":
            self._raw(302, b"", Location=self.server.there.url + "/elsewhere")
        elif how == "endless":
            self._endless()
        return how != "well"

    def do_DELETE(self):  # noqa: N802 - the name that http.server asks for
        there, remote_id = self.server.there, self.path.rpartition("/")[2]
        there.asked.append(("DELETE", self.path))
        how = there.how("DELETE")
        if self._refused(how):
            return None
        gone = there.forget(remote_id)
        return self._after(how, {"success": gone, "message": "" if gone else "tidak ditemukan"})

    def _refused(self, how):
        """Whether nothing is changed, as it was told to."""
        if how == "refuse":
            self._raw(400, b'{"success":false,"message":"penilai tidak ditemukan"}')
        elif how == "refuse in 200":
            self._say({"code": 0, "message": "periode tertutup"})
        elif how == "busy":
            self._raw(429, b"slow down")
        elif how == "500":
            self._raw(500, b"boom")
        elif how == "silent":
            time.sleep(self.server.there.silence_s)
            self.close_connection = True
        return how in {"refuse", "refuse in 200", "busy", "500", "silent"}

    def do_POST(self):
        there = self.server.there
        body = self._body()
        if self.path in ("/token", "/sso"):
            there.tokens.append((self.path, self.headers.get("Authorization"), body))
            return self._say({"access_token": f"let in {self.path}", "expires_in": 3600})
        there.asked.append(("POST", self.path))
        there.headers.append(dict(self.headers))
        how = there.how("POST")
        payload = json.loads(body)
        if self._refused(how):
            return None
        number = there.keep(SAVES[self.path], payload)
        return self._after(how, {"code": 1, "success": True, "mapData": {"rwSkpId": number}})

    def _after(self, how, answer):
        """What is said once it is stored."""
        if how == "stored, then silent":
            time.sleep(self.server.there.silence_s)
            self.close_connection = True
            return None
        if how == "stored, then 500":
            return self._raw(500, b"boom after")
        if how == "stored, wrong json":
            return self._raw(200, b"{oh no")
        if how == "stored, hung up":
            self.connection.close()
            return None
        if how == "stored, answered twice":
            self._say(answer)
        return self._say(answer)

    def _endless(self):
        self.send_response(200)
        self.end_headers()
        try:
            while True:
                self.wfile.write(b" " * 65_536)
        except OSError:
            self.close_connection = True


class SiasnThere(There):
    """`moods` are used up in order, per verb; then it does as it should."""

    def __init__(self):
        super().__init__(_Talk)
        self.people, self.asked, self.tokens, self.headers = {}, [], [], []
        self.stored = {"annual": [], "periodic": []}
        self.moods = {"GET": [], "POST": [], "DELETE": []}
        self.silence_s = 1.5
        self._numbers = 0
        self._lock = threading.Lock()

    def how(self, verb):
        with self._lock:
            return self.moods[verb].pop(0) if self.moods[verb] else "well"

    def knows(self, *people):
        for number, (nip, name) in enumerate(people):
            self.people[nip] = {"id": f"PNS-{number}-{nip[-3:]}", "nipBaru": nip, "nama": name}

    def keep(self, what, payload):
        with self._lock:
            whose = payload.get("pnsDinilaiOrang") or payload.get("pnsDinilaiId")
            nip = next(n for n, about in self.people.items() if about["id"] == whose)
            self._numbers += 1
            number = f"RW-{self._numbers}"
            self.stored[what].append({**payload, "id": number, "nip": nip})
            return number

    def forget(self, remote_id):
        with self._lock:
            held = self.stored["periodic"]
            self.stored["periodic"] = [row for row in held if row["id"] != remote_id]
            return len(self.stored["periodic"]) < len(held)

    def posts(self, verb="POST"):
        return [path for one, path in self.asked if one == verb]
