from . import customer_archive_deed
from . import customer_archive_deed_move
from . import customer_archive_deed_handover
from . import res_partner
from . import customer_credit_watch
