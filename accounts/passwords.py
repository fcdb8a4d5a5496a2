"""Refuses passwords that everybody tries first in Chinese forms."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_COMMON = (
    "woaini", "woaizhongguo", "zhongguo", "beijing", "shanghai", "jiangsu", "nanjing", "suzhou",
    "mima", "wodemima", "guanliyuan", "fuhuaqi", "fuwupingtai", "chuangye", "password", "admin",
    "administrator", "qwerty", "qwertyuiop", "asdfgh", "asdfghjkl", "iloveyou", "welcome", "abc", "test",
)  # fmt: skip
_SHAPE = re.compile(rf"^[^a-z]*(?:(?:{'|'.join(_COMMON)})[^a-z]*)+$", re.IGNORECASE)


class CommonFormsValidator:
    """Words that everybody tries (pinyin too) with digits and signs around; one or two signs repeated."""

    def validate(self, password: str, user: Any = None) -> None:
        if _SHAPE.match(password) or len(set(password.lower())) <= 3 or password.isdigit():
            raise ValidationError(_("这个密码太常见，容易被猜中，请换一个。"), code="password_common_form")

    def get_help_text(self) -> str:
        return _("密码至少 12 位，不能是常见词（含拼音）加数字。")
