"""Documents of the measure that the archive gives; its value is the figure of the registry."""

from .measures import MeasureContext


def archive_sources(ctx: MeasureContext, partner_id: int) -> tuple[str, list]:
    """Return the dossiers behind the completeness of a customer."""
    return "customer.archive", [
        ("partner_id", "=", partner_id),
        ("company_id", "child_of", ctx.company_id),
        ("date_opened", "<=", ctx.date_to),
        ("state", "!=", "disposed"),
        ("required_count", ">", 0),
    ]
