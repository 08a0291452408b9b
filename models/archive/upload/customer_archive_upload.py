from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ....engine.archive_checklist import FULFILLED
from ....engine.archive_upload import MEGABYTE, UploadQuota, check_upload, endings
from ....engine.file_kinds import HEAD
from ....engine.transitions import Transition, TransitionTable
from ...common.customer_reach_mixin import able, addresses_in, recipients_of
from ...common.digest import for_reader, in_house
from ...common.guard import Facts, Kept
from ...common.locks import wait_for_lock

_lt = LazyTranslate(__name__)

PATH = "/archive/upload"

FACTS = {"sent_on", "link_token", "link_until", "receipt_count"}

NAME_LIMIT = 200


class CustomerArchiveUpload(models.Model):
    """The customer is asked for documents of a dossier and sends them by a link, without a login.

    The link ends on a day and takes so many files and megabytes. What comes is no part of the
    dossier before somebody looked at it (`customer.archive.upload.line`).
    """

    _name = "customer.archive.upload"
    _inherit = [
        "customer.confidential.mixin",
        "customer.reach.mixin",
        "customer.link.mixin",
        "customer.transition.mixin",
    ]
    _description = "Upload Link"
    _order = "id desc"
    _rec_name = "subject"
    _guards = (
        Facts(
            frozenset(FACTS), _lt("The time of sending is recorded by the button."), error=UserError
        ),
        Kept(
            frozenset({"archive_id"}),
            _lt("The dossier cannot be changed once the link has been sent."),
        ),
    )

    _transitions = TransitionTable(
        "draft",
        (
            Transition("send", ("draft", "open", "closed"), "open", "_guard_send"),
            Transition("close", ("draft", "open"), "closed"),
        ),
    )

    archive_id = fields.Many2one(
        "customer.archive",
        "Dossier",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('state', '!=', 'disposed')]",
    )
    archive_state = fields.Selection(related="archive_id.state", string="Dossier Status")
    company_id = fields.Many2one(related="archive_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="archive_id.partner_id", string="Customer", store=True, index=True
    )
    class_id = fields.Many2one(related="archive_id.class_id")
    contact_id = fields.Many2one(
        "res.partner",
        "Send To",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('commercial_partner_id', '=', partner_id), ('email', '!=', False)]",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    subject = fields.Char(
        required=True,
        compute="_compute_subject",
        store=True,
        readonly=False,
        precompute=True,
        help="Shown to the customer in the e-mail and on the page.",
    )
    message = fields.Text(help="For the customer: what you need and why.")
    requirement_ids = fields.Many2many(
        "customer.archive.requirement",
        string="Requested Documents",
        domain="[('class_id', '=', class_id), ('from_customer', '=', True)]",
        help="By default, the documents that are missing from the dossier and held by the "
        "customer. The customer may add others.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Requested By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Is notified when files are received.",
    )
    expires_on = fields.Date(
        "Open Until",
        required=True,
        default=lambda self: (
            self.env.company._customer_today()
            + timedelta(days=self.env.company.archive_upload_days)
        ),
        tracking=True,
        help="Last day on which the link accepts files, in the company's time zone.",
    )
    max_files = fields.Integer(
        "Maximum Files", required=True, default=lambda self: self.env.company.archive_upload_files
    )
    max_mb = fields.Integer(
        "Maximum Megabytes", required=True, default=lambda self: self.env.company.archive_upload_mb
    )
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Link sent"), ("closed", "Ended")],
        required=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
    )
    sent_on = fields.Datetime("Sent On", readonly=True, copy=False)
    receipt_count = fields.Integer(
        "Number of Uploads",
        readonly=True,
        copy=False,
        help="Incremented with each upload: of two simultaneous uploads, the second is repeated "
        "and takes the first into account.",
    )
    is_expired = fields.Boolean("Expired", compute="_compute_is_expired")
    line_ids = fields.One2many("customer.archive.upload.line", "upload_id", "Received")
    waiting_count = fields.Integer("To Review", compute="_compute_used")
    used_files = fields.Integer("Files", compute="_compute_used")
    used_mb = fields.Float("Megabytes", digits=(16, 1), compute="_compute_used")

    _quota_valid = models.Constraint(
        "CHECK(max_files > 0 AND max_mb > 0)",
        "An upload link must allow at least one file and one megabyte.",
    )

    @api.depends("archive_id")
    def _compute_contact_id(self):
        for upload in self:
            customer = upload.archive_id.partner_id
            if upload.contact_id.commercial_partner_id != customer:
                people = (customer | customer.child_ids).filtered(
                    lambda partner: addresses_in(partner.email)
                )
                upload.contact_id = people[:1]

    @api.depends("archive_id")
    def _compute_subject(self):
        for upload in self:
            archive = upload.archive_id
            about = archive.contract_ref or archive.order_id.name or archive.project
            upload.subject = upload.subject or (
                self.env._("Documents for %s", about) if about else self.env._("Your documents")
            )

    @api.onchange("archive_id")
    def _onchange_archive_id(self):
        """Ask for what the dossier misses."""
        self.requirement_ids = self._missing_of(self.archive_id._origin)

    def _missing_of(self, archive):
        """Return the entries of the checklist that a dossier does not fulfil and the customer has."""
        missing = [
            entry_id
            for entry_id, status, _document in (archive._checklist() if archive else [])
            if status not in FULFILLED
        ]
        entries = self.env["customer.archive.requirement"].browse(missing)
        return entries.filtered("from_customer")

    def _asked_for(self):
        """Return what the customer's page and mail ask for: never a paper of ours."""
        self.ensure_one()
        return self.requirement_ids.filtered("from_customer")

    @api.depends("state", "expires_on")
    def _compute_is_expired(self):
        for upload in self:
            today = (upload.company_id or self.env.company)._customer_today()
            upload.is_expired = bool(
                upload.state == "open" and upload.expires_on and upload.expires_on < today
            )

    @api.depends("line_ids.state", "line_ids.file_count", "line_ids.size")
    def _compute_used(self):
        """Files that the link received and that were not refused."""
        groups = self.env["customer.archive.upload.line"]._read_group(
            [("upload_id", "in", self.ids)],
            ["upload_id", "state"],
            ["__count", "file_count:sum", "size:sum"],
        )
        for upload in self:
            own = [row[1:] for row in groups if row[0] == upload._origin]
            upload.waiting_count = sum(row[1] for row in own if row[0] == "received")
            upload.used_files = sum(row[2] for row in own)
            upload.used_mb = sum(row[3] for row in own) / MEGABYTE

    @api.constrains("requirement_ids", "archive_id")
    def _check_requirements(self):
        for upload in self:
            if upload.requirement_ids.class_id - upload.archive_id.class_id:
                raise ValidationError(
                    self.env._("The requested documents belong to another dossier type.")
                )

    @api.constrains("contact_id", "archive_id")
    def _check_contact(self):
        for upload in self:
            if upload.contact_id.commercial_partner_id != upload.archive_id.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is not a contact of %(customer)s: the link gives "
                        "access to this customer's dossier.",
                        contact=upload.contact_id.display_name,
                        customer=upload.archive_id.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """When it was sent comes from the button; what is missing is asked for."""
        uploads = super().create(vals_list)
        for upload, vals in zip(uploads, vals_list, strict=True):
            if "requirement_ids" not in vals:
                upload.requirement_ids = upload._missing_of(upload.archive_id)
        return uploads

    def write(self, vals):
        """A link that is open follows its last day."""
        result = super().write(vals)
        if "expires_on" in vals:
            for upload in self.filtered(lambda one: one.state == "open"):
                # sudo: nobody but the system writes the secret and its end
                upload.sudo().link_until = upload._open_until()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.filtered(lambda upload: upload.state != "draft"):
            raise UserError(
                self.env._("Close the link instead: documents sent by the customer must be kept.")
            )

    # --- sending ------------------------------------------------------------------------------
    def _open_until(self):
        """Return the first moment after the last day, in UTC."""
        self.ensure_one()
        zone = pytz.timezone(self.company_id._customer_timezone())
        after = datetime.combine(self.expires_on + timedelta(days=1), time.min)
        return zone.localize(after).astimezone(pytz.utc).replace(tzinfo=None)

    def _guard_send(self):
        """Return why the customer cannot be asked."""
        self.ensure_one()
        reasons = []
        if self.archive_id.state == "disposed":
            reasons.append(self.env._("the dossier has been disposed of"))
        if not recipients_of(self.contact_id):
            reasons.append(self.env._("%s has no e-mail address", self.contact_id.display_name))
        if self.expires_on < self.company_id._customer_today():
            reasons.append(self.env._("its last day has passed: choose a later date"))
        return reasons

    def action_send(self):
        """Mail a new link to the customer; an older one ends."""
        self._transition("send")
        # sudo: the text is rendered from the link only, the caller may send it
        template = self.env.ref("customer_governance.mail_template_archive_upload").sudo()
        for upload in self:
            upload._give_link(upload._open_until())
            upload.sudo().sent_on = fields.Datetime.now()  # sudo: recorded by this button only
            mail = template._generate_template(upload.ids, ("subject", "body_html"))[upload.id]
            words = upload.with_context(lang=upload.contact_id.lang).env._(
                "Send the documents here"
            )
            # the secret goes to the contact only; the record keeps the text without it
            message = upload._post_to_customer(
                mail["body_html"],
                recipients_of(upload.contact_id),
                automatic=True,
                secret=(upload._upload_url(), words),
                subject=mail["subject"],
            )
            upload._remember_told(message, "link")
            upload.message_post(
                body=in_house(self).env._(
                    "The link was e-mailed to %(contact)s. It accepts files until %(day)s.",
                    contact=upload.contact_id.display_name,
                    day=upload.expires_on,
                )
            )
        return True

    # --- who is on the other side, who of us is told ------------------------------------------
    def _reach_partners(self):
        """EXTENDS reach mixin: whom the link goes to, and the customer."""
        return self.contact_id | self.partner_id

    def _reach_sender(self):
        """EXTENDS reach mixin: the link comes from who asks for the documents."""
        author = able(self.user_id, self.company_id).partner_id or self.company_id.partner_id
        return author.id, author.email_formatted if addresses_in(author.email) else None

    def _told_groups(self):
        """EXTENDS reach mixin: who asked, who keeps the dossier, the head."""
        archive = self.archive_id
        people = archive.role_a_id | archive.archivist_id
        return [self.user_id, people, self.company_id._customer_head()]

    def _take_back(self, facts, message):
        """EXTENDS reach mixin: the link did not arrive."""
        super()._take_back(facts, message)
        if "link" in facts:
            self.sudo().sent_on = False  # sudo: recorded by the system only

    def _give_back(self, facts, message):
        """EXTENDS reach mixin: the link arrived after all."""
        super()._give_back(facts, message)
        if "link" in facts:
            self.sudo().sent_on = fields.Datetime.now()  # sudo: as above

    def action_close(self):
        """End the link; what came stays to be looked at."""
        self._transition("close")
        self._revoke_link()
        return True

    def action_view_files(self):
        """Open what the customer sent."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_archive_upload_line_action"
        )
        return {**action, "domain": [("upload_id", "=", self.id)], "context": {}}

    def _upload_url(self):
        """Return the address in the mail."""
        return self._link(PATH)

    def _takes_files_by(self, token):
        """Tell whether the secret lets somebody send files now."""
        # sudo: states only
        upload = self.sudo()
        return bool(
            self._opens_by(token)
            and upload.state == "open"
            and upload.archive_id.state != "disposed"
            and upload.company_id._customer_uses("archive")
        )

    def _quota(self):
        """Return how much the link takes, as the engine wants it."""
        self.ensure_one()
        return UploadQuota(
            self.max_files,
            self.max_mb * MEGABYTE,
            endings(self.company_id.archive_upload_endings),
        )

    # --- taking what the customer sends
    def _receive(self, token, documents, note=""):
        """Keep the documents of a customer: all of them or none.

        :param token: the secret of the link, checked again behind the lock
        :param documents: [(id of the entry of the checklist or None, title, [(file name, bytes)])]
        :param note: a word of the customer
        :return: the new lines, as the system
        :raises UploadRefused: with all reasons: link over, quota, kind of a file, empty files
        """
        self.ensure_one()
        upload = self.sudo()  # the secret is the right
        wait_for_lock(upload)  # two uploads share one quota
        upload.invalidate_recordset()
        if not upload._takes_files_by(token):
            raise UploadRefused(self.env._("This link has expired. Please request a new one."))
        # a lock alone would not show this transaction what another one has just stored
        upload.receipt_count += 1
        files = [file for _entry, _title, own in documents for file in own]
        stored = upload.line_ids
        allowed, reasons = check_upload(
            [(name, len(content), content[:HEAD]) for name, content in files],
            sum(stored.mapped("file_count")),
            sum(stored.mapped("size")),
            upload._quota(),
        )
        if not allowed:
            raise UploadRefused("\n".join(self._refusal_words(reason) for reason in reasons))
        lines = upload.env["customer.archive.upload.line"]
        asked = {entry.id: entry for entry in upload.requirement_ids}
        for entry_id, title, own in documents:
            entry = asked.get(entry_id, upload.requirement_ids.browse())
            line = lines.create(
                {
                    "upload_id": upload.id,
                    "requirement_id": entry.id,
                    "name": entry.name or title.strip()[:NAME_LIMIT] or own[0][0][:NAME_LIMIT],
                    "note": note,
                    "received_on": fields.Datetime.now(),
                    "file_count": len(own),
                    "size": sum(len(content) for _name, content in own),
                    "file_names": ", ".join(name for name, _content in own),
                }
            )
            line.attachment_ids = [
                (0, 0, {"name": name, "raw": content, "res_model": line._name, "res_id": line.id})
                for name, content in own
            ]
            lines |= line
        upload._tell_staff(lines)
        return lines

    def _refusal_words(self, reason):
        """Put a reason of the engine into words for the customer."""
        _, values = self.env._, dict(reason.params)
        if reason.code == "nothing":
            return _("Please choose a file.")
        if reason.code == "empty":
            return _("The file “%(name)s” is empty.", **values)
        if reason.code == "kind":
            return _(
                "The file type of “%(name)s” is not accepted. Accepted file types: %(allowed)s.",
                **values,
            )
        if reason.code == "too_many":
            return _("You selected %(received)s files; this link accepts %(left)s more.", **values)
        return _(
            "These files have %(size).1f MB; this link accepts %(left).1f MB more.",
            size=values["size"] / MEGABYTE,
            left=values["left"] / MEGABYTE,
        )

    def _tell_staff(self, lines):
        """Tell who asked: a note each time, one activity until somebody looked."""
        # in the language of who looks, not of the customer's page
        user = self._who_is_told()[:1] or self.user_id
        upload = for_reader(self, user)
        upload.message_post(
            body=in_house(upload).env._(
                "%(contact)s sent: %(documents)s",
                contact=self.contact_id.display_name,
                documents=", ".join(lines.mapped("name")),
            ),
            author_id=self.contact_id.id,
            subtype_xmlid="mail.mt_note",
        )
        kind = "customer_governance.activity_type_archive_upload"
        if not self.activity_search([kind]):
            upload.activity_schedule(
                kind,
                user_id=user.id,
                # who sent them stands in the note: the summary is read outside
                summary=upload.env._("Look at the files"),
                note=self.partner_id.name,
            )

    def _finish_look(self):
        """Mark the activity done where nothing waits any more."""
        done = self.filtered(lambda upload: not upload.waiting_count)
        done.activity_feedback(["customer_governance.activity_type_archive_upload"])


class UploadRefused(UserError):
    """Files of a customer do not fit the link; nothing was kept."""
