from odoo import api, fields, models


class CustomerSetupLine(models.TransientModel):
    """A line of a set-up page: read anew whenever it is shown."""

    _name = "customer.setup.line"
    _inherit = ["customer.named.mixin"]
    _description = "Setup Line"
    _order = "sequence, id"
    _rec_name = "key"

    setup_id = fields.Many2one("customer.setup", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("fill", "Prerequisites"), ("today", "Currently affected")],
        required=True,
        readonly=True,
    )
    key = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    text = fields.Char("What", compute="_compute_text")
    done = fields.Boolean(compute="_compute_text")
    count = fields.Integer("Quantity", compute="_compute_text")
    has_link = fields.Boolean(compute="_compute_text")

    def _found(self):
        """Return {line: SetupLine}; what is gone since the page was opened is missing."""
        found = {}
        for page, lines in self.grouped("setup_id").items():
            setup = page._setup()
            known = {("fill", line.key): line for line in setup.fill}
            known |= {("today", line.key): line for line in setup.today}
            for line in lines:
                if (line.kind, line.key) in known:
                    found[line] = known[line.kind, line.key]
        return found

    @api.depends("setup_id", "key")
    @api.depends_context("lang", "uid")
    def _compute_text(self):
        found = self._found()
        for line in self:
            entry = found.get(line)
            line.text = entry.text if entry else False
            line.done = bool(entry and entry.done)
            line.count = entry.count if entry else 0
            line.has_link = bool(entry and entry.action)

    def action_open(self):
        """Open what the line is about."""
        self.ensure_one()
        entry = self._found().get(self)
        return entry.action if entry and entry.action else False
