from . import complaint_portal
from . import complaint_callback
from . import complaint_provider
from . import archive_download
from . import archive_upload
