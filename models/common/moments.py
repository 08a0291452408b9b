"""Instants in the words of the reader: date and time of the language, never seconds."""

import re

from odoo.tools import format_datetime
from odoo.tools.misc import babel_locale_parse, get_lang, posix_to_ldml

_SECONDS = re.compile(r"[:.]?%S")


def moment_words(env, instant, zone, named=True):
    """Return an instant as text in the language of the environment, empty for none.

    The zone stands behind it: who reads a mail or a message may be elsewhere.

    :param instant: naive UTC datetime
    :param zone: name of the time zone
    :param named: False where the zone is named once for many instants, in the head of a table
    """
    if not instant:
        return ""
    lang = get_lang(env)
    locale = babel_locale_parse(lang.code)
    pattern = f"{lang.date_format} {_SECONDS.sub('', lang.time_format)}"
    words = format_datetime(env, instant, tz=zone, dt_format=posix_to_ldml(pattern, locale=locale))
    return f"{words} ({zone})" if named else words
