from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...engine.transitions import Transition, TransitionTable
from ..common.customer_request_mixin import CustomerRequestMixin

ARCHIVIST = ("group_archivist",)
APPROVERS = ("group_manager",)
STATES = [
    ("draft", "Draft"),
    ("consent", "With the owner"),
    ("submitted", "Waiting for approval"),
    ("approved", "Approved"),
    ("executed", "Executed"),
    ("rejected", "Rejected"),
    ("cancelled", "Cancelled"),
]
METHODS = [
    ("shred", "Shredded"),
    ("pulp", "Pulped"),
    ("burn", "Burnt"),
    ("erase", "Files only: erased"),
]
# Still written while a list waits or is approved; reasons to keep a dossier are part of line_ids.
LATE = {"witness_1_id", "witness_2_id", "method", "method_note", "note", "line_ids"}


class CustomerArchiveDisposal(models.Model):
    """A list of dossiers that are kept long enough, and how they are disposed of.

    The owner consents, somebody approves, one archivist executes while two other people witness.
    """

    _name = "customer.archive.disposal"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "customer.company.mixin",
        "customer.request.mixin",
        "customer.numbering.mixin",
    ]
    _description = "Disposal of Dossiers"
    _order = "id desc"
    _transitions = TransitionTable(
        "draft",
        (
            Transition("ask", ("draft",), "consent", "_guard_ask", ARCHIVIST),
            Transition("refuse", ("consent",), "draft", "_guard_owner"),
            Transition("submit", ("consent",), "submitted", "_guard_submit"),
            Transition("approve", ("submitted",), "approved", "_guard_approve", APPROVERS),
            Transition("reject", ("submitted",), "rejected"),
            Transition("execute", ("approved",), "executed", "_guard_execute", ARCHIVIST),
            Transition(
                "cancel", ("draft", "consent", "submitted", "approved"), "cancelled", "", ARCHIVIST
            ),
        ),
    )
    _state_to = ["approved", "executed"]
    _request_facts = (
        *CustomerRequestMixin._request_facts,
        "name",
        "consented_on",
        "witness_1_on",
        "witness_2_on",
        "executed_by_id",
        "executed_on",
    )

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    class_ids = fields.Many2many(
        "customer.archive.class",
        "customer_archive_disposal_class_rel",
        "disposal_id",
        "class_id",
        "Classes",
        check_company=True,
        help="Dossiers of these classes; empty: of all.",
    )
    owner_id = fields.Many2one(
        "res.users",
        "Consenting Owner",
        index=True,
        tracking=True,
        domain="[('share', '=', False)]",
        help="Answers for the matters of these dossiers and consents to the list.",
    )
    consented_on = fields.Datetime("Consented On", readonly=True, copy=False)
    line_ids = fields.One2many("customer.archive.disposal.line", "disposal_id", "List")
    line_count = fields.Integer("Dossiers", compute="_compute_totals")
    page_total = fields.Integer("Pages", compute="_compute_totals")
    file_total = fields.Integer("Files", compute="_compute_totals")
    method = fields.Selection(METHODS, required=True, default="shred", tracking=True)
    method_note = fields.Char("Where and By Whom", help="The company that shredded, the place.")
    note = fields.Text()
    state = fields.Selection(
        STATES, required=True, default="draft", index=True, tracking=True, copy=False
    )
    witness_1_id = fields.Many2one(
        "res.users", "First Witness", tracking=True, copy=False, domain="[('share', '=', False)]"
    )
    witness_1_on = fields.Datetime("First Witness On", readonly=True, copy=False)
    witness_2_id = fields.Many2one(
        "res.users", "Second Witness", tracking=True, copy=False, domain="[('share', '=', False)]"
    )
    witness_2_on = fields.Datetime("Second Witness On", readonly=True, copy=False)
    executed_by_id = fields.Many2one("res.users", "Executed By", readonly=True, copy=False)
    executed_on = fields.Datetime("Executed On", readonly=True, copy=False)
    is_owner = fields.Boolean(compute="_compute_is_mine")
    is_open_witness = fields.Boolean(compute="_compute_is_mine")

    _name_uniq = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "This number is given already."
    )

    @api.depends("line_ids.state", "line_ids.page_count", "line_ids.file_count")
    def _compute_totals(self):
        rows = self.env["customer.archive.disposal.line"]._read_group(
            [("disposal_id", "in", self.ids), ("state", "!=", "kept")],
            ["disposal_id"],
            ["__count", "page_count:sum", "file_count:sum"],
        )
        totals = {disposal: rest for disposal, *rest in rows}
        for disposal in self:
            disposal.line_count, disposal.page_total, disposal.file_total = totals.get(
                disposal._origin, (0, 0, 0)
            )

    @api.depends("owner_id", "witness_1_id", "witness_2_id", "witness_1_on", "witness_2_on")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        user = self.env.user
        for disposal in self:
            disposal.is_owner = disposal.owner_id == user
            disposal.is_open_witness = disposal.state == "approved" and (
                (disposal.witness_1_id == user and not disposal.witness_1_on)
                or (disposal.witness_2_id == user and not disposal.witness_2_on)
            )

    @api.constrains("witness_1_id", "witness_2_id")
    def _check_witnesses(self):
        for disposal in self:
            if disposal.witness_1_id and disposal.witness_1_id == disposal.witness_2_id:
                raise ValidationError(self.env._("The two witnesses are two different people."))

    @api.model_create_multi
    def create(self, vals_list):
        """Number the lists; names and stamps come from the buttons."""
        disposals = super().create(vals_list)
        for disposal in disposals:
            company = disposal.company_id
            # sudo: the number is a fact of the system
            disposal.sudo().name = self._next_number(
                self._name,
                company.archive_disposal_pattern,
                company._customer_today(),
                company=company,
            )
        return disposals

    def _is_archivist(self):
        return self.env.su or self.env.user.has_group("customer_governance.group_archivist")

    def write(self, vals):
        """Archivists fill in the list; what others consented to or approved stays.

        A new witness or method asks the witnesses again.
        """
        if self.env.su:
            return super().write(vals)
        free = ("message_", "activity_", "rating_", "website_message_ids", "state", "review_ids")
        own = {name for name in vals if not name.startswith(free)}
        if own and not self._is_archivist():
            raise AccessError(
                self.env._("Archivists fill in the list. Use the buttons to consent or to witness.")
            )
        if own & set(self._request_facts):
            raise AccessError(self.env._("Names, stamps and numbers come from the buttons."))
        for disposal in self:
            if own - LATE and disposal.state != "draft":
                raise UserError(
                    self.env._("List %s left the draft and stays as it is.", disposal.name)
                )
            if own and disposal.state in ("executed", "rejected", "cancelled"):
                raise UserError(
                    self.env._("List %s is finished and stays as it is.", disposal.name)
                )
        result = super().write(vals)
        again = {"witness_1_id": ("witness_1_on",), "witness_2_id": ("witness_2_on",)}
        reset = {stamp for name in own & again.keys() for stamp in again[name]}
        if "method" in own:
            reset = {"witness_1_on", "witness_2_on"}
        if reset:
            # sudo: stamps that no longer hold
            self.sudo().write(dict.fromkeys(reset, False))
            self._ask_witnesses()
        return result

    def _get_all_validation_exceptions(self):
        """EXTENDS request mixin: the form does not lock what is named after the approval."""
        return [*super()._get_all_validation_exceptions(), *LATE]

    def _get_after_validation_exceptions(self):
        """EXTENDS request mixin: witnesses and place are named after the approval."""
        return [*super()._get_after_validation_exceptions(), *LATE]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(disposal.state != "draft" for disposal in self):
            raise UserError(self.env._("A list that somebody was asked about stays on record."))
