"""Typesets annual reports of invented companies, with questions and the pages that answer them, for `bench.pdfs`.

    python -m bench.reports FOLDER    writes COMPANY_YEAR_10K.pdf, ... and questions.jsonl

Every report has the parts of a real one in their order: contents, business, risk factors, the discussion by
management, the four statements and the notes. The words of the line items differ from company to company, as they do
in life, and the discussion names most of them without being the page that shows the figure.
"""

import argparse
import json
import random
import textwrap
from collections.abc import Sequence
from pathlib import Path

from bench.typeset import write_pdf

_COMPANIES = {
    "Borealis Tools": ("BOREALISTOOLS", "power tools", "Net sales", "Purchases of property, plant and equipment"),
    "Calder Foods": ("CALDERFOODS", "packaged food", "Revenues", "Capital expenditures"),
    "Quillon": ("QUILLON", "payment software", "Total net revenue", "Additions to property and equipment"),
    "M&T Harrow": ("MTHARROW", "farm machinery", "Net revenues", "Payments for property, plant and equipment"),
}
_YEARS = (2019, 2020, 2021)
_TOPICS = (
    "competition", "raw material prices", "currency rates", "cyber attacks", "key employees", "tariffs", "regulation",
    "product liability", "customers' credit", "interest rates", "acquisitions", "intellectual property", "the climate",
    "pension obligations", "suppliers", "litigation", "tax law", "demand", "inventories", "goodwill impairment",
)  # fmt: skip
_ASKED = {
    "capital expenditure amount": "cash",
    "total amount of dividends paid": "cash",
    "net cash from operating activities": "cash",
    "total depreciation and amortization": "cash",
    "year end total assets": "balance",
    "year end inventory balance": "balance",
    "net accounts receivable": "balance",
    "net PPNE": "balance",
    "total current liabilities": "balance",
    "cost of goods sold": "income",
    "research and development expense": "income",
    "operating income": "income",
    "effective tax rate": "tax",
    "long-term debt maturities over the next five years": "debt",
    "share of net sales by segment": "segments",
    "operating lease liabilities": "leases",
}


