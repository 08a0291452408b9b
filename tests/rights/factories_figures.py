"""Records of the complaint figures for the tests of rights."""

from .factories_complaint import _complaint


def _figure(env, customer, company):
    complaint = _complaint(env, customer, company)
    env.flush_all()
    return env["customer.complaint.figure"].browse(complaint.id)


def _period_line(env, customer, company):
    return _period(env, customer, company).line_ids[0]


FACTORIES = {
    "customer.complaint.figure": _figure,
}
