from odoo import fields, models


class ResCompany(models.Model):
    """Rules of the complaint loop that differ from company to company."""

    _inherit = "res.company"

    complaint_number_pattern = fields.Char(
        "Complaint Number", default="C{year}{month}-{serial:4}", required=True
    )
    complaint_repeat_days = fields.Integer(
        "Repeat Within (days)",
        default=90,
        help="A new complaint about the same matter within this many days is a repeat.",
    )
    complaint_max_returns = fields.Integer(
        "Returns Before the Head Decides",
        default=2,
        help="After so many returns only the head of service dispatches, and that is final.",
    )
    complaint_callback_days = fields.Integer(
        "Call Back Within (days)", default=2, help="Days from the answer to the call-back."
    )
    complaint_callback_attempts = fields.Integer(
        "Call-back Attempts",
        default=3,
        help="After so many attempts the customer is unreachable and the case may be closed.",
    )
    complaint_escalation_months = fields.Integer(
        "Escalate After (months)",
        default=3,
        help="A complaint that is not closed after so many months goes to the management.",
    )
    complaint_manager_id = fields.Many2one(
        "res.users",
        "Management",
        help="Learns of major complaints, repeated reopening and old cases."
        " Empty: the heads of customer governance.",
    )

    def _complaint_management(self):
        """Return the users who stand for the management of the company."""
        self.ensure_one()
        company = self.sudo()  # who the management is, is no secret to those who inform it
        if company.complaint_manager_id:
            return company.complaint_manager_id
        group = company.env.ref("customer_governance.group_manager")
        return group.all_user_ids.filtered(
            lambda user: (
                user.active
                and not user.share
                and company in user.company_ids
                and user != company.env.ref("base.user_root")
            )
        )
