"""What all parts of a scorecard share: they are frozen with it."""

from odoo import api, models
from odoo.exceptions import UserError


class CustomerScorecardPart(models.AbstractModel):
    """Mixin of indicators, ranges, choices, bands and vetoes.

    A part may be created, changed, moved or deleted only while its scorecard is a draft, whatever
    the route: form, import, RPC or a command on the scorecard.
    """

    _name = "customer.scorecard.part"
    _inherit = ["customer.guard.mixin"]
    _description = "Scorecard Component"

    # Path from the part to its scorecard.
    _scorecard_path = "scorecard_id"
    # Fields that may change on a published scorecard because they change no figure.
    _unfrozen_fields = frozenset()

    @api.model
    def _usages(self):
        return self.env["customer.scorecard"]._usages().values()

    def _check_scorecard_draft(self):
        """Refuse when one of the scorecards is not a draft any more."""
        # sudo: only the state is read, and only to refuse.
        frozen = self.sudo().mapped(self._scorecard_path).filtered(lambda s: s.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "The scorecard %(name)s is published and used for reviews, so it cannot "
                    'be changed. Use "New version", change the copy and publish it.',
                    name=frozen[0].display_name,
                )
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse new parts on a frozen scorecard."""
        records = super().create(vals_list)
        records._check_scorecard_draft()
        return records

    def write(self, vals):
        """Refuse a change of, to and away from a frozen scorecard."""
        if set(vals) <= self._unfrozen_fields:
            return super().write(vals)
        self._check_scorecard_draft()
        result = super().write(vals)
        self._check_scorecard_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        self._check_scorecard_draft()
