from odoo import fields, models


class CustomerCollectionEpisode(models.Model):
    """The time from the first overdue item of a customer until everything overdue is paid.

    Each level comes at most once in an episode. It keeps why today nothing, or nothing more, is
    done.
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
    step_ids = fields.One2many("customer.collection.step", "episode_id", "Steps")
    explanation = fields.Json(readonly=True)
    reason = fields.Text(compute="_compute_reason")

    _open_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE date_to IS NULL", "The customer has an open episode."
    )

    def _compute_reason(self):
        for episode in self:
            episode.reason = episode._in_words(episode.explanation, episode.company_id)
