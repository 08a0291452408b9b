from odoo import Command, models


class CalendarEvent(models.Model):
    """Meetings that change hands."""

    _inherit = "calendar.event"

    def _handed_over(self, passing):
        """Invite who holds the meetings now instead of who held them; nobody outside gets a mail."""
        # names: Odoo's own switches against invitations and notifications
        quiet = self.with_context(
            no_mail_to_attendees=True, dont_notify=True, mail_notrack=True, tracking_disable=True
        )
        quiet.write(
            {
                "partner_ids": [
                    Command.unlink(passing.giver.partner_id.id),
                    Command.link(passing.receiver.partner_id.id),
                ]
            }
        )
