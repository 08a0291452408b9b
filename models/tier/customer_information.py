from odoo import api, fields, models

from ..common.facts import refuse_future


class CustomerInformation(models.Model):
    """Something learned about a customer: what, where it comes from, when."""

    _name = "customer.information"
    _description = "Customer Information"
    _inherit = ["mail.thread", "customer.company.mixin"]
    _order = "date DESC, id DESC"

    name = fields.Char("Subject", required=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain=[("parent_id", "=", False)],
    )
    account_manager_id = fields.Many2one(related="partner_id.user_id", string="Account Manager")
    kind = fields.Selection(
        [
            ("need", "Needs and plans"),
            ("organisation", "Organisation and people"),
            ("competition", "Competition"),
            ("price", "Prices and conditions"),
            ("finance", "Financial situation"),
            ("quality", "Products and quality"),
            ("other", "Other"),
        ],
        required=True,
        default="need",
    )
    source = fields.Selection(
        [
            ("negotiation", "Negotiation"),
            ("survey", "Survey"),
            ("feedback", "Feedback"),
            ("research", "Market research"),
            ("import", "Import"),
        ],
        required=True,
        default="negotiation",
        tracking=True,
    )
    date = fields.Date(
        "Collected On",
        required=True,
        index=True,
        default=lambda self: self.env.company._customer_today(),
    )
    user_id = fields.Many2one(
        "res.users",
        "Collected By",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    text = fields.Html("What We Learned", sanitize=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")

    @api.constrains("date")
    def _check_not_future(self):
        refuse_future(self, ("date",))

    @api.model_create_multi
    def create(self, vals_list):
        """Information belongs to the customer, also when it was told by a contact of it."""
        records = super().create(
            [
                {**vals, "partner_id": contact.commercial_partner_id.id}
                if (contact := self._customer_named(vals, "partner_id"))
                else vals
                for vals in vals_list
            ]
        )
        records._own_attachments()
        return records

    def write(self, vals):
        """Attachments added later belong to the record as well."""
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
        return result

    def _own_attachments(self):
        """Tie uploaded files to the record, so that its rights protect them."""
        for record in self:
            # sudo: a file uploaded in the form belongs to nobody yet; only own uploads are taken
            loose = record.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            if loose:
                loose.write({"res_model": self._name, "res_id": record.id})
