"""Mails as servers and people send them, each with what it becomes.

Placeholders: ``@HOTLINE@``, ``@OTHER@`` (a second team), ``@BOUNCE@`` and ``@CATCHALL@`` are our addresses, ``@REF@`` is
the id of the acknowledgement of an open case of Harbour Glass, ``@NUMBER@`` its number.

What a mail becomes:

* ``case``: a new case; ``message``: a message on the open case; ``note``: an internal note on it
* ``team``: a note of the team, no case; ``bounce``: the acknowledgement has failed; ``ignored``: nothing

``told`` names who of us hears of it by an activity or a notification, ``customer`` whether the customer was
recognised, ``answered`` whether the sender gets an acknowledgement.
"""

import base64
from dataclasses import dataclass

OFFICE = "Office <office@harbour.example.com>"
STRANGER = "Jo Stranger <jo@elsewhere.example.com>"
EMPLOYEE = "cg sales <cg_sales@example.com>"
HANDLER = "cg service <cg_service@example.com>"
REPLY = "In-Reply-To: @REF@\nReferences: @REF@\n"


@dataclass(frozen=True)
class Mail:
    """One mail and what it becomes."""

    name: str
    raw: bytes
    becomes: str
    told: tuple[str, ...] = ()
    customer: bool | None = None
    answered: bool | None = None
    holds: str = ""


def mail(name, becomes, *told, sender=OFFICE, to="@HOTLINE@", subject="Valve leaks", headers="",
         body="It leaks.", path=None, kind="text/plain; charset=utf-8", **expected):  # fmt: skip
    """Return a mail of one part; `path` is the return path, that of the sender without it."""
    back = sender.split("<")[-1].strip("> ") if path is None else path
    head = (
        f"Return-Path: <{back}>\nFrom: {sender}\nTo: {to}\nSubject: {subject}\n"
        f"Message-Id: <@ID@@mail.example.org>\n{headers}MIME-Version: 1.0\nContent-Type: {kind}\n"
    )
    return Mail(name, f"{head}\n{body}\n".encode(), becomes, told, **expected)


def machine(name, becomes, subject, headers, *told, **more):
    """Return an automatic answer to our acknowledgement."""
    text = more.pop("body", "I am away until 14 December.")
    return mail(name, becomes, *told, subject=subject, headers=REPLY + headers, body=text, **more)


def report(name, becomes, *told, action="failed", status="5.1.1", to="@BOUNCE@", path="",
           final="rfc822; office@harbour.example.com", parts=None, sender=None, headers="",
           text="User unknown", kind="delivery-status", **more):  # fmt: skip
    """Return a report of delivery as a server sends it."""
    original = "From: @HOTLINE@\nTo: office@harbour.example.com\nMessage-Id: @REF@\n\nDear"
    parts = parts or [
        ("text/plain", text),
        (
            "message/delivery-status",
            "Reporting-MTA: dns; mx.harbour.example.com\n\n"
            f"Final-Recipient: {final}\nAction: {action}\nStatus: {status}",
        ),
        ("message/rfc822", original),
    ]
    body = "".join(f"--b1\nContent-Type: {kind_}\n\n{part}\n" for kind_, part in parts) + "--b1--"
    return mail(
        name, becomes, *told, to=to, path=path, headers=headers, body=body,
        sender=sender or "Mail Delivery System <MAILER-DAEMON@mx.harbour.example.com>",
        subject="Undelivered Mail Returned to Sender",
        kind=f'multipart/report; report-type={kind}; boundary="b1"', **more,
    )  # fmt: skip


def multi(name, becomes, *told, parts, kind="mixed", **more):
    """Return a mail of several parts: [(headers of the part, its text)]."""
    body = "".join(f"--b1\n{head}\n\n{text}\n" for head, text in parts) + "--b1--"
    return mail(name, becomes, *told, body=body, kind=f'multipart/{kind}; boundary="b1"', **more)


def raw(name, becomes, *told, data, **expected):
    """Return a mail as it came over the wire."""
    return Mail(name, data, becomes, told, **expected)


def coded(text, charset):
    """Return a text in base64 of a charset, and its subject as a header word."""
    data = base64.b64encode(text.encode(charset)).decode()
    return data, f"=?{charset}?B?{data}?="


