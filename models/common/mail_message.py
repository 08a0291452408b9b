from odoo import api, fields, models
from odoo.exceptions import AccessError

from .facts import without

# Odoo's own records whose history tells our decisions: holds, tiers, releases.
DECIDED = ("res.partner", "sale.order")

# What a message says, who said it, when, and about what.
SAID = {
    "attachment_ids",
    "author_guest_id",
    "author_id",
    "body",
    "date",
    "email_from",
    "is_internal",
    "message_type",
    "model",
    "parent_id",
    "record_name",
    "res_id",
    "subject",
    "subtype_id",
    "tracking_value_ids",
}

# What people do not choose: when something was said, and which values changed.
RECORDED = {"author_guest_id", "date", "tracking_value_ids"}


class MailMessage(models.Model):
    """The history of our records is evidence: people speak for themselves, and what was said stays.

    Odoo lets whoever may write a record write and delete its messages, and takes author and date from
    the caller. What our code and the mail gateway record, they record as the system.
    """

    _inherit = "mail.message"

    customer_by_machine = fields.Boolean(
        readonly=True,
        export_string_translation=False,
        help="A machine wrote the mail (an automatic reply, a list, a bounce): it is no contact.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS mail: what people say about our records they say themselves, now."""
        given = self.env.context.get("default_model")
        ours = not self.env.su and any(_is_history(v.get("model") or given) for v in vals_list)
        if not ours:
            return super().create(vals_list)
        self, vals_list = without(self, vals_list, RECORDED)
        author = self.env.user.partner_id.id
        return super().create([{**vals, "author_id": author} for vals in vals_list])

    def write(self, vals):
        """EXTENDS mail: what was said about our records stays."""
        if SAID & vals.keys():
            self._customer_check_history()
        return super().write(vals)

    def unlink(self):
        """EXTENDS mail: what was said about our records stays."""
        self._customer_check_history()
        return super().unlink()

    def _customer_check_history(self):
        """Check that nobody but the system changes the history of our records.

        :raises AccessError: for messages that are no own notes
        """
        if self.env.su:
            return
        for message in self.sudo():  # sudo: what kind of message it is; its own rights follow
            if _is_history(message.model) and not message._customer_is_own_note(self.env.user):
                raise AccessError(
                    self.env._("The history of a record stays as it is: add a note instead.")
                )

    def _customer_is_own_note(self, user):
        """Tell whether a message is a note that the user wrote and nobody outside was told."""
        self.ensure_one()
        return (
            self.message_type == "comment"
            and self.author_id == user.partner_id
            and self.subtype_id.internal
            and not self.tracking_value_ids
        )


def _is_history(model):
    """Tell whether messages of a model are the history of our records or decisions."""
    return bool(model) and (model.startswith("customer.") or model in DECIDED)
