from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.common.digest import in_house
from ..models.common.moments import moment_words

WAYS = [
    ("phone", "By phone"),
    ("person", "In person"),
    ("message", "By text message or chat"),
    ("mail", "By e-mail from another mailbox"),
    ("letter", "By letter"),
]


class CustomerComplaintTold(models.AbstractModel):
    """What somebody told a customer outside of this system: how, whom and when."""

    _name = "customer.complaint.told"
    _inherit = ["customer.named.mixin"]
    _description = "Communication to Customer"

    complaint_id = fields.Many2one("customer.complaint", required=True, ondelete="cascade")
    partner_id = fields.Many2one(related="complaint_id.partner_id")
    way = fields.Selection(WAYS, "Method")
    contact_id = fields.Many2one(
        "res.partner",
        "Person Informed",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('id', 'child_of', partner_id)]",
    )
    other_person = fields.Char(help="Someone who is not among the customer's contacts.")
    happened_at = fields.Datetime("When", default=lambda self: fields.Datetime.now())

    @api.depends("complaint_id")
    def _compute_contact_id(self):
        for dialog in self:
            case = dialog.complaint_id
            dialog.contact_id = case.contact_id or case.partner_id

    def _told_when(self):
        """Return when it happened; :raises UserError: when how, whom or when is missing or wrong."""
        self.ensure_one()
        case = self.complaint_id
        if not self.way or not (self.contact_id or self.other_person) or not self.happened_at:
            raise UserError(self.env._("State how, to whom and when it was communicated."))
        if self.happened_at > fields.Datetime.now():
            raise UserError(self.env._("This time is in the future."))
        if self.happened_at < case.received_at:
            raise UserError(self.env._("This time is before the case was received."))
        return self.happened_at

    def _told_words(self, what, note=None):
        """Return the fact in words, for the history of the case: in the language of the company.

        :param what: ``what(env)``
        """
        house = in_house(self, self.complaint_id.company_id)
        zone = self.complaint_id.company_id._customer_timezone()
        fact = house.env._(
            "%(what)s %(way)s: %(person)s, %(when)s",
            what=what(house.env),
            way=dict(self._fields["way"]._description_selection(house.env))[self.way].lower(),
            person=self.other_person or self.contact_id.display_name,
            when=moment_words(house.env, self.happened_at, zone),
        )
        return Markup("%s<br/>%s") % (fact, note) if note else fact