GB_BODY, GB_SUBJECT = coded("阀门漏油", "gb18030")
JP_BODY, JP_SUBJECT = coded("バルブが漏れています", "iso-2022-jp")
BIG_BODY, BIG_SUBJECT = coded("閥門漏油", "big5")
KR_BODY, KR_SUBJECT = coded("밸브가 샙니다", "euc-kr")
RU_BODY, RU_SUBJECT = coded("Клапан течёт", "koi8-r")
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
ICS = "BEGIN:VCALENDAR\nMETHOD:{}\nBEGIN:VEVENT\nUID:1\nDTSTART:20261201T090000Z\nEND:VEVENT\nEND:VCALENDAR"
PART = "Content-Type: text/plain; charset=utf-8"
NEW = {"customer": True, "answered": True}
STRANGE = {"customer": False, "answered": True}
MUTE = {"answered": False}

CORPUS = [
    # -- people
    mail("known sender", "case", "leader", **NEW),
    mail("unknown sender", "case", "leader", sender=STRANGER, **STRANGE),
    mail("address in capitals", "case", "leader", sender="Office@HARBOUR.example.com", **NEW),
    mail(
        "part of an address is another one",
        "case",
        "leader",
        sender="ffice@harbour.example.com",
        **STRANGE,
    ),  # fmt: skip
    mail("sender of another company", "case", "leader", sender="b@other.example.com", **STRANGE),
    mail("no-reply mailbox", "case", "leader", sender="no-reply@shop.example.com", **MUTE),
    mail(
        "asks for no automatic answer",
        "case",
        "leader",
        headers="X-Auto-Response-Suppress: All\n",
        customer=True,
        answered=False,
    ),  # fmt: skip
    mail("no subject", "case", "leader", subject="", **NEW),
    mail("no text", "case", "leader", body="", **NEW),
    mail(
        "cc to the hotline",
        "case",
        "leader",
        to="x@else.example.com",
        headers="Cc: @HOTLINE@\n",
        **NEW,
    ),  # fmt: skip
    mail("two teams are one case", "case", "leader", "parts", to="@HOTLINE@, @OTHER@", **NEW),
    mail(
        "two teams and a number are one message",
        "message",
        "handler",
        to="@HOTLINE@, @OTHER@",
        subject="Still leaks @NUMBER@",
    ),  # fmt: skip
    mail("auto-submitted: no", "case", "leader", headers="Auto-Submitted: no\n", **NEW),
    mail(
        "over a mailing list of ours",
        "case",
        "leader",
        headers="List-Id: <hotline.test.mycompany.com>\nPrecedence: list\n",
        **NEW,
    ),  # fmt: skip
    mail(
        "high priority from Outlook",
        "case",
        "leader",
        headers="X-Priority: 1\nImportance: high\nX-MSMail-Priority: High\n",
        **NEW,
    ),  # fmt: skip
    # -- answers of people
    mail("answer of the customer", "message", "handler", subject="Re: Valve", headers=REPLY),
    mail(
        "answer to an automatic answer",
        "message",
        "handler",
        subject="Re: Automatic reply: Valve",
        headers=REPLY,
    ),  # fmt: skip
    mail("answer over the catchall", "message", "handler", to="@CATCHALL@", headers=REPLY),
    mail("number in the subject", "message", "handler", subject="Still leaks [@NUMBER@]"),
    mail(
        "number in the subject, no thread, Chinese",
        "message",
        "handler",
        subject="=?utf-8?B?5Zue5aSN77ya?= @NUMBER@",
    ),  # fmt: skip
    mail("another number in the subject", "case", "leader", subject="Order S202611-0042", **NEW),
    mail("stranger who knows the id", "note", "handler", sender=STRANGER, headers=REPLY),
    mail("stranger who knows the number", "note", "handler", sender=STRANGER, subject="@NUMBER@"),
    mail("mail that says it is of the handler", "note", "handler", sender=HANDLER, headers=REPLY),
    # -- passed on by us
    mail(
        "forwarded by an employee",
        "case",
        "leader",
        "sales",
        sender=EMPLOYEE,
        subject="Fwd: Leak",
        body="---------- Forwarded message ---------\n"
        "From: Office <office@harbour.example.com>\nSubject: Leak\n\nIt leaks.",
        customer=True,
        answered=False,
    ),  # fmt: skip
    mail(
        "forwarded in Chinese",
        "case",
        "leader",
        "sales",
        sender=EMPLOYEE,
        subject="=?utf-8?B?6L2s5Y+ROg==?=",
        body="发件人： 办公室 <office@harbour.example.com>\n主题: 漏",
        customer=True,
        answered=False,
    ),  # fmt: skip
    mail(
        "forwarded in German",
        "case",
        "leader",
        "sales",
        sender=EMPLOYEE,
        subject="WG: Leck",
        body="Von: Jo <jo@elsewhere.example.com>\nBetreff: Leck",
        customer=False,
        answered=False,
        holds="jo@elsewhere.example.com",
    ),  # fmt: skip
    mail(
        "employee writes himself",
        "case",
        "leader",
        "sales",
        sender=EMPLOYEE,
        customer=False,
        answered=False,
    ),  # fmt: skip
    multi(
        "forwarded as an attachment",
        "case",
        "leader",
        "sales",
        sender=EMPLOYEE,
        subject="Fwd",
        parts=[
            (PART, "see below"),
            (
                "Content-Type: message/rfc822",
                "From: office@harbour.example.com\nSubject: Leak\n\nIt leaks.",
            ),
        ],
        customer=True,
        answered=False,
    ),  # fmt: skip
    # -- automatic answers
    machine(
        "Exchange",
        "note",
        "Automatic reply: Valve",
        "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n"
        "X-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n",
        path="",
    ),  # fmt: skip
    machine("Exchange, German, headers stripped", "note", "Automatische Antwort: Valve", ""),
    machine(
        "Gmail vacation",
        "note",
        "Re: Valve",
        "Auto-Submitted: auto-replied\nPrecedence: bulk\nX-Autoreply: yes\n",
    ),  # fmt: skip
    machine("Postfix vacation", "note", "Away", "Auto-Submitted: auto-replied (vacation)\n"),
    machine("Sieve", "note", "Auto: Valve", "Auto-Submitted: auto-replied\n", path=""),
    machine("cPanel", "note", "On Loan", "X-Autorespond: Valve\nX-Autoresponder: cPanel\n"),
    machine(
        "Lotus Notes, French", "note", "Réponse automatique : Valve", "Precedence: auto_reply\n"
    ),
    machine("Yahoo", "note", "Yahoo Auto Response", "X-Yahoo-Autoreply: 1\n"),
    machine("FirstClass", "note", "Re: Valve", "X-FC-MachineGenerated: true\n"),
    machine("GroupWise", "note", "Re: Valve", "X-POST-MessageClass: 9; Autoresponder\n"),
    machine("QQ", "note", "=?utf-8?B?6Ieq5Yqo5Zue5aSNOlZhbHZl?=", ""),
    machine("NetEase, traditional Chinese", "note", "=?utf-8?B?6Ieq5YuV5Zue6KaGOiBWYWx2ZQ==?=", ""),
    machine("Japanese", "note", "=?utf-8?B?6Ieq5YuV6L+U5L+hOiBWYWx2ZQ==?=", ""),
    machine("Spanish", "note", "Respuesta automática: Valve", ""),
    machine("Russian", "note", "Автоматический ответ: Valve", "Auto-Submitted: auto-replied\n"),
    machine(
        "vacation of the handler",
        "note",
        "Automatic reply: Valve",
        "Auto-Submitted: auto-replied\n",
        sender=HANDLER,
        to="@CATCHALL@",
    ),  # fmt: skip
    mail(
        "automatic answer to nothing of ours",
        "team",
        subject="Automatic reply: Hello",
        headers="Auto-Submitted: auto-replied\n",
    ),  # fmt: skip
    mail(
        "automatic answer with the number",
        "note",
        subject="Automatic reply: @NUMBER@",
        headers="Auto-Submitted: auto-replied\n",
    ),  # fmt: skip
    mail(
        "ticket system answers",
        "team",
        subject="[Ticket#1] received",
        headers="Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n",
    ),  # fmt: skip
    # -- machines of their own accord
    mail(
        "portal of a buyer",
        "team",
        "leader",
        subject="Quality notification 4711",
        headers="Auto-Submitted: auto-generated\n",
    ),  # fmt: skip
    mail(
        "cron job",
        "team",
        "leader",
        sender="root@web.example.com",
        subject="Cron <root@web>",
        headers="Auto-Submitted: auto-generated\nX-Cron-Env: <SHELL=/bin/sh>\n",
    ),  # fmt: skip
    mail(
        "newsletter",
        "team",
        headers="List-Unsubscribe: <https://n.example.com/u>\nPrecedence: bulk\n",
    ),
    mail(
        "mailing list",
        "team",
        headers="List-Id: Pumps <pumps.lists.example.net>\nList-Post: <mailto:p@l>\n",
    ),
    mail("bulk", "team", headers="Precedence: bulk\n"),
    mail("null return path", "team", path="", subject="Notice"),
    # -- reports
    report("Postfix bounce", "bounce", "handler"),
    report(
        "Exchange bounce",
        "bounce",
        "handler",
        sender="Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@h.example.com>",
        headers="Auto-Submitted: auto-replied\n",
        text="Your message couldn't be delivered",
    ),  # fmt: skip
    report("mailbox full", "bounce", "handler", status="5.2.2", text="Quota exceeded"),
    report("bounce to the hotline", "bounce", "handler", to="@HOTLINE@"),
    report(
        "bounce that names a return path",
        "bounce",
        "handler",
        path="MAILER-DAEMON@mx.harbour.example.com",
    ),  # fmt: skip
    report(
        "bounce without the recipient",
        "bounce",
        "handler",
        final="",
        parts=[("text/plain", "Failed"), ("text/rfc822-headers", "Message-Id: @REF@\n")],
    ),  # fmt: skip
    mail(
        "qmail bounce",
        "bounce",
        "handler",
        to="@BOUNCE@",
        path="",
        subject="failure notice",
        sender="MAILER-DAEMON@mx.harbour.example.com",
        body="Hi. This is the qmail-send program.\n"
        "<office@harbour.example.com>: no such user\n--- Below\nMessage-ID: @REF@\n",
    ),  # fmt: skip
    mail(
        "QQ bounce",
        "bounce",
        "handler",
        path="",
        sender="PostMaster@qq.example.com",
        subject="=?utf-8?B?57O757uf6YCA5L+h?=",
        body="Message-ID: @REF@",
    ),  # fmt: skip
    report("delayed", "ignored", action="delayed", status="4.4.1", text="Will retry"),
    report("delivered", "ignored", action="delivered", status="2.0.0", text="Delivered"),
    report(
        "read receipt",
        "ignored",
        kind="disposition-notification",
        to="@HOTLINE@",
        sender=OFFICE,
        headers=REPLY,
        parts=[
            ("text/plain", "Was read"),
            (
                "message/disposition-notification",
                "Final-Recipient: rfc822;office@harbour.example.com\nOriginal-Message-ID: @REF@\n"
                "Disposition: manual-action/MDN-sent-manually; displayed",
            ),
        ],
    ),  # fmt: skip
    report(
        "bounce of something else",
        "ignored",
        parts=[("text/plain", "x"), ("message/rfc822", "Message-Id: <no@x.example>\n\nx")],
    ),  # fmt: skip
    # -- writing and forms
    mail(
        "GB18030",
        "case",
        "leader",
        subject=GB_SUBJECT,
        body=GB_BODY,
        holds="阀门漏油",
        kind="text/plain; charset=gb18030\nContent-Transfer-Encoding: base64",
        **NEW,
    ),  # fmt: skip
    mail(
        "ISO-2022-JP",
        "case",
        "leader",
        subject=JP_SUBJECT,
        body=JP_BODY,
        holds="バルブ",
        kind="text/plain; charset=iso-2022-jp\nContent-Transfer-Encoding: base64",
        **NEW,
    ),  # fmt: skip
    mail(
        "Big5",
        "case",
        "leader",
        subject=BIG_SUBJECT,
        body=BIG_BODY,
        holds="閥門漏油",
        kind="text/plain; charset=big5\nContent-Transfer-Encoding: base64",
        **NEW,
    ),  # fmt: skip
    mail(
        "EUC-KR",
        "case",
        "leader",
        subject=KR_SUBJECT,
        body=KR_BODY,
        holds="밸브",
        kind="text/plain; charset=euc-kr\nContent-Transfer-Encoding: base64",
        **NEW,
    ),  # fmt: skip
    mail(
        "KOI8-R",
        "case",
        "leader",
        subject=RU_SUBJECT,
        body=RU_BODY,
        holds="Клапан",
        kind="text/plain; charset=koi8-r\nContent-Transfer-Encoding: base64",
        **NEW,
    ),  # fmt: skip
    raw(
        "8 bit in the headers",
        "case",
        "leader",
        customer=True,
        data=b"From: office@harbour.example.com\nTo: @HOTLINE@\nSubject: Ventil undicht \xfc\xe4\n"
        b"Message-Id: <@ID@@mail.example.org>\n\nUndicht \xfc\n",
    ),  # fmt: skip
    raw(
        "no message id, no date",
        "case",
        "leader",
        customer=True,
        data=b"From: office@harbour.example.com\nTo: @HOTLINE@\nSubject: Valve\n\nIt leaks.\n",
    ),  # fmt: skip
    mail("unknown charset", "case", "leader", kind="text/plain; charset=x-unknown-9", **NEW),
    mail(
        "NUL in the subject",
        "case",
        "leader",
        subject="=?utf-8?Q?Valve=00leaks?=",
        holds="leaks",
        **NEW,
    ),  # fmt: skip
    mail("NUL in the text", "case", "leader", body="It\x00leaks", **NEW),
    mail(
        "right-to-left override in the subject",
        "case",
        "leader",
        subject="=?utf-8?Q?Valve_=E2=80=AEfdp.exe?=",
        **NEW,
    ),  # fmt: skip
    mail("huge subject", "case", "leader", subject="leak " * 40000, **NEW),
    mail("huge text", "case", "leader", body="It leaks. " * 120000, **NEW),
    mail("year 9999", "case", "leader", headers="Date: Fri, 31 Dec 9999 23:59:59 +0000\n", **NEW),
    mail("year 1970", "case", "leader", headers="Date: Thu, 01 Jan 1970 00:00:00 +0000\n", **NEW),
    mail("date that is none", "case", "leader", headers="Date: yesterday, late\n", **NEW),
    multi(
        "picture in the text",
        "case",
        "leader",
        kind="related",
        parts=[
            ("Content-Type: text/html; charset=utf-8", '<p>Look:</p><img src="cid:p1@x"/>'),
            (
                'Content-Type: image/png; name="p.png"\nContent-ID: <p1@x>\n'
                "Content-Transfer-Encoding: base64",
                PNG,
            ),
        ],
        holds="/web/image",
        **NEW,
    ),  # fmt: skip
    multi(
        "text and HTML",
        "case",
        "leader",
        kind="alternative",
        parts=[
            (PART, "It leaks."),
            ("Content-Type: text/html", "<p>It leaks.</p><script>x</script>"),
        ],
        **NEW,
    ),  # fmt: skip
    multi("boundary that never comes", "case", "leader", kind='mixed; x="', parts=[], **NEW),
    multi(
        "broken base64",
        "case",
        "leader",
        parts=[(PART + "\nContent-Transfer-Encoding: base64", "!!!not base64!!!")],
        **NEW,
    ),  # fmt: skip
    multi(
        "winmail.dat",
        "case",
        "leader",
        parts=[
            (PART, "It leaks."),
            (
                'Content-Type: application/ms-tnef; name="winmail.dat"\n'
                "Content-Transfer-Encoding: base64",
                "eJ8+IgAA",
            ),
        ],
        **NEW,
    ),  # fmt: skip
    multi(
        "S/MIME, signed",
        "case",
        "leader",
        parts=[
            (PART, "It leaks."),
            (
                'Content-Type: application/pkcs7-signature; name="smime.p7s"\n'
                "Content-Transfer-Encoding: base64",
                "MIAGCSqGSIb3DQEHAqCA",
            ),
        ],
        kind='signed; protocol="application/pkcs7-signature"; micalg=sha-256',
        **NEW,
    ),  # fmt: skip
    mail(
        "S/MIME, encrypted",
        "case",
        "leader",
        body="MIAGCSqGSIb3DQEHA6CAMIACAQAxggFk",
        kind='application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\n'
        "Content-Transfer-Encoding: base64",
        **NEW,
    ),  # fmt: skip
    multi(
        "invitation",
        "case",
        "leader",
        kind="alternative",
        parts=[
            (PART, "Meeting about the leak"),
            ("Content-Type: text/calendar; method=REQUEST", ICS.format("REQUEST")),
        ],
        **NEW,
    ),  # fmt: skip
    mail(
        "invitation accepted",
        "note",
        subject="Accepted: Meeting",
        headers=REPLY,
        kind="text/calendar; method=REPLY; charset=utf-8",
        body=ICS.format("REPLY"),
    ),  # fmt: skip
]
