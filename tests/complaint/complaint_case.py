"""A service team, a quality team, an agent and the one who calls back."""

from ..common import GovernanceCase


class ComplaintCase(GovernanceCase):
    """`user_service` handles, `user_service_supervisor` leads, `caller` calls back."""

    @classmethod
    def setUpClass(cls):
        """Create the teams once for the class."""
        super().setUpClass()
        users = cls._new_users({"caller": "customer_governance.group_service"})
        cls.caller = users["caller"]
        cls.team = cls.env["customer.complaint.team"].create(
            {
                "name": "Hotline",
                "user_id": cls.user_service_supervisor.id,
                "member_ids": [(6, 0, (cls.user_service | cls.caller).ids)],
                "callback_user_id": cls.caller.id,
            }
        )
        cls.lab = cls.env["customer.complaint.team"].create(
            {
                "name": "Lab",
                "department": "quality",
                "takes_complaints": False,
                "member_ids": [(6, 0, cls.user_quality.ids)],
            }
        )
        ref = cls.env.ref
        cls.delivery = ref("customer_governance.complaint_category_delivery")
        cls.quality = ref("customer_governance.complaint_category_product_quality")
        cls.hotline = ref("customer_governance.complaint_channel_hotline")
        cls.email = ref("customer_governance.complaint_channel_email")
        cls.company.complaint_manager_id = cls.user_manager
        cls.company.complaint_signoff = "none"  # test_complaint_signoff asks for it
        cls.customer.email = "office@harbour.example.com"

    @classmethod
    def _complaint(cls, user=None, **vals):
        """Register a complaint as `user_service`, or another user."""
        return (
            cls.env["customer.complaint"]
            .with_user(user or cls.user_service)
            .create(
                {
                    "subject": "Parcel came late",
                    "partner_id": cls.customer.id,
                    "category_id": cls.delivery.id,
                    "team_id": cls.team.id,
                    **vals,
                }
            )
        )

    @classmethod
    def _change_class(cls, case, reason="Found out more", user=None, **vals):
        """Change kind, severity or category in the dialog, as the supervisor or another user."""
        user = user or cls.user_service_supervisor
        action = case.with_user(user).action_change_class()
        dialogs = cls.env[action["res_model"]].with_user(user).with_context(**action["context"])
        dialogs.create({"reason": reason, **vals}).action_change()

    @classmethod
    def _dispatch(cls, complaint, **vals):
        return (
            cls.env["customer.complaint.dispatch"]
            .with_env(complaint.env)
            .create(
                {"complaint_id": complaint.id, "team_id": cls.lab.id, "task": "Find out", **vals}
            )
        )

    @classmethod
    def _answered(cls, **vals):
        """Return a case that `user_service` answered; `caller` has to call back."""
        complaint = cls._complaint(**vals)
        complaint.action_investigate()
        complaint.answer = "<p>We will send it again.</p>"
        complaint.action_answer()
        return complaint

    @classmethod
    def _call_back(cls, complaint, result, user=None, **vals):
        visit = complaint.visit_ids.filtered(lambda v: v.state == "planned")
        visit = visit.with_user(user or cls.caller)
        visit.write({"verification_result": result, **vals})
        visit.action_done()
        return visit

    @classmethod
    def _closed(cls, **vals):
        complaint = cls._answered(**vals)
        cls._call_back(complaint, "satisfied")
        complaint.action_close()
        return complaint

    @classmethod
    def _tell(cls, complaint, step, **vals):
        """Log a fact from outside with the dialog: a contact, the number told."""
        dialog = (
            cls.env["customer.complaint.step"]
            .with_env(complaint.env)
            .create({"complaint_id": complaint.id, "step": step, "way": "phone", **vals})
        )
        dialog.action_confirm()
        return dialog
