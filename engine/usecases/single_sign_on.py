"""Which account somebody has whom a provider of single sign-on vouches for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from engine.usecases import audit_tags
from engine.usecases.accounts import LOGIN_CHARACTERS_MAX, actor_of, managed_account
from engine.usecases.audit import note
from engine.usecases.errors import NotFound, UseCaseError
from engine.usecases.once import repeated
from engine.usecases.ports.accounts import IdentityRow
from engine.usecases.rights import require

if TYPE_CHECKING:
    from engine.usecases.actor import Actor
    from engine.usecases.ports.accounts import AccountRow
    from engine.usecases.ports.work import House, UnitOfWork

#: OpenID Connect Core 1.0, section 2: `sub` has 255 characters at most
SUBJECT_CHARACTERS_MAX: Final = 255


class UnknownIdentity(UseCaseError):
    """The provider vouches for somebody who has no account here; none is made for him."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        #: "no_account", "disabled", "service" or "bound_elsewhere"
        self.reason = reason


@repeated
def account_behind(house: House, *, issuer: str, subject: str, login: str) -> AccountRow:
    """The account that this identity is bound to; the first time, the account of that login.

    `login` is what the provider's claim says. An account is never made. `UnknownIdentity`.
    """
    with house.writing() as uow:
        known = uow.identities.find(issuer, subject)
        account = uow.accounts.account(known.login if known else _plain(login))
        _check(uow, account)
        if account is None:
            raise UnknownIdentity("no_account")
        if known is None:
            if uow.identities.of(issuer, account.login) is not None:
                raise UnknownIdentity("bound_elsewhere")
            _bind(
                house,
                uow,
                account,
                IdentityRow(
                    issuer=issuer,
                    subject=subject,
                    login=account.login,
                    bound_at=house.clock.real_now(),
                ),
            )
            uow.commit()
    return account


def is_tied(house: House, login: str) -> bool:
    """Whether an account is tied to an identity of single sign-on."""
    with house.reading() as uow:
        return uow.identities.tied(login)


@repeated
def release_identities(house: House, actor: Actor, login: str) -> None:
    """Untie an account from single sign-on: its next sign-in from there ties it anew.

    `NotFound` when it is tied to none, or of another agency; nobody his own.
    """
    require(actor, "account:manage", login)
    with house.writing() as uow:
        account = managed_account(uow, actor, login)
        if not uow.identities.release(login):
            raise NotFound("identity", login)
        uow.sessions.revoke_all(login, house.clock.real_now())
        facts = {"account": account.known_as}
        note(
            *(house, uow, actor),
            stream="account",
            act=audit_tags.IDENTITY_RELEASED,
            facts=facts,
        )
        uow.commit()


def _bind(house: House, uow: UnitOfWork, account: AccountRow, row: IdentityRow) -> None:
    uow.identities.bind(row)
    note(
        *(house, uow, actor_of(uow, account, house.clock.now().date())),
        stream="account",
        act=audit_tags.IDENTITY_BOUND,
        facts={"account": account.known_as, "issuer": row.issuer},
    )


def _check(uow: UnitOfWork, account: AccountRow | None) -> None:
    if account is None:
        raise UnknownIdentity("no_account")
    if not account.active:
        raise UnknownIdentity("disabled")
    if account.person_id is None and uow.accounts.service(account.login) is not None:
        raise UnknownIdentity("service")


def _plain(login: str) -> str:
    """A NIP without its spaces, as people type it too."""
    bare = "".join(login.split())
    return (bare if bare.isdecimal() else login.strip())[:LOGIN_CHARACTERS_MAX]
