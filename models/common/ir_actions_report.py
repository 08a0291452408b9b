import copy
import io

import lxml.html

from odoo import models
from odoo.tools import file_open
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from odoo.addons.base.models.ir_actions_report import _wkhtml

SCRIPT = "customer_governance/static/report/paginate.js"
PIXELS = 96 / 25.4  # of a millimetre
ZOOM = 4 / 3  # such builds print 96 pixels on 72 points
HEADER_TOP = 5  # millimetres above the letterhead
HEADER_MORE = 8  # millimetres below the margin of the format: a logo with an address of four lines
SLACK = 3  # millimetres at the foot of a page that stay free, for what layouts round
QUICK = "customer_report_quick"


class IrActionsReport(models.Model):
    """Papers with letterhead, page numbers and repeated heads, whatever wkhtmltopdf is there.

    Builds with the patched Qt do all of it by themselves. The builds of the distributions know no
    headers and footers, join no documents, cut rows and repeat no heads: there a script breaks our
    papers into pages, and letterhead and footer of the company's layout are printed apart and laid
    over each page.
    """

    _inherit = "ir.actions.report"

    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """EXTENDS base: see the class."""
        headers, footers = _blocks(header), _blocks(footer)
        if (
            _wkhtml().is_patched_qt
            or not self._is_customer_paper(report_ref)
            or not len(headers) == len(footers) == len(bodies)
        ):
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        sheet = _Sheet(self._get_report(report_ref).get_paperformat(), landscape)

        def printed(html, top, bottom, quick=True):
            pdf = super(IrActionsReport, self.with_context(**{QUICK: quick}))._run_wkhtmltopdf(
                [html],
                report_ref=report_ref,
                landscape=landscape,
                specific_paperformat_args={
                    "data-report-margin-top": top,
                    "data-report-margin-bottom": bottom,
                },
            )
            return PdfFileReader(io.BytesIO(pdf))

        # the script needs the time that Odoo gives scripts
        papers = [
            printed(sheet.paper(body), sheet.top, sheet.bottom, quick=False) for body in bodies
        ]
        total, number = sum(paper.numPages for paper in papers), 0
        writer = PdfFileWriter()
        for paper, letterhead, foot in zip(papers, headers, footers, strict=True):
            count = paper.numPages
            feet = [_numbered(foot, number + one, total) for one in range(1, count + 1)]
            over = printed(sheet.strip(header, [letterhead]), HEADER_TOP, 0)
            under = printed(sheet.strip(footer, feet), sheet.height - sheet.bottom, 0)
            for index in range(count):
                # pages are changed where they belong: in the new file
                writer.addPage(paper.getPage(index))
                page = writer.getPage(number + index)
                page.mergePage(over.getPage(0))
                page.mergePage(under.getPage(min(index, under.numPages - 1)))
                # merging unpacks the page; Odoo also runs with readers that cannot pack it again
                if pack := getattr(page, "compress_content_streams", None):
                    pack()
            number += count
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()

    def _is_customer_paper(self, report_ref):
        if not report_ref:
            return False
        return self._get_report(report_ref).report_name.startswith("customer_governance.")

    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        """EXTENDS base: letterhead and footer have no script to wait for."""
        arguments = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get(QUICK) and "--javascript-delay" in arguments:
            arguments[arguments.index("--javascript-delay") + 1] = "1"
        return arguments


class _Sheet:
    """Measures of a sheet of paper in millimetres, and documents made for it."""

    def __init__(self, paperformat, landscape):
        width, height = paperformat.print_page_width, paperformat.print_page_height
        if landscape and width < height:
            width, height = height, width
        self.height = height
        self.top = paperformat.margin_top + HEADER_MORE
        self.bottom = paperformat.margin_bottom
        self.width = width - paperformat.margin_left - paperformat.margin_right

    def _styled(self, root):
        """Give a document the width of the sheet; a pixel is 1/96 inch."""
        style = lxml.html.Element("style")
        width = round(self.width * PIXELS)
        style.text = (
            f"body.o_body_pdf {{ width: {width}px !important; max-width: none !important;"
            f" zoom: {ZOOM:.4f}; margin: 0 !important; overflow: visible !important; }}"
        )
        root.find("head").append(style)

    def paper(self, html):
        """Return a document with the script that breaks it into pages."""
        root = lxml.html.fromstring(html)
        self._styled(root)
        body = root.find("body")
        height = (self.height - self.top - self.bottom - SLACK) * PIXELS
        body.set("data-page-height", f"{height:.0f}")
        script = lxml.html.Element("script")
        with file_open(SCRIPT) as file:
            script.text = file.read()
        body.append(script)
        return _text(root)

    def strip(self, html, blocks):
        """Return a document with one block, a letterhead or a footer, on each page."""
        root = lxml.html.fromstring(html)
        self._styled(root)
        body = root.find("body")
        body.attrib.pop("onload", None)
        for child in list(body):
            body.remove(child)
        for index, block in enumerate(blocks):
            page = lxml.html.Element("div")
            if index:
                page.set("style", "page-break-before: always;")
            page.append(block)
            body.append(page)
        return _text(root)


def _text(root):
    return "<!DOCTYPE html>" + lxml.html.tostring(root, encoding="unicode")


def _blocks(html):
    """Return the letterheads or footers of a document that has those of all papers."""
    if not html:
        return []
    found = lxml.html.fromstring(html).xpath("//div[starts-with(@id, 'minimal_layout_report_')]")
    return [copy.deepcopy(block) for block in found[0]] if found else []


def _numbered(block, page, pages):
    """Return a copy of a footer with its page number."""
    block = copy.deepcopy(block)
    for name, number in (("page", page), ("topage", pages)):
        for node in block.xpath(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]"):
            node.text = str(number)
    return block
