from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.transitions import Transition, TransitionTable

ARCHIVIST = ("group_archivist",)
CLOSED = ("registered", "disposed")
STATES = [
    ("draft", "Compiling"),
    ("checking", "With B"),
    ("handover", "With the archive"),
    ("registered", "Registered"),
    ("disposed", "Disposed of"),
]


class CustomerArchive(models.Model):
    """A dossier: the papers and files of one matter of one customer.

    Role A compiles it, role B checks it, an archivist accepts it and gives it its number. From then
    on it is frozen (`customer_archive_freeze.py`).
    """

    _name = "customer.archive"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.company.mixin",
        "customer.transition.mixin",
        "customer.numbering.mixin",
        "customer.once.mixin",
    ]
    _description = "Dossier"
    _order = "id desc"
    _rec_names_search = ["name", "title", "partner_id.name"]

    _transitions = TransitionTable(
        "draft",
        (
            Transition("submit", ("draft",), "checking", "_guard_submit"),
            Transition("check", ("checking",), "handover", "_guard_check"),
            Transition("accept", ("handover",), "registered", "_guard_accept", ARCHIVIST),
            Transition("send_back", ("checking", "handover"), "draft", "_guard_send_back"),
        ),
    )

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    title = fields.Char(required=True, tracking=True)
    class_id = fields.Many2one(
        "customer.archive.class",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
    )
    class_color = fields.Integer(related="class_id.color", string="Class Color")
    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        domain="[('is_company', '=', True)]",
    )
    order_id = fields.Many2one(
        "sale.order", "Order", index="btree_not_null", ondelete="restrict", check_company=True
    )
    project = fields.Char(help="The project the papers belong to.")
    contract_ref = fields.Char("Contract", help="Number of the contract.")
    date_end = fields.Date(
        "End of the Project",
        tracking=True,
        help="The deadlines of the handover count from this day.",
    )
    date_opened = fields.Date(
        "Opened On",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.company._customer_today(),
    )
    role_a_id = fields.Many2one(
        "res.users",
        "A: Responsible",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Compiles the dossier and answers for it.",
    )
    role_b_id = fields.Many2one(
        "res.users",
        "B: Checker",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False)]",
        help="Checks the dossier before it goes to the archive.",
    )
    archivist_id = fields.Many2one(
        "res.users",
        "Archivist",
        index="btree_not_null",
        tracking=True,
        copy=False,
        domain="[('share', '=', False)]",
    )
    state = fields.Selection(
        STATES,
        required=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
        group_expand="_group_expand_state",
    )
    registered_on = fields.Date("Registered On", readonly=True, copy=False)
    document_ids = fields.One2many(
        "customer.archive.document", "archive_id", "Contents", copy=False
    )
    document_count = fields.Integer(compute="_compute_document_count")
    page_total = fields.Integer("Pages", compute="_compute_page_total", store=True)
    hold = fields.Boolean("Legal Hold", readonly=True, copy=False, tracking=True)
    hold_reason = fields.Char(readonly=True, copy=False, tracking=True)
    last_reviewed_on = fields.Date("Last Reviewed", readonly=True, copy=False)

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "This number is given already."
    )

    @api.model
    def _group_expand_state(self, states, domain):
        """Show the columns of the board in the order of the steps."""
        return [key for key, _label in STATES if key in states]

    @api.depends("name", "title")
    def _compute_display_name(self):
        for archive in self:
            archive.display_name = " ".join(filter(None, (archive.name, archive.title)))

    @api.depends("document_ids")
    def _compute_document_count(self):
        counts = dict(
            self.env["customer.archive.document"]._read_group(
                [("archive_id", "in", self.ids)], ["archive_id"], ["__count"]
            )
        )
        for archive in self:
            archive.document_count = counts.get(archive._origin, 0)

    @api.depends("document_ids.page_count")
    def _compute_page_total(self):
        """Pages of all documents, covers included."""
        for archive in self:
            archive.page_total = sum(archive.document_ids.mapped("page_count"))

    @api.constrains("partner_id")
    def _check_partner(self):
        for archive in self:
            if archive.partner_id.commercial_partner_id != archive.partner_id:
                raise ValidationError(
                    self.env._(
                        "“%(contact)s” is a contact: the dossier belongs to its company %(customer)s.",
                        contact=archive.partner_id.display_name,
                        customer=archive.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("order_id", "partner_id")
    def _check_order(self):
        for archive in self:
            # sudo: only whether the order is the customer's
            customer = archive.sudo().order_id.partner_id.commercial_partner_id
            if customer and customer != archive.partner_id:
                raise ValidationError(self.env._("The order is of another customer."))

    @api.constrains("role_a_id", "role_b_id")
    def _check_roles(self):
        for archive in self:
            if archive.role_a_id == archive.role_b_id:
                raise ValidationError(
                    self.env._("A and B are two different people: B checks what A compiled.")
                )

    @api.constrains("class_id")
    def _check_class(self):
        self.document_ids._check_class()

    @api.model_create_multi
    def create(self, vals_list):
        """Dossiers belong to the company of the customer, not to a contact."""
        Partner = self.env["res.partner"]
        return super().create(
            [
                {
                    **vals,
                    "partner_id": Partner.browse(vals["partner_id"]).commercial_partner_id.id,
                }
                if vals.get("partner_id")
                else vals
                for vals in vals_list
            ]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        """Only what nobody received yet can be thrown away."""
        self._check_never_handed_over()
