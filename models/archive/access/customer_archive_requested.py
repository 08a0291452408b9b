"""What access requests add to the one place that says who reads which dossier."""

from odoo import api, fields, models
from odoo.fields import Domain

OWN_RIGHT = "customer_archive_own_right"


class CustomerArchive(models.Model):
    """Requests open dossiers for reading; changing one needs the right of the role."""

    _inherit = "customer.archive"

    is_editable = fields.Boolean(
        compute="_compute_is_editable",
        search="_search_is_editable",
        export_string_translation=False,
    )

    is_requested = fields.Boolean(
        compute="_compute_is_requested",
        search="_search_is_requested",
        export_string_translation=False,
    )

    @api.model
    def _archive_readable_parts(self):
        """EXTENDS archive: dossiers of the user's access requests, while they are in force."""
        parts = super()._archive_readable_parts()
        # anybody may set the key: it takes rights away only
        if self.env.context.get(OWN_RIGHT):
            return parts
        return [*parts, self._archive_requested_domain()]

    @api.model
    def _archive_requested_domain(self):
        """Return the domain of the dossiers that requests in force open to the current user."""
        requests = self.env["customer.archive.access.request"]
        return Domain(requests._archives_requested_domain(self.env.user))

    @api.depends_context("uid")
    @api.depends("is_readable")
    def _compute_is_requested(self):
        # sudo: the answer is about the user of the environment, whatever it can see
        saved = self.sudo().with_context(active_test=False)
        found = saved.search(
            Domain("id", "in", self._origin.ids) & saved._archive_requested_domain()
        )
        for archive in self:
            archive.is_requested = archive._origin.id in found._ids

    def _search_is_requested(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._archive_requested_domain()
        return Domain.OR(domain if wanted else ~domain for wanted in set(value))

    @api.depends_context("uid")
    @api.depends("is_readable")
    def _compute_is_editable(self):
        # sudo: the answer is about the user of the environment, whatever it can see
        saved = self.sudo().with_context(active_test=False, **{OWN_RIGHT: True})
        editable = saved.search(
            Domain("id", "in", self._origin.ids) & saved._archive_readable_domain()
        )
        for archive in self:
            archive.is_editable = not archive._origin or archive._origin.id in editable._ids

    def _search_is_editable(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self.with_context(**{OWN_RIGHT: True})._archive_readable_domain()
        return Domain.OR(domain if wanted else ~domain for wanted in set(value))
