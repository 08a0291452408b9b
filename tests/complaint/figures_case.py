"""Complaints of two months with a provider, in a company in Shanghai."""

from datetime import timedelta

from freezegun import freeze_time

from .sla_case import SlaCase, utc


class FiguresCase(SlaCase):
    """Each case has a customer of its own: the same matter twice would be a repeat."""

    @classmethod
    def setUpClass(cls):
        """Give the company a time zone and a provider; what the database holds does not count."""
        super().setUpClass()
        cls.env["customer.provider.period"].search([]).unlink()
        cls.env.flush_all()
        cls.env.cr.execute("UPDATE customer_complaint SET kind = 'repair'")
        cls.env.cr.execute("UPDATE customer_visit SET provider_id = NULL")
        cls.env.cr.execute("UPDATE customer_complaint_dispatch SET sent_at = '2001-01-01'")
        cls.env.invalidate_all()
        cls.company.customer_tz = "Asia/Shanghai"
        cls.provider = cls.env["res.partner"].create({"name": "Fix It", "is_company": True})
        cls.technician = cls.env["res.partner"].create(
            {"name": "Tom of Fix It", "parent_id": cls.provider.id}
        )
        cls.web = cls.env.ref("customer_governance.complaint_channel_web")
        cls.serial = 0

    @classmethod
    def _case(cls, text, **vals):
        """Register a case at a local time, at that time."""
        cls.serial += 1
        customer = cls._new_customer(f"Customer {cls.serial}")
        customer.email = f"office{cls.serial}@customer.example.com"
        with freeze_time(utc(text)):
            return cls._received(text, **{"partner_id": customer.id, **vals})

    @classmethod
    def _served(cls, case, provider=None, user=None):
        """Dispatch a case to the provider, who accepts, an hour after its receipt."""
        with freeze_time(case.received_at + timedelta(hours=1)):
            order = cls._dispatch(case, team_id=False, provider_id=(provider or cls.provider).id)
            order.sudo().action_accept()
        return order

    @classmethod
    def _finish(cls, case, days=1, result="satisfied"):
        """Answer and call back after some days; close where the customer agrees."""
        with freeze_time(case.received_at + timedelta(days=days)):
            if case.state in ("registered", "dispatched"):
                case.action_investigate()
            case.answer = "<p>Sent again.</p>"
            case.action_answer()
        with freeze_time(case.received_at + timedelta(days=days, hours=2)):
            visit = cls._call_back(case, result)
            if visit.is_positive:
                case.action_close()
        return case

    @classmethod
    def _provider_case(cls, text, **vals):
        """Return a complaint that the provider solved and that was closed in time."""
        case = cls._case(text, **vals)
        cls._served(case)
        return cls._finish(case)

    @classmethod
    def _visited(cls, day, count, provider=None, **vals):
        """Enter visits that were held after a service of the provider."""
        visits = (
            cls.env["customer.visit"]
            .sudo()
            .create(
                [
                    {
                        "partner_id": cls.customer.id,
                        "purpose": "after_service",
                        "provider_id": (provider or cls.provider).id,
                        "planned_date": day,
                        **vals,
                    }
                ]
                * count
            )
        )
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE customer_visit SET state = 'done', done_date = planned_date WHERE id = ANY(%s)",
            [visits.ids],
        )
        visits.invalidate_recordset()
        return visits
