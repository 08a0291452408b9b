"""Barcodes as drawings of lines: Odoo's own route needs a bitmap library that is not always there."""

import base64

from reportlab.graphics.barcode import createBarcodeDrawing


def barcode_picture(code):
    """Return a number as Code 128, as the address (data:) of a drawing."""
    drawing = createBarcodeDrawing("Code128", value=code, format="svg", width=260, height=40)
    content = base64.b64encode(drawing.asString("svg").encode()).decode()
    return f"data:image/svg+xml;base64,{content}"
