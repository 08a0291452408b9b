from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.care.res_users import CONFIRMED
from ..models.common.marks import SENTINEL


class CustomerUserLeave(models.TransientModel):
    """Somebody is to be archived who still holds something: hand it over, or confirm."""

    _name = "customer.user.leave"
    _inherit = ["customer.named.mixin"]
    _description = "Archive a User Who Is Still Responsible"

    user_ids = fields.Many2many(
        "res.users", "customer_user_leave_rel", string="Users", required=True
    )
    leaver_ids = fields.Many2many(
        "res.users", "customer_user_leave_held_rel", string="Still Responsible"
    )
    leaver_count = fields.Integer(compute="_compute_summary")
    summary = fields.Html("Held", compute="_compute_summary")
    confirmed = fields.Boolean(
        "Archive anyway",
        help="What is left appears in “Held by Inactive Users” until it is handed over.",
    )

    @api.depends("user_ids")
    def _compute_summary(self):
        names = self.env["customer.handover"]._kind_names()
        for dialog in self:
            # who may not archive users does not learn what they hold
            may = dialog.user_ids.has_access("write")
            held = dialog.user_ids._customer_held_counts() if may else {}
            dialog.leaver_count = len(held)
            dialog.summary = Markup("").join(
                Markup("<h4>%s</h4><ul>%s</ul>")
                % (
                    user.name,
                    Markup("").join(
                        Markup("<li>%s: %s</li>") % (names[key], number)
                        for key, number in counts.items()
                    ),
                )
                for user, counts in held.items()
            )

    def action_hand_over(self):
        """Begin the handover of the first of them."""
        self.ensure_one()
        self._check_archives()
        self.env["customer.handover"].check_access("create")
        held = self.user_ids._customer_held_counts()
        if not held:
            raise UserError(self.env._("Nothing is held any more: the user can be archived."))
        return self.env["customer.handover"]._new_action(next(iter(held)))

    def action_archive(self):
        """Archive the users: nothing is left, or it was confirmed."""
        self.ensure_one()
        self._check_archives()
        if not self.confirmed and self.user_ids._customer_held_counts():
            raise UserError(self.env._("Hand over what is still held, or tick “Archive anyway”."))
        self.user_ids.with_context(**{CONFIRMED: SENTINEL}).action_archive()
        return {"type": "ir.actions.act_window_close"}

    def _check_archives(self):
        """Refuse who could not archive the users anyway."""
        if not self.user_ids.has_access("write") or not self.env.user.has_group(
            "base.group_erp_manager"
        ):
            raise AccessError(self.env._("Only administrators of users can archive them."))
