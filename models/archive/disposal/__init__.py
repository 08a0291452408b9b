from . import customer_archive_class
from . import customer_archive_document
from . import customer_archive
from . import customer_archive_disposal
from . import customer_archive_disposal_line
from . import customer_archive_loan_line
from . import privacy
from . import customer_archive_dispose_custody
