"""The second factor: a device that makes codes (TOTP, RFC 6238), recovery codes, their reset.

A code is good for its half minute and the one before and after, and once. After five wrong ones nothing is
taken for ten minutes.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from accounts.models import RecoveryCode, SecondFactor, User
from accounts.rules.roles import SYSTEM
from core.locks import locked
from core.problems import Problem, Refused
from core.text import T
from office.permissions import may_guard
from office.services import audit, documents, notices
from office.services.people import end_ways_in

SECONDS, SKEW = 30, 1
MOST_FAILURES, PAUSE = 5, timedelta(minutes=10)
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a device needs: the key in groups of four, and the picture that a camera reads (SVG)."""

    key: str
    picture: str


def _box() -> MultiFernet:
    """Keys of devices are encrypted under the portal's keys; the first seals, all open."""
    digests = (hashlib.sha256(f"second factor {key}".encode()).digest() for key in settings.SIGNING_KEYS)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def _opened(sealed: str) -> str:
    """The key of a device; `Refused` when the portal's key that sealed it is gone."""
    try:
        return bytes(_box().decrypt(sealed.encode())).decode()
    except InvalidToken as error:
        words = T("平台的密钥已更换，请联系安全管理员重置动态口令。")
        raise Refused(Problem("factor.key", words)) from error


