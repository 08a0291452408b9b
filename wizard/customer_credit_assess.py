from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerCreditAssess(models.TransientModel):
    """Assess the credit of one customer: what the ledger cannot tell is chosen, the rest follows."""

    _name = "customer.credit.assess"
    _description = "Assess Customer Credit"
    _inherit = ["customer.named.mixin", "customer.credit.facts"]

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    scorecard_id = fields.Many2one(
        "customer.scorecard",
        required=True,
        default=lambda self: self._default_scorecard(),
        domain="[('usage', '=', 'credit'), ('state', '=', 'published'),"
        " ('company_id', 'in', (company_id, False))]",
    )
    line_ids = fields.One2many(
        "customer.credit.assess.line",
        "assess_id",
        "Information Beyond Accounting",
        compute="_compute_lines",
        store=True,
        readonly=False,
    )

    @api.model
    def _default_scorecard(self):
        return self.env["customer.scorecard"].search(
            [
                ("usage", "=", "credit"),
                ("state", "=", "published"),
                ("company_id", "in", [False, self.env.company.id]),
            ],
            limit=1,
        )

    @api.depends("scorecard_id")
    def _compute_lines(self):
        for assess in self:
            assess.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create({"indicator_id": indicator.id})
                    for indicator in assess._indicators()
                ),
            ]

    def _indicators(self):
        """Return the indicators that are chosen by hand."""
        return self.scorecard_id.indicator_ids.filtered(
            lambda indicator: indicator.measure == "manual" and indicator.method == "choice"
        )

    def action_send(self):
        """Compute the assessment with the choices and ask for its approval, all or nothing.

        :raises UserError: where a choice is missing or one of the customer waits already
        """
        self.ensure_one()
        reviews = self.env["customer.review"]
        reviews.check_access("create")
        customer = self.partner_id.commercial_partner_id
        self._check_open(customer)
        choices = {line.indicator_id: line.choice_key for line in self.line_ids}
        missing = [i.name for i in self._indicators() if not choices.get(i)]
        if missing:
            raise UserError(self.env._("Please also choose: %s.", ", ".join(missing)))
        review = reviews.create(
            {
                "kind": "single",
                "partner_id": customer.id,
                "scorecard_id": self.scorecard_id.id,
                "company_id": self.company_id.id,
            }
        )
        review.action_compute()
        for score in review.line_ids.score_ids:
            if key := choices.get(score.indicator_id):
                score.choice_id = key
        review.action_compute()
        if review.credit_line_id.proposed_grade_id:
            review.action_submit()
        return review._credit_form_action()

    def _check_open(self, customer):
        waiting = self.env["customer.review"].search(
            [
                ("usage", "=", "credit"),
                ("kind", "=", "single"),
                ("partner_id", "=", customer.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "in_review"),
            ],
            limit=1,
        )
        if waiting:
            raise UserError(
                self.env._(
                    "An assessment of %(customer)s is already waiting for %(people)s.",
                    customer=customer.display_name,
                    people=waiting.approval_waits_for,
                )
            )
