import io
import re
import shutil
from itertools import cycle
from unittest import SkipTest
from unittest.mock import patch

import lxml.html
from pypdf import PdfReader

from odoo.tests import tagged

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..common import GovernanceCase
from ..rights.factories import FACTORIES

LAYOUTS = ("web.external_layout_standard", "web.external_layout_boxed")


def by_class(root, name):
    return root.xpath(f"//*[contains(concat(' ', normalize-space(@class), ' '), ' {name} ')]")


@tagged("post_install", "-at_install")
class TestPapers(GovernanceCase):
    """Every paper bears the letterhead of the company, whatever its layout and language."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.company.write(
            {
                "company_details": "<p>Harbour Road 1<br/>Tax ID DE129273398</p>",
                "report_footer": "<p>IBAN DE02 1203 0000 0000 2020 51</p>",
            }
        )

    def _reports(self):
        """Return the papers: all reports of the module but labels."""
        reports = self.env["ir.actions.report"].search(
            [("report_name", "=like", "customer_governance.%"), ("report_type", "=", "qweb-pdf")]
        )
        # labels have a paper of their own size
        return reports.filtered(lambda report: not report.paperformat_id)

    def _record(self, model):
        if model == "customer.complaint.bulletin":
            return self.env[model].create({})
        if model == "res.partner":
            return self.customer
        return FACTORIES[model](self.env, self.customer, self.company)

    def _html(self, report, record, lang="en_US"):
        html, _kind = (
            self.env["ir.actions.report"]
            .with_context(lang=lang)
            ._render_qweb_html(report.report_name, record.ids, data={"report_type": "pdf"})
        )
        return lxml.html.fromstring(html)

    def test_every_paper_on_two_layouts_in_two_languages(self):
        reports = self._reports()
        self.assertGreater(len(reports), 15)
        records = {model: self._record(model) for model in set(reports.mapped("model"))}
        for layout in LAYOUTS:
            self.company.external_report_layout_id = self.env.ref(layout)
            for report in reports:
                for lang in ("en_US", "zh_CN"):
                    with self.subTest(report=report.report_name, layout=layout, lang=lang):
                        self._check(self._html(report, records[report.model], lang), layout)

    def _check(self, root, layout):
        articles, footers = by_class(root, "article"), by_class(root, "footer")
        self.assertTrue(articles)
        self.assertEqual(len(by_class(root, "header")), len(articles))
        self.assertEqual(len(footers), len(articles))
        self.assertTrue(by_class(root, f"o_report_layout_{layout.rpartition('_')[2]}"))
        for footer in footers:
            self.assertIn("IBAN DE02", footer.text_content())
            for name in ("page", "topage"):
                self.assertTrue(footer.xpath(f".//*[@class='{name}']"), "numbered pages")
        for header in by_class(root, "header"):
            self.assertIn("DE129273398", header.text_content())

    def test_tables_that_can_grow_have_a_head_to_repeat(self):
        """A table whose rows come from a loop is split under its own head."""
        for report in self._reports():
            view = self.env["ir.ui.view"].search([("key", "=", report.report_name)], limit=1)
            root = lxml.html.fromstring(view.arch)
            for row in root.xpath("//table[not(@style)]/tr[@t-foreach]"):
                table = row.getparent()
                with self.subTest(report=report.report_name):
                    heads = [th for th in table.xpath("./tr[1]/th")]
                    self.assertFalse(heads and len(table.xpath("./tr[1]/td")) == 0, "thead")

    # -- the printer ----------------------------------------------------------------------------

    def _printed(self, rows, papers=1):
        """Print a table of `rows` rows on each of some papers; return the texts of the pages."""
        if not shutil.which("wkhtmltopdf") or _wkhtml().state != "ok":
            raise SkipTest("no wkhtmltopdf")
        page = "<html><head><meta charset='utf-8'/></head><body class='o_body_pdf'>%s</body></html>"
        lines = "".join(
            f"<tr><td>Row{row}.</td><td>{'内容 ' * (1 + row % 9 * 10)}<br/>End{row}.</td></tr>"
            for row in range(rows)
        )
        table = f"<table><thead><tr><th>TableHead</th><th>X</th></tr></thead><tbody>{lines}</tbody></table>"
        body = page % f"<div class='article'><div class='page'><h2>T</h2>{table}</div></div>"
        header, footer = (
            page
            % (
                f"<div id='minimal_layout_report_{kind}s'>"
                + f"<div class='{kind}'>{text}</div>" * papers
                + "</div>"
            )
            for kind, text in (
                ("header", "Letterhead"),
                ("footer", "Page <span class='page'></span> of <span class='topage'></span>"),
            )
        )
        report = self.env.ref("customer_governance.report_complaint_form")
        pdf = self.env["ir.actions.report"]._run_wkhtmltopdf(
            [body] * papers, report_ref=report.report_name, header=header, footer=footer
        )
        pages = PdfReader(io.BytesIO(pdf)).pages
        return [" ".join(one.extract_text().split()) for one in pages]

    def test_one_page(self):
        [page] = self._printed(3)
        for text in ("Letterhead", "TableHead", "Page 1 of 1"):
            self.assertIn(text, page)

    def test_five_pages_and_more(self):
        pages = self._printed(90)
        self.assertGreaterEqual(len(pages), 5)
        for number, page in enumerate(pages, 1):
            self.assertIn("Letterhead", page)
            self.assertIn(f"Page {number} of {len(pages)}", page)
            self.assertEqual(page.count("TableHead"), 1, "the head is repeated")
        for row in range(90):
            [where] = [page for page in pages if f"Row{row}." in page]
            self.assertIn(f"End{row}.", where, "no row is cut")

    def _stretch(self, root):
        """Give the longest table of a paper rows for five pages; return the words of its head.

        None for papers without a table that can grow.
        """
        tables = [
            table
            for article in by_class(root, "article")
            for table in article.xpath(".//table[thead//th and tbody]")
            if any(th.text_content().strip() for th in table.xpath("./thead//th"))
        ]
        if not tables:
            return None
        table = max(tables, key=lambda one: len(one.xpath("./tbody/tr")))
        body = table.xpath("./tbody")[-1]
        width = sum(int(th.get("colspan") or 1) for th in table.xpath("./thead/tr[last()]/th"))
        for number in range(170):
            row = lxml.html.Element("tr")
            for column in range(width):
                cell = lxml.html.Element("td")
                cell.text = f"R{number}." if not column else "x"
                row.append(cell)
            body.append(row)
        return [" ".join(th.text_content().split()) for th in table.xpath("./thead//th")]

    def test_each_paper_on_five_pages(self):
        """Whatever has a table that can grow: heads repeated, pages numbered, letterhead on each.

        Layouts and languages take turns, so that each paper is printed once.
        """
        if not shutil.which("wkhtmltopdf") or _wkhtml().state != "ok":
            raise SkipTest("no wkhtmltopdf")
        turns = cycle([(layout, lang) for layout in LAYOUTS for lang in ("en_US", "zh_CN")])
        Report, printed = self.env["ir.actions.report"], 0
        for report in self._reports():
            layout, lang = next(turns)
            self.company.external_report_layout_id = self.env.ref(layout)
            record = self._record(report.model)
            root = self._html(report, record, lang)
            if not (heads := self._stretch(root)):
                continue
            printed += 1
            with self.subTest(report=report.report_name, layout=layout, lang=lang):
                Paper = Report.with_context(lang=lang)
                bodies, _ids, header, footer, arguments = Paper._prepare_html(
                    lxml.html.tostring(root, encoding="unicode"), report_model=report.model
                )
                with patch.object(type(Report), "_build_wkhtmltopdf_args", self._hurried()):
                    pdf = Paper._run_wkhtmltopdf(
                        [self._offline(body) for body in bodies],
                        report_ref=report.report_name,
                        header=self._offline(header),
                        footer=self._offline(footer),
                        landscape=arguments.get("landscape"),
                        specific_paperformat_args=arguments,
                    )
                self._check_pages(pdf, heads)
        self.assertGreater(printed, 5)

    def _offline(self, html):
        """Return a document without what the printer would fetch: no server runs here."""
        root = lxml.html.fromstring(html)
        for node in root.xpath(
            "//link | //img[not(starts-with(@src, 'data:'))] | //script[@src] | //base"
        ):
            node.drop_tree()
        return lxml.html.tostring(root, encoding="unicode")

    def _hurried(self):
        """Return the arguments of the printer with less time for the script than Odoo gives any."""
        build = type(self.env["ir.actions.report"])._build_wkhtmltopdf_args

        def hurried(report, *args, **kwargs):
            found = build(report, *args, **kwargs)
            if "--javascript-delay" in found:
                at = found.index("--javascript-delay") + 1
                found[at] = str(min(int(found[at]), 300))
            return found

        return hurried

    def _check_pages(self, pdf, heads):
        pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]
        self.assertGreaterEqual(len(pages), 4)
        head = max(heads, key=len)
        rows = 0
        for number, page in enumerate(pages, 1):
            self.assertIn("DE129273398", page)
            self.assertRegex(page, rf"{number} / {len(pages)}\b")
            found = re.findall(r"\bR\d+\.", page)
            rows += len(found)
            if found:
                self.assertIn(head.replace(" ", ""), page.replace(" ", ""), "the head is repeated")
        self.assertEqual(rows, 170)

    def test_many_papers_are_one_file(self):
        pages = self._printed(2, papers=3)
        self.assertEqual(len(pages), 3)
        self.assertIn("Page 3 of 3", pages[2])
