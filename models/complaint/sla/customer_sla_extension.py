from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...common.digest import in_house


class CustomerSlaExtension(models.Model):
    """More time for a deadline of a case."""

    _inherit = "customer.sla.extension"
    _guard_fixed = ("complaint_id",)
    _check_company_auto = True

    complaint_id = fields.Many2one(
        "customer.complaint", "Case", index=True, ondelete="cascade", check_company=True
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id")
    clock_id = fields.Many2one(
        domain="[('complaint_id', '=', complaint_id), ('state', 'in', ('running', 'paused'))]"
    )

    @api.depends("milestone", "complaint_id.name")
    def _compute_display_name(self):
        """EXTENDS sla: the number of the case, without its subject."""
        of_cases = self.filtered("complaint_id")
        super(CustomerSlaExtension, self - of_cases)._compute_display_name()
        names = dict(self._fields["milestone"]._description_selection(self.env))
        for extension in of_cases:
            parts = (extension.complaint_id.name, names.get(extension.milestone))
            extension.display_name = ": ".join(part for part in parts if part)

    @api.constrains("clock_id", "complaint_id")
    def _check_case(self):
        for extension in self:
            # sudo: of which case the deadline is
            if extension.clock_id.sudo().complaint_id != extension.complaint_id:
                raise ValidationError(self.env._("The deadline belongs to another case."))

    def action_told_by_phone(self):
        """The customer was told the new deadline by phone; told once is told."""
        self.check_access("write")
        for extension in self.filtered(lambda e: e.state == "approved" and not e.told_at):
            extension._write_facts(told_at=fields.Datetime.now())
            extension.complaint_id.message_post(
                body=in_house(extension).env._("New deadline communicated by phone.")
            )
            extension.complaint_id._forget_reminders("extended", "undelivered")
        return True
