from odoo import api, fields, models
from odoo.fields import Domain


class CustomerVisit(models.Model):
    """The service provider whose work a visit is about; its visits make its complaint quota."""

    _inherit = "customer.visit"

    provider_id = fields.Many2one(
        "res.partner",
        "Service Provider",
        compute="_compute_provider_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        tracking=True,
        ondelete="restrict",
        help="The provider of the service this visit is about. Suggested for call-backs (who "
        "works on the case) and for visits after a service (who last served the customer).",
    )

    @api.depends("complaint_id", "purpose", "partner_id", "company_id")
    def _compute_provider_id(self):
        """Propose the provider that last took on an order of the case, or of the customer."""
        asked = self.filtered(lambda v: v.complaint_id or v.purpose == "after_service")
        (self - asked).provider_id = False
        if not asked:
            return
        orders = self.env["customer.complaint.dispatch"].sudo()  # sudo: no right on orders needed
        taken = orders.search(
            orders._taken_domain()
            & Domain("provider_id", "!=", False)
            & (
                Domain("complaint_id", "in", asked.complaint_id.ids)
                | Domain("complaint_id.partner_id", "in", asked.partner_id.ids)
            ),
            order="id",
        )
        by_case = {order.complaint_id: order.provider_id for order in taken}
        by_customer = {
            (order.complaint_id.partner_id, order.company_id): order.provider_id for order in taken
        }
        for visit in asked:
            if visit.complaint_id:
                provider = by_case.get(visit.complaint_id)
            else:
                provider = by_customer.get((visit.partner_id, visit.company_id))
            visit.provider_id = provider.commercial_partner_id if provider else False
