from . import customer_review_move
from . import customer_review_flow
from . import customer_complaint_figure
from . import customer_repair_figure
from . import customer_archive_retention
