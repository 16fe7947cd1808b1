"""The house asks nobody but whom its settings name, by whatever name he is called. Row 2."""

from __future__ import annotations

import socket

import pytest
import urllib3.util.connection

from app.outgoing import Asked, Bounds, Outgoing, Unsent
from app.provider_http import ProviderAway, ProviderHttp
from app.siasn import HttpSiasn
from app.siasn import access as access_of
from engine.usecases.ports.siasn import SiasnAway, SiasnFault
from tests.app.siasn_there import SiasnThere
from tests.app.test_siasn import settings, way_to
from tests.security.house_tree import programs, read
from web.pdf import pdf

#: names of this machine and of machines beside it, all of them on the list of allowed hosts: the
#: address that they lead to is looked at all the same
INSIDE = (
    "0x7f000001",
    "2130706433",
    "017700000001",
    "127.1",
    "[::ffff:127.0.0.1]",
    "[::ffff:169.254.169.254]",
    "0.0.0.0",  # noqa: S104 - asked for, not listened on
    "169.254.169.254",
    "10.0.0.1",
    "192.168.0.1",
    "100.64.0.1",
    "[fe80::1]",
    "[fd00:ec2::254]",
)


@pytest.fixture
def there():
    with SiasnThere() as one:
        yield one


def asking(there, base, *hosts):
    return way_to(there, base=base, hosts=frozenset({there.host, *hosts}))


@pytest.mark.parametrize("host", INSIDE)
def test_no_spelling_of_a_private_address_is_asked(there, host):
    place = f"{host}:{there.host.partition(':')[2]}"
    with pytest.raises(SiasnAway):
        asking(there, f"http://{place}", place).person("1")
    assert there.asked == []


@pytest.mark.parametrize("host", INSIDE)
def test_the_provider_is_asked_at_no_private_address_either(there, host):
    place = f"{host}:{there.host.partition(':')[2]}"
    for url in (f"https://{place}/x", f"http://{place}/x"):
        with pytest.raises(ProviderAway):
            ProviderHttp(frozenset({place, there.host}), answer_s=0.4).ask("GET", url)
    assert there.asked == []


@pytest.mark.parametrize("host", INSIDE)
def test_the_address_is_looked_at_before_anybody_connects(monkeypatch, host):
    """Over TLS, where the way itself is no reason to refuse."""
    reached = []

    def connect(address, *_args, **_kwargs):
        reached.append(address)
        raise OSError

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    bounds = Bounds(hosts=frozenset({host}), setting="X", connect_s=0.4, answer_s=0.4, bytes_max=1)
    with pytest.raises(Unsent):
        Outgoing(bounds).ask(Asked(method="GET", url=f"https://{host}/"))
    assert reached == []


@pytest.mark.parametrize(
    "base",
    ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "data:text/plain,x", "//x"],
)
def test_no_other_way_than_http_is_taken(there, base):
    with pytest.raises(SiasnFault):
        asking(there, base, "", "127.0.0.1", "x").person("1")
    assert there.asked == []


def name_server(monkeypatch, name, *addresses):
    """Says something else of one name each time, as an attacker's does; tells who was asked for."""
    left, asked, real = list(addresses), [], socket.getaddrinfo

    def getaddrinfo(host, port, *args, **kwargs):
        asked.append(host)
        if host != name:
            return real(host, port, *args, **kwargs)
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_host_that_is_not_listed_is_not_even_looked_up(there, monkeypatch):
    asked = name_server(monkeypatch, "nobody", "127.0.0.1")
    for base in ("http://elsewhere.example", f"http://{there.host}@elsewhere.example"):
        with pytest.raises(SiasnAway, match="REGU_SIASN_HOSTS"):
            asking(there, base).person("1")
    assert "elsewhere.example" not in asked


def test_a_name_that_changes_its_address_is_connected_to_where_it_was_checked(there, monkeypatch):
    """Rebinding: public when it is looked at, loopback when it is looked up again."""
    asked = name_server(monkeypatch, "rebind.example", "93.184.215.14", "127.0.0.1")
    reached, real = [], urllib3.util.connection.create_connection

    def connect(address, *args, **kwargs):
        reached.append(address)
        if f"{address[0]}:{address[1]}" != there.host:
            raise OSError
        return real(address, *args, **kwargs)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    with pytest.raises(SiasnFault):
        asking(there, "https://rebind.example", "rebind.example").person("1")
    assert reached[-1] == ("93.184.215.14", 443)
    assert {address[0] for address in reached[:-1]} == {"127.0.0.1"}, "the tokens, where they are"
    assert asked.count("rebind.example") == 1


