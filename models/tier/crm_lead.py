from odoo import api, fields, models


class CrmLead(models.Model):
    """The warning of `res.partner` already on the opportunity, before it becomes a customer."""

    _inherit = "crm.lead"

    customer_collision_warning = fields.Html(
        "Possible Duplicate",
        compute="_compute_customer_collision_warning",
        sanitize=False,
        groups="base.group_user",
    )

    @api.depends("partner_id", "partner_name", "email_from", "phone", "country_id")
    @api.depends_context("uid", "lang")
    def _compute_customer_collision_warning(self):
        """Look up the customers that open leads without customer may be, all at once."""
        Partner = self.env["res.partner"]
        leads = self.filtered(lambda lead: not lead.partner_id)
        (self - leads).customer_collision_warning = False
        found = Partner._find_collisions_batch(
            [
                {
                    "name": lead.partner_name,
                    "is_company": bool(lead.partner_name),
                    "phone": lead.phone,
                    "email": lead.email_from,
                    "country_id": lead.country_id.id,
                }
                for lead in leads
            ]
        )
        for lead, collisions in zip(leads, found, strict=True):
            readable = Partner._readable_collisions(collisions)
            lead.customer_collision_warning = (
                Partner._collision_html(collisions, readable) if collisions else False
            )
