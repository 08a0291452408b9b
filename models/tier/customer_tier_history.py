from odoo import api, fields, models
from odoo.exceptions import UserError

TIER_ORIGINS = [
    ("review", "Review"),
    ("lifecycle", "Lifecycle"),
    ("manual", "Manual"),
    ("import", "Import"),
    ("merge", "Merge"),
]


class CustomerTierHistory(models.Model):
    """One change of a customer's tier in one company. Rows are only ever added."""

    _name = "customer.tier.history"
    _inherit = ["customer.history.chain"]
    _description = "Customer Tier Change"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True, ondelete="cascade")
    old_tier_id = fields.Many2one(
        "customer.tier", "From", ondelete="restrict", index="btree_not_null"
    )
    new_tier_id = fields.Many2one(
        "customer.tier", "To", ondelete="restrict", index="btree_not_null"
    )
    date = fields.Date(required=True, help="Day of the change in the company's time zone.")
    reason = fields.Text(required=True)
    reason_text = fields.Text(
        "Why",
        compute="_compute_reason_text",
        help="The reason; of automatic changes in the language of the reader.",
    )
    merged_from = fields.Char("Merged Customer", readonly=True)
    origin = fields.Selection(TIER_ORIGINS, "Decided By", required=True)
    user_id = fields.Many2one("res.users", ondelete="set null")
    direction = fields.Selection(
        [("up", "Up"), ("down", "Down"), ("same", "Same"), ("none", "First or Last")],
        compute="_compute_direction",
    )

    @api.depends("old_tier_id", "new_tier_id")
    def _compute_direction(self):
        for line in self:
            # sudo: a tier may be archived, its rank still counts
            old, new = line.old_tier_id.sudo(), line.new_tier_id.sudo()
            if not old or not new:
                line.direction = "none"
            elif old.sequence == new.sequence:
                line.direction = "same"
            else:
                line.direction = "up" if new.sequence < old.sequence else "down"

    @api.depends("reason", "origin", "merged_from")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        """What a person wrote stays as it is; what a program wrote is said again for the reader."""
        words = self._automatic_words()
        for line in self:
            line.reason_text = words.get(line) or line.reason

    def _automatic_words(self):
        """Return {line: reason in words} of automatic changes; higher domains add theirs."""
        words = {
            line: self.env._("Merged with %(name)s, which had this tier.", name=line.merged_from)
            for line in self
            if line.origin == "merge" and line.merged_from
        }
        lines = self.filtered(lambda line: line.origin == "lifecycle")
        if not lines:
            return words
        # sudo: the reason of a change is for everybody who reads the change
        Change = self.env["customer.lifecycle.change"].sudo()
        steps = Change.search(
            [("partner_id", "in", lines.partner_id.ids), ("date", "in", lines.mapped("date"))],
            order="id",
        )
        states = dict(Change._fields["new_state"]._description_selection(self.env))
        by_day = {(step.partner_id, step.company_id, step.date): step for step in steps}
        for line in lines:
            step = by_day.get((line.partner_id, line.company_id, line.date))
            if step:
                words[line] = self.env._(
                    "Lifecycle %(state)s. %(reason)s",
                    state=states[step.new_state],
                    reason=step.reason,
                ).strip()
        return words

    def write(self, vals):  # pylint: disable=method-required-super  # never writes
        """Refuse: the past is never rewritten, not even by the administrator."""
        raise UserError(self.env._("The tier history cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Lines go only together with their customer (by the database)."""
        if self._is_history_import():
            return
        raise UserError(self.env._("The tier history cannot be deleted."))

    # --- changes of the time before the system
    _history_chain = ("old_tier_id", "new_tier_id")
    _history_columns = ("partner_id", "company_id", "date", "new_tier_id", "reason", "user_id")
    _history_required = ("partner_id", "date", "new_tier_id")

    @api.model
    def _history_defaults(self, vals, company):
        """EXTENDS history: a list of the past seldom says why."""
        return {"origin": "import", "reason": self.env._("Imported history")}
