from odoo import api, fields, models


class CustomerCareNext(models.TransientModel):
    """The account manager sets the next contact with a customer by hand."""

    _name = "customer.care.next"
    _inherit = ["customer.named.mixin"]
    _description = "Set Next Contact"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    plan_date = fields.Date("By the Contact Plan", compute="_compute_plan_date")
    date = fields.Date("Next Contact", required=True)
    is_later = fields.Boolean(compute="_compute_is_later")
    reason = fields.Char(help="Required if the date is later than the contact plan allows.")

    @api.depends("partner_id", "company_id")
    def _compute_plan_date(self):
        for wizard in self:
            partner = wizard.partner_id.with_company(wizard.company_id or self.env.company)
            allowed = bool(partner) and partner.has_access("read")
            wizard.plan_date = allowed and partner._care_planned_dates()[partner.id]

    @api.depends("date", "plan_date")
    def _compute_is_later(self):
        for wizard in self:
            wizard.is_later = bool(
                wizard.date and wizard.plan_date and wizard.date > wizard.plan_date
            )

    def action_apply(self):
        """Set the date; the customer refuses what must not be."""
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        partner._check_next_contact(self.date, (self.reason or "").strip())
        # sudo: who is responsible was checked; account managers need not be able to edit contacts
        partner.sudo().write({"next_contact_date": self.date, "next_contact_reason": self.reason})
        return {"type": "ir.actions.act_window_close"}
