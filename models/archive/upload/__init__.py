from . import customer_archive_upload
from . import customer_archive_upload_line
from . import customer_archive
