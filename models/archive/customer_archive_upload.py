from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...engine.archive_checklist import FULFILLED
from ...engine.archive_upload import MEGABYTE, UploadQuota, endings
from ...engine.transitions import Transition, TransitionTable
from ..common.facts import without

PATH = "/archive/upload"
FACTS = {"sent_on", "link_token", "link_until", "receipt_count"}


class CustomerArchiveUpload(models.Model):
    """The customer is asked for documents of a dossier and sends them by a link, without a login.

    The link ends on a day and takes so many files and megabytes. What comes is no part of the
    dossier before somebody looked at it (`customer.archive.upload.line`).
    """

    _name = "customer.archive.upload"
    _inherit = ["customer.link.mixin", "customer.transition.mixin", "mail.thread"]
    _inherit += ["mail.activity.mixin"]
    _description = "Upload Link"
    _order = "id desc"
    _rec_name = "subject"

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
    archive_state = fields.Selection(related="archive_id.state", string="State of the Dossier")
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
        help="The customer sees it in the mail and on the page.",
    )
    message = fields.Text(help="For the customer: what you need and why.")
    requirement_ids = fields.Many2many(
        "customer.archive.requirement",
        string="Documents Asked For",
        domain="[('class_id', '=', class_id)]",
        help="Proposed is what the dossier misses. The customer may add others.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Asked By",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
        help="Is told when files come.",
    )
    expires_on = fields.Date(
        "Open Until",
        required=True,
        default=lambda self: (
            self.env.company._customer_today()
            + timedelta(days=self.env.company.archive_upload_days)
        ),
        tracking=True,
        help="Last day on which the link takes files, in the time zone of the company.",
    )
    max_files = fields.Integer(
        "Files at Most", required=True, default=lambda self: self.env.company.archive_upload_files
    )
    max_mb = fields.Integer(
        "Megabytes at Most", required=True, default=lambda self: self.env.company.archive_upload_mb
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
        "Times Files Came",
        readonly=True,
        copy=False,
        help="Counted up by each receipt: of two at once the second starts again and sees the first.",
    )
    is_expired = fields.Boolean("Expired", compute="_compute_is_expired")
    line_ids = fields.One2many("customer.archive.upload.line", "upload_id", "Received")
    waiting_count = fields.Integer("To Look At", compute="_compute_used")
    used_files = fields.Integer("Files", compute="_compute_used")
    used_mb = fields.Float("Megabytes", digits=(16, 1), compute="_compute_used")

    _quota_valid = models.Constraint(
        "CHECK(max_files > 0 AND max_mb > 0)",
        "An upload link takes at least one file and one megabyte.",
    )

    @api.depends("archive_id")
    def _compute_contact_id(self):
        for upload in self:
            customer = upload.archive_id.partner_id
            if upload.contact_id.commercial_partner_id != customer:
                people = customer.child_ids.filtered("email")
                upload.contact_id = customer if customer.email else people[:1]

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
        """Return the entries of the checklist that a dossier does not fulfil."""
        missing = [
            entry_id
            for entry_id, status, _document in (archive._checklist() if archive else [])
            if status not in FULFILLED
        ]
        return self.env["customer.archive.requirement"].browse(missing)

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
                    self.env._("The documents asked for are of another class than the dossier.")
                )

    @api.constrains("contact_id", "archive_id")
    def _check_contact(self):
        for upload in self:
            if upload.contact_id.commercial_partner_id != upload.archive_id.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is not a contact of %(customer)s: the link opens this customer's"
                        " dossier.",
                        contact=upload.contact_id.display_name,
                        customer=upload.archive_id.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """When it was sent comes from the button; what is missing is asked for."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, FACTS)
        uploads = super().create(vals_list)
        for upload, vals in zip(uploads, vals_list, strict=True):
            if "requirement_ids" not in vals:
                upload.requirement_ids = upload._missing_of(upload.archive_id)
        return uploads

    def write(self, vals):
        """A link that is open follows its last day."""
        if not self.env.su and not FACTS.isdisjoint(vals):
            raise UserError(self.env._("When it was sent is recorded by the button."))
        if "archive_id" in vals and self.filtered(lambda upload: upload.state != "draft"):
            raise UserError(self.env._("The dossier of a link stays once the link was sent."))
        result = super().write(vals)
        if "expires_on" in vals:
            for upload in self.filtered(lambda one: one.state == "open"):
                # sudo: nobody but the system writes the secret and its end
                upload.sudo().link_until = upload._open_until()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.filtered(lambda upload: upload.state != "draft"):
            raise UserError(self.env._("Close the link instead: what the customer sent stays."))

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
            reasons.append(self.env._("the dossier is disposed of"))
        if not self.contact_id.email:
            reasons.append(self.env._("%s has no e-mail address", self.contact_id.display_name))
        if self.expires_on < self.company_id._customer_today():
            reasons.append(self.env._("its last day is over: choose a later one"))
        return reasons

    def action_send(self):
        """Mail a new link to the customer; an older one ends."""
        self._transition("send")
        # sudo: the template shows the secret, which the sender does not see
        template = self.env.ref("customer_governance.mail_template_archive_upload").sudo()
        for upload in self:
            upload._give_link(upload._open_until())
            upload.sudo().sent_on = fields.Datetime.now()  # sudo: recorded by this button only
            template.send_mail(upload.id, email_layout_xmlid="mail.mail_notification_light")
            upload.message_post(
                body=self.env._(
                    "The link was mailed to %(contact)s. It takes files until %(day)s.",
                    contact=upload.contact_id.display_name,
                    day=upload.expires_on,
                )
            )
        return True

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
        )

    def _quota(self):
        """Return how much the link takes, as the engine wants it."""
        self.ensure_one()
        return UploadQuota(
            self.max_files,
            self.max_mb * MEGABYTE,
            endings(self.company_id.archive_upload_endings),
        )
