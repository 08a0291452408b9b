from odoo import api, models
from odoo.exceptions import AccessError, UserError


class CustomerArchive(models.Model):
    """Legal hold: while it stands nothing of the dossier is thrown away or erased."""

    _inherit = "customer.archive"

    def _check_hold_right(self):
        self.check_access("write")
        if not self._is_keeper():
            raise AccessError(self.env._("Archivists and the head set and lift a legal hold."))

    def action_hold(self, reason):
        """Put the dossiers on legal hold.

        :param reason: which proceedings ask for it; it is logged
        :raises UserError: without a reason
        """
        return self._set_hold(True, reason)

    def action_lift_hold(self, reason):
        """Lift the legal hold.

        :param reason: why the papers are no longer needed; it is logged
        :raises UserError: without a reason
        """
        return self._set_hold(False, reason)

    def _set_hold(self, hold, reason):
        self._check_hold_right()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("A legal hold is set and lifted with a reason."))
        changed = self.filtered(lambda archive: archive.hold != hold or hold)
        # the disposal locks the same rows: one of the two waits and sees what the other one did
        changed.lock_for_update(allow_referencing=True)
        # sudo: a fact of the button, whose right was checked
        changed.sudo()._thawed().write({"hold": hold, "hold_reason": hold and reason})
        body = self.env._("Legal hold: %s") if hold else self.env._("Legal hold lifted: %s")
        for archive in changed:
            archive.message_post(body=body % reason)
        return True

    def action_open_hold(self):
        """Ask for the reason and set or lift the hold."""
        self._check_hold_right()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Legal Hold"),
            "res_model": "customer.archive.hold",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_archive_ids": self.ids,
                "default_action": "lift" if all(self.mapped("hold")) else "hold",
            },
        }

    def _check_not_held(self):
        """Refuse to throw away what is on hold.

        :raises UserError: names the dossier and the hold
        """
        # sudo: only whether there is a hold
        for archive in self.sudo():
            if archive.hold:
                raise UserError(
                    self.env._(
                        "Dossier %(dossier)s is on legal hold (%(reason)s): nothing of it can be"
                        " deleted until the hold is lifted.",
                        dossier=archive.display_name,
                        reason=archive.hold_reason,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        self._check_not_held()
