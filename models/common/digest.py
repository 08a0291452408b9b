"""One message about many records."""

from markupsafe import Markup

LISTED = 50


def listed(env, rows, total=None, more_link=None):
    """Return records as a list in HTML.

    :param env: in the language of the reader
    :param rows: [(model, id, name, more text)], the first ones are listed
    :param total: how many there are
    :param more_link: (address, text) of the list of all of them
    """
    lines = [
        Markup("<li><a href='/odoo/%s/%s'>%s</a>%s</li>")
        % (model, res_id, name, f": {text}" if text else "")
        for model, res_id, name, text in rows[:LISTED]
    ]
    body = Markup("<ul>%s</ul>") % Markup("").join(lines)
    rest = (total or len(rows)) - len(lines)
    if rest > 0:
        body += Markup("<p>%s</p>") % env._("and %(n)s more", n=rest)
    if more_link:
        body += Markup("<p><a href='%s'>%s</a></p>") % more_link
    return body


def tell(env, user, subject, rows, total=None, more_link=None):
    """Notify a user, by mail or in the inbox as he likes, of many records at once; see `listed`."""
    return env["mail.thread"].message_notify(
        partner_ids=user.partner_id.ids,
        subject=subject,
        body=listed(env, rows, total, more_link),
        email_layout_xmlid="mail.mail_notification_light",
        # the queue sends after the commit: what is rolled back has told nobody
        force_send=False,
        subtype_xmlid="mail.mt_note",
    )


def tell_activities(activities, subject):
    """Notify the user of `activities`, all of one person, of all of them in one message.

    :param subject: ``subject(env, number)``
    """
    user = activities.user_id
    reader = activities.with_context(lang=user.lang, tz=user.tz or "UTC")
    first = reader.sorted(lambda activity: (activity.date_deadline, activity.id))[:LISTED]
    names = {}
    for model, some in first.grouped("res_model").items():
        # sudo: who is asked about a record reads its name here as on the activity
        records = reader.env[model].sudo().browse(some.mapped("res_id")).exists()
        names |= {(model, record.id): record.display_name for record in records}
    rows = [
        (activity.res_model, activity.res_id, name, activity.summary)
        for activity in first
        if (name := names.get((activity.res_model, activity.res_id)))
    ]
    return tell(reader.env, user, subject(reader.env, len(activities)), rows, len(activities))


def for_reader(records, user):
    """Return records in the language and time zone of a user: what is written there, he reads."""
    user = user.sudo()  # whoever writes to him, the language of a reader is no secret
    zone = {"tz": user.tz} if user.tz else {}
    return records.with_context(lang=user.lang or records.env.lang, **zone)


def tell_each(record, users, subject, body):
    """Notify users of a record, each in the own language, in one message a language.

    :param subject: ``subject(env)``; None for what is confidential: its number is the subject
    :param body: ``body(env)``
    """
    for some in users.grouped(lambda user: user.sudo().lang).values():
        words = for_reader(record, some[:1])
        words.message_notify(
            partner_ids=some.partner_id.ids,
            subject=subject and subject(words.env),
            body=body(words.env),
        )


def _today(record):
    company = record.company_id if "company_id" in record._fields else None
    return (company or record.env.company)._customer_today()


def schedule(records, activity_type, users, summary, notes=None, deadlines=None):
    """Give users an activity on each record, in as many statements for one as for a thousand.

    Odoo mails each of them by itself unless the context says ``mail_activity_quick_update``.

    :param users: {record id: user}
    :param notes: {record: text}
    :param deadlines: {record id: day}, today in the record's company where it has none
    :return: the activities
    """
    env = records.env
    kind = env.ref(activity_type)
    model_id = env["ir.model"]._get_id(records._name)
    return env["mail.activity"].create(
        [
            {
                "res_model_id": model_id,
                "res_id": record.id,
                "activity_type_id": kind.id,
                "summary": summary or kind.summary,
                "note": (notes or {}).get(record),
                "user_id": users[record.id].id,
                "date_deadline": (deadlines or {}).get(record.id) or _today(record),
                "automated": True,
            }
            for record in records
        ]
    )


def in_house(records, company=None):
    """Return records in the language of a company: what nobody wrote, and all its people read.

    :param company: without it that of the records, else the present one
    """
    if company is None:
        company = records.company_id[:1] if "company_id" in records._fields else None
        company = company or records.env.company
    lang = company.sudo().partner_id.lang  # sudo: the language of our own company
    return records.with_context(lang=lang or records.env.lang)
