from odoo import fields, models

from ..complaint.sla.customer_complaint_dispatch import OWN
from ..sla.customer_sla_extension import CustomerSlaExtension as Extension


class CustomerSlaExtension(models.Model):
    """More time that a provider asks for in the portal: the same request, approved by the same people."""

    _inherit = "customer.sla.extension"

    dispatch_id = fields.Many2one(
        "customer.complaint.dispatch",
        "Requested For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The dispatch whose service provider needs more time.",
    )
    _request_facts = (*Extension._request_facts, "dispatch_id")

    def _after_transition(self, transition):
        """EXTENDS the extension: the provider's own deadline is not before that of the case."""
        result = super()._after_transition(transition)
        if transition.name == "approve":
            for extension in self.filtered("dispatch_id"):
                extension._let_provider_follow()
        return result

    def _let_provider_follow(self):
        """Move the deadline of the order too, and tell the provider."""
        self.ensure_one()
        order = self.sudo().dispatch_id  # sudo: its deadline follows from the approval
        deadline = self.sudo().clock_id.deadline
        name = OWN.get(self.milestone)
        if name and order[name] and deadline and deadline > order[name]:
            order._sla_extend(self.milestone, self.amount, self.reason)
        asker = self.requested_by_id.sudo().partner_id
        words = order.with_context(lang=asker.lang or order.company_id.partner_id.lang)
        milestone = words._more_time_labels()[self.milestone]
        words.message_post(
            body=words.env._(
                "More time was approved: %(what)s by %(when)s.",
                what=milestone,
                when=self.with_env(words.env)._deadline_words(),
            ),
            partner_ids=asker.ids,
            subtype_xmlid="mail.mt_comment",
        )
