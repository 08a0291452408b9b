from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount, format_date, plaintext2html

from ...engine import collection
from ..common.customer_reach_mixin import able


class CustomerCollectionLevel(models.Model):
    """A level of collection: from how many days overdue what is done, by whom, in which words.

    Levels are ordered by their days. A company with levels of its own uses only these.
    """

    _name = "customer.collection.level"
    _inherit = ["customer.guard.mixin"]
    _description = "Collection Level"
    _order = "days_overdue, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Leave empty for all companies without levels of their own.",
    )
    days_overdue = fields.Integer(
        "Days Overdue",
        required=True,
        help="The step is due when the oldest item has been overdue for at least this many days.",
    )
    way = fields.Selection(
        [("mail", "E-mail"), ("letter", "Letter"), ("phone", "Phone call")],
        required=True,
        default="mail",
        help="E-mails are sent automatically; letters are printed and calls made by the person "
        "responsible.",
    )
    responsible = fields.Selection(
        [("manager", "Account manager"), ("collector", "Collector"), ("user", "User")],
        required=True,
        default="collector",
    )
    user_id = fields.Many2one(
        "res.users", domain=[("share", "=", False)], ondelete="restrict", string="User"
    )
    repeat_days = fields.Integer(
        "Repeat Every (days)",
        default=30,
        help="For the last level: its step is repeated after this many days, until everything is "
        "paid, written off or handed over. 0: only once.",
    )
    is_last = fields.Boolean(compute="_compute_is_last", export_string_translation=False)
    subject = fields.Char(translate=True)
    # plain text: a translated Html field is translated term by term, so a letter with other
    # paragraphs in one language would rewrite it in all
    body = fields.Text(
        "Text",
        translate=True,
        help="In each language; an empty line begins a paragraph. {customer}, {company}, {amount}, {days}, {oldest}, {today} and"
        " {responsible} are filled in. {reminders} are the days of letters sent before; a paragraph with it is left out"
        " where there were none. The list of items follows the text.",
    )
    script = fields.Text(
        "What to Say",
        translate=True,
        help="Shown to the person calling. The same placeholders can be used.",
    )
    next_step = fields.Char(
        translate=True, help="What follows if nothing is paid; shown to the collector."
    )
    step_count = fields.Integer(compute="_compute_step_count")

    _days_positive = models.Constraint(
        "CHECK(days_overdue > 0)", "An item is overdue from the first day after its due date."
    )
    _repeat_positive = models.Constraint(
        "CHECK(repeat_days >= 0)", "A number of days cannot be negative. Use 0 for never."
    )
    _days_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), days_overdue) WHERE active",
        "There is already a level for this number of days.",
    )
    _user_set = models.Constraint(
        "CHECK(responsible != 'user' OR user_id IS NOT NULL)", "Specify the responsible user."
    )

    def _compute_step_count(self):
        counts = dict(
            self.env["customer.collection.step"]._read_group(
                [("level_id", "in", self.ids)], ["level_id"], ["__count"]
            )
        )
        for level in self:
            level.step_count = counts.get(level, 0)

    @api.depends("days_overdue", "company_id", "active")
    def _compute_is_last(self):
        """Whether no other level in use comes later."""
        others = self.search([])
        for level in self:
            days = [o.days_overdue for o in others if o.company_id == level.company_id]
            level.is_last = level.days_overdue >= max(days, default=0)

    @api.constrains("subject", "body", "script")
    def _check_placeholders(self):
        for level in self:
            texts = (level.subject, level.body, level.script)
            unknown = [n for text in texts for n in collection.unknown_placeholders(text)]
            if unknown:
                raise ValidationError(
                    self.env._(
                        "These placeholders are unknown: %(unknown)s. Use: %(known)s.",
                        unknown=", ".join(f"{{{name}}}" for name in unknown),
                        known=", ".join(f"{{{name}}}" for name in collection.PLACEHOLDERS),
                    )
                )

    @api.constrains("way", "subject", "body")
    def _check_texts(self):
        for level in self:
            if level.way != "phone" and not (level.subject and level.body):
                raise ValidationError(
                    self.env._("“%s” needs a subject and a text.", level.display_name)
                )

    def _responsible_of(self, partner, company):
        """Return who does the step for a customer."""
        self.ensure_one()
        user = partner.user_id if self.responsible == "manager" else self.user_id
        if self.responsible == "collector":
            user = user.browse()
        return able(user, company)[:1] or company._collection_collector()

    def _texts(self, partner, company, claim, user, sent=(), today=None):
        """Return subject, body and script in the language of the level's context.

        :param sent: days on which letters were really sent before
        """
        self.ensure_one()
        values = {
            "customer": partner.name or "",
            "company": company.name,
            "amount": format_amount(self.env, float(claim.amount), company.currency_id),
            "days": str(claim.days),
            "oldest": format_date(self.env, claim.oldest),
            "today": format_date(self.env, today or company._customer_today()),
            "reminders": ", ".join(format_date(self.env, day) for day in sent),
            "responsible": user.name or company.name,
        }
        return {
            "subject": collection.fill(self.subject, values),
            "body": plaintext2html(collection.fill(self.body, values)),
            "script": collection.fill(self.script, values),
        }

    def action_view_steps(self):
        """Open the steps of the level."""
        self.ensure_one()
        self.env["customer.collection.step"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_governance.customer_collection_step_action_all"
        )
        return {**action, "domain": [("level_id", "=", self.id)], "context": {}}
