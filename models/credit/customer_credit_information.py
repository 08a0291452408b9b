from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..common.facts import refuse_future

# Kinds that may be bad news.
NEWS = ("rating", "other")


class CustomerCreditInformation(models.Model):
    """What is known about a customer's credit: by kind, with source and day. Credit staff only."""

    _name = "customer.credit.information"
    _inherit = ["mail.thread", "customer.company.mixin"]
    _description = "Credit Information"
    _order = "date desc, id desc"

    name = fields.Char("Subject", required=True, tracking=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("basic", "Basic information"),
            ("operating", "Operating: statements, sales, market share, position"),
            ("record", "Credit record, with us and with others"),
            ("rating", "External rating"),
            ("other", "Other: reputation, litigation"),
        ],
        required=True,
        index=True,
        default="basic",
        tracking=True,
    )
    source = fields.Selection(
        [
            ("customer", "Customer"),
            ("own", "Own records"),
            ("agency", "Credit agency"),
            ("bank", "Bank"),
            ("reference", "Trade reference"),
            ("register", "Commercial register or court"),
            ("press", "Press and internet"),
            ("other", "Other"),
        ],
        required=True,
        default="own",
        tracking=True,
    )
    source_detail = fields.Char("Name of Source")
    date = fields.Date(
        "As Of", required=True, default=lambda self: self.env.company._customer_today()
    )
    note = fields.Html("Content")
    value = fields.Char("Figure or Rating", tracking=True)
    user_id = fields.Many2one(
        "res.users", "Collected By", readonly=True, default=lambda self: self.env.user, copy=False
    )

    @api.constrains("date")
    def _check_not_future(self):
        refuse_future(self, ("date",))

    @api.model_create_multi
    def create(self, vals_list):
        """News from outside may change what is thought of the customer: it is looked at."""
        records = super().create(vals_list)

        # the activity is seen by all who see the customer, the information by credit staff only
        def reason(env):
            return env._("There is new credit information.")

        for information in records.filtered(lambda i: i.kind in NEWS):
            self.env["customer.credit.watch"]._ask(
                information.company_id,
                f"information:{information.id}",
                {information.partner_id: reason},
            )
        return records

    @api.constrains("partner_id")
    def _check_partner(self):
        for information in self:
            partner = information.partner_id
            if partner.commercial_partner_id != partner:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is a contact of %(company)s: enter it there.",
                        contact=partner.display_name,
                        company=partner.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("date")
    def _check_date(self):
        for information in self:
            if information.date > information.company_id._customer_today():
                raise ValidationError(
                    self.env._("The date of the information cannot be in the future.")
                )
