from odoo import api, fields, models


class CustomerComplaintFollowup(models.Model):
    """The form of a case the customer did not accept; printed with the original attached."""

    _name = "customer.complaint.followup"
    _inherit = ["customer.guard.mixin"]
    _description = "Follow-up Form"
    _order = "complaint_id, number"

    complaint_id = fields.Many2one(
        "customer.complaint", "Complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    number = fields.Integer(
        readonly=True, help="Number of times the case had been reopened by then."
    )
    date = fields.Datetime(readonly=True, default=lambda self: fields.Datetime.now())
    objection = fields.Text(help="What the customer does not accept.")
    wish = fields.Text(help="What the customer requests now.")
    by_customer = fields.Boolean(
        "In the Customer's Own Words", readonly=True, help="Written by the customer in the portal."
    )
    first_answer = fields.Html(readonly=True, help="The answer the customer did not accept.")
    answered_at = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one("res.users", readonly=True)
    handling = fields.Text(help="Measures taken in response.")
    user_id = fields.Many2one("res.users", "Handled By", default=lambda self: self.env.user)

    _number_uniq = models.Constraint(
        "UNIQUE(complaint_id, number)", "There can be only one follow-up form for each reopening."
    )

    @api.depends("complaint_id.name", "number")
    def _compute_display_name(self):
        for form in self:
            form.display_name = f"{form.complaint_id.name}-F{form.number}"

    @api.model
    def _create_for(self, complaints, objection, answered=None, by_customer=False):
        """Create the forms of cases that were just reopened.

        :param answered: those that had an answer in the round that ended, all without it
        :param by_customer: whether the objection is in the customer's own words
        """
        answered = complaints if answered is None else answered
        # sudo: who gave the answer is a fact of the case, not who reopens it
        return self.sudo().create(
            [
                {
                    "complaint_id": complaint.id,
                    "number": complaint.reopen_count,
                    "objection": objection or False,
                    "by_customer": by_customer,
                    **complaint._answer_given(complaint in answered),
                    # not who reopened it: that may be the customer, by the link in the mail
                    "user_id": complaint.user_id.id,
                }
                for complaint in complaints
            ]
        )
