"""What stands outside of a record, where everybody may read it: its number, never its title."""

from odoo import api, models


class CustomerConfidentialMixin(models.AbstractModel):
    """A record whose title says who it is about.

    Odoo lets every employee read the list of all notifications, with the subjects of their messages. So
    subjects, and the name of the record on activities, are made of numbers. Stands before `mail.thread`
    in ``_inherit``.
    """

    _name = "customer.confidential.mixin"
    _description = "Referenced by Number"

    def _outside_name(self):
        """Return what the record is called where anybody may read it."""
        self.ensure_one()
        # sudo: which number it has is what is told
        record = self.sudo()
        kind = self.env["ir.model"]._get(self._name).display_name
        own = "number" if "number" in self._fields else "name"
        number = own in self._fields and self._is_numbered(own) and record[own]
        if not number and "archive_id" in self._fields:
            number = record.archive_id.name
        return f"{kind} {number or self.id}"

    @api.model
    def _is_numbered(self, name):
        """Tell whether a field holds a number that nobody types."""
        field = self._fields[name]
        return field.type == "char" and field.readonly and (name == "number" or not field.compute)

    def _message_compute_subject(self):
        """EXTENDS mail: mails about it go out under its number."""
        return self._outside_name()

    @api.private
    def message_notify(self, **kwargs):
        """EXTENDS mail: what somebody is asked stands in the body, not in the subject."""
        if len(self) == 1:
            kwargs["subject"] = self._outside_name()
        return super().message_notify(**kwargs)
