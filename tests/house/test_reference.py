import re

from odoo.tests import TransactionCase, tagged

from .reference import FOLDER, pages
from .source import ROOT, python_files

# A path in backticks: below one of the folders of the addon, with an ending.
PATH = re.compile(
    r"`((?:engine|queries|models|views|security|data|demo|tests|reports|wizard|controllers|static|scripts)"
    r"/[\w./-]*\.\w+)(?::\d+)?`"
)
# A file named without its folder.
FILE = re.compile(r"`([a-z]\w+\.py)`")


@tagged("post_install", "-at_install")
class TestReference(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not FOLDER.exists():
            cls.skipTest(cls, "installed without docs")

    def test_pages_say_what_the_code_says(self):
        """docs/reference is written from the code: run `scripts/odoo reference DB` after a change."""
        for name, text in pages(self.env).items():
            with self.subTest(page=name):
                self.assertEqual((FOLDER / name).read_text(encoding="utf-8"), text)

    def test_what_docs_name_is_there(self):
        """Files and pages that the docs lead to exist."""
        missing = set()
        files = {path.name for path in python_files()}
        docs = FOLDER.parent
        for page in [ROOT / "README.md", *docs.rglob("*.md")]:
            text = page.read_text(encoding="utf-8")
            names = [ROOT / name for name in PATH.findall(text) if "<" not in name]
            names += [page.parent / link for link in re.findall(r"\]\(([\w./-]+)\)", text)]
            missing |= {f"{page.name}: {name}" for name in names if not name.exists()}
            missing |= {f"{page.name}: {name}" for name in FILE.findall(text) if name not in files}
        self.assertFalse(missing)
