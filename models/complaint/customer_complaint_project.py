from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.translate import LazyTranslate

from ..common.customer_reach_mixin import told
from ..common.digest import for_reader
from ..common.facts import without
from ..common.guard import SystemOnly
from ..common.jobs import Batches

_lt = LazyTranslate(__name__)

WEEK = timedelta(days=7)
BATCH = 50
FACTS = ("complaint_id", "date_start", "date_closed", "state", "last_week_on")


class CustomerComplaintProject(models.Model):
    """A complaint that was not closed in time, taken on as a project until its close.

    Made when the case is escalated; the owner writes measures and dates, and every week how it stands.
    """

    _name = "customer.complaint.project"
    _inherit = [
        "customer.guard.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "customer.job.mixin",
    ]
    _job_domain = "complaint"
    _description = "Escalation Project"
    _order = "state, date_target, id"
    _rec_name = "complaint_id"
    _check_company_auto = True
    _guards = (SystemOnly(_lt("A project starts when a case is escalated.")),)

    complaint_id = fields.Many2one(
        "customer.complaint", "Complaint", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="complaint_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(related="complaint_id.partner_id", string="Customer")
    complaint_state = fields.Selection(related="complaint_id.state", string="Case")
    received_at = fields.Datetime(related="complaint_id.received_at")
    user_id = fields.Many2one(
        "res.users",
        "Owner",
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    measures = fields.Html(help="What is done, by whom, and by when.")
    action_ids = fields.One2many(related="complaint_id.action_ids", string="Actions of the Case")
    date_start = fields.Date("Since", readonly=True)
    date_target = fields.Date("To Be Closed By", tracking=True)
    date_closed = fields.Date("Closed On", readonly=True)
    state = fields.Selection(
        [("open", "Open"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    week_ids = fields.One2many("customer.complaint.project.week", "project_id", "Weekly Status")
    last_week_on = fields.Date("Last Reported", readonly=True)
    status = fields.Selection(
        lambda self: self.env["customer.complaint.project.week"]._statuses(),
        "Last Status",
        compute="_compute_status",
    )

    _complaint_uniq = models.UniqueIndex("(complaint_id)", "The case is already a project.")

    @api.depends("week_ids.status", "week_ids.date")
    def _compute_status(self):
        for project in self:
            last = project.week_ids.sorted(lambda week: (week.date, week.id))[-1:]
            project.status = last.status

    def write(self, vals):
        """Beginning and end come from the case."""
        if not self.env.su:
            self, [vals] = without(self, [vals], FACTS)
        return super().write(vals)

    # -- the life of the case -------------------------------------------------------------------

    @api.model
    def _open_for(self, cases):
        """Make a project of each case, or open its old one again."""
        # sudo: follows from the escalation of the case
        projects = self.sudo()
        known = projects.search([("complaint_id", "in", cases.ids)])
        known.filtered(lambda p: p.state == "closed").write({"state": "open", "date_closed": False})
        return projects.create(
            [
                {
                    "complaint_id": case.id,
                    "user_id": (case.team_id.user_id or case.user_id).id,
                    "date_start": case.company_id._customer_today(),
                }
                for case in cases - known.complaint_id
            ]
        )

    @api.model
    def _close_for(self, cases):
        """The cases are over, and their projects too."""
        # sudo: follows from the close of the case
        projects = self.sudo().search([("complaint_id", "in", cases.ids), ("state", "=", "open")])
        for company, own in projects.grouped("company_id").items():
            own.write({"state": "closed", "date_closed": company._customer_today()})
        projects.activity_ids.filtered("customer_reason").unlink()

    def action_open_case(self):
        """Open the case."""
        self.ensure_one()
        self.check_access("read")
        return self.complaint_id.action_open_case()

    # -- weekly state ---------------------------------------------------------------------------

    @api.model
    def _week_steps(self, company):
        """Return the step of the job that asks owners for the state of the week."""
        since = company._customer_today() - WEEK
        late = [
            ("company_id", "=", company.id),
            ("state", "=", "open"),
            ("date_start", "<=", since),
            "|",
            ("last_week_on", "=", False),
            ("last_week_on", "<=", since),
        ]
        return [
            Batches(
                f"weeks:{company.id}",
                lambda after, limit: self.search(
                    [*late, ("id", ">", after)], order="id", limit=limit
                ),
                lambda projects: projects._ask_week(),
                BATCH,
            )
        ]

    def _ask_week(self):
        """Give each owner, or who is told of the case, one activity until the state of the week is there."""
        for project in self:
            if project.activity_ids.filtered(lambda a: a.customer_reason == "week"):
                continue
            case = project.complaint_id
            for user in told([project.user_id, *case._told_groups()], project.company_id, project)[
                :1
            ]:
                reader = for_reader(project, user).with_context(mail_activity_quick_update=True)
                reader.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    date_deadline=project.company_id._customer_today(),
                    summary=reader.env._("Describe the status of the project this week"),
                    customer_reason="week",
                )
