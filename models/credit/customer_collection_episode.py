from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class CustomerCollectionEpisode(models.Model):
    """The time from the first overdue item of a customer until everything overdue is paid.

    Each level comes at most once in an episode, the last one again and again. It keeps why today
    nothing is done. Handed over to a lawyer it rests until everything is paid.
    """

    _name = "customer.collection.episode"
    _inherit = ["customer.company.mixin", "customer.collection.words"]
    _description = "Overdue Episode"
    _order = "date_from DESC, id DESC"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade", readonly=True
    )
    date_from = fields.Date("Since", required=True, readonly=True)
    date_to = fields.Date("Settled On", readonly=True)
    next_date = fields.Date("Next Step On", readonly=True)
    handed_over_date = fields.Date(
        "Handed Over On",
        readonly=True,
        help="A lawyer or someone else collects: no more steps until everything is paid.",
    )
    handed_over_by_id = fields.Many2one("res.users", "Handed Over By", readonly=True)
    step_ids = fields.One2many("customer.collection.step", "episode_id", "Steps")
    explanation = fields.Json(readonly=True)
    reason = fields.Text(compute="_compute_reason")

    _open_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE date_to IS NULL",
        "The customer already has an open episode.",
    )

    def _compute_reason(self):
        for episode in self:
            episode.reason = episode._in_words(episode.explanation, episode.company_id)

    def action_hand_over(self):
        """A lawyer collects from now on: no step is planned any more, those that wait are left out."""
        episodes = self._check_hand_over().filtered(lambda e: not e.handed_over_date)
        if any(episode.date_to for episode in episodes):
            raise UserError(self.env._("Everything is paid: there is nothing to hand over."))
        for company, group in episodes.grouped("company_id").items():
            group.write(
                {
                    "handed_over_date": company._customer_today(),
                    "handed_over_by_id": self.env.uid,
                    "next_date": False,
                    "explanation": [{"code": "handed_over"}],
                }
            )
        steps = episodes.step_ids.filtered(lambda step: step.state == "planned")
        if steps:
            steps.write({"explanation": [{"code": "handed_over"}]})
            steps._transition("skip")
        return True

    def action_take_back(self):
        """We collect ourselves again."""
        self._check_hand_over().write(
            {"handed_over_date": False, "handed_over_by_id": False, "explanation": False}
        )
        return True

    def _check_hand_over(self):
        """Return the episodes for writing.

        :raises AccessError: unless credit control or the head asks
        """
        self.check_access("read")
        roles = ("customer_governance.group_credit", "customer_governance.group_manager")
        if not self.env.su and not any(self.env.user.has_group(role) for role in roles):
            raise AccessError(self.env._("Credit control decides who collects."))
        return self.sudo()  # sudo: the right was checked; episodes are written by the job only
