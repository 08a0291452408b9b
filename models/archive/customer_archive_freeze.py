"""Registered dossiers stay as they are, on every route and for everybody."""

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..common.customer_transition_mixin import SENTINEL
from ..common.facts import without
from .customer_archive import CLOSED

# In the context of code of ours that may change a frozen dossier; cannot come over RPC.
THAW = "customer_archive_thaw"
# Written by the buttons only.
FACTS = {"name", "registered_on", "date_opened", "hold", "hold_reason", "last_reviewed_on"}
# Decided before the first handover.
FIRST = {"class_id", "partner_id", "company_id", "role_a_id", "order_id"}
# What goes on around a registered dossier.
AROUND = (
    "message_",
    "activity_",
    "rating_",
    "website_message_ids",
    "my_activity_date_deadline",
    "location_id",
    "state",
)


class CustomerArchive(models.Model):
    """Changes of a registered dossier come from a supplement, which is logged."""

    _inherit = "customer.archive"

    def _thawed(self):
        """Return the records with the mark that lets code of ours change a frozen dossier."""
        return self.with_context(**{THAW: SENTINEL})

    @api.model
    def _is_thawed(self):
        """Tell whether code of ours opened the dossier."""
        return self.env.context.get(THAW) is SENTINEL

    def _check_not_frozen(self):
        """Refuse the change of dossiers that are registered or disposed of.

        :raises UserError: names the dossier and the way to change it
        """
        if self._is_thawed():
            return
        # sudo: only the state, also of a dossier the user cannot read
        for archive in self.sudo():
            if archive.state in CLOSED:
                raise UserError(
                    self.env._(
                        "Dossier %s is registered and stays as it is. Ask the archivist for a supplement:"
                        " it adds or corrects a document and is logged.",
                        archive.name or archive.title,
                    )
                )

    def _check_in_hand(self, adding=False):
        """Refuse changes of documents by others than who has the dossier now.

        Whoever checks or accepts may correct what a document says and add its files; documents come
        and go while A compiles only, so that what was counted stays what is there.
        """
        if self._is_thawed() or self._is_system():
            return
        for archive in self.sudo():  # sudo: state and people of the dossier
            if archive.state not in ("checking", "handover"):
                continue
            if adding or not archive.with_env(self.env)._may_send_back():
                raise UserError(
                    self.env._(
                        "“%s” was handed over: it has to be sent back to A before its documents"
                        " change.",
                        archive.title,
                    )
                )

    def _check_never_handed_over(self):
        # sudo: only the state, and whether there was a handover that was sent back
        if not self._is_thawed() and any(
            archive.state != "draft" or archive.handover_ids for archive in self.sudo()
        ):
            raise UserError(
                self.env._("A dossier that was handed over stays. Only a draft can be deleted.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Number and dates come from the buttons."""
        if not self.env.su:
            self, vals_list = without(self, vals_list, FACTS)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse changes of frozen dossiers and of what the buttons record."""
        if not self._is_thawed():
            if not self.env.su and not FACTS.isdisjoint(vals):
                raise AccessError(
                    self.env._("Number, hold and dates of a dossier are recorded by the buttons.")
                )
            if any(not name.startswith(AROUND) for name in vals):
                self._check_not_frozen()
            if not self.env.su:
                self._check_who_writes(vals)
        return super().write(vals)

    def _check_who_writes(self, vals):
        if "location_id" in vals and not self._is_archivist():
            raise AccessError(self.env._("Archivists put dossiers into their place."))
        if not FIRST.isdisjoint(vals) and any(archive.state != "draft" for archive in self):
            raise UserError(
                self.env._(
                    "Class, customer and responsible of a dossier change only while A compiles it."
                )
            )