def device_of(user: User) -> SecondFactor | None:
    """The device that has shown a code; None without one."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def _person(actor: Actor) -> User:
    if actor.user is None:
        raise Refused(Problem("people.nobody", T("请先登录。")))
    return actor.user


@transaction.atomic
def begin(*, actor: Actor) -> SecondFactor:
    """A new key that waits for its first code; the device of before holds until then."""
    user = _person(actor)
    locked(User.objects.all(), pk=user.pk)
    row, _made = SecondFactor.objects.get_or_create(user=user)
    row.pending = _box().encrypt(pyotp.random_base32().encode()).decode()
    row.save(update_fields=["pending"])
    return row


def enrolment(actor: Actor) -> Enrolment | None:
    """What to show of the device that waits; None when none does."""
    row = SecondFactor.objects.visible_to(actor).exclude(pending="").first()
    if row is None:
        return None
    key = _opened(row.pending)
    address = pyotp.TOTP(key).provisioning_uri(name=_person(actor).username, issuer_name=settings.SITE_NAME)
    groups = " ".join(key[at : at + 4] for at in range(0, len(key), 4))
    return Enrolment(groups, documents.qr(address, for_screen=True))


@transaction.atomic
def enrol(*, actor: Actor, code: str, at: datetime) -> list[str]:
    """The waiting device shows its first code and holds from now on; its recovery codes, shown this once."""
    user = _person(actor)
    row = SecondFactor.objects.visible_to(actor).exclude(pending="").first()
    if row is None:
        raise Refused(Problem("factor.none", T("没有等待启用的设备，请重新开始。")))
    row = locked(SecondFactor.objects.visible_to(actor), pk=row.pk)
    step = _step_of(_opened(row.pending), code, at, 0)
    if step is None:
        words = T("动态口令不对。请核对手机的时间是否自动校准，再输一次新的口令。")
        raise Refused(Problem("factor.code", words, field="code"))
    row.sealed, row.pending, row.confirmed_at, row.last_step = row.pending, "", at, step
    row.failures, row.failed_at = 0, None
    row.save()
    audit.record(actor=actor, action="factor.enrol", on=row, at=at)
    words = T("您的账号启用了动态口令。若非本人操作，请立即联系安全管理员。")
    notices.notify(people=[user], sentence=words, at=at)
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    RecoveryCode.objects.filter(user=user).delete()
    plain = [_readable(base64.b32encode(secrets.token_bytes(10)).decode()) for _n in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in plain)
    return plain


def _readable(code: str) -> str:
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def _digest(user: User, code: str) -> str:
    plain = "".join(char for char in code.upper() if char.isalnum())
    return hashlib.sha256(f"{user.pk}:{plain}".encode()).hexdigest()


def _step_of(key: str, code: str, at: datetime, newest: int) -> int | None:
    """The time step of this code, if it is near and newer than the newest that was taken."""
    given = "".join(code.split())
    now = int(at.timestamp()) // SECONDS
    maker = pyotp.TOTP(key, interval=SECONDS)
    for step in range(now - SKEW, now + SKEW + 1):
        if step > newest and compare_digest(maker.generate_otp(step).encode(), given.encode()):
            return step
    return None


def check(*, user: User, code: str, at: datetime) -> None:
    """Takes a code of the device or a recovery code, once. `Refused` when it is wrong or too many were; what
    was tried is kept in any case."""
    found = _checked(user, code, at)
    if found is not None:
        raise Refused(found)


def check_for_token(*, actor: Actor, code: str, at: datetime) -> None:
    """What stands beside the password when a program asks for a token: a code of whom has a device. Who must
    have one and has none sets it up on the pages first."""
    user = _person(actor)
    if device_of(user) is not None:
        check(user=user, code=code, at=at)
    elif actor.role in settings.SECOND_FACTOR_ROLES:
        words = T("您的身份须先在网页上启用动态口令。")
        raise Refused(Problem("second_factor.needed", words, field="code"))


@transaction.atomic
def _checked(user: User, code: str, at: datetime) -> Problem | None:
    row = locked(SecondFactor.objects.exclude(sealed=""), user=user)
    if row.failures >= MOST_FAILURES and row.failed_at and at - row.failed_at < PAUSE:
        return Problem("factor.paused", T("输错次数过多，请 10 分钟后再试，或联系安全管理员。"), field="code")
    step = _step_of(_opened(row.sealed), code, at, row.last_step)
    if step is None and not _recovered(user, code, at):
        stale = row.failed_at is None or at - row.failed_at >= PAUSE
        row.failures, row.failed_at = (1 if stale else row.failures + 1), at
        row.save(update_fields=["failures", "failed_at"])
        detail = {"way": "second_factor", "failures": row.failures}
        audit.record(
            actor=Actor(user=user), action="session.refuse", on="accounts.user", key=str(user.pk), at=at,
            detail=detail,
        )  # fmt: skip
        return Problem("factor.code", T("动态口令不对或已用过，请输入新的一组。"), field="code")
    row.failures, row.last_step = 0, step or row.last_step
    row.save(update_fields=["failures", "last_step"])
    return None


def _recovered(user: User, code: str, at: datetime) -> bool:
    """Whether it is an unused recovery code, which is used up by this."""
    rows = RecoveryCode.objects.filter(user=user, digest=_digest(user, code), used_at=None)
    if not rows.update(used_at=at):
        return False
    left = codes_left(user)
    audit.record(actor=Actor(user=user), action="factor.recovery", on=user, at=at, detail={"left": left})
    words = T("有人用备用码登录了您的账号，还剩 {n} 个。若非本人操作，请立即联系安全管理员。", n=left)
    notices.notify(people=[user], sentence=words, at=at)
    return True


@transaction.atomic
def new_codes(*, actor: Actor, at: datetime) -> list[str]:
    """Ten new recovery codes; the ones of before are void."""
    user = _person(actor)
    if device_of(user) is None:
        raise Refused(Problem("factor.none", T("还没有启用动态口令。")))
    audit.record(actor=actor, action="factor.codes", on=user, at=at)
    return _new_codes(user)


@transaction.atomic
def reset(*, actor: Actor, user_id: int, reason: str, at: datetime) -> User:
    """The device is lost with its recovery codes: all go, every way in ends, the next sign-in sets up anew.
    Security administrators, for others than themselves; the portal itself, by command."""
    by_command = actor.role == SYSTEM
    if not (may_guard(actor) or by_command):
        raise Refused(Problem("people.role", T("您的身份不能办理人员和任职。")))
    user: User = locked(User.objects.all() if by_command else User.objects.managed_by(actor), pk=user_id)
    found = []
    if not reason.strip():
        found.append(Problem("person.reason", T("请填写理由。"), field="reason"))
    if user.pk == actor.user_id:
        found.append(Problem("person.self", T("不能重置自己的动态口令，请由另一位安全管理员办理。")))
    if not SecondFactor.objects.filter(user=user).exists():
        found.append(Problem("factor.none", T("此人没有启用动态口令。")))
    if found:
        raise Refused(found)
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
    end_ways_in(user, at)
    audit.record(actor=actor, action="factor.reset", on=user, at=at, reason=reason.strip())
    return user