def test_a_public_name_that_leads_inside_is_refused(there, monkeypatch):
    """The loopback of the settings is open by its own name only."""
    place = f"inside.example:{there.host.partition(':')[2]}"
    name_server(monkeypatch, "inside.example", "127.0.0.1")
    for way in ("http", "https"):
        with pytest.raises(SiasnAway):
            asking(there, f"{way}://{place}", place).person("1")
    assert there.asked == []


def test_a_redirect_is_not_followed(there):
    there.moods["GET"] = ["redirect"]
    with pytest.raises(SiasnAway):
        way_to(there).person("1")
    assert [path for _verb, path in there.asked] == ["/pns/data-utama/1"]


def test_no_proxy_of_the_surroundings_is_asked(there, monkeypatch):
    with SiasnThere() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        there.knows(("1", "Sari"))
        assert way_to(there).person("1")["nama"] == "Sari"
        assert proxy.asked + proxy.tokens == []


def test_what_a_number_of_a_person_says_does_not_move_the_address(there):
    """A NIP comes from a workbook: it is one segment of the path, whatever stands in it."""
    with pytest.raises(SiasnFault):
        way_to(there).person("../../token?x=@elsewhere.example/#")
    assert [path for _verb, path in there.asked] == [
        "/pns/data-utama/..%2F..%2Ftoken%3Fx%3D%40elsewhere.example%2F%23"
    ]


def test_plain_http_is_for_this_machine_only(tmp_path):
    found = access_of(settings(tmp_path))
    assert found is not None
    assert isinstance(HttpSiasn(found), HttpSiasn)
    with pytest.raises(Exception, match="REGU_SIASN_URL"):
        access_of(settings(tmp_path, siasn_url="http://api.example.go.id"))


def test_a_document_fetches_nothing_and_reads_no_file(tmp_path):
    """What people typed stands in documents; WeasyPrint would fetch what an address names."""
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>words</text></svg>")
    with SiasnThere() as elsewhere:
        html = "".join(
            f"<img src='{url}'><link rel=stylesheet href='{url}'><object data='{url}'></object>"
            f"<a rel=attachment href='{url}'>x</a><p style='background:url({url})'>x</p>"
            for url in (elsewhere.url, secret.as_uri())
        )
        made = pdf(f"<html><style>@import url({elsewhere.url});</style>{html}</html>")
        assert elsewhere.asked == []
    assert made.startswith(b"%PDF")
    assert b"/EmbeddedFile" not in made
    assert b"/Subtype /Image" not in made


#: modules that open connections -> files that may have them, and for what
CONNECTS = {
    #: SIASN and the provider of single sign-on are asked by one client
    "requests": {"app/outgoing.py"},
    "requests_hardened": {"app/outgoing.py"},
    #: what its reading raises
    "urllib3": {"app/outgoing.py"},
    #: words and checks of OpenID Connect; its client is not used
    "authlib": {"app/oidc.py"},
    #: letters, and whether their server answers
    "smtplib": {"app/mail.py", "app/doctor/machine.py"},
    "ssl": {"app/mail.py"},
    #: the name of this machine, whether the mail server of the settings answers, and what a name
    #: that nobody has raises
    "socket": {
        "app/beats.py",
        "app/doctor/machine.py",
        "app/outgoing.py",
        "engine/persistence/jobs/slots.py",
    },
    #: the demo and the load ask the house itself, on this machine
    "http.client": {"app/demo/client.py", "app/demo/citizen.py"},
}
_NEVER = {
    "aiohttp", "ftplib", "httpx", "imaplib", "nntplib", "paramiko", "poplib", "socketserver",
    "telnetlib", "urllib.request", "urllib3", "websocket", "websockets", "xmlrpc", "pycurl",
    "asyncio", "socket", "http.client", "requests", "smtplib", "ssl", "requests_hardened",
    "http.server", "grpc", "redis", "authlib",
}  # fmt: skip


def test_nothing_else_in_the_house_opens_connections():
    """One client goes out, one sends letters; whoever adds another says so here and why."""
    strangers = set()
    for name, program in programs().items():
        for module in program.imports:
            known = next((one for one in _NEVER if _within(module, one)), None)
            if known and name not in CONNECTS.get(known, set()):
                strangers.add((name, known))
    assert strangers == set()


def _within(module, known):
    return module == known or module.startswith(f"{known}.")


def test_the_search_for_connections_sees_each_way_to_write_one():
    """The positive control."""
    planted = read("def f():\n    from urllib import request\n    import http.client as h\n")
    assert {"urllib.request", "http.client"} <= set(planted.imports)