def write_reports(folder: Path) -> Path:
    """Writes the reports and `questions.jsonl`, whose path it gives."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for company, (short, trade, sales, capex) in _COMPANIES.items():
        for year in _YEARS:
            chance = random.Random(f"{company} {year}")  # noqa: S311 - the same reports every time
            pages = _Report(company, year, trade, sales, capex, chance).pages()
            name = f"{short}_{year}_10K.pdf"
            write_pdf(folder / name, [lines_of for _, lines_of in pages])
            for asked, part in _ASKED.items():
                found = [number for number, (of, _) in enumerate(pages, start=1) if of == part]
                lines.append({"question": _question(asked, company, year, chance), "file": name, "pages": found})
    path = folder / "questions.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def _question(asked: str, company: str, year: int, chance: random.Random) -> str:
    pattern = chance.choice(
        (
            "What is the FY{year} {asked} (in USD millions) for {company}?",
            "What was {company}'s {asked} for fiscal year {year}?",
            "How large was the {asked} of {company} in FY{short}? Answer in millions.",
            "We want to analyze {company}'s {asked} in {year}. What number does the annual report give?",
        )
    )
    return pattern.format(asked=asked, company=company, year=year, short=str(year)[2:])


class _Report:
    def __init__(self, company: str, year: int, trade: str, sales: str, capex: str, chance: random.Random) -> None:
        self._company, self._year, self._trade, self._sales, self._capex = company, year, trade, sales, capex
        self._chance = chance

    def pages(self) -> list[tuple[str, list[str]]]:
        """(part, lines) of each page in order."""
        prose = [("risk", self._prose("Item 1A. Risk Factors", _TOPICS, 26)) for _ in range(9)]
        business = [("business", self._prose("Item 1. Business", (self._trade, *_TOPICS[:6]), 26)) for _ in range(6)]
        spoken = [
            ("discussion", self._prose("Item 7. Management's Discussion and Analysis", self._items(), 24))
            for _ in range(9)
        ]
        policies = [("policies", self._prose("Note 1. Significant Accounting Policies", self._items(), 24))] * 3
        parts = [
            ("cover", self._cover()),
            ("contents", self._contents()),
            *business,
            *prose,
            *spoken,
            ("income", self._table(f"Consolidated Statements of {self._chance.choice(('Income', 'Operations'))}", [
                self._sales, "Cost of sales", "Gross profit", "Selling, general and administrative expenses",
                "Research and development", "Operating profit", "Interest expense", "Income before income taxes",
                "Provision for income taxes", "Net income", "Earnings per share, diluted"])),
            ("balance", self._table("Consolidated Balance Sheets", [
                "Cash and cash equivalents", "Trade receivables, net of allowances", "Inventories",
                "Prepaid expenses", "Total current assets", "Property, plant and equipment, net", "Goodwill",
                "Total assets", "Accounts payable", "Accrued liabilities", "Total current liabilities",
                "Long-term debt", "Total liabilities", "Retained earnings", "Total stockholders' equity"])),
            ("cash", self._table("Consolidated Statements of Cash Flows", [
                "Net income", "Depreciation and amortization", "Stock-based compensation", "Change in receivables",
                "Change in inventories", "Net cash provided by operating activities", self._capex,
                "Acquisitions, net of cash acquired", "Net cash used in investing activities",
                "Cash dividends paid to shareholders", "Repurchases of common stock", "Repayment of debt",
                "Net cash used in financing activities"])),
            ("equity", self._table("Consolidated Statements of Changes in Equity", [
                "Balance at beginning of year", "Net income", "Dividends declared", "Stock-based compensation",
                "Repurchases", "Balance at end of year"])),
            *policies,
            ("tax", self._table("Note 8. Income Taxes", [
                "Statutory U.S. tax rate", "State income taxes", "Foreign rate differences", "Tax credits",
                "Effective tax rate", "Deferred tax assets", "Deferred tax liabilities"])),
            ("debt", self._table("Note 10. Long-Term Debt", [
                "Notes due", "Term loan", "Commercial paper", "Maturities of long-term debt", "Thereafter"])),
            ("leases", self._table("Note 12. Leases", [
                "Operating lease cost", "Right-of-use assets", "Current operating lease liabilities",
                "Noncurrent operating lease liabilities", "Weighted average discount rate"])),
            ("segments", self._table("Note 15. Business Segments", [
                "Americas", "Europe", "Asia", "Elimination of intersegment sales", f"{self._sales} by segment"])),
            ("exhibits", self._prose("Item 15. Exhibits", _TOPICS, 20)),
        ]  # fmt: skip
        return [(part, self._framed(number, lines)) for number, (part, lines) in enumerate(parts, start=1)]

    def _items(self) -> Sequence[str]:
        return (
            "capital expenditures", "net cash from operating activities", "dividends", "inventories", "receivables",
            self._sales.lower(), "gross margin", "research and development", "operating income", "the tax rate",
            "long-term debt", "total assets", "depreciation and amortization", "leases", "segments", "cost of sales",
        )  # fmt: skip

    def _prose(self, title: str, subjects: Sequence[str], count: int) -> list[str]:
        patterns = (
            "Changes in {a} could affect {b}, and the Company may be unable to pass them on to customers.",
            "In fiscal {y}, {a} developed in line with {b}, mainly because of volume and price.",
            "Management reviews {a} each quarter and compares {a} with {b} and with the plan for the year.",
            "The Company believes that {a} will be sufficient to support {b} for at least twelve months.",
            "A decline in {a} would reduce {b} and could have a material adverse effect on results.",
            "Compared with fiscal {p}, {a} was ${n} million, an increase that reflects {b}.",
        )
        chance = self._chance
        sentences = []
        for _ in range(count):
            a, b = chance.sample(list(subjects), 2)
            numbers = {"y": self._year, "p": self._year - 1, "n": chance.randint(20, 9000)}
            sentences.append(chance.choice(patterns).format(a=a, b=b, **numbers))
        return [title, "", *textwrap.wrap(" ".join(sentences), 95)]

    def _table(self, title: str, rows: Sequence[str]) -> list[str]:
        years = (self._year, self._year - 1, self._year - 2)
        head = [title, "(Dollars in millions, except per share amounts)", "Years ended December 31"]
        body = []
        for row in rows:
            figures = "   ".join(f"{self._chance.randint(30, 42000):,}" for _ in years)
            body.append(f"{row}   {figures}")
        note = "The accompanying notes are an integral part of these consolidated financial statements."
        return [*head, "   ".join(map(str, years)), *body, "", note]

    def _cover(self) -> list[str]:
        return [
            "UNITED STATES SECURITIES AND EXCHANGE COMMISSION", "FORM 10-K", "ANNUAL REPORT",
            f"For the fiscal year ended December 31, {self._year}", f"{self._company.upper()} COMPANY",
            "Aggregate market value held by non-affiliates of the registrant: see Item 5.",
        ]  # fmt: skip

    def _contents(self) -> list[str]:
        return [
            "TABLE OF CONTENTS", "Item 1. Business 3", "Item 1A. Risk Factors 9", "Item 7. Management's Discussion 18",
            "Item 8. Consolidated Statements of Income, Balance Sheets, Statements of Cash Flows 27",
            "Notes to Consolidated Financial Statements 31", "Item 15. Exhibits 38",
        ]  # fmt: skip

    def _framed(self, number: int, lines: Sequence[str]) -> list[str]:
        return ["Table of Contents", *lines, "", str(number)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    print(f"wrote {write_reports(parser.parse_args().folder)}")


if __name__ == "__main__":
    main()
